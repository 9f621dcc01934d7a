# SPDX-License-Identifier: GPL-3.0-or-later
"""What is promised of a capture, clause by clause: answers, holding, files, relays and exit statuses."""
import gzip

import wire
from case import ANY, Stream, case, fault, maybe, note, risk
from cases.clauses import expect, named, talked
from scene import FORMATS, NAT, PHONE, PHONE6, SERVER, SERVER6, Scene, whole


class Word:
    """`damaged` is a word of how, where it is."""

    def __eq__(self, other):
        return isinstance(other, str) and bool(other)


HOW = Word()

# How a call is answered --------------------------------------------------------------------

wire.REASONS.update({606: "Not Acceptable", 513: "Message Too Large", 405: "Method Not Allowed"})

for status in (400, 404, 405, 408, 415, 480, 484, 500, 504, 513, 606):
    @named("answer_%d" % status)
    def answer_fault(c, status=status):
        s = Scene(c.capture())
        s.dialog.invite(1, s.offer)
        s.dialog.reply(1.1, 100)
        s.dialog.reply(2, status)
        s.dialog.ack(2.05)
        c.expect(s.call_id, verdict="unknown", result="failed", status=status, out="unknown", in_="unknown", streams=[],
                 answered=None, findings=[fault("call-setup-failed")])


for status in (401, 407, 486, 600, 603):
    @named("answer_%d_is_no_fault" % status)
    def answer_fine(c, status=status):
        s = Scene(c.capture())
        s.dialog.invite(1, s.offer)
        s.dialog.reply(1.1, 100)
        s.dialog.reply(2, status)
        s.dialog.ack(2.05)
        c.expect(s.call_id, verdict="unknown", result=ANY if status in (401, 407) else "failed", status=status,
                 out="unknown", in_="unknown", streams=[], answered=None, findings=[])
        c.status = 0


@named("answer_488_to_a_call_that_comes_in")
def answer_488(c):
    s = Scene(c.capture(), inbound=True)
    s.dialog.invite(1, s.offer)
    s.dialog.reply(1.1, 488)
    s.dialog.ack(1.2)
    c.expect(s.call_id, verdict="unknown", result="failed", status=488, out="unknown", in_="unknown", streams=[],
             findings=[fault("codec-none-common")])


@named("given_up_while_it_rings")
def given_up(c):
    """CANCEL and 487: the caller's will."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.1, 180)
    d.request(6, "CANCEL", tagged=False, seq=d.cseq[True])
    d.reply(6.01, 200, method="CANCEL")
    d.reply(6.02, 487)
    d.ack(6.05)
    c.expect(s.call_id, verdict="unknown", result="cancelled", status=487, out="unknown", in_="unknown", streams=[],
             answered=None, findings=[])
    c.status = 0


@named("never_answered_with_voice_one_way")
def never_answered(c):
    """An announcement for half a minute, then the caller hangs up: unknown, and no one-way of anybody's."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.1, 183, s.answer)
    s.in_.talk(1.2, 10)
    d.request(12, "CANCEL", tagged=False, seq=d.cseq[True])
    d.reply(12.01, 200, method="CANCEL")
    d.reply(12.02, 487)
    d.ack(12.05)
    streams = s.streams()
    streams[0].more["first_s"] = None
    c.expect(s.call_id, verdict="unknown", result="cancelled", status=487, out=ANY, in_=ANY, streams=streams,
             answered=None, findings=[])


