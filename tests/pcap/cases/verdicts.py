# SPDX-License-Identifier: GPL-3.0-or-later
"""Each verdict and each state of a direction, from capture points that can and that cannot show them."""
import wire
from case import ANY, case, fault, maybe, note, risk
from scene import NAT, PHONE, PHONE6, SERVER, SERVER6, Scene, whole


def point(c, where):
    c.options += ["--at", where]


@case
def two_way(c):
    whole(c, c.capture())


@case
def two_way_called(c):
    """The phone is called. Its side is the caller's only where nothing better is known: --phone says."""
    c.options += ["--phone", PHONE]
    whole(c, c.capture(), inbound=True)


@case
def two_way_private_side(c):
    """Between a private and a public address the private one is the phone's, whoever calls. The description with
    the private address is told, for it is so; audio flows all the same."""
    s = Scene(c.capture(), server=SERVER, inbound=True).up().talk().bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=[note("sdp-private-address", "in")])


@case
def one_way_out(c):
    """Nothing comes in."""
    point(c, "phone")
    s = Scene(c.capture()).up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in")])


@case
def one_way_out_worked_out(c):
    """Nobody says where the capture was taken: it is on the way of the media, that much is seen."""
    s = Scene(c.capture()).up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in")])


@case
def one_way_in(c):
    """The phone sends nothing, seen at the phone."""
    point(c, "phone")
    s = Scene(c.capture()).up().talk(10, out=False).bye()
    c.expect(s.call_id, verdict="one-way-in", out="never-sent", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "out")])


@case
def one_way_in_worked_out(c):
    s = Scene(c.capture()).up().talk(10, out=False).bye()
    c.expect(s.call_id, verdict="one-way-in", out={"never-sent", "missing"}, streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "out")])


@case
def one_way_at_the_server(c):
    """Seen at the server: it sends, and nothing of the phone's comes there. On the way or never sent, who knows."""
    point(c, "server")
    s = Scene(c.capture()).up().talk(10, out=False).bye()
    c.expect(s.call_id, verdict="one-way-in", out={"missing", "unknown"}, in_={"ok", "unknown"}, streams=s.streams(),
             findings=[fault("rtp-one-way", "out")])


@case
def one_way_called(c):
    """The phone is called, and does not hear."""
    c.options += ["--phone", PHONE]
    point(c, "phone")
    s = Scene(c.capture(), inbound=True).up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), findings=[fault("rtp-one-way", "in")])


@case
def no_audio(c):
    """At the phone: it neither sends nor gets."""
    point(c, "phone")
    s = Scene(c.capture()).up()
    s.end = s.answered + 10
    s.bye()
    c.expect(s.call_id, verdict="no-audio", out="never-sent", in_="missing", streams=[], answered=s.answered,
             findings=[fault("rtp-none", "both")])


@case
def off_the_path(c):
    """Somewhere on the way of SIP, no RTP at all: that proves nothing."""
    s = Scene(c.capture()).up()
    s.end = s.answered + 10
    s.bye()
    c.expect(s.call_id, verdict="unknown", out="unknown", in_="unknown", streams=[], answered=s.answered)


@case
def silent_in(c):
    """Packets come, and each of them is silence."""
    s = Scene(c.capture()).up().talk(10, in_={"silent": True}).bye()
    streams = s.streams()
    streams[1].silent = True
    c.expect(s.call_id, verdict="silent-in", in_="silent", streams=streams, answered=s.answered,
             findings=[fault("rtp-silent", "in")])


@case
def silent_out(c):
    s = Scene(c.capture(), codec="PCMA").up().talk(10, out={"silent": True}).bye()
    streams = s.streams()
    streams[0].silent = True
    c.expect(s.call_id, verdict="silent-out", out="silent", streams=streams, answered=s.answered,
             findings=[fault("rtp-silent", "out")])


@case
def silent_at_first(c):
    """Says nothing for the first four seconds: a person is silent now and then."""
    s = Scene(c.capture()).up().talk(4, out={"silent": True}).talk(6, start=5.25).bye()
    c.expect(s.call_id, answered=s.answered)


@case
def silent_out_in_a_short_call(c):
    """Not one step above zero for five seconds, while the far side speaks."""
    s = Scene(c.capture()).up().talk(5, out={"silent": True}).bye()
    c.expect(s.call_id, verdict="silent-out", out="silent", answered=s.answered, findings=[fault("rtp-silent", "out")])


@case
def both_silent_for_a_moment(c):
    """Nobody says anything: too short to tell."""
    s = Scene(c.capture()).up().talk(5, out={"silent": True}, in_={"silent": True}).bye()
    c.expect(s.call_id, answered=s.answered)


@case
def quiet_for_a_moment(c):
    """A quiet room, not a dead microphone."""
    s = Scene(c.capture()).up().talk(5, out={"payload": bytes([0xFF, 0xFC, 0x7F, 0x7D, 0xFB] * 32)}).bye()
    c.expect(s.call_id, answered=s.answered)


