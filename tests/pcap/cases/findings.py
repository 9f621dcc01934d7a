# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings that the other themes do not have."""
import wire
from case import ANY, Stream, case, fault, maybe, note, risk
from scene import NAT, PHONE, SERVER, Scene


def failed_call(c, *statuses, last_ack=True):
    """An INVITE that ends like this; provisional answers first."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    for i, status in enumerate(statuses):
        d.reply(1.05 + i * 0.5, status)
    d.ack(1.1 + len(statuses) * 0.5)
    return s


def expect_failed(c, s, status, *findings, result="failed"):
    c.expect(s.call_id, verdict="unknown", result=result, status=status, out="unknown", in_="unknown", streams=[],
             answered=None, findings=list(findings))


@case
def busy(c):
    expect_failed(c, failed_call(c, 100, 180, 486), 486)


@case
def declined(c):
    expect_failed(c, failed_call(c, 100, 180, 603), 603)


@case
def setup_not_found(c):
    expect_failed(c, failed_call(c, 100, 404), 404, fault("call-setup-failed"))


@case
def setup_forbidden(c):
    expect_failed(c, failed_call(c, 403), 403, fault("call-setup-failed"))


@case
def setup_service_unavailable(c):
    expect_failed(c, failed_call(c, 100, 503), 503, fault("call-setup-failed"))


@case
def setup_no_answer_at_all(c):
    """Sent seven times in 32 s (RFC 3261, 17.1.1.2), and not even a 100."""
    capture = c.capture()
    s = Scene(capture)
    for when in (0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5):
        s.dialog.request(1 + when, "INVITE", s.offer, tagged=False, seq=2)
    # The capture goes on for a while.
    for i in range(10):
        capture.udp(30 + i, "192.168.1.20:50000", "192.168.1.1:53", wire.scrambled(i + 1, 40))
    c.expect(s.call_id, verdict="unknown", result={"failed", "unfinished"}, status=None, out="unknown", in_="unknown",
             streams=[], answered=None, findings=[fault("call-setup-failed")])


@case
def no_codec_in_common_488(c):
    expect_failed(c, failed_call(c, 100, 488), 488, fault("codec-none-common"))


@case
def no_codec_in_common_in_the_answer(c):
    """Answered with a codec that was not offered, and nothing else; each sends its own."""
    s = Scene(c.capture(), answer={"codecs": ("18 G729/8000",)}).up()
    s.in_.payload_type, s.in_.codec = 18, "G729"
    s.talk(8, in_={"payload": wire.scrambled(3, 20)}).bye()
    c.expect(s.call_id, verdict={"no-audio", "one-way-in", "one-way-out", "unknown"}, out=ANY, in_=ANY,
             findings=[fault("codec-none-common"), maybe(fault("codec-not-negotiated")), maybe(risk("codec-not-negotiated")),
                       maybe(fault("rtp-one-way")), maybe(fault("rtp-none"))])


@case
def codec_not_negotiated(c):
    """PCMU was agreed; the server sends G.729, which the phone did not name."""
    s = Scene(c.capture()).up()
    s.in_.payload_type, s.in_.codec = 18, "G729"
    s.talk(8, in_={"payload": wire.scrambled(3, 20)}).bye()
    streams = s.streams()
    streams[1].codec, streams[1].silent = "G729", None
    c.expect(s.call_id, verdict="one-way-out", in_="rejected", streams=streams, answered=s.answered,
             findings=[fault("codec-not-negotiated", "in"), maybe(fault("rtp-one-way", "in"))])


@case
def private_address_of_the_server(c):
    """The answer names the server's address in its own network. The phone sends there."""
    s = Scene(c.capture(), phone="192.168.1.10", server=SERVER, server_media="10.20.0.5:20000",
              phone_media=NAT + ":40000").up()
    s.in_.dst = s.in_.sent.dst = "192.168.1.10:40000"
    s.talk(8, in_=False).bye()
    c.expect(s.call_id, verdict="no-audio", out="wrong-address", in_={"missing", "unknown"}, streams=s.streams(),
             findings=[fault("rtp-none", "both"), fault("rtp-to-private-address", "out"),
                       fault("sdp-private-address", "out")])


@case
def private_address_explains(c):
    """Inside: the phone told its private address, and nothing comes back."""
    c.options += ["--at", "inside"]
    s = Scene(c.capture(), server=SERVER).up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_={"missing", "wrong-address"}, streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in"), fault("sdp-private-address", "in")])


@case
def wrong_interface(c):
    """The phone's SIP and RTP leave from its LAN card; its description has the address of a VPN."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), server=SERVER, phone_media="10.8.0.2:40000").up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_={"missing", "wrong-address"}, streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in"), fault("wrong-interface", "in"),
                       maybe(fault("sdp-private-address", "in"))])


@case
def wrong_interface_public(c):
    """The same with public addresses on both: two uplinks."""
    c.options += ["--at", "phone", "--phone", NAT]
    s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media="192.0.2.44:40000").up().talk(10, in_=False).bye()
    c.expect(s.call_id, verdict="one-way-out", in_={"missing", "wrong-address"}, streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "in"), fault("wrong-interface", "in")])


@case
def unexpected_source(c):
    """The server's description names one address, its media comes from another. Both are heard."""
    s = Scene(c.capture(), phone=NAT, server=SERVER).up()
    s.in_.src = s.in_.sent.src = "203.0.113.99:31000"
    s.talk(8).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=[note("rtp-unexpected-source", "in")])