@named("early_media_is_before_the_answer")
def early(c):
    """first_s is below zero: two seconds of ringing tone of the other side's."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.1, 183, s.answer)
    s.in_.talk(1.5, 2.5)
    d.reply(4, 200, s.answer)
    d.ack(4.02)
    s.answered = 4
    s.talk(6).bye()
    call = expect(c, s)

    def below_zero(result):
        first = {st["direction"]: st["first_s"] for st in result["calls"][0]["streams"]}
        if not (-2.6 < first["in"] < -2.4 and 0 <= first["out"] < 0.2):
            yield "first_s is %s" % first
    c.further.append(below_zero)


@named("codec_none_common_answered")
def none_common(c):
    s = talked(c, False, False, 6, answer={"codecs": (FORMATS["G729"],), "events": None}, offer={"events": None})
    c.options = ["--at", "phone"]
    expect(c, s, fault("codec-none-common", ANY), fault("rtp-none", "both"), verdict="no-audio", out=ANY, in_=ANY)


# Holding -------------------------------------------------------------------------------------


def hold(c, direction, by_phone=True, resume=False, old=False):
    s = Scene(c.capture()).up().talk(6)
    d = s.dialog
    own, other = (s.phone_media, s.server_media) if by_phone else (s.server_media, s.phone_media)
    turned = {"sendonly": "recvonly", "inactive": "inactive", "sendrecv": "sendrecv"}[direction]

    def ask(at, direction, turned, version, connection=None):
        d.again(at, wire.sdp(own, direction=direction, version=version, connection=connection), by_caller=by_phone)
        d.reply(at + 0.05, 200, wire.sdp(other, direction=turned, version=version), to_caller=by_phone)
        d.ack(at + 0.1, by_caller=by_phone)
    ask(s.end, "sendrecv" if old else direction, "sendrecv" if old else turned, 2, "0.0.0.0" if old else None)
    s.end += 8
    if resume:
        for talker in (s.out, s.in_):
            talker.pause(8)
        ask(s.end, "sendrecv", "sendrecv", 3)
        s.talk(6, start=s.end + 0.2)
    s.bye()
    return s


for name, direction, by_phone, old in (("by_the_phone", "sendonly", True, False), ("by_the_far_end", "sendonly", False, False),
                                       ("inactive_by_far_end", "inactive", False, False),
                                       ("old_way_by_far_end", "sendrecv", False, True)):
    @named("held_" + name)
    def held(c, direction=direction, by_phone=by_phone, old=old):
        s = hold(c, direction, by_phone, old=old)
        expect(c, s, note("sdp-hold", ANY), verdict="held", out=ANY, in_=ANY)
        c.status = 0

    @named("held_%s_and_taken_back" % name)
    def taken_back(c, direction=direction, by_phone=by_phone, old=old):
        """Ended as it began: two-way. That it was on hold may be noted."""
        s = hold(c, direction, by_phone, resume=True, old=old)
        expect(c, s, maybe(note("sdp-hold", ANY)))
        c.status = 0


# RTP without SIP -------------------------------------------------------------------------------


@named("voice_alone_two_ways")
def voice_alone(c):
    capture = c.capture()
    out = wire.Talker(capture, PHONE + ":40000", SERVER + ":20000", 0x51, seq=5)
    in_ = wire.Talker(capture, SERVER + ":20000", PHONE + ":40000", 0x52, seq=900)
    out.talk(1, 6)
    in_.talk(1.01, 6)
    c.expect("", verdict=ANY, result="unfinished", status=None, answered=None, findings=[],
             streams=[Stream("out", out.sent, more={"first_s": None}), Stream("in", in_.sent, more={"first_s": None})],
             more={"from": ANY, "to": ANY, "ended": ANY})


@named("voice_alone_loses")
def voice_alone_loses(c):
    capture = c.capture()
    out = wire.Talker(capture, PHONE + ":40000", SERVER + ":20000", 0x51, seq=5)
    in_ = wire.Talker(capture, SERVER + ":20000", PHONE + ":40000", 0x52, seq=900)
    out.talk(1, 10, lose=set(range(10, 490, 16)))
    in_.talk(1.01, 10)
    c.expect("", verdict=ANY, result="unfinished", status=None, answered=None, findings=[fault("loss-high", "out")],
             streams=[Stream("out", out.sent, more={"first_s": None}), Stream("in", in_.sent, more={"first_s": None})])


@named("voice_alone_and_a_call")
def voice_and_call(c):
    capture = c.capture()
    whole(c, capture)
    alone = wire.Talker(capture, "10.9.9.9:5004", "10.9.9.10:5004", 0x99)
    alone.talk(2, 5)
    c.expect("", verdict=ANY, result="unfinished", status=None, answered=None, out=ANY, in_=ANY, findings=ANY)


# Through TURN ------------------------------------------------------------------------------------

RELAY = "203.0.113.50:3478"
RELAYED = "203.0.113.50:50000"


def relayed(c, out=True, in_=True, phone=PHONE):
    """The phone's voice goes by a channel of the relay's; the address told is the relay's."""
    capture = c.capture()
    own = phone + ":40000"
    s = Scene(capture, phone=phone, server=SERVER, phone_media=RELAYED)
    tid = 7
    capture.udp(0.1, own, RELAY, wire.stun(wire.ALLOCATE, wire.REQUEST, tid, [(0x19, b"\x11\0\0\0")]))
    capture.udp(0.12, RELAY, own, wire.stun(wire.ALLOCATE, wire.SUCCESS, tid, [(0x16, wire.xor_address(RELAYED, tid)),
                                                                              (0x20, wire.xor_address(NAT + ":40000", tid))]))
    peer = s.server_media
    capture.udp(0.2, own, RELAY, wire.stun(wire.CHANNEL, wire.REQUEST, 8, [(0x0C, b"\x40\x01\0\0"),
                                                                          (0x12, wire.xor_address(peer, 8))]))
    capture.udp(0.22, RELAY, own, wire.stun(wire.CHANNEL, wire.SUCCESS, 8))
    for talker, (src, dst) in ((s.out, (own, RELAY)), (s.in_, (RELAY, own))):
        talker.wrap = lambda packet: wire.channel_data(0x4001, packet)
        talker.src, talker.dst = src, dst
    s.out.sent.src, s.out.sent.dst = own, peer
    s.in_.sent.src, s.in_.sent.dst = peer, own
    return s.up().talk(6, out, in_).bye()


