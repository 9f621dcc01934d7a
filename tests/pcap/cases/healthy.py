# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd, and yet all is well: one false finding here, and nobody believes the others."""
import wire
from case import ANY, Stream, case, maybe, note
from cases.findings import CRYPTO, FINGERPRINT, candidates
from scene import NAT, PHONE, SERVER, Scene

private = note("sdp-private-address", "in")


@case
def nat_symmetric_rtp_inside(c):
    """A phone behind a router, its private address in the description; the server sends back to where RTP comes from."""
    c.options += ["--at", "inside"]
    s = Scene(c.capture(), server=SERVER).up().talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=[private])


@case
def nat_symmetric_rtp_outside(c):
    """The same call on the other side of the router: other ports, private address in SDP, Via and Contact."""
    c.options += ["--at", "outside"]
    capture = c.capture()
    s = Scene(capture, phone=NAT, server=SERVER, phone_media="192.168.1.10:40000", sip_ports=(61060, 5060),
              contact="192.168.1.10:5060").up()
    s.out.src = s.out.sent.src = s.in_.dst = s.in_.sent.dst = NAT + ":62000"
    s.talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=[private])


@case
def nat_with_stun(c):
    """The phone asked a STUN server and tells its outside address: nothing to say, though RTP comes from a private one."""
    capture = c.capture()
    for i, port in enumerate((5060, 40000)):
        capture.udp(0.2 + i * 0.1, "192.168.1.10:%d" % port, "203.0.113.33:3478", wire.stun(wire.BINDING, wire.REQUEST, 77 + i))
        capture.udp(0.22 + i * 0.1, "203.0.113.33:3478", "192.168.1.10:%d" % port, wire.stun(
            wire.BINDING, wire.SUCCESS, 77 + i, [(0x20, wire.xor_address("%s:%d" % (NAT, port), 77 + i))]))
    s = Scene(capture, server=SERVER, phone_media=NAT + ":40000", contact=NAT + ":5060").up()
    s.in_.dst = s.in_.sent.dst = "192.168.1.10:40000"
    s.talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


def checks(capture, s, begin, pairs, answered=True):
    """ICE connectivity checks both ways (RFC 8445)."""
    for i, (one, other) in enumerate(pairs):
        for j, (a, b) in enumerate(((one, other), (other, one))):
            number = 500 + 2 * i + j
            when = begin + 0.02 * i + 0.01 * j
            capture.udp(when, a, b, wire.stun(wire.BINDING, wire.REQUEST, number, [
                (6, b"Ef34:Ab12"), (0x24, b"\x6e\0\0\xff"), (0x802A, bytes(8))]))
            if answered:
                capture.udp(when + 0.004, b, a, wire.stun(wire.BINDING, wire.SUCCESS, number, [
                    (0x20, wire.xor_address(a, number))]))


@case
def ice(c):
    """Checks between all candidates, some of which nobody answers; then media between the pair that works."""
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=NAT + ":40000",
              offer={"more": candidates("192.168.1.10:40000", NAT + ":40000")},
              answer={"more": candidates("203.0.113.5:20000", kinds=("host",))}).up()
    for i in range(7):
        checks(capture, s, s.answered + 0.02 + i * 0.1, [("192.168.1.10:40000", "10.99.0.5:20000")], answered=False)
    checks(capture, s, s.answered + 0.05, [("192.168.1.10:40000", "203.0.113.5:20000")])
    for i in range(4):
        checks(capture, s, s.answered + 1 + i, [("192.168.1.10:40000", "203.0.113.5:20000")])
    s.in_.dst = s.in_.sent.dst = "192.168.1.10:40000"
    s.talk(6, start=s.answered + 0.2).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def ice_with_a_private_default(c):
    """The c= line is the private candidate; that is no fault where ICE finds the way (RFC 8839, 5.4 aside)."""
    capture = c.capture()
    s = Scene(capture, server=SERVER, offer={"more": candidates("192.168.1.10:40000", NAT + ":40000")},
              answer={"more": candidates("203.0.113.5:20000", kinds=("host",))}).up()
    checks(capture, s, s.answered + 0.05, [("192.168.1.10:40000", "203.0.113.5:20000")])
    s.talk(6, start=s.answered + 0.2).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


RELAY, TURN = "203.0.113.60:55000", "203.0.113.60:3478"


