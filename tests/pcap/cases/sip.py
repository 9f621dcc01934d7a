# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP in all the ways it comes; in each the call is fine."""
import wire
from case import ANY, Stream, case, maybe, note
from scene import PBX, PHONE, PHONE6, SERVER6, Scene, at, whole


def over_tcp(c, how=None, answer_how=None, **dialog):
    """An ordinary call whose INVITE and answer go over TCP, cut as told."""
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 35060), at(PBX, 5060), 0.5)
    s = Scene(capture, sip_ports=(35060, 5060), transport="TCP", tcp=line, **dialog)
    d = s.dialog
    d.invite(1, s.offer, how=how)
    d.reply(1.05, 180)
    d.reply(1.2, 200, s.answer, how=answer_how)
    d.ack(1.25)
    s.answered = 1.2
    s.talk().bye()
    line.close(s.end + 1)
    return s


def fine(c, s, **more):
    c.expect(s.call_id, streams=s.streams(), **{"answered": s.answered, **more})


@case
def tcp(c):
    fine(c, over_tcp(c))


@case
def tcp_split(c):
    """In the request line, in a header, between header and body, in the body."""
    fine(c, over_tcp(c, {"cuts": (3, 100, 380, 520)}, {"cuts": (1, 2, 3, 400)}))


@case
def tcp_split_to_bytes(c):
    fine(c, over_tcp(c, {"cuts": tuple(range(1, 300)), "apart": 0.0001}))


@case
def tcp_out_of_order(c):
    fine(c, over_tcp(c, {"cuts": (100, 200, 300, 400), "order": (3, 1, 4, 0, 2)}))


@case
def tcp_retransmitted(c):
    fine(c, over_tcp(c, {"cuts": (100, 200, 300), "again": (1, 0, 2)}, {"cuts": (90,), "again": (0, 1)}))


@case
def tcp_merged(c):
    """180, 200 in one segment; keep-alives (RFC 5626) before and between."""
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 35060), at(PBX, 5060), 0.5)
    s = Scene(capture, sip_ports=(35060, 5060), transport="TCP", tcp=line)
    d = s.dialog
    line.send(0.9, at(PHONE, 35060), b"\r\n\r\n")
    d.invite(1, s.offer)
    kept = []
    d.send = lambda when, from_caller, data, **_: kept.append(data)
    d.reply(1.05, 180)
    d.reply(1.2, 200, s.answer)
    del d.send
    line.send(1.2, at(PBX, 5060), kept[0] + b"\r\n" + kept[1], cuts=(37,))
    d.ack(1.25)
    s.answered = 1.2
    s.talk().bye()
    fine(c, s)


@case
def tcp_begun_before(c):
    """The capture begins in the midst of the connection, and of a message on it."""
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 35060), at(PBX, 5060), 0.5, handshake=False)
    line.send(0.6, at(PBX, 5060), b"Expires: 60\r\nContent-Length: 0\r\n\r\n")
    s = Scene(capture, sip_ports=(35060, 5060), transport="TCP", tcp=line).up().talk().bye()
    fine(c, s)


@case
def tcp_segment_missing(c):
    """One segment of a REGISTER is not in the capture: the call after it is there all the same."""
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 35060), at(PBX, 5060), 0.5)
    line.send(0.6, at(PHONE, 35060), wire.message("REGISTER sip:example.com SIP/2.0", [
        ("Via", "SIP/2.0/TCP 192.168.1.10:35060;branch=z9hG4bK-r"), ("From", "<sip:alice@example.com>;tag=r"),
        ("To", "<sip:alice@example.com>"), ("Call-ID", "register@example.com"), ("CSeq", "1 REGISTER")]),
        cuts=(40, 80), leave_out=(1,))
    s = Scene(capture, sip_ports=(35060, 5060), transport="TCP", tcp=line, begin=2.0).up().talk().bye()
    fine(c, s)