@named("relay_names_peer_and_via")
def relay_via(c):
    s = relayed(c)
    expect(c, s, streams=s.streams(via=RELAY))


@named("relay_one_way")
def relay_one_way(c):
    s = relayed(c, in_=False)
    expect(c, s, fault("rtp-one-way", "in"), streams=s.streams(via=RELAY), verdict="one-way-out", in_="missing")


# Files ---------------------------------------------------------------------------------------------


@named("file_cut_by_one_byte")
def cut_by_one(c):
    capture = wire.Capture()
    s = whole(c, capture)
    data = capture.bytes()
    c.raw(data[:-1])
    c.input = {"packets": len(capture.packets) - 1, "damaged": HOW}
    c.tshark = False


@named("file_cut_in_the_first_record")
def cut_in_first(c):
    """Its header is whole, no packet is: nothing to read, or a damaged file without a packet."""
    capture = wire.Capture()
    Scene(capture).up()
    c.raw(capture.bytes()[:24 + 16 + 5])
    c.status = {0, 2}
    c.golden = c.tshark = False


@named("file_of_text")
def file_of_text(c):
    c.raw(b"This is not a capture at all, not even remotely.\n" * 20)
    c.status = 2
    c.golden = False


@named("file_of_nothing")
def file_of_nothing(c):
    c.raw(b"")
    c.status = 2
    c.golden = False


@named("file_of_half_a_header")
def half_header(c):
    c.raw(wire.Capture().bytes()[:15])
    c.status = 2
    c.golden = False


@named("file_not_there")
def not_there(c):
    c.files.append(c.folder + "/there-is-no-such.pcap")
    c.status = 2
    c.golden = False


@named("file_without_packets")
def no_packets(c):
    c.raw(wire.Capture().bytes())
    c.status = 0
    c.input = {"packets": 0, "passed_over": 0, "damaged": None}
    c.tshark = False


@named("file_pcapng_without_packets")
def no_packets_ng(c):
    c.raw(wire.Capture(form="pcapng").bytes(), "pcapng")
    c.status = 0
    c.input = {"packets": 0}
    c.tshark = False