def through_turn(c, wrap_out, wrap_in, before=None):
    """The phone's media goes through a relay: it sends to the server, which shows up as RELAY to the peer."""
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=RELAY)
    number = 900
    capture.udp(0.1, "192.168.1.10:40000", TURN, wire.stun(wire.ALLOCATE, wire.REQUEST, number, [(0x19, b"\x11\0\0\0")]))
    capture.udp(0.12, TURN, "192.168.1.10:40000", wire.stun(wire.ALLOCATE, wire.SUCCESS, number, [
        (0x16, wire.xor_address(RELAY, number)), (0x20, wire.xor_address(NAT + ":40000", number)), (0x0D, b"\0\0\x02\x58")]))
    s.up()
    if before:
        before(capture, s.answered + 0.03)
    s.out.wrap, s.in_.wrap = wrap_out, wrap_in
    s.out.dst, s.in_.src, s.in_.dst = TURN, TURN, "192.168.1.10:40000"
    # Told as between peer and phone.
    s.out.sent = wire.Sent("192.168.1.10:40000", "203.0.113.5:20000", s.out.ssrc)
    s.in_.sent = wire.Sent("203.0.113.5:20000", "192.168.1.10:40000", s.in_.ssrc)
    s.talk(6).bye()
    c.expect(s.call_id, streams=s.streams(via=TURN), answered=s.answered)


@case
def turn_channel(c):
    def bind(capture, when):
        capture.udp(when, "192.168.1.10:40000", TURN, wire.stun(wire.CHANNEL, wire.REQUEST, 901, [
            (0x0C, b"\x40\x01\0\0"), (0x12, wire.xor_address("203.0.113.5:20000", 901))]))
        capture.udp(when + 0.01, TURN, "192.168.1.10:40000", wire.stun(wire.CHANNEL, wire.SUCCESS, 901))
    through_turn(c, lambda p: wire.channel_data(0x4001, p), lambda p: wire.channel_data(0x4001, p), bind)


@case
def turn_indications(c):
    def permit(capture, when):
        capture.udp(when, "192.168.1.10:40000", TURN, wire.stun(wire.PERMISSION, wire.REQUEST, 902, [
            (0x12, wire.xor_address("203.0.113.5:0", 902))]))
        capture.udp(when + 0.01, TURN, "192.168.1.10:40000", wire.stun(wire.PERMISSION, wire.SUCCESS, 902))
    through_turn(c, lambda p: wire.turn_data(wire.SEND, "203.0.113.5:20000", p, 12345),
                 lambda p: wire.turn_data(wire.DATA, "203.0.113.5:20000", p, 54321), permit)