@case
def held(c):
    """On hold at the end: no fault of anybody's that nothing is heard."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, direction="sendonly", version=2))
    d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, direction="recvonly", version=2))
    d.ack(s.end + 0.07)
    s.end += 8
    s.bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(), answered=s.answered,
             findings=[note("sdp-hold", side="phone")])


@case
def held_inactive(c):
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp(s.server_media, direction="inactive", version=2), by_caller=False)
    d.reply(s.end + 0.05, 200, wire.sdp(s.phone_media, direction="inactive", version=2), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    s.end += 8
    s.bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(),
             findings=[note("sdp-hold", side="provider")])


@case
def held_by_both(c):
    """One after the other: then neither alone put it on hold."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, direction="inactive", version=2))
    d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, direction="inactive", version=2))
    d.ack(s.end + 0.07)
    s.end += 3
    d.again(s.end, wire.sdp(s.server_media, direction="inactive", version=3), by_caller=False)
    d.reply(s.end + 0.05, 200, wire.sdp(s.phone_media, direction="inactive", version=3), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    s.end += 5
    s.bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(),
             findings=[note("sdp-hold", side="unknown")])


@case
def held_the_old_way(c):
    """The connection address is 0.0.0.0 (RFC 3264, 8.4)."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, connection="0.0.0.0", direction=None, version=2))
    d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, direction="recvonly", version=2))
    d.ack(s.end + 0.07)
    s.end += 8
    s.bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(),
             findings=[note("sdp-hold", side="phone")])


@case
def held_with_music(c):
    """The server plays music to the one on hold: that is how it should be."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp(s.server_media, direction="sendonly", version=2), by_caller=False)
    d.reply(s.end + 0.05, 200, wire.sdp(s.phone_media, direction="recvonly", version=2), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    s.talk(8, out=False, start=s.end).bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(),
             findings=[note("sdp-hold", side="provider")])


def resumed(c, answered_with):
    """Held by the phone, which then asks for voice both ways again."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    for version, offer, answer in ((2, "sendonly", "recvonly"), (3, "sendrecv", answered_with)):
        d.again(s.end, wire.sdp(s.phone_media, direction=offer, version=version))
        d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, direction=answer, version=version))
        d.ack(s.end + 0.07)
        s.end += 5
    return s


@case
def left_at_hold(c):
    """The server stays at recvonly when the phone takes the call back: nobody holds, and nothing comes in."""
    s = resumed(c, "recvonly")
    s.talk(10, in_=False, start=s.end - 4.9).bye()
    c.expect(s.call_id, verdict="one-way-out", in_=ANY, streams=s.streams(), findings=[fault("rtp-one-way", "in")])


@case
def taken_back_from_hold(c):
    """The same with a server that sends again."""
    s = resumed(c, "sendrecv")
    s.talk(10, start=s.end - 4.9).bye()
    c.expect(s.call_id, verdict="two-way", streams=s.streams())


@case
def keys_beside_voice(c):
    """The key is a source of its own and comes last: it does not make good the voice, which is of a codec not agreed."""
    capture = c.capture()
    s = Scene(capture).up()
    s.in_.payload_type, s.in_.codec = 8, "PCMA"
    s.talk(6)
    for end, ssrc in ((s.out, 0x77), (s.in_, 0x78)):
        wire.Talker(capture, end.src, end.dst, ssrc).digit(s.end + 0.5, 5, packets=14)
    s.end += 1
    s.bye()
    c.expect(s.call_id, verdict="one-way-out", in_="rejected", answered=s.answered,
             findings=[fault("rtp-one-way", "in"), fault("codec-not-negotiated", "in")])


@case
def to_a_stale_address(c):
    """The phone tells a public address that it has no longer; the server sends there. It is not known to be wrong, and
    not to be right either."""
    point(c, "server")
    s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media="198.51.100.99:40000").up().talk(6).bye()
    c.expect(s.call_id, verdict="unknown", in_="unknown", streams=s.streams(), answered=s.answered,
             findings=[risk("rtp-unexpected-source", "out")])


@case
def to_a_stale_address_latched(c):
    """The same with a server that answers to where the voice comes from."""
    point(c, "server")
    s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media="198.51.100.99:40000").up()
    s.in_.dst = s.in_.sent.dst = s.out.src
    s.talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def to_a_private_address(c):
    """Outside of the router: the server sends to the address that the phone told, which is private. What the server
    gets comes from the router's address."""
    point(c, "outside")
    capture = c.capture()
    s = Scene(capture, phone=NAT, server=SERVER, phone_media="192.168.1.10:40000").up().talk(10).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="wrong-address", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in"), fault("rtp-to-private-address", "in"),
                       fault("sdp-private-address", "in")])