@named("file_with_rubbish_after")
def rubbish_after(c):
    """The good part counts: the call is whole before the rubbish."""
    capture = wire.Capture()
    whole(c, capture)
    c.raw(capture.bytes() + b"\xff" * 40)
    c.input = {"packets": len(capture.packets), "damaged": HOW}
    c.tshark = False


@named("file_gzip_by_stdin")
def gzip_stdin(c):
    capture = wire.Capture(form="pcapng", nanoseconds=True)
    whole(c, capture)
    c.stdin = c.raw(gzip.compress(capture.bytes(), mtime=0), "pcapng.gz")
    c.input = {"packets": len(capture.packets), "damaged": None}


@named("stdin_of_nothing")
def stdin_nothing(c):
    c.stdin = c.raw(b"")
    c.status = 2
    c.golden = False


@named("wrong_place_is_wrong_usage")
def wrong_place(c):
    Scene(c.capture()).up()
    c.options = ["--at", "moon"]
    c.status = 2
    c.golden = c.tshark = False


@named("wrong_phone_is_wrong_usage")
def wrong_phone(c):
    Scene(c.capture()).up()
    c.options = ["--phone", "999.1.1.1"]
    c.status = 2
    c.golden = c.tshark = False


# Text ------------------------------------------------------------------------------------------------


@named("text_is_made_safe")
def text_safe(c):
    """C0, DEL, C1 raw and as UTF-8, overrides and invalid UTF-8 in names that are shown."""
    capture = c.capture()
    whole(c, capture, caller_user="a\x07\x7f\u0085\u202e\udc9b2J\udcff", call_id="x\u2066\x1b]0;@example.com",
          callee_user="\u061c\u200fbob")
    c.calls[0].call_id = ANY


# ICMP, and one who refuses --------------------------------------------------------------------------


@named("damaged_status_follows_findings")
def damaged_one_way(c):
    """A damaged file of a one-way call: 1, by its finding."""
    capture = wire.Capture()
    s = Scene(capture).up().talk(8, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_=ANY, findings=[fault("rtp-one-way", "in")], streams=s.streams())
    c.raw(capture.bytes() + b"\0" * 7)
    c.input = {"damaged": HOW}
    c.status = 1
    c.tshark = False


# Two captures: rtp-lost-between-captures from 5 % ------------------------------------------------------


for percent, severity in ((4.9, {"risk", "note"}), (5, "fault")):
    for which in ("out", "in"):
        @named("between_%s_%s" % (str(percent).replace(".", "_"), which))
        def between(c, percent=percent, severity=severity, which=which):
            from cases.clauses import spread
            gone = spread(round(percent * 10))
            inside, outside = c.capture(), c.capture()
            for capture, far in ((inside, "in"), (outside, "out")):
                lossy = {"lose": gone} if which == far else True
                s = Scene(capture, phone="192.0.2.10", server=SERVER).up()
                s.talk(20, out=lossy if which == "out" else True, in_=lossy if which == "in" else True).bye()
            kind = maybe(note("rtp-lost-between-captures", which))
            kind.severity = severity
            kind.optional = severity != "fault"
            loss = maybe(risk("loss-high", which))
            loss.severity = {"risk", "fault"}
            c.expect(s.call_id, streams=ANY, findings=[kind, loss])
            c.tshark = False


# Usage: 2, and nothing on stdout -----------------------------------------------------------------------


def readable(c):
    capture = wire.Capture()
    Scene(capture).up().talk(1).bye()
    return c.raw(capture.bytes())


@named("usage_no_file")
def usage_no_file(c):
    c.status = 2
    c.golden = c.tshark = False


@named("usage_three_files")
def usage_three(c):
    for _ in range(3):
        readable(c)
    c.status = 2
    c.golden = c.tshark = False


@named("usage_second_file_unreadable")
def usage_second(c):
    readable(c)
    c.raw(b"nothing of the kind" * 9)
    c.status = 2
    c.golden = c.tshark = False


@named("usage_a_folder")
def usage_folder(c):
    c.options = [c.folder]
    c.status = 2
    c.golden = c.tshark = False


