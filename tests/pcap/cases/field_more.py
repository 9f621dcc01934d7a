# SPDX-License-Identifier: GPL-3.0-or-later
"""More of field: several legs on one host, relays between two kinds of media, and silence by other names."""
import wire
from case import ANY, Finding, Stream, case, fault, maybe, note
from cases.field import PRIVATE, again, fax, fine, moved, refused
from cases.findings import CRYPTO, FINGERPRINT, candidates
from cases.healthy import checks
from scene import NAT, PBX, PHONE, SERVER, SERVER6, Scene, at

OTHER = "192.168.1.50"


@case
def legs_that_voice_goes_past(c):
    """A PBX with a Call-ID for each leg, which passes the descriptions on as they are: voice goes from phone to phone, and
    is of both, be they told as one call or two."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", server_media=at(OTHER, 41000))
    b = Scene(capture, phone=PBX, server=OTHER, call_id="b@example.com", begin=1.3, phone_media=at(PHONE, 40000),
              server_media=at(OTHER, 41000))
    moved(a.in_, "in", src=at(OTHER, 41000))
    b.up()
    b.end = 8.0
    a.ring = 0.6
    a.up().talk(6).bye()
    b.bye()
    c.others = True
    c.expect(a.call_id, streams=a.streams(first_s=ANY))
    c.further.append(lambda result: ["%s is %s" % (call["call_id"], call["verdict"]) for call in result["calls"]
                                     if call["verdict"] != "two-way"])


@case
def router_with_other_ports(c):
    """All interfaces of a router whose NAT gives another port; the far side answers to where voice comes from."""
    streams = behind_a_router(c, ("in-out", "out-out", "out-in", "in-in"))
    c.expect("nat@example.com", streams=streams, findings=[PRIVATE])


@case
def router_with_other_ports_keeps_what_comes(c):
    streams = behind_a_router(c, ("in-out", "out-out", "out-in"))
    c.expect("nat@example.com", verdict="one-way-out", in_="missing", streams=streams,
             findings=[fault("rtp-one-way", "in"), PRIVATE])


def behind_a_router(c, flows):
    """SIP on both sides of a NAT, and of the voice these: the side where it is seen, and its direction."""
    capture = c.capture()
    inside, mapped, far = at(PHONE, 40000), NAT + ":62000", at(SERVER, 20000)
    legs = [wire.Dialog(capture, source, at(SERVER, 5060), "nat@example.com", contact=at(PHONE, 5060))
            for source in (at(PHONE, 5060), NAT + ":61060")]
    plain = legs[1].send
    # A NAT without ALG leaves the messages as they are.
    legs[1].send = lambda when, from_caller, data, **how: plain(when, from_caller, data.replace(
        b"UDP 198.51.100.7:61060", b"UDP 192.168.1.10:5060"), **how)
    for i, leg in enumerate(legs):
        leg.invite(1 + i * 0.0001, wire.sdp(inside))
    for i, leg in enumerate(reversed(legs)):
        leg.reply(1.2 + i * 0.0001, 200, wire.sdp(far))
    for i, leg in enumerate(legs):
        leg.ack(1.22 + i * 0.0001)
    ends = {"in-out": (inside, far, 1), "out-out": (mapped, far, 1), "out-in": (far, mapped, 2), "in-in": (far, inside, 2)}
    streams = []
    for name in flows:
        talker = wire.Talker(capture, *ends[name])
        talker.talk(1.25 + (0.0001 if name in ("out-out", "in-in") else 0), 8)
        streams.append(Stream(name.split("-")[1], talker.sent))
    for i, leg in enumerate(legs):
        leg.request(9.5 + i * 0.0001, "BYE")
    for i, leg in enumerate(reversed(legs)):
        leg.reply(9.52 + i * 0.0001, 200, method="BYE")
    return streams


@case
def right_host_wrong_port(c):
    """At the server: it has learnt the router's address, and sends to the port that the description has; the voice of
    the phone comes from another. Nobody knows that it is let in there."""
    c.options += ["--at", "server"]
    s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media="192.168.1.10:40000", contact="192.168.1.10:5060")
    moved(s.out, "out", src=NAT + ":62000")
    moved(s.in_, "in", dst=NAT + ":40000")
    s.up().talk(10).bye()
    fine(c, s, verdict={"one-way-out", "unknown"}, in_={"wrong-address", "unknown"}, findings=[
        Finding("sdp-private-address", {"note", "fault"}, "in"), maybe(fault("rtp-one-way", "in")),
        maybe(fault("rtp-wrong-destination", "in"))])


def ringing_of_two(c, first_says, then):
    """On a proxy that asks two phones; the second answers after `then` seconds. Voice goes from end to end."""
    capture = c.capture()
    s = Scene(capture, server=OTHER, call_id="fork@example.com")
    proxy = "192.168.1.3:5060"
    front = wire.Dialog(capture, at(PHONE, 5060), proxy, s.call_id, callee_tag="second", callee_contact=at(OTHER, 5060))
    legs = [wire.Dialog(capture, proxy, place, s.call_id, callee_tag=tag, branch="z9hG4bK-%s-" % tag, contact=at(PHONE, 5060))
            for tag, place in (("first", "192.168.1.40:5060"), ("second", at(OTHER, 5060)))]
    front.invite(1, s.offer)
    front.reply(1.001, 100)
    legs[0].invite(1.002, s.offer)
    legs[0].reply(1.05, 180)
    first_says(legs, s)
    legs[1].reply(then, 200, s.answer)
    front.reply(then + 0.001, 200, s.answer)
    front.ack(then + 0.02)
    legs[1].ack(then + 0.021)
    s.answered = then
    s.talk(6)
    for d in (front, legs[1]):
        d.request(s.end + 0.1, "BYE")
    for d in (legs[1], front):
        d.reply(s.end + 0.12, 200, method="BYE")
    fine(c, s)


def given_up(leg, when):
    leg.request(when, "CANCEL", tagged=False)
    leg.reply(when + 0.01, 200, method="CANCEL")
    leg.reply(when + 0.02, 487)
    leg.ack(when + 0.03)


@case
def two_phones_ring(c):
    def first_says(legs, s):
        legs[1].invite(1.003, s.offer)
        legs[1].reply(1.06, 180)
        given_up(legs[0], 4.005)
    ringing_of_two(c, first_says, 4.0)


@case
def voicemail_takes_it(c):
    """The first rings for 20 s and is given up, then voicemail is asked."""
    def first_says(legs, s):
        given_up(legs[0], 21)
        legs[1].invite(21.1, s.offer)
    ringing_of_two(c, first_says, 21.2)


@case
def one_is_busy(c):
    def first_says(legs, s):
        legs[1].invite(1.003, s.offer)
        legs[0].reply(1.1, 486)
        legs[0].ack(1.11)
        legs[1].reply(1.2, 180)
    ringing_of_two(c, first_says, 3.0)


@case
def answer_before_the_question(c):
    """Two queues of one card: the 200 stands before the INVITE."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1.3, s.offer)
    d.reply(1.2999, 200, s.answer)
    d.ack(1.32)
    s.answered = 1.2999
    fine(c, s.talk().bye())