@case
def tcp_not_sip(c):
    """A web server's connection, all day long."""
    capture = c.capture()
    whole(c, capture)
    line = wire.Tcp(capture, "192.168.1.20:51000", "203.0.113.80:80", 0.5)
    line.send(0.6, "192.168.1.20:51000", b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
    for i in range(40):
        line.send(0.7 + i * 0.1, "203.0.113.80:80", b"x" * 1400)


@case
def other_ports(c):
    """SIP is known by its content, not by 5060."""
    whole(c, c.capture(), sip_ports=(49152, 15060))


@case
def compact_and_folded(c):
    """Short names of headers, a folded one, lines that end with a line feed alone are not SIP but met (RFC 3261, 7.3)."""
    capture = c.capture()
    s = Scene(capture)
    d = s.dialog
    plain = d.send
    short = {b"Via": b"v", b"From": b"f", b"To": b"t", b"Call-ID": b"i", b"Contact": b"m", b"Content-Length": b"l",
             b"Content-Type": b"c"}

    def compact(when, from_caller, data, **how):
        for long, letter in short.items():
            data = data.replace(b"\r\n" + long + b": ", b"\r\n" + letter + b" :\r\n  ")
        return plain(when, from_caller, data, **how)
    d.send = compact
    s.up().talk().bye()
    fine(c, s)


@case
def authenticated(c):
    """Asked for a password first (RFC 3261, 22.3): a second INVITE with the next CSeq, not a second call."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(0.5, s.offer)
    d.reply(0.51, 407, more=[("Proxy-Authenticate", 'Digest realm="example.com", nonce="n1"')])
    d.ack(0.52)
    s.up().talk().bye()
    fine(c, s)


@case
def retransmissions(c):
    """INVITE three times, 200 four times until the ACK gets there."""
    s = Scene(c.capture())
    d = s.dialog
    for when in (0, 0.5, 1.5):
        d.request(1 + when, "INVITE", s.offer, tagged=False, seq=2)
    d.reply(2.6, 180)
    for when in (0, 0.5, 1.5, 3.5):
        d.reply(2.8 + when, 200, s.answer)
        d.ack(2.82 + when)
    s.answered = 2.8
    s.talk(6).bye()
    fine(c, s)


@case
def early_media(c):
    """The server plays ringing before the answer (183 with a description): before the answer is negative."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.01, 100)
    d.reply(1.05, 183, s.answer)
    s.answered = 4.0
    s.in_.talk(1.1, 2.9)
    d.reply(4.0, 200, s.answer)
    d.ack(4.02)
    s.talk(4, start=4.05).bye()
    fine(c, s)


@case
def reliable_provisional(c):
    """RFC 3262 and RFC 3311: 183 with a description, PRACK, UPDATE with a new one, then 200 without."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer, more=[("Supported", "100rel"), ("Allow", "INVITE, ACK, BYE, CANCEL, PRACK, UPDATE")])
    d.reply(1.05, 183, s.answer, more=[("Require", "100rel"), ("RSeq", "1")])
    d.request(1.07, "PRACK", more=[("RAck", "1 2 INVITE")])
    d.reply(1.09, 200, method="PRACK")
    d.request(1.2, "UPDATE", wire.sdp(s.phone_media, version=2))
    d.reply(1.22, 200, wire.sdp(s.server_media, version=2), method="UPDATE")
    d.reply(1.3, 180)
    d.reply(2, 200)
    d.ack(2.02)
    s.answered = 2.0
    s.talk().bye()
    fine(c, s)


@case
def delayed_offer(c):
    """The INVITE has no description: the offer is in the 200, the answer in the ACK."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1)
    d.reply(1.05, 180)
    d.reply(1.2, 200, s.answer)
    d.ack(1.22, s.offer)
    s.answered = 1.2
    s.talk().bye()
    fine(c, s)


@case
def moved_by_reinvite(c):
    """The server's media moves to another port, and the phone follows."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, wire.sdp("192.168.1.2:20040", version=2), by_caller=False)
    d.reply(s.end + 0.05, 200, wire.sdp(s.phone_media, version=2), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    before = [Stream("out", s.out.sent), Stream("in", s.in_.sent)]
    s.out.dst = s.in_.src = "192.168.1.2:20040"
    for talker in (s.out, s.in_):
        talker.sent = wire.Sent(talker.src, talker.dst, talker.ssrc)
    s.talk(5, start=s.end + 0.1).bye()
    c.expect(s.call_id, streams=before + s.streams(), answered=s.answered)


@case
def update_refused(c):
    """A re-INVITE is refused (488): what was agreed before holds (RFC 3261, 14.1)."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, wire.sdp("192.168.1.10:40040", codecs=("9 G722/8000",), version=2))
    d.reply(s.end + 0.05, 488)
    d.ack(s.end + 0.07)
    s.talk(5, start=s.end + 0.1).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def held_and_resumed(c):
    """A pause of 6 seconds in the midst; at the end both speak."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    for i, (direction, reply) in enumerate((("sendonly", "recvonly"), ("sendrecv", "sendrecv"))):
        when = s.end + 6 * i
        d.again(when, wire.sdp(s.phone_media, direction=direction, version=2 + i))
        d.reply(when + 0.05, 200, wire.sdp(s.server_media, direction=reply, version=2 + i))
        d.ack(when + 0.07)
    for talker in (s.out, s.in_):
        talker.pause(6.1)
    s.talk(5, start=s.end + 6.1).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=[maybe(note("sdp-hold"))])


@case
def forked(c):
    """Two phones ring behind the server, one answers; each has its own tag and description."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.01, 100)
    d.reply(1.05, 180, tag="fork-1")
    d.reply(1.07, 183, wire.sdp("192.168.1.2:20100"), tag="fork-2")
    d.reply(3, 200, s.answer, tag="fork-1")
    d.tags[1] = "fork-1"
    d.ack(3.02)
    s.answered = 3.0
    s.talk().bye()
    fine(c, s)


@case
def through_a_proxy(c):
    """Both legs are in the capture: one call, and its two legs. Media goes from end to end."""
    capture = c.capture()
    proxy = "192.168.1.3:5060"
    s = Scene(capture)
    route = "<sip:192.168.1.3;lr>"
    first = wire.Dialog(capture, at(PHONE, 5060), proxy, s.call_id, contact=at(PHONE, 5060), callee_contact=at(PBX, 5060),
                        record_route=[route])
    second = wire.Dialog(capture, proxy, at(PBX, 5060), s.call_id, contact=at(PHONE, 5060), callee_contact=at(PBX, 5060),
                         record_route=[route], branch="z9hG4bK-proxy-")
    via = ["SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK-call-INVITE-2;received=192.168.1.10"]
    first.invite(1, s.offer)
    first.reply(1.002, 100)
    second.invite(1.003, s.offer, via=via)
    second.reply(1.05, 180)
    first.reply(1.052, 180)
    second.reply(1.2, 200, s.answer)
    first.reply(1.202, 200, s.answer)
    first.ack(1.22)
    second.ack(1.222)
    s.answered = 1.2
    s.talk()
    first.request(s.end, "BYE")
    second.request(s.end + 0.002, "BYE")
    second.reply(s.end + 0.02, 200, method="BYE")
    first.reply(s.end + 0.022, 200, method="BYE")
    fine(c, s)
    c.further.append(lambda result: [] if len(result["calls"][0].get("legs") or []) == 2 else
                     ["legs is %s, not two" % result["calls"][0].get("legs")])


@case
def bye_by_the_other(c):
    s = Scene(c.capture()).up().talk().bye(by_phone=False)
    fine(c, s)


@case
def cut_at_the_beginning(c):
    """The capture begins inside of the call: no INVITE, no description."""
    capture = c.capture()
    s = Scene(capture)
    # Known to the peers, not to the capture.
    hidden = wire.Capture()
    s.dialog.capture = hidden
    s.up()
    s.dialog.capture = capture
    s.answered = 0.1
    s.talk(6).bye()
    c.expect(s.call_id, result=ANY, status=ANY, verdict={"two-way", "unknown"}, out={"ok", "unknown"},
             in_={"ok", "unknown"}, streams=s.streams(first_s=ANY))


@case
def cut_at_the_end(c):
    """No BYE: the capture ends first."""
    s = Scene(c.capture()).up().talk(6)
    fine(c, s, result="answered", more={"ended": None})


@case
def cut_at_both_ends(c):
    """One second from the midst of a call: SIP is not there, RTP is."""
    c.options += ["--phone", PHONE]
    capture = c.capture()
    s = Scene(capture)
    s.answered = 0.0
    s.talk(1)
    c.expect("", result="unfinished", status=None, answered=None, verdict={"two-way", "unknown"}, out={"ok", "unknown"},
             in_={"ok", "unknown"}, streams=s.streams(first_s=None))


@case
def cut_while_ringing(c):
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.01, 100)
    d.reply(1.05, 180)
    c.expect(s.call_id, result="unfinished", status=ANY, verdict="unknown", out="unknown", in_="unknown", streams=[],
             answered=None)