@named("usage_unknown_option")
def usage_option(c):
    readable(c)
    c.options = ["--no-such-option"]
    c.status = 2
    c.golden = c.tshark = False


# Again, where two clauses meet ---------------------------------------------------------------------------


@named("phone_that_is_not_there")
def phone_not_there(c):
    """--phone names an address that no packet has: whatever is said of it, nobody is to blame for more than is so."""
    s = talked(c)
    c.options = ["--phone", "10.99.99.99"]
    expect(c, s, streams=ANY, verdict=ANY, out=ANY, in_=ANY)
    c.status = 0


@named("early_voice_one_way_then_two")
def early_two(c):
    """The caller's voice comes with the answer, the callee's music before: two-way, and no one-way."""
    s = Scene(c.capture(), inbound=True)
    c.options = ["--phone", PHONE]
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.1, 183, s.answer)
    s.out.talk(1.2, 3)
    d.reply(4.4, 200, s.answer)
    d.ack(4.42)
    s.answered = 4.4
    s.out.pause(0.25)
    s.talk(5).bye()
    expect(c, s)


for name, address, public in (("unique_local", "fd12:3456::10", "2001:db8:5::5"),):
    @named("private_v6_%s_believed" % name)
    def private_v6(c, address=address, public=public):
        s = talked(c, seconds=6, phone="2001:db8:1::7", server=public, phone_media="[%s]:40000" % address)
        c.options = ["--at", "server", "--phone", "2001:db8:1::7"]
        expect(c, s, fault("sdp-private-address", "in"), fault("rtp-to-private-address", "in"),
               fault("rtp-one-way", "in"), verdict="one-way-out", in_="wrong-address")


@named("wrong_port_in_at_the_server")
def wrong_port_in(c):
    """The server sends to another port than the phone told."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    s.in_.dst = s.in_.sent.dst = NAT + ":40010"
    s.up().talk(6).bye()
    c.options = ["--at", "server", "--phone", NAT]
    expect(c, s, fault("rtp-wrong-destination", "in"), fault("rtp-one-way", "in"), verdict="one-way-out", in_="wrong-address")


@named("wrong_host_out_at_the_phone")
def wrong_host_out(c):
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    s.out.dst = s.out.sent.dst = "203.0.113.77:20000"
    s.up().talk(6).bye()
    c.options = ["--at", "phone", "--phone", NAT]
    expect(c, s, fault("rtp-wrong-destination", "out"), fault("rtp-one-way", "out"), verdict="one-way-in",
           out="wrong-address")


@named("server_tells_private_out")
def server_private(c):
    """The provider's answer names an address of its own network; the phone sends there, in vain."""
    s = Scene(c.capture(), phone=NAT, server=SERVER, server_media="10.0.0.5:20000")
    s.up().talk(6).bye()
    c.options = ["--at", "phone", "--phone", NAT]
    call = expect(c, s, fault("sdp-private-address", "out", "provider"), fault("rtp-to-private-address", "out"),
                  fault("rtp-one-way", "out"), verdict="one-way-in", out="wrong-address")
    call.findings.append(maybe(note("rtp-unexpected-source", "in")))


SDES = {"profile": "RTP/SAVP", "more": ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "C" * 40,)}
DTLS = {"profile": "UDP/TLS/RTP/SAVP", "more": ("a=fingerprint:sha-256 " + ":".join(["AB"] * 32), "a=setup:actpass")}


@named("srtp_agreed_and_both_plain_dtls")
def dtls_plain(c):
    """Fingerprints both ways, no handshake, and plain voice in the file: some captures are kept decrypted, so that
    it need not have been so on the wire."""
    s = talked(c, seconds=6, offer=DTLS, answer=DTLS)
    expect(c, s, maybe(fault("srtp-mismatch", ANY)), maybe(fault("rtp-none", "both")), verdict=ANY, out=ANY, in_=ANY,
           streams=s.streams(silent=None))