@case
def hold_never_answered(c):
    """The phone asks to hold again and again, nobody answers that; both go on to speak: nothing has changed."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, wire.sdp(s.phone_media, direction="sendonly", version=2))
    for when in (0.5, 1.5, 3.5):
        d.request(s.end + when, "INVITE", wire.sdp(s.phone_media, direction="sendonly", version=2),
                  seq=d.last[(True, "INVITE")][1])
    fine(c, s.talk(12, start=s.end).bye())


@case
def move_never_answered(c):
    """The same with another port."""
    s = Scene(c.capture()).up().talk(4)
    s.dialog.again(s.end, wire.sdp(at(PHONE, 40020), version=2))
    fine(c, s.talk(12, start=s.end).bye())


@case
def keys_and_no_voice(c):
    """The phone sends three keys in 20 s, and no voice at all."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture()).up()
    when = s.answered + 1
    for key in (1, 2, 3):
        when = s.out.digit(when + 0.5, key)
        s.out.pause(0.5)
    s.talk(20, out=False).bye()
    c.expect(s.call_id, verdict="one-way-in", out={"never-sent", "missing"}, streams=ANY,
             findings=[maybe(fault("rtp-one-way", "out")), maybe(fault("rtp-stops", "out"))])
    c.status = 1


@case
def picture_and_no_voice(c):
    """Of two bundled media the video comes in, the voice does not."""
    c.tshark = False
    capture = c.capture()

    def lines(port):
        return {"session": ("a=group:BUNDLE 0 1",), "more": ("a=mid:0", "m=video %d RTP/AVP 96" % port,
                                                             "a=rtpmap:96 VP8/90000", "a=mid:1")}
    s = Scene(capture, offer=lines(40000), answer=lines(20000)).up()
    for talker, ssrc in ((s.out, 77), (s.in_, 78)):
        wire.Talker(capture, talker.src, talker.dst, ssrc, payload_type=96, codec="VP8", rate=90000).talk(
            s.answered + 0.1, 9, payload=lambda i: wire.scrambled(i, 300))
    fine(c, s.talk(10, in_=False).bye(), verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


@case
def silence_below_zero(c):
    """Of the two zeros of mu-law the negative one, and both by turns: silence all the same."""
    s = Scene(c.capture()).up().talk(10, in_={"payload": b"\x7f" * 80 + b"\xff\x7f" * 40}).bye()
    streams = s.streams()
    streams[1].silent = True
    fine(c, s, streams=streams, verdict="silent-in", in_="silent", findings=[fault("rtp-silent", "in")])


@case
def nothing_for_twelve_seconds(c):
    """In the midst one side says nothing and sends nothing, then goes on to the end."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    when = s.in_.talk(begin, 4)
    s.in_.pause(12)
    s.in_.talk(when + 12, 5)
    fine(c, s.talk(21, in_=False, start=begin).bye())


@case
def local_address_of_ipv6(c):
    """A phone with a unique local address, called from a global one, does not hear."""
    c.options += ["--at", "inside"]
    s = Scene(c.capture(), phone="fd00:1::10", server=SERVER6, inbound=True).up().talk(10, in_=False).bye()
    fine(c, s, verdict="one-way-out", in_={"missing", "wrong-address"},
         findings=[fault("rtp-one-way", "in"), fault("sdp-private-address", "in")])


@case
def picture_asked_for_by_info(c):
    """INFO that is no key (RFC 5168)."""
    s = Scene(c.capture()).up()
    s.dialog.request(s.answered + 1, "INFO", "<media_control/>", kind="application/media_control+xml")
    s.dialog.reply(s.answered + 1.02, 200, method="INFO")
    fine(c, s.talk(6).bye())


@case
def keys_by_info_alone(c):
    """Nobody names telephone-event: INFO is what both have."""
    s = Scene(c.capture(), offer={"events": None}, answer={"events": None}).up()
    s.dialog.request(s.answered + 1, "INFO", "Signal=1\r\nDuration=160\r\n", kind="application/dtmf-relay")
    s.dialog.reply(s.answered + 1.02, 200, method="INFO")
    fine(c, s.talk(6).bye())


def browser(*places):
    """As browsers do: port 9 and 0.0.0.0 in place of an address, which stands in the candidates (RFC 8840)."""
    kinds = ("host",) * len(places)
    more = (*FINGERPRINT, "a=rtcp-mux", *candidates(*places, kinds=kinds))
    return wire.sdp("0.0.0.0:9", profile="UDP/TLS/RTP/SAVPF", more=more)


def called_by_a_browser(capture, *places):
    more = (*FINGERPRINT, *candidates(at(PBX, 20000), kinds=("host",)))
    s = Scene(capture, answer={"profile": "UDP/TLS/RTP/SAVPF", "more": more})
    s.offer = browser(*places)
    s.up()
    checks(capture, s, s.answered + 0.02, [(at(PHONE, 40000), at(PBX, 20000))])
    return s.talk(6, start=s.answered + 0.2, out={"payload": lambda i: wire.scrambled(i + 1, 170)},
                  in_={"payload": lambda i: wire.scrambled(i + 9001, 170)}).bye()


@case
def browser_calls(c):
    """0.0.0.0 is no hold where candidates follow."""
    s = called_by_a_browser(c.capture(), at(PHONE, 40000))
    fine(c, s, streams=s.streams(silent=None))


@case
def browser_calls_trickling(c):
    """The candidates come later, by INFO (RFC 8840): none stands in the offer."""
    s = called_by_a_browser(c.capture())
    fine(c, s, streams=s.streams(silent=None))


@case
def fax_from_the_beginning(c):
    c.options += ["--at", "phone"]
    s = Scene(c.capture())
    s.offer, s.answer = fax(s.phone_media), fax(s.server_media)
    s.up()
    s.end = s.answered + 20
    fine(c, s.bye(), verdict="unknown", out="unknown", in_="unknown")


@case
def messages_alone(c):
    """A session of text (MSRP, RFC 4975): no voice is due."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture())
    s.offer, s.answer = (wire.sdp(place, codecs=(), events=None, media="message", profile="TCP/MSRP *", direction=None)
                         for place in (at(PHONE, 2855), at(PBX, 2855)))
    s.up()
    s.end = s.answered + 20
    fine(c, s.bye(), verdict="unknown", out="unknown", in_="unknown")


@case
def redundant(c):
    """RFC 2198: what comes is of the type red, which both have."""
    codecs = {"codecs": ("63 red/8000", "0 PCMU/8000")}
    s = Scene(c.capture(), offer=codecs, answer=codecs).up()
    s.in_.payload_type, s.in_.codec = 63, "red"
    s.talk(6, in_={"payload": b"\x80\x02\x80\xa0\0" + wire.tone("PCMU", 320)}).bye()
    streams = s.streams()
    streams[1].codec, streams[1].silent = "red", None
    fine(c, s, streams=streams)


@case
def listens_only(c):
    """The far side answers recvonly: it gets, and does not speak."""
    s = Scene(c.capture(), answer={"direction": "recvonly"}).up().talk(8, in_=False).bye()
    fine(c, s, verdict=ANY, in_=ANY, findings=[maybe(note("sdp-hold"))])


@case
def failed_then_called_again(c):
    """Busy; the same phone calls again a second later with the same ports, and is answered."""
    capture = c.capture()
    first = Scene(capture, call_id="a@example.com")
    first.dialog.invite(1, first.offer)
    first.dialog.reply(1.1, 486)
    first.dialog.ack(1.12)
    c.expect(first.call_id, verdict="unknown", result="failed", status=486, out="unknown", in_="unknown", streams=[],
             answered=None)
    fine(c, Scene(capture, call_id="b@example.com", begin=1.6).up().talk(6).bye())


@case
def call_waiting(c):
    """A second call comes in while the first lasts; the phone holds the one, speaks in the other, and goes back."""
    c.options += ["--phone", PHONE]
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(5)
    b = Scene(capture, call_id="b@example.com", begin=a.end - 1, inbound=True, ring=1.5, ports=(40002, 20002), ssrcs=(3, 4))
    again(a, a.end, {"direction": "sendonly"}, {"direction": "recvonly"})
    b.up().talk(6).bye(by_phone=False)
    again(a, b.end + 0.5, version=3)
    a.talk(6, start=b.end + 0.6).bye()
    fine(c, a)
    fine(c, b)


@case
def park_and_pick_up(c):
    """Parked on one phone (held, then BYE), picked up by another within the same server: two calls, both as they should."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(5)
    again(a, a.end, {"direction": "inactive"}, {"direction": "inactive"})
    a.end += 2
    fine(c, a.bye(), verdict="held", out=ANY, in_=ANY, findings=[note("sdp-hold", side="phone")])
    fine(c, Scene(capture, phone="192.168.1.11", call_id="b@example.com", begin=a.end + 5, ports=(40000, 20000),
                  ssrcs=(3, 4)).up().talk(6).bye())


@case
def legs_of_a_third_party(c):
    """Click to dial between two phones: the second leg has no offer in its INVITE, and voice goes from phone to phone. Both
    calls name both ends."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", server_media=at(OTHER, 41000), ring=0.6)
    moved(a.in_, "in", src=at(OTHER, 41000))
    d = wire.Dialog(capture, at(PBX, 5060), at(OTHER, 5060), "b@example.com")
    d.invite(1.05)
    d.reply(1.4, 200, wire.sdp(at(OTHER, 41000)))
    a.up().talk(6)
    d.ack(1.62, wire.sdp(at(PHONE, 40000)))
    a.bye()
    d.bye(a.end + 0.15)
    fine(c, a)
    c.others = True
    c.further.append(lambda result: ["%s is %s" % (call["call_id"], call["verdict"]) for call in result["calls"]
                                     if call["verdict"] != "two-way"])