@case
def media_before_its_description(c):
    """The server speaks 300 ms before its 200 gets there: RTP and SIP go different ways."""
    s = Scene(c.capture()).up()
    s.in_.talk(s.answered - 0.3, 0.3)
    s.talk(4, start=s.answered).bye()
    fine(c, s)


@case
def options_and_registers(c):
    """What else SIP is used for is no call."""
    capture = c.capture()
    whole(c, capture)
    for i, method in enumerate(("OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE")):
        d = wire.Dialog(capture, at(PHONE, 5060), at(PBX, 5060), "other-%d@example.com" % i, callee_tag="x%d" % i)
        d.request(2 + i, method, tagged=False)
        d.reply(2.01 + i, 200, method=method)


@case
def only_registers(c):
    capture = c.capture()
    d = wire.Dialog(capture, at(PHONE, 5060), at(PBX, 5060), "register@example.com")
    d.request(1, "REGISTER", tagged=False)
    d.reply(1.01, 401, method="REGISTER")
    d.request(1.02, "REGISTER", tagged=False)
    d.reply(1.03, 200, method="REGISTER")
    c.tshark = False


@case
def ipv6_call(c):
    whole(c, c.capture(), phone=PHONE6, server=SERVER6)


@case
def through_a_b2bua(c):
    """A telephone system in the midst: two Call-IDs, media through it. Two calls, or one with two legs; nothing wrong
    either way."""
    capture = c.capture()
    a = Scene(capture, phone=PHONE, server=PBX, call_id="leg-a@example.com", ssrcs=(1, 2)).up().talk(5).bye()
    b = Scene(capture, phone=PBX, server="192.168.1.30", call_id="leg-b@example.com", begin=1.01, ports=(20002, 41000),
              ssrcs=(3, 4)).up().talk(5).bye()
    c.expect(a.call_id)
    c.expect(b.call_id)


def asked_again(c, status, *more):
    """The first INVITE is answered so that the phone sends another, with the next CSeq."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(0.5, s.offer)
    d.reply(0.51, status, more=list(more))
    d.ack(0.52)
    s.up().talk().bye()
    fine(c, s)


@case
def redirected(c):
    asked_again(c, 302)


@case
def asked_for_another_interval(c):
    """RFC 4028: 422, and again with a longer one."""
    asked_again(c, 422, ("Min-SE", "1800"))


@case
def reinvites_cross(c):
    """Both ask at once, both are refused (491), one asks again: no call failed."""
    s = Scene(c.capture()).up().talk(3)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, version=2))
    d.again(s.end + 0.001, wire.sdp(s.server_media, version=2), by_caller=False)
    d.reply(s.end + 0.01, 491)
    d.reply(s.end + 0.01, 491, to_caller=False)
    d.ack(s.end + 0.02)
    d.ack(s.end + 0.02, by_caller=False)
    d.again(s.end + 2, wire.sdp(s.phone_media, version=2))
    d.reply(s.end + 2.05, 200, wire.sdp(s.server_media, version=2))
    d.ack(s.end + 2.07)
    s.talk(5, start=s.end).bye()
    fine(c, s)