@named("srtp_offered_along_with_plain")
def best_effort(c):
    """RTP/AVP with keys in it (best effort), answered without: plain is what is agreed."""
    s = talked(c, seconds=6, offer={"more": SDES["more"]})
    expect(c, s)


@named("keys_under_each_ones_number")
def keys_numbers(c):
    """telephone-event is 101 of one and 96 of the other, and both press keys."""
    s = Scene(c.capture(), answer={"events": 96}).up()
    s.talk(3)
    for talker, number in ((s.out, 96), (s.in_, 101)):
        talker.digit(s.end, 5, payload_type=number)
    s.end += 0.2
    s.talk(3, start=s.end).bye()
    expect(c, s)


@named("keys_of_a_number_nobody_told")
def keys_untold(c):
    """Neither names telephone-event, and the phone sends keys as type 101: the far side cannot know them."""
    s = Scene(c.capture(), offer={"events": None}, answer={"events": None}).up()
    s.talk(3)
    s.out.digit(s.end, 5, payload_type=101)
    s.end += 0.2
    s.talk(3, start=s.end).bye()
    expect(c, s, maybe(note("dtmf-mismatch", ANY)), maybe(risk("codec-not-negotiated", "out")),
           maybe(note("codec-not-negotiated", "out")), streams=ANY)


@named("jitter_of_opus")
def jitter_opus(c):
    """The clock is 48 kHz: 31 ms are 31 ms."""
    from cases.clauses import shaken
    s = talked(c, shaken(31), True, 30, milliseconds=60, codec="opus")
    expect(c, s, risk("jitter-high", "out"))


@named("end_unknown_is_null")
def end_null(c):
    s = talked(c, bye=False)
    expect(c, s, more={"ended": None})


@named("loss_of_a_short_stream_of_two")
def loss_two_sources(c):
    """Half of the voice under one SSRC and half under the next; each loses six of a hundred."""
    lossy = {"lose": set(range(10, 490, 16))}
    s = Scene(c.capture()).up().talk(10, out=lossy)
    first = s.out.sent
    s.out.new_source(0x44444444, 5, 5)
    s.talk(10, out=lossy, start=s.end).bye()
    expect(c, s, fault("loss-high", "out"), streams=[Stream("out", first)] + s.streams())


@named("refused_out_by_the_far_host")
def refused(c):
    """Each packet of the phone's is answered with "port unreachable"."""
    s = Scene(c.capture(), phone="192.0.2.10", server="192.0.2.20").up().talk(6)
    (src, sport), (dst, dport) = wire.split(s.out.src), wire.split(s.out.dst)
    quoted = wire.ipv4(src, dst, wire.UDP, wire.udp(src, sport, dst, dport, bytes([0x80, 0]) + bytes(170)))
    for i in range(60):
        s.capture.icmp_unreachable(s.answered + 0.06 + i * 0.1, "192.0.2.20", quoted)
    s.bye()
    expect(c, s, fault("rtp-one-way", "out"), verdict="one-way-in", out="rejected")


@named("turn_by_indications_and_v6")
def turn_v6(c):
    """The phone reaches the relay by IPv6, the peer is of IPv4."""
    capture = c.capture()
    relay, own, peer = "[2001:db8:9::9]:3478", "[2001:db8:1::10]:40000", SERVER + ":20000"
    s = Scene(capture, phone=PHONE6, server=SERVER6, phone_media=RELAYED, server_media=peer)
    number = [0]

    def indication(method):
        def wrap(packet):
            number[0] += 1
            return wire.turn_data(method, peer, packet, number[0])
        return wrap
    s.out.wrap, s.in_.wrap = indication(wire.SEND), indication(wire.DATA)
    s.out.src, s.out.dst, s.in_.src, s.in_.dst = own, relay, relay, own
    s.out.sent.src, s.out.sent.dst, s.in_.sent.src, s.in_.sent.dst = own, peer, peer, own
    s.up().talk(6).bye()
    expect(c, s, streams=s.streams(via=relay))
    c.tshark = False