@case
def nothing_but_comfort_noise(c):
    """The far side sends comfort noise and never a word: that is silence."""
    cn = {"codecs": ("0 PCMU/8000", "13 CN/8000")}
    s = Scene(c.capture(), offer=cn, answer=cn).up()
    s.in_.comfort_noise(s.answered + 0.05, 20)
    s.talk(20, in_=False).bye()
    c.expect(s.call_id, verdict="silent-in", in_="silent", findings=[fault("rtp-silent", "in")])


@case
def held_by_update(c):
    """UPDATE puts it on hold and takes it back (RFC 3311)."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    for version, offer, answer in ((2, "sendonly", "recvonly"), (3, "sendrecv", "sendrecv")):
        d.request(s.end, "UPDATE", wire.sdp(s.phone_media, direction=offer, version=version))
        d.reply(s.end + 0.02, 200, wire.sdp(s.server_media, direction=answer, version=version), method="UPDATE")
        s.end += 5
    fine(c, s.talk(6, start=s.end - 4.9).bye())


@case
def radio_gone_for_five_seconds(c):
    """At a phone on Wi-Fi that loses its network: what comes meanwhile is lost, what it would send too."""
    c.options += ["--at", "phone"]
    gone = set(range(300, 550))
    s = Scene(c.capture()).up().talk(20, in_={"lose": gone}).bye()
    fine(c, s, findings=[fault("loss-high", "in")])


@case
def hold_answered_as_if_it_were_none(c):
    """The phone says sendonly, the server sendrecv: on hold all the same (RFC 3264, 6.1)."""
    s = Scene(c.capture()).up().talk(4)
    again(s, s.end, {"direction": "sendonly"})
    s.end += 8
    fine(c, s.bye(), verdict="held", out=ANY, in_=ANY, findings=[note("sdp-hold", side="phone")])


@case
def silence_of_alaw(c):
    """Both values next to zero, by turns."""
    s = Scene(c.capture(), codec="PCMA").up().talk(10, out={"payload": b"\xd5\x55" * 80}).bye()
    streams = s.streams()
    streams[0].silent = True
    fine(c, s, streams=streams, verdict="silent-out", out="silent", findings=[fault("rtp-silent", "out")])


@case
def numbers_that_cross(c):
    """96 is what keys are to the one, and opus to the other."""
    s = Scene(c.capture(), offer={"codecs": ("111 opus/48000/2",), "events": 96},
              answer={"codecs": ("96 opus/48000/2",), "events": 101}).up()
    for talker, number in ((s.out, 96), (s.in_, 111)):
        talker.payload_type, talker.rate, talker.codec = number, 48000, "opus"
    s.talk(6, out={"payload": wire.scrambled(3, 80)}, in_={"payload": wire.scrambled(4, 80)}).bye()
    fine(c, s, streams=s.streams(codec="opus", silent=None))


@case
def answered_on_hold(c):
    """The answer is inactive, and stays so."""
    s = Scene(c.capture(), answer={"direction": "inactive"}).up()
    s.end = s.answered + 10
    fine(c, s.bye(), verdict={"held", "unknown"}, out=ANY, in_=ANY, findings=[maybe(note("sdp-hold"))])


@case
def second_call_refused(c):
    """While one lasts, a second from the same port of the phone's is refused: the first is not touched."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com").up().talk(10).bye()
    b = Scene(capture, call_id="b@example.com", ports=(40000, 20002))
    b.dialog.invite(4, b.offer)
    b.dialog.reply(4.2, 503)
    b.dialog.ack(4.22)
    fine(c, a)
    c.expect(b.call_id, verdict="unknown", result="failed", status=503, out="unknown", in_="unknown", streams=[],
             answered=None, findings=[fault("call-setup-failed")])