@case
def unexpected_source_unheard(c):
    """The same, and nothing of the phone's is heard: what comes may be dropped by the phone too."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), phone=NAT, server=SERVER).up()
    s.in_.src = s.in_.sent.src = "203.0.113.99:31000"
    s.talk(8, out=False).bye()
    c.expect(s.call_id, verdict="one-way-in", out="never-sent", streams=s.streams(), answered=s.answered,
             findings=[fault("rtp-one-way", "out"), maybe(note("rtp-unexpected-source", "in")),
                       maybe(risk("rtp-unexpected-source", "in"))])


CRYPTO = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
FINGERPRINT = ("a=fingerprint:sha-256 " + ":".join("%02X" % (7 * i & 255) for i in range(32)), "a=setup:actpass")


@case
def srtp_on_one_side(c):
    """SRTP is offered, plain RTP is answered and sent; the phone does not take it, nor is it understood."""
    s = Scene(c.capture(), offer={"profile": "RTP/SAVP", "more": (CRYPTO,)}).up()
    s.talk(8, out={"payload": wire.scrambled(5, 170)}).bye()
    c.expect(s.call_id, verdict=ANY, out=ANY, in_=ANY, findings=[
        fault("srtp-mismatch"), maybe(fault("rtp-none")), maybe(fault("rtp-one-way"))])


@case
def srtp_agreed_and_plain(c):
    """Keys in both descriptions, and plain voice on the wire."""
    keys = {"profile": "RTP/SAVP", "more": (CRYPTO,)}
    s = Scene(c.capture(), offer=keys, answer=keys).up().talk(8).bye()
    c.expect(s.call_id, verdict=ANY, out=ANY, in_=ANY, findings=[
        maybe(fault("srtp-mismatch")), maybe(fault("srtp-mismatch")), maybe(fault("rtp-none")),
        maybe(fault("rtp-one-way"))])


@case
def digits_by_one_side_only(c):
    """telephone-event is offered and not answered: keys may not get there. Audio flows."""
    s = Scene(c.capture(), answer={"events": None}).up().talk(6).bye()
    c.expect(s.call_id, streams=s.streams(), findings=[note("dtmf-mismatch")])


@case
def digits_by_info(c):
    """Both agreed on telephone-event, and the phone sends SIP INFO."""
    s = Scene(c.capture()).up().talk(6)
    d = s.dialog
    for i in range(3):
        d.request(s.answered + 2 + i, "INFO", "Signal=%d\r\nDuration=160\r\n" % i, kind="application/dtmf-relay")
        d.reply(s.answered + 2.02 + i, 200, method="INFO")
    s.bye()
    c.expect(s.call_id, streams=s.streams(), findings=[note("dtmf-mismatch")])


def candidates(*at, kinds=("host", "srflx")):
    lines = ["a=ice-ufrag:Ab12", "a=ice-pwd:0123456789abcdef01234567"]
    for i, (kind, place) in enumerate(zip(kinds, at)):
        host, port = place.rsplit(":", 1)
        lines.append("a=candidate:%d 1 UDP %d %s %s typ %s" % (i + 1, 2130706431 - i * 1000, host, port, kind) +
                     (" raddr %s rport %s" % tuple(at[0].rsplit(":", 1)) if kind == "srflx" else ""))
    return lines


@case
def ice_failed(c):
    """Both have candidates, the phone asks each of them again and again, and nobody answers."""
    c.options += ["--at", "phone"]
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=NAT + ":40000", offer={"more": candidates("192.168.1.10:40000", NAT + ":40000")},
              answer={"more": candidates("203.0.113.5:20000", kinds=("host",))}).up()
    for i in range(14):
        capture.udp(s.answered + 0.05 + i * 0.5, "192.168.1.10:40000", "203.0.113.5:20000", wire.stun(
            wire.BINDING, wire.REQUEST, 1000 + i // 7, [(6, b"Ef34:Ab12"), (0x24, b"\x6e\0\0\xff"), (0x802A, bytes(8))]))
    s.end = s.answered + 10
    s.bye()
    c.expect(s.call_id, verdict="no-audio", out=ANY, in_=ANY, streams=[], answered=s.answered,
             findings=[fault("rtp-none", "both"), fault("ice-failed")])


@case
def hold_of_both_is_no_one_way(c):
    """Held, and resumed by nobody: sendonly towards a server that plays nothing."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, direction="sendonly", version=2))
    d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, direction="recvonly", version=2))
    d.ack(s.end + 0.07)
    s.talk(6, in_=False, start=s.end + 0.1).bye()
    c.expect(s.call_id, verdict="held", out=ANY, in_=ANY, streams=s.streams(), findings=[note("sdp-hold", side="phone")])


@case
def renegotiated_to_nowhere(c):
    """A re-INVITE moves the phone's media to another port; the server goes on to send to the old one."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.again(s.end, wire.sdp("192.168.1.10:40020", version=2))
    d.reply(s.end + 0.05, 200, wire.sdp(s.server_media, version=2))
    d.ack(s.end + 0.07)
    first = s.out.sent
    s.out.src = "192.168.1.10:40020"
    s.out.sent = wire.Sent(s.out.src, s.out.dst, s.out.ssrc)
    s.talk(10, start=s.end + 0.1).bye()
    c.expect(s.call_id, verdict="one-way-out", in_="wrong-address", streams=s.streams() + [Stream("out", first)],
             findings=[fault("rtp-wrong-destination", "in"), maybe(fault("rtp-one-way", "in")),
                       maybe(fault("rtp-stops", "in"))])


@case
def loss_in_a_short_call(c):
    """Ten of a hundred packets in two seconds: few packets, and yet no accident."""
    s = Scene(c.capture()).up().talk(2, in_={"lose": range(20, 30)}).bye()
    c.expect(s.call_id, streams=s.streams(), findings=[fault("loss-high", "in")])