@named("two_invites_of_one_call_refused_then_taken")
def two_invites(c):
    """407, again with credentials, 200: no finding of a setup that failed."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.1, 407)
    d.ack(1.12)
    d.invite(1.2, s.offer)
    d.reply(1.5, 200, s.answer)
    d.ack(1.52)
    s.answered = 1.5
    s.talk(5).bye()
    expect(c, s)


# One way by agreement: what becomes of that one is all there is ----------------------------------------

LISTENS = {"offer": {"direction": "recvonly"}, "answer": {"direction": "sendonly"}}
SPEAKS = {"offer": {"direction": "sendonly"}, "answer": {"direction": "recvonly"}}

for place, listens, speaks in (("phone", "missing", "never-sent"), ("inside", ANY, ANY), ("outside", ANY, ANY),
                               ("server", "never-sent", "missing")):
    @named("listens_in_vain_at_the_%s" % place)
    def listens_in_vain(c, place=place, state=listens):
        """An announcement that does not come: nobody hears anything, and only one way is at fault."""
        s = talked(c, False, False, phone="192.0.2.10", server=SERVER, **LISTENS)
        c.options = ["--at", place]
        expect(c, s, fault("rtp-none", "in"), verdict="no-audio", out="unknown", in_=state)

    @named("speaks_not_at_all_at_the_%s" % place)
    def speaks_not(c, place=place, state=speaks):
        s = talked(c, False, False, phone="192.0.2.10", server=SERVER, **SPEAKS)
        c.options = ["--at", place]
        expect(c, s, fault("rtp-none", "out"), verdict="no-audio", out=state, in_="unknown")


@named("listens_in_vain_off_the_path")
def listens_off_the_path(c):
    """Where the capture was taken is not known: nothing is."""
    s = talked(c, False, False, phone="192.0.2.10", server=SERVER, **LISTENS)
    expect(c, s, verdict="unknown", out="unknown", in_="unknown")


@named("listens_to_silence")
def listens_to_silence(c):
    s = talked(c, False, {"silent": True}, 20, phone="192.0.2.10", server=SERVER, **LISTENS)
    expect(c, s, fault("rtp-silent", "in"), verdict="silent-in", out="unknown", in_="silent", streams=s.streams(silent=True))


@named("listens_behind_a_private_address")
def listens_private(c):
    s = talked(c, False, phone=NAT, server=SERVER, phone_media="192.168.1.10:40000", **LISTENS)
    c.options = ["--at", "server", "--phone", NAT]
    expect(c, s, fault("sdp-private-address", "in"), fault("rtp-to-private-address", "in"), fault("rtp-none", "in"),
           verdict="no-audio", out="unknown", in_="wrong-address")


@named("speaks_and_stops_at_31_of_60")
def speaks_and_stops(c):
    s = Scene(c.capture(), phone="192.0.2.10", server=SERVER, **SPEAKS).up().talk(31, in_=False)
    s.end += 29
    s.bye()
    expect(c, s, fault("rtp-stops", "out"), verdict="no-audio", out="missing", in_="unknown")


@named("speaks_one_way_and_is_fine")
def speaks_fine(c):
    s = talked(c, True, False, phone="192.0.2.10", server=SERVER, **SPEAKS)
    expect(c, s, verdict="one-way-out", in_="unknown")


for which, how in (("in", LISTENS), ("out", SPEAKS)):
    @named("kept_between_two_points_one_way_%s" % which)
    def kept_between(c, which=which, how=how):
        """The one way that was agreed ends at the device between: nobody hears anything."""
        for begin, gets in ((1.0, which == "out"), (1.003, which == "in")):
            s = Scene(c.capture(), phone="192.0.2.10", server=SERVER, begin=begin, **how).up()
            s.talk(10, out=which == "out" and gets, in_=which == "in" and gets).bye()
        c.expect(s.call_id, verdict="no-audio", **{"out" if which == "out" else "in_": "missing",
                                                   "in_" if which == "out" else "out": "unknown"},
                 findings=[fault("rtp-lost-between-captures", which, "site"), fault("rtp-none", which)])
        c.tshark = False