@case
def second_call_rings_on(c):
    """The same with one that rings, with a tone, and is given up."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com").up().talk(14).bye()
    b = Scene(capture, call_id="b@example.com", ports=(40000, 20002), ssrcs=(3, 4))
    d = b.dialog
    d.invite(4, b.offer)
    d.reply(4.05, 183, b.answer)
    b.in_.talk(4.1, 4)
    d.request(8, "CANCEL", tagged=False)
    d.reply(8.01, 200, method="CANCEL")
    d.reply(8.02, 487)
    d.ack(8.03)
    fine(c, a)
    c.expect(b.call_id, verdict="unknown", result="cancelled", status=487, out="unknown", in_={"ok", "unknown"}, answered=None,
             streams=b.streams(first_s=None))


@case
def refused_to_the_end(c):
    """A call of an hour's kind: long, both speak, and the last second alone is refused since one has hung up first."""
    s = Scene(c.capture()).up().talk(12)
    refused(s.capture, s.out, [s.end - 0.9 + i * 0.02 for i in range(45)])
    fine(c, s.bye(by_phone=False))


@case
def one_way_after_the_transfer(c):
    """A re-INVITE sends the phone to another machine, which does not speak."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), phone=NAT, server=SERVER).up().talk(5)
    again(s, s.end, server={"at": "203.0.113.9:30000"}, by_phone=False)
    before = [moved(s.out, "out", dst="203.0.113.9:30000"), Stream("in", s.in_.sent)]
    s.in_.sent = wire.Sent(s.in_.src, s.in_.dst, s.in_.ssrc)
    s.talk(12, in_=False, start=s.end + 0.1).bye()
    fine(c, s, *before, verdict="one-way-out", in_="missing", findings=[
        maybe(fault("rtp-stops", "in")), maybe(fault("rtp-one-way", "in"))])
    c.status = 1


@case
def before_any_call(c):
    """A stream of ten minutes ago on the ports of the call (the capture lost its SIP), and then the call: the stream is a
    call without a name."""
    capture = c.capture()
    old = wire.Talker(capture, at(PBX, 20000), at(PHONE, 40000), 0x99)
    old.talk(1, 6)
    s = Scene(capture, begin=100).up().talk(6).bye()
    fine(c, s)
    c.expect("", verdict="unknown", result="unfinished", status=None, answered=None, out={"ok", "unknown"},
             in_={"ok", "unknown"}, streams=ANY)


@case
def end_not_seen(c):
    """The BYE of the first call is not in the capture, and the second has its ports: what is heard in the second was not
    heard in the first."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(12, in_=False)
    fine(c, a, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])
    fine(c, Scene(capture, call_id="b@example.com", begin=a.end + 10, ssrcs=(3, 4)).up().talk(6).bye())