@case
def to_another_address(c):
    """The phone sends to an address that nobody named."""
    point(c, "phone")
    s = Scene(c.capture()).up()
    s.out.dst = s.out.sent.dst = "192.168.1.77:20000"
    s.talk(10).bye()
    c.expect(s.call_id, verdict="one-way-in", out="wrong-address", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "out"), fault("rtp-wrong-destination", "out")])


@case
def rejected_by_icmp(c):
    """It arrives, and the phone's machine says that nobody listens there."""
    point(c, "phone")
    capture = c.capture()
    s = Scene(capture).up().talk(10).bye()
    src, sport = wire.split(s.in_.src)
    dst, dport = wire.split(s.in_.dst)
    quoted = wire.ipv4(src, dst, wire.UDP, wire.udp(src, sport, dst, dport, bytes(172)))
    for i in range(50):
        capture.icmp_unreachable(s.answered + 0.06 + i * 0.2, PHONE, quoted, code=3)
    c.expect(s.call_id, verdict="one-way-out", in_="rejected", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in")])


@case
def stops(c):
    """Of 60 seconds the other side is heard for 31."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    s.in_.talk(begin, 31)
    s.talk(60, in_=False, start=begin).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-stops", "in"), maybe(fault("rtp-one-way", "in"))])


@case
def stops_behind_nat(c):
    """The private address in the description did not keep the voice away for 31 s: it is not what ends it."""
    s = Scene(c.capture(), server=SERVER).up()
    begin = s.answered + 0.05
    s.in_.talk(begin, 31)
    s.talk(60, in_=False, start=begin).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-stops", "in"), maybe(fault("rtp-one-way", "in")), note("sdp-private-address", "in")])


@case
def rejected_behind_nat(c):
    """It arrives at the private address, where nobody listens: not the address is at fault."""
    capture = c.capture()
    s = Scene(capture, server=SERVER).up().talk(10).bye()
    src, sport = wire.split(s.in_.src)
    dst, dport = wire.split(s.in_.dst)
    quoted = wire.ipv4(src, dst, wire.UDP, wire.udp(src, sport, dst, dport, bytes(172)))
    for i in range(50):
        capture.icmp_unreachable(s.answered + 0.06 + i * 0.2, PHONE, quoted, code=3)
    c.expect(s.call_id, verdict="one-way-out", in_="rejected", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in"), note("sdp-private-address", "in")])


@case
def stops_out(c):
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    s.out.talk(begin, 15)
    s.talk(45, out=False, start=begin).bye()
    c.expect(s.call_id, verdict="one-way-in", out={"missing", "never-sent"}, streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-stops", "out"), maybe(fault("rtp-one-way", "out"))])


@case
def not_answered(c):
    """Given up while it rings."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.01, 100)
    d.reply(1.05, 180)
    d.request(8, "CANCEL", tagged=False)
    d.reply(8.01, 200, method="CANCEL")
    d.reply(8.02, 487)
    d.ack(8.03)
    c.expect(s.call_id, verdict="unknown", result="cancelled", status=487, out="unknown", in_="unknown", streams=[],
             answered=None)


@case
def rejected_out(c):
    """The server's machine says that nobody listens where the phone sends to."""
    capture = c.capture()
    s = Scene(capture).up().talk(10).bye()
    src, sport = wire.split(s.out.src)
    dst, dport = wire.split(s.out.dst)
    quoted = wire.ipv4(src, dst, wire.UDP, wire.udp(src, sport, dst, dport, bytes(172)))
    for i in range(50):
        capture.icmp_unreachable(s.answered + 0.06 + i * 0.2, "192.168.1.2", quoted, code=3)
    c.expect(s.call_id, verdict="one-way-in", out="rejected", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "out")])


@case
def phone_named(c):
    """--phone turns the directions round: what the callee sends is out then."""
    c.options += ["--phone", "192.168.1.2"]
    s = Scene(c.capture()).up().talk().bye()
    streams = s.streams()
    streams[0].direction, streams[1].direction = "in", "out"
    c.expect(s.call_id, streams=streams, answered=s.answered)


@case
def one_of_two(c):
    """Two calls at once: one is fine, in the other nothing comes in."""
    capture = c.capture()
    for i in range(2):
        s = Scene(capture, call_id="call-%d@example.com" % i, begin=1 + i, ports=(40000 + 2 * i, 20000 + 2 * i),
                  ssrcs=(0x1000 + i, 0x2000 + i)).up().talk(8, in_=i == 0).bye()
        more = {} if i == 0 else {"verdict": "one-way-out", "in_": "missing", "findings": [fault("rtp-one-way", "in")]}
        c.expect(s.call_id, streams=s.streams(), answered=s.answered, **more)


@case
def one_way_v6(c):
    s = Scene(c.capture(), phone=PHONE6, server=SERVER6).up().talk(8, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="missing", streams=s.streams(), findings=[fault("rtp-one-way", "in")])