@case
def comfort_noise(c):
    """The other side listens for ten seconds and sends comfort noise (RFC 3389)."""
    s = Scene(c.capture(), offer={"codecs": ("0 PCMU/8000", "13 CN/8000")}, answer={"codecs": ("0 PCMU/8000", "13 CN/8000")}).up()
    begin = s.answered + 0.05
    when = s.in_.talk(begin, 3)
    when = s.in_.comfort_noise(when, 10)
    s.in_.talk(when, 3)
    s.talk(16, in_=False, start=begin).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def discontinuous(c):
    """Nothing at all is sent while nothing is said (DTX): no loss, no stop."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    when = begin
    for _ in range(3):
        when = s.in_.talk(when, 2)
        s.in_.pause(2)
        when += 2
    s.in_.talk(when, 2)
    s.talk(14, in_=False, start=begin).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def transfer(c):
    """A re-INVITE sends the media to another machine, another SSRC and codec."""
    s = Scene(c.capture(), offer={"codecs": ("0 PCMU/8000", "8 PCMA/8000")}, phone=NAT, server=SERVER).up().talk(4)
    d = s.dialog
    d.again(s.end, wire.sdp("203.0.113.9:30000", codecs=("8 PCMA/8000",), version=2), by_caller=False)
    d.reply(s.end + 0.05, 200, wire.sdp(s.phone_media, codecs=("8 PCMA/8000",), version=2), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    before = [Stream("out", s.out.sent), Stream("in", s.in_.sent)]
    for talker, kind in ((s.out, 0x44444444), (s.in_, 0x55555555)):
        talker.payload_type, talker.codec = 8, "PCMA"
        if talker is s.out:
            talker.dst = "203.0.113.9:30000"
        else:
            talker.src = "203.0.113.9:30000"
        talker.new_source(kind, 10, 10)
    s.talk(5, start=s.end + 0.1).bye()
    c.expect(s.call_id, streams=before + s.streams(codec="PCMA"), answered=s.answered)


@case
def announcement_only(c):
    """The called side only speaks (sendonly, as announcements are): the other way is not due."""
    s = Scene(c.capture(), answer={"direction": "sendonly"}).up().talk(6, out=False).bye()
    c.expect(s.call_id, verdict=ANY, out=ANY, in_="ok", streams=s.streams(), answered=s.answered,
             findings=[maybe(note("sdp-hold"))])


@case
def short_call(c):
    """Answered and hung up after half a second."""
    s = Scene(c.capture()).up().talk(0.5).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def answered_and_hung_up_at_once(c):
    """50 ms: nobody had the time to say anything."""
    s = Scene(c.capture()).up()
    s.end = s.answered
    s.bye(later=0.05)
    c.expect(s.call_id, verdict=ANY, out=ANY, in_=ANY, streams=[], answered=s.answered)
    c.options += ["--at", "phone"]


@case
def srtp(c):
    """Agreed by SDES, encrypted on the wire: fine, and whether it is silence cannot be told."""
    keys = {"profile": "RTP/SAVP", "more": (CRYPTO,)}
    s = Scene(c.capture(), offer=keys, answer=keys).up()
    s.talk(6, out={"payload": lambda i: wire.scrambled(i + 1, 170)},
           in_={"payload": lambda i: wire.scrambled(i + 9001, 170)}).bye()
    c.expect(s.call_id, streams=s.streams(silent=None), answered=s.answered)


@case
def srtp_offered_both_ways(c):
    """Best effort: the offer has keys under RTP/AVP, the answer has none; plain RTP both ways is what was agreed."""
    s = Scene(c.capture(), offer={"more": (CRYPTO,)}).up().talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def dtls_srtp(c):
    """Fingerprints in both, DTLS on the media port, then SRTP."""
    more = {"profile": "UDP/TLS/RTP/SAVPF", "more": FINGERPRINT}
    capture = c.capture()
    s = Scene(capture, offer=more, answer=more).up()
    for i in range(3):
        capture.udp(s.answered + 0.02 + 0.01 * i, s.out.src, s.out.dst, b"\x16\xfe\xfd" + bytes(8) + b"\0\x40" + bytes(64))
        capture.udp(s.answered + 0.025 + 0.01 * i, s.out.dst, s.out.src, b"\x16\xfe\xfd" + bytes(8) + b"\0\x40" + bytes(64))
    s.talk(6, start=s.answered + 0.1, out={"payload": lambda i: wire.scrambled(i + 1, 170)},
           in_={"payload": lambda i: wire.scrambled(i + 9001, 170)}).bye()
    c.expect(s.call_id, streams=s.streams(silent=None), answered=s.answered)


@case
def video_refused(c):
    """Audio and video offered, video refused with port 0."""
    capture = c.capture()
    s = Scene(capture, offer={"more": ("m=video 40010 RTP/AVP 96", "a=rtpmap:96 H264/90000")},
              answer={"more": ("m=video 0 RTP/AVP 96",)}).up().talk(5).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def video_beside_audio(c):
    """Its RTP is no voice and no second call; where it goes after the call is told, neither."""
    c.tshark = False  # It counts the video too.
    capture = c.capture()
    more = ("m=video %d RTP/AVP 96", "a=rtpmap:96 H264/90000")
    s = Scene(capture, offer={"more": (more[0] % 40010, more[1])}, answer={"more": (more[0] % 20010, more[1])}).up()
    for src, dst, ssrc in (("192.168.1.10:40010", "192.168.1.2:20010", 77), ("192.168.1.2:20010", "192.168.1.10:40010", 78)):
        wire.Talker(capture, src, dst, ssrc, payload_type=96, codec="H264", rate=90000).talk(
            s.answered + 0.1, 6, payload=lambda i: wire.scrambled(i, 300))
    s.talk(5).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def empty_capture(c):
    """No packet at all: no call, no fault."""
    c.capture()
    c.tshark = False
    c.input = {"packets": 0}


@case
def no_call(c):
    capture = c.capture()
    for i in range(20):
        capture.udp(i * 0.1, "192.168.1.20:%d" % (50000 + i), "192.168.1.1:53", wire.scrambled(i + 1, 40))
    c.tshark = False
    c.input = {"packets": 20}


@case
def paging(c):
    """RTP to a multicast group, one way by its nature and without SIP: nothing else was due."""
    capture = c.capture()
    t = wire.Talker(capture, "192.168.1.10:40000", "239.1.2.3:10000", 0x77777777)
    t.talk(1, 6)
    c.expect("", result="unfinished", status=None, answered=None, verdict="unknown", out={"ok", "unknown"},
             in_={"ok", "unknown"})


@case
def one_stream_without_sip(c):
    """The other direction may go elsewhere: not known to be missing."""
    c.options += ["--phone", PHONE]
    s = Scene(c.capture())
    s.answered = 0.0
    s.talk(8, in_=False)
    c.expect("", result="unfinished", status=None, answered=None, verdict="unknown", out={"ok", "unknown"}, in_="unknown",
             streams=s.streams(first_s=None))