@case
def held_for_two_minutes(c):
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"direction": "sendonly"}, {"direction": "recvonly"})
    again(s, s.end + 120, version=3)
    fine(c, s.talk(6, start=s.end + 120.1).bye())


@case
def clock_of_another_rate(c):
    """G.722 whose timestamps go by 16,000 (RFC 3551, 4.5.2 wants 8,000): the sender's fault, and no jitter of the line."""
    s = Scene(c.capture(), codec="G722", milliseconds=30).up()
    begin = s.answered + 0.05
    for i in range(300):
        s.in_.put(begin + i * 0.03, s.in_.seq + i, s.in_.timestamp + 480 * i, 9, wire.tone("G722", 240))
    fine(c, s.talk(9, in_=False).bye(), streams=ANY)


class Bridge:
    """A relay between two kinds of media, on its own host: one Call-ID, and on each side what that side can."""

    def __init__(self, c, near, far, offered, answered=None):
        """What is offered by the phone, answered by the far side, and by the relay to each."""
        self.case, self.id = c, "bridge@example.com"
        self.capture = capture = c.capture()
        relay = "192.168.1.3"
        contacts = {"contact": at(PHONE, 5060), "callee_contact": at(OTHER, 5060)}
        first = wire.Dialog(capture, at(PHONE, 5060), at(relay, 5060), self.id, **contacts)
        second = wire.Dialog(capture, at(relay, 5060), at(OTHER, 5060), self.id, branch="z9hG4bK-bridge-", **contacts)
        first.invite(1, wire.sdp(at(PHONE, 40000), **near))
        first.reply(1.002, 100)
        second.invite(1.003, wire.sdp(**{"at": at(relay, 30002), "origin": PHONE, **offered}),
                      via=["SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK-bridge-INVITE-2"])
        second.reply(1.2, 200, wire.sdp(**{"at": at(OTHER, 20000), **far}))
        first.reply(1.202, 200, wire.sdp(at(relay, 30000), origin=OTHER, **(answered or near)))
        first.ack(1.22)
        second.ack(1.222)
        self.legs = (first, second)
        self.talkers = {
            "out": wire.Talker(capture, at(PHONE, 40000), at(relay, 30000), 1),
            "on": wire.Talker(capture, at(relay, 30002), at(OTHER, 20000), 1),
            "in": wire.Talker(capture, at(OTHER, 20000), at(relay, 30002), 2),
            "back": wire.Talker(capture, at(relay, 30000), at(PHONE, 40000), 2)}

    def talk(self, names, kind, codec, payload):
        for i, name in enumerate(names):
            talker = self.talkers[name]
            talker.payload_type, talker.codec = kind, codec
            talker.talk(1.25 + i * 0.001, 6, payload=payload)

    def fine(self, findings=(), **wanted):
        first, second = self.legs
        first.request(7.5, "BYE")
        second.request(7.502, "BYE")
        second.reply(7.52, 200, method="BYE")
        first.reply(7.522, 200, method="BYE")
        self.case.expect(self.id, findings=list(findings), **wanted)


@case
def bridge_between_codecs(c):
    """PCMU on the one side, G.729 on the other: each has what it agreed to."""
    g729 = {"codecs": ("18 G729/8000",)}
    b = Bridge(c, {}, g729, {"codecs": ("0 PCMU/8000", "18 G729/8000")})
    b.talk(("out", "back"), 0, "PCMU", None)
    b.talk(("in", "on"), 18, "G729", wire.scrambled(3, 20))
    b.fine()


@case
def bridge_between_encrypted_and_plain(c):
    """SRTP on the phone's side, plain RTP on the other."""
    b = Bridge(c, {"profile": "RTP/SAVP", "more": (CRYPTO,)}, {}, {})
    b.talk(("out", "back"), 0, "PCMU", lambda i: wire.scrambled(i + 1, 170))
    b.talk(("in", "on"), 0, "PCMU", None)
    b.fine()


@case
def bridge_between_ways_of_keys(c):
    """The far side has no telephone-event; the relay has, and makes of it what the far side knows."""
    b = Bridge(c, {}, {"events": None}, {})
    b.talk(("out", "back"), 0, "PCMU", None)
    b.talk(("in", "on"), 0, "PCMU", None)
    b.fine([maybe(note("dtmf-mismatch"))])


@case
def bridge_for_a_browser(c):
    """ICE and DTLS on the phone's side, nothing of either beyond."""
    def web(place):
        return {"profile": "UDP/TLS/RTP/SAVPF", "more": (*FINGERPRINT, "a=rtcp-mux", *candidates(place, kinds=("host",)))}
    b = Bridge(c, web(at(PHONE, 40000)), {}, {}, web("192.168.1.3:30000"))
    checks(b.capture, None, 1.21, [(at(PHONE, 40000), "192.168.1.3:30000")])
    b.talk(("out", "back"), 0, "PCMU", lambda i: wire.scrambled(i + 1, 170))
    b.talk(("in", "on"), 0, "PCMU", None)
    b.fine()


@case
def bridge_between_families(c):
    """IPv6 beyond the relay."""
    b = Bridge(c, {}, {"at": at(SERVER6, 20000)}, {"at": "[2001:db8:1::3]:30002"})
    for name, src, dst in (("on", "[2001:db8:1::3]:30002", at(SERVER6, 20000)),
                           ("in", at(SERVER6, 20000), "[2001:db8:1::3]:30002")):
        moved(b.talkers[name], name, src, dst)
    b.talk(("out", "back", "in", "on"), 0, "PCMU", None)
    b.fine()


@case
def bridge_that_keeps_what_it_gets(c):
    """Between codecs, and what the phone says gets no further than the relay."""
    b = Bridge(c, {}, {"codecs": ("18 G729/8000",)}, {"codecs": ("0 PCMU/8000", "18 G729/8000")})
    b.talk(("out", "back"), 0, "PCMU", None)
    b.talk(("in",), 18, "G729", wire.scrambled(3, 20))
    b.fine([fault("rtp-one-way", "out")], verdict="one-way-in", out="missing")


@case
def bridge_with_a_quarrel(c):
    """The far side answers the relay's SRTP with plain RTP: that leg is at odds, the phone's is not."""
    keys = {"profile": "RTP/SAVP", "more": (CRYPTO,)}
    b = Bridge(c, keys, {}, keys)
    b.talk(("out", "back", "on"), 0, "PCMU", lambda i: wire.scrambled(i + 1, 170))
    b.talk(("in",), 0, "PCMU", None)
    b.fine([fault("srtp-mismatch"), maybe(fault("rtp-none")), maybe(fault("rtp-one-way"))], verdict=ANY, out=ANY, in_=ANY)


@case
def video_joins_and_leaves(c):
    """A re-INVITE adds video, another takes it away: the voice goes on all the while."""
    c.tshark = False
    s = Scene(c.capture()).up()
    video = ("m=video %d RTP/AVP 96", "a=rtpmap:96 H264/90000")
    again(s, s.answered + 2, {"more": (video[0] % 40010, video[1])}, {"more": (video[0] % 20010, video[1])})
    wire.Talker(s.capture, at(PHONE, 40010), at(PBX, 20010), 77, payload_type=96, codec="H264", rate=90000).talk(
        s.answered + 2.2, 4, payload=lambda i: wire.scrambled(i, 300))
    again(s, s.answered + 6, {"more": (video[0] % 0,)}, {"more": (video[0] % 0,)}, version=3)
    fine(c, s.talk(10).bye())


@case
def late_forward_to_voicemail_by_302(c):
    """The phone sends the call on with 302; the server follows with a Call-ID of its own. Nothing failed."""
    capture = c.capture()
    a = Scene(capture, phone=PBX, server=PHONE, call_id="a@example.com", ports=(20002, 40000))
    a.dialog.invite(1, a.offer)
    a.dialog.reply(1.1, 180)
    a.dialog.reply(3, 302, more=[("Contact", "<sip:voicemail@192.168.1.50>")])
    a.dialog.ack(3.02)
    c.expect(a.call_id, verdict="unknown", result="failed", status=302, out="unknown", in_="unknown", streams=[], answered=None,
             findings=[maybe(fault("call-setup-failed"))])
    fine(c, Scene(capture, phone=PBX, server=OTHER, call_id="b@example.com", begin=3.1, ports=(20004, 30000)).up().talk(6).bye())


@case
def stops_for_both_at_once(c):
    """Both fall silent after ten seconds of forty, as when a firewall forgets the flow; the call lasts on."""
    s = Scene(c.capture()).up().talk(10)
    s.end += 30
    fine(c, s.bye(), verdict="no-audio", out={"missing", "never-sent"}, in_="missing", findings=[
        fault("rtp-stops", "both"), maybe(fault("rtp-none", "both"))])


@case
def mirror_starts_late(c):
    """The capture begins in the midst of the call and sees one message of it, a re-INVITE by the phone: the voice that
    flows is there."""
    capture = c.capture()
    s = Scene(capture)
    s.dialog.capture = wire.Capture()
    s.up()
    s.dialog.capture = capture
    again(s, 4, version=7)
    s.talk(8, start=2).bye()
    c.expect(s.call_id, result=ANY, status=ANY, verdict="two-way", streams=s.streams(first_s=ANY))


@case
def not_yet_and_no_more(c):
    """Refused before the server listens, and again behind the end: in between all was heard."""
    s = Scene(c.capture()).up().talk(10).bye()
    s.out.talk(s.end, 0.5)
    refused(s.capture, s.out, [s.answered + 0.051 + i * 0.02 for i in range(5)])
    refused(s.capture, s.out, [s.end + 0.121 + i * 0.02 for i in range(19)])
    fine(c, s)


@case
def stops_after_a_gap(c):
    """For 0.8 s packets are lost, and at 31 s of 60 it ends: a gap that the line made is no pause of the speaker's."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    s.in_.talk(begin, 31, lose=set(range(500, 540)))
    s.talk(60, in_=False, start=begin).bye()
    fine(c, s, verdict="one-way-out", in_="missing", findings=[
        fault("rtp-stops", "in"), maybe(fault("rtp-one-way", "in")), Finding("loss-high", "risk", "in")])


@case
def ringing_heard_and_then_silence(c):
    """The ringing tone sounds; from the answer on the same stream holds nothing but zeros."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 183, s.answer)
    s.answered = 4.0
    s.in_.talk(1.1, 2.9)
    d.reply(4.0, 200, s.answer)
    d.ack(4.02)
    s.talk(15, in_={"silent": True}).bye()
    fine(c, s, verdict="silent-in", in_="silent", findings=[fault("rtp-silent", "in")])
