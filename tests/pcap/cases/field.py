# SPDX-License-Identifier: GPL-3.0-or-later
"""What technicians bring home: captures from odd places, and calls that do more than ring and be answered."""
import ipaddress
import struct

import wire
from case import ANY, Finding, Stream, case, fault, maybe, note
from cases.findings import CRYPTO, FINGERPRINT, candidates
from cases.healthy import RELAY, TURN, checks
from scene import NAT, PBX, PHONE, PHONE6, SERVER, SERVER6, Scene, at, whole

PRIVATE = note("sdp-private-address", "in")
OTHER = "192.168.1.50"
BOTH_LAWS = {"codecs": ("0 PCMU/8000", "8 PCMA/8000")}


def fine(c, s, *before, **wanted):
    """All is well; `before` are streams that ended before those of now."""
    c.expect(s.call_id, **{"streams": list(before) + s.streams(), "answered": s.answered, **wanted})


def again(s, when, phone=None, server=None, by_phone=True, version=2):
    """A re-INVITE and its answer; `phone` and `server` go to wire.sdp()."""
    own = wire.sdp(**{"at": s.phone_media, "version": version, **(phone or {})})
    other = wire.sdp(**{"at": s.server_media, "version": version, **(server or {})})
    caller = by_phone != s.inbound
    s.dialog.again(when, own if by_phone else other, by_caller=caller)
    s.dialog.reply(when + 0.05, 200, other if by_phone else own, to_caller=caller)
    s.dialog.ack(when + 0.07, by_caller=caller)


def moved(talker, name, src=None, dst=None):
    """It sends on by another way; what went the old one."""
    before, talker.src, talker.dst = Stream(name, talker.sent), src or talker.src, dst or talker.dst
    talker.sent = wire.Sent(talker.src, talker.dst, talker.ssrc)
    return before


def refused(capture, talker, times, code=3, by=None):
    """ICMP says of the talker's packets at these times that they did not get there."""
    (src, sport), (dst, dport) = wire.split(talker.src), wire.split(talker.dst)
    quoted = wire.ipv4(src, dst, wire.UDP, wire.udp(src, sport, dst, dport, bytes(172)))
    for when in times:
        capture.icmp_unreachable(when, by or str(dst), quoted, code=code)


# Where the capture was taken ---------------------------------------------------------


def only_from(capture, address):
    """Of Ethernet and IPv4, what this address has sent."""
    packed = ipaddress.ip_address(address).packed
    capture.packets = [packet for packet in capture.packets if packet[1][26:30] == packed]


@case
def mirror_of_what_the_phone_sends(c):
    """The mirror port shows one direction, of SIP too: nothing can be said of the other. The ACK
    says that there was an answer."""
    capture = c.capture()
    s = Scene(capture).up().talk(10).bye()
    only_from(capture, PHONE)
    c.expect(s.call_id, verdict="unknown", result={"answered", "unfinished"}, status={200, None}, out={"ok", "unknown"},
             in_="unknown", streams=[Stream("out", s.out.sent)])


@case
def mirror_of_what_the_phone_gets(c):
    capture = c.capture()
    s = Scene(capture).up().talk(10).bye()
    only_from(capture, PBX)
    c.expect(s.call_id, verdict="unknown", out="unknown", in_={"ok", "unknown"}, streams=[Stream("in", s.in_.sent)])


def twice(capture, talkers, change=lambda frame: frame):
    """Each frame comes again 0.1 ms later, as `change` makes it."""
    later = wire.ns(0.0001)
    capture.packets += [(when + later, change(frame), size) for when, frame, size in capture.packets]
    for talker in talkers:
        talker.sent.arrivals += [(arrival[0] + later, *arrival[1:]) for arrival in talker.sent.arrivals]


@case
def bridge_shows_all_twice(c):
    """SIP and RTP, byte for byte: no retransmission is one of the network's."""
    capture = c.capture()
    s = Scene(capture).up().talk().bye()
    twice(capture, (s.out, s.in_))
    fine(c, s)


def next_hop(frame):
    """The same packet where it leaves a router: SLL2 of another interface, a hop less."""
    head = frame[20:28] + bytes([frame[28] - 1]) + frame[29:30] + b"\0\0" + frame[32:40]
    head = head[:10] + struct.pack("!H", wire.checksum(head)) + head[12:]
    return frame[:4] + struct.pack("!IHB", 3, 1, 4) + frame[11:20] + head + frame[40:]


@case
def any_on_a_router(c):
    """`any` on a router without NAT: each packet on its way in and on its way out, with another TTL."""
    capture = c.capture("sll2")
    s = Scene(capture, server="192.168.2.2").up().talk().bye()
    twice(capture, (s.out, s.in_), next_hop)
    fine(c, s)


@case
def any_on_a_router_one_way(c):
    capture = c.capture("sll2")
    s = Scene(capture, server="192.168.2.2").up().talk(10, in_=False).bye()
    twice(capture, (s.out,), next_hop)
    fine(c, s, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


@case
def vlan_tag_one_way(c):
    """The mirror keeps the tag of what the phone sends and drops that of what it gets."""
    capture = c.capture()
    s = Scene(capture).up().talk().bye()
    phone = ipaddress.ip_address(PHONE).packed
    capture.packets = [(when, frame[:12] + wire.VLAN + frame[12:], size + 4) if frame[26:30] == phone else (when, frame, size)
                       for when, frame, size in capture.packets]
    fine(c, s)


def through(capture, s, host):
    """The signalling of the call through a proxy, both of its legs; media is told from end to end."""
    route = ["<sip:%s;lr>" % host]
    ends = {"contact": at(PHONE, 5060), "callee_contact": at(PBX, 5060), "record_route": route}
    first = wire.Dialog(capture, at(PHONE, 5060), at(host, 5060), s.call_id, **ends)
    second = wire.Dialog(capture, at(host, 5060), at(PBX, 5060), s.call_id, branch="z9hG4bK-proxy-", **ends)
    first.invite(1, s.offer)
    first.reply(1.002, 100)
    second.invite(1.003, s.offer, via=["SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK-call-INVITE-2"])
    second.reply(1.2, 200, s.answer)
    first.reply(1.202, 200, s.answer)
    first.ack(1.22)
    second.ack(1.222)
    s.answered = 1.2

    def bye():
        first.request(s.end, "BYE")
        second.request(s.end + 0.002, "BYE")
        second.reply(s.end + 0.02, 200, method="BYE")
        first.reply(s.end + 0.022, 200, method="BYE")
    return bye


@case
def proxy_without_media(c):
    """Taken on the proxy: voice goes past it."""
    capture = c.capture()
    s = Scene(capture)
    bye = through(capture, s, "192.168.1.3")
    s.end = s.answered + 20
    bye()
    c.expect(s.call_id, verdict="unknown", out="unknown", in_="unknown", streams=[], answered=s.answered)


@case
def two_legs_of_a_pbx_one_dead(c):
    """Taken on the PBX: the second phone sends nothing, so the first gets nothing. Two calls, in each of which the caller
    is not answered with voice."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(10, in_=False).bye()
    b = Scene(capture, phone=PBX, server=OTHER, call_id="b@example.com", begin=1.01, ports=(20002, 41000),
              ssrcs=(3, 4)).up().talk(10, in_=False).bye()
    for s in (a, b):
        fine(c, s, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


@case
def border_controller(c):
    """Both its sides: private within, public without, another Call-ID and other addresses on each."""
    capture = c.capture()
    fine(c, Scene(capture, server="192.168.1.3", call_id="in@example.com", ssrcs=(1, 2)).up().talk(6).bye())
    fine(c, Scene(capture, phone=NAT, server=SERVER, call_id="out@example.com", begin=1.02, ports=(30000, 20000),
                  ssrcs=(3, 4)).up().talk(6).bye())


@case
def conference(c):
    """Three phones in one conference of the PBX."""
    capture = c.capture()
    for i in range(3):
        fine(c, Scene(capture, phone="192.168.1.%d" % (10 + i), call_id="room-%d@example.com" % i, begin=1 + i,
                      ports=(40000, 20000 + 2 * i), ssrcs=(0x10 + i, 0x20 + i)).up().talk(5).bye())


@case
def hundred_calls(c):
    """At once, all from other phones; every 25th is not heard."""
    c.golden = False
    capture = c.capture()
    for i in range(100):
        s = Scene(capture, phone="192.168.10.%d" % (1 + i), server="192.168.1.2", call_id="many-%d@example.com" % i,
                  begin=1 + i * 0.01, ports=(40000, 20000 + 2 * i), ssrcs=(0x1000 + i, 0x2000 + i), milliseconds=60)
        dead = i % 25 == 7
        s.up().talk(9, in_=not dead).bye()
        fine(c, s, **({"verdict": "one-way-out", "in_": "missing", "findings": [fault("rtp-one-way", "in")]} if dead else {}))


@case
def tls_hides_the_call(c):
    """SIP in TLS, voice encrypted: two streams that belong together, and nothing that is wrong."""
    c.options += ["--phone", PHONE]
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 45061), at(PBX, 5061), 0.5)
    for i in range(8):
        record = b"\x17\x03\x03" + struct.pack("!H", 600) + wire.scrambled(50 + i, 600)
        line.send(0.6 + i * 0.1, at(PBX if i % 2 else PHONE, 5061 if i % 2 else 45061), record)
    s = Scene(capture)
    s.talk(10, out={"payload": lambda i: wire.scrambled(i + 1, 170)}, in_={"payload": lambda i: wire.scrambled(i + 9001, 170)},
           start=2)
    c.expect("", result="unfinished", status=None, answered=None, verdict={"two-way", "unknown"}, out={"ok", "unknown"},
             in_={"ok", "unknown"}, streams=s.streams(first_s=None, silent={False, None}))


# NAT ---------------------------------------------------------------------------------


def outside(c, **more):
    """A phone behind a router, seen outside of it: its description has the private address, its voice comes from 62000."""
    c.options += ["--at", "outside"]
    s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media="192.168.1.10:40000", sip_ports=(61060, 5060),
              contact="192.168.1.10:5060", **more)
    moved(s.out, "out", src=NAT + ":62000")
    moved(s.in_, "in", dst=NAT + ":62000")
    return s


@case
def nat_gives_another_port(c):
    """In the midst of the call the router forgets, and the voice leaves from another port; the server follows."""
    s = outside(c).up().talk(6)
    before = [moved(s.out, "out", src=NAT + ":62777")]
    s.in_.talk(s.end, 0.2)
    before.append(moved(s.in_, "in", dst=NAT + ":62777"))
    begin = s.end
    s.in_.talk(begin + 0.2, 5.8)
    s.talk(6, in_=False, start=begin).bye()
    fine(c, s, *before, findings=[PRIVATE])


@case
def nat_gives_another_port_unnoticed(c):
    """The same with a server that does not follow: whether the router still lets in at the old port, nobody sees here."""
    s = outside(c).up().talk(6)
    before = [moved(s.out, "out", src=NAT + ":62777")]
    s.talk(12, start=s.end).bye()
    fine(c, s, *before, verdict={"unknown", "one-way-out"}, in_={"unknown", "wrong-address"},
         findings=[Finding("sdp-private-address", {"note", "fault"}, "in"), maybe(fault("rtp-one-way", "in")),
                   maybe(fault("rtp-wrong-destination", "in"))])


@case
def keepalives_on_the_voice_port(c):
    """Before and in the call: empty lines, single bytes and an empty datagram keep the router's mapping alive."""
    capture = c.capture()
    s = Scene(capture).up()
    for i in range(12):
        capture.udp(0.1 + i * 0.5, s.out.src, s.out.dst, (b"\0", b"\r\n\r\n", b"")[i % 3])
        capture.udp(0.13 + i * 0.5, s.in_.src, s.in_.dst, (b"\0", b"\r\n\r\n", b"")[i % 3])
    s.talk(6).bye()
    fine(c, s)


@case
def keepalives_of_another_type(c):
    """RTP of a type that nobody knows keeps the mapping alive (RFC 6263, 4.6); then voice. No codec has changed."""
    s = Scene(c.capture()).up()
    for i in range(3):
        s.out.put(s.answered + 0.01 + i * 0.01, s.out.seq, s.out.timestamp, 126, b"", rate=0)
        s.out.seq += 1
    s.talk(6).bye()
    fine(c, s, streams=ANY)


@case
def carrier_nat_address(c):
    """The phone tells an address of the carrier's NAT (100.64/10), and nothing comes back."""
    c.options += ["--at", "inside"]
    s = Scene(c.capture(), phone="100.64.1.2", server=SERVER).up().talk(10, in_=False).bye()
    fine(c, s, verdict="one-way-out", in_={"missing", "wrong-address"},
         findings=[fault("rtp-one-way", "in"), fault("sdp-private-address", "in")])


@case
def loopback_address_told(c):
    """The softphone tells 127.0.0.1; the server cannot send there."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), phone_media="127.0.0.1:40000").up().talk(10, in_=False).bye()
    fine(c, s, verdict="one-way-out", in_={"missing", "wrong-address"},
         findings=[fault("rtp-one-way", "in"), maybe(fault("wrong-interface", "in")),
                   maybe(fault("sdp-private-address", "in"))])


@case
def outside_address_told_inside(c):
    """The phone tells its outside address (STUN) to a server of its own network: what is sent there does not come back."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), phone_media=NAT + ":40000").up().talk(10, in_=False).bye()
    fine(c, s, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


@case
def two_phones_of_one_site(c):
    """Inside of the router: one phone calls the other by the provider, which passes the voice on."""
    c.options += ["--at", "inside"]
    capture = c.capture()
    for i, phone in enumerate((PHONE, "192.168.1.11")):
        s = Scene(capture, phone=phone, server=SERVER, call_id="end-%d@example.com" % i, begin=1 + i * 0.05, inbound=i == 1,
                  ports=(40000, 20000 + 2 * i), ssrcs=(0x10 + i, 0x20 + i)).up().talk(6).bye()
        fine(c, s, findings=[PRIVATE])


@case
def straight_between_two_phones(c):
    """The same, and then the provider tells each the other's private address: voice stays inside, and is heard."""
    c.options += ["--at", "inside"]
    capture = c.capture()
    scenes = [Scene(capture, phone=phone, server=SERVER, call_id="end-%d@example.com" % i, begin=1 + i * 0.05, inbound=i == 1,
                    ports=(40000, 20000 + 2 * i), ssrcs=(0x10 + i, 0x20 + i)).up().talk(4)
              for i, phone in enumerate((PHONE, "192.168.1.11"))]
    a, b = scenes
    again(a, a.end, server={"at": b.phone_media}, by_phone=False)
    again(b, a.end + 0.01, server={"at": a.phone_media}, by_phone=False)
    moved(a.out, "out", dst=b.phone_media)
    moved(b.out, "out", dst=a.phone_media)
    begin = a.end + 0.1
    for s in scenes:
        s.talk(6, in_=False, start=begin)
    for s in scenes:
        c.expect(s.bye().call_id, findings=[maybe(note("sdp-private-address")), maybe(note("sdp-private-address"))])


# Setting up --------------------------------------------------------------------------


@case
def answer_from_another_place(c):
    """Ringing is played by one machine (183), the voice comes from another (200, the same tag)."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 183, wire.sdp("203.0.113.50:30000"))
    early = wire.Talker(s.capture, "203.0.113.50:30000", s.phone_media, 0x55)
    early.talk(1.1, 2.9)
    s.answered = 4.0
    d.reply(4.0, 200, s.answer)
    d.ack(4.02)
    s.talk(6).bye()
    fine(c, s, Stream("in", early.sent))


@case
def early_voice_of_two_forks(c):
    """Two places ring and both play something; the second is answered."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    d = s.dialog
    d.invite(1, s.offer)
    early = []
    for i in range(2):
        place = "203.0.113.5%d:30000" % i
        d.reply(1.05 + i * 0.1, 183, wire.sdp(place), tag="fork-%d" % i)
        early.append(wire.Talker(s.capture, place, s.phone_media, 0x50 + i))
        early[i].talk(1.1 + i * 0.1, 2.5)
    d.reply(4.0, 200, s.answer, tag="fork-1")
    d.tags[1] = "fork-1"
    d.ack(4.02)
    s.answered = 4.0
    s.talk(6).bye()
    fine(c, s, *[Stream("in", talker.sent) for talker in early])


@case
def ringing_heard_and_then_nothing(c):
    """The ringing tone comes as early media; after the answer nothing comes in any more."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 183, s.answer)
    s.answered = 5.0
    s.in_.talk(1.1, 3.9)
    d.reply(5.0, 200, s.answer)
    d.ack(5.02)
    s.talk(15, in_=False).bye()
    fine(c, s, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


def early_then(c, status, *findings):
    """An announcement says why, and then the call is refused."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 183, s.answer)
    s.in_.talk(1.1, 5)
    d.reply(6.2, status)
    d.ack(6.22)
    c.expect(s.call_id, verdict="unknown", result="failed", status=status, out="unknown", in_={"ok", "unknown"},
             streams=s.streams(first_s=None), answered=None, findings=list(findings))


@case
def announcement_then_not_found(c):
    early_then(c, 404, fault("call-setup-failed"))


@case
def announcement_then_busy(c):
    early_then(c, 486)


@case
def answer_in_180_only(c):
    """The description comes with the 180; the 200 has none."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 180, s.answer)
    d.reply(3, 200)
    d.ack(3.02)
    s.answered = 3.0
    fine(c, s.talk().bye())


@case
def cancelled_too_late(c):
    """CANCEL and 200 cross: the phone takes the call and hangs up at once."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 180)
    d.request(5, "CANCEL", tagged=False)
    d.reply(5.001, 200, s.answer)
    d.reply(5.02, 481, method="CANCEL")
    d.ack(5.03)
    s.answered = s.end = 5.001
    s.bye(later=0.04)
    c.expect(s.call_id, verdict=ANY, result={"answered", "cancelled"}, out=ANY, in_=ANY, streams=[])


@case
def cancelled_and_cut(c):
    """The CANCEL is answered, the 487 is not in the capture any more."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer)
    d.reply(1.05, 180)
    d.request(8, "CANCEL", tagged=False)
    d.reply(8.01, 200, method="CANCEL")
    c.expect(s.call_id, verdict="unknown", result={"cancelled", "unfinished"}, status=ANY, out="unknown", in_="unknown",
             streams=[], answered=None)


@case
def each_kind_of_refusal(c):
    """Those that a person or a password gives, and those that something is wrong with."""
    capture = c.capture()
    for i, status in enumerate((302, 400, 401, 404, 408, 410, 415, 420, 480, 481, 484, 486, 488, 500, 501, 504, 600, 603, 606)):
        s = Scene(capture, call_id="no-%d@example.com" % status, ports=(40000 + 2 * i, 20000))
        s.dialog.invite(1 + i, s.offer)
        s.dialog.reply(1.1 + i, status)
        s.dialog.ack(1.12 + i)
        findings = [] if status in (401, 486, 600, 603) else [
            fault("codec-none-common" if status == 488 else "call-setup-failed")]
        if status == 302:  # To where it is sent on may be seen to answer, or not.
            findings = [maybe(finding) for finding in findings]
        c.expect(s.call_id, verdict="unknown", result="failed", status=status, out="unknown", in_="unknown", streams=[],
                 answered=None, findings=findings)


@case
def second_server_takes_it(c):
    """503, and the phone asks the next server for the same call."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    d = s.dialog
    d.callee = "203.0.113.4:5060"
    d.invite(0.5, s.offer)
    d.reply(0.55, 503)
    d.ack(0.56)
    d.callee = at(SERVER, 5060)
    fine(c, s.up().talk().bye())


@case
def invite_at_the_very_end(c):
    """The capture ends half a second after the INVITE: nobody had the time to answer."""
    s = Scene(c.capture())
    s.dialog.invite(1, s.offer)
    s.dialog.request(1.5, "INVITE", s.offer, tagged=False, seq=2)
    c.expect(s.call_id, verdict="unknown", result="unfinished", status=None, out="unknown", in_="unknown", streams=[],
             answered=None)


@case
def third_party_sets_up(c):
    """Click to dial: the phone is asked for a description, put on hold with 0.0.0.0, and connected three seconds later."""
    c.options += ["--phone", PHONE]
    s = Scene(c.capture(), inbound=True)
    d = s.dialog
    d.invite(1)
    d.reply(1.05, 180)
    d.reply(1.5, 200, wire.sdp(s.phone_media))
    d.ack(1.52, wire.sdp(s.server_media, connection="0.0.0.0", direction="inactive"))
    d.again(4)
    d.reply(4.05, 200, wire.sdp(s.phone_media, version=2))
    d.ack(4.07, wire.sdp(s.server_media, version=2))
    s.answered = 1.5
    fine(c, s.talk(6, start=4.1).bye())


@case
def prack_brings_another_offer(c):
    """RFC 3262, 5: the PRACK moves both to other ports before anybody has spoken."""
    s = Scene(c.capture())
    d = s.dialog
    d.invite(1, s.offer, more=[("Supported", "100rel")])
    d.reply(1.05, 183, s.answer, more=[("Require", "100rel"), ("RSeq", "1")])
    d.request(1.07, "PRACK", wire.sdp("192.168.1.10:40010", version=2), more=[("RAck", "1 2 INVITE")])
    d.reply(1.09, 200, wire.sdp("192.168.1.2:20010", version=2), method="PRACK")
    d.reply(2, 200)
    d.ack(2.02)
    s.answered = 2.0
    moved(s.out, "out", "192.168.1.10:40010", "192.168.1.2:20010")
    moved(s.in_, "in", "192.168.1.2:20010", "192.168.1.10:40010")
    fine(c, s.talk(6).bye())


@case
def description_among_others(c):
    """A trunk wraps the description in multipart/mixed, with ISUP beside it (RFC 5621, RFC 3204)."""
    s = Scene(c.capture())
    d = s.dialog
    body = ("--unique\r\nContent-Type: application/sdp\r\n\r\n%s\r\n--unique\r\n"
            "Content-Type: application/isup;version=itu-t92+\r\nContent-Disposition: signal;handling=optional\r\n\r\n0123\r\n--unique--\r\n" % s.offer)
    d.invite(1, body, kind="multipart/mixed;boundary=unique")
    d.reply(1.2, 200, s.answer)
    d.ack(1.22)
    s.answered = 1.2
    fine(c, s.talk().bye())
    c.further.append(lambda result: [] if {m["by"] for m in result["calls"][0]["media"]} == {"offer", "answer"} else
                     ["the offer is not read: %s" % result["calls"][0]["media"]])


@case
def same_call_id_twice(c):
    """A phone that gives all its calls one Call-ID: the first is fine, in the second nothing comes in. Whether that is told
    as one call or as two, the last state is the second's."""
    capture = c.capture()
    Scene(capture, call_id="same@example.com", caller_tag="a1", callee_tag="b1", ssrcs=(1, 2)).up().talk(5).bye()
    s = Scene(capture, call_id="same@example.com", caller_tag="a2", callee_tag="b2", ssrcs=(3, 4), begin=12, seq=50,
              ports=(40002, 20002)).up().talk(10, in_=False).bye()
    c.others, c.status = True, 1

    def last_is_one_way(result):
        if [f["id"] for f in result["findings"]] not in (["rtp-one-way"], ["rtp-stops"]):
            yield "the findings are %s" % [f["id"] for f in result["findings"]]
        if result["calls"][-1]["verdict"] != "one-way-out" or result["calls"][-1]["directions"]["in"]["state"] != "missing":
            yield "the last is %s, in %s" % (result["calls"][-1]["verdict"], result["calls"][-1]["directions"]["in"])
    c.further.append(last_is_one_way)
    c.expect(s.call_id, verdict=ANY, out="ok", in_=ANY, findings=ANY)


@case
def ports_used_again_at_once(c):
    """The second call gets the ports of the first half a second after it, while the server's last words still come. In the
    second nothing comes in: what came was the first's."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(5).bye()
    a.in_.talk(a.end, 0.4)
    fine(c, a)
    b = Scene(capture, call_id="b@example.com", ssrcs=(3, 4), begin=a.end + 0.6).up().talk(10, in_=False).bye()
    fine(c, b, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in")])


@case
def source_used_again(c):
    """A phone with the same ports and the same SSRC in each call, its numbers begin anew."""
    c.tshark = False  # It takes the three for one.
    capture = c.capture()
    begin = 1.0
    for i in range(3):
        s = Scene(capture, call_id="call-%d@example.com" % i, begin=begin, ssrcs=(7, 8)).up().talk(4).bye()
        begin = s.end + 0.5
        fine(c, s)


@case
def two_calls_on_one_connection(c):
    """Every segment carries a message of each; some are cut in the midst of the second."""
    capture = c.capture()
    phone, server = at(PHONE, 35060), at(PBX, 5060)
    line = wire.Tcp(capture, phone, server, 0.5)
    kept = {}
    for i in range(2):
        s = Scene(capture, call_id="call-%d@example.com" % i, ports=(40000 + 2 * i, 20000 + 2 * i), ssrcs=(0x10 + i, 0x20 + i),
                  sip_ports=(35060, 5060), transport="TCP", tcp=line)
        s.dialog.send = lambda when, from_caller, data, **_: kept.setdefault((when, from_caller), []).append(data)
        fine(c, s.up().talk().bye())
    for (when, from_caller), messages in sorted(kept.items()):
        data = b"".join(messages)
        line.send(when, phone if from_caller else server, data, cuts=(len(data) - 100,))


@case
def acknowledgement_never_comes(c):
    """At the server: its 200 is sent for 32 s, no ACK comes, and it hangs up. Voice was fine as long as there was a call."""
    c.options += ["--at", "server"]
    s = Scene(c.capture(), milliseconds=60)
    d = s.dialog
    d.invite(1, s.offer)
    for when in (0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5):
        d.reply(1.2 + when, 200, s.answer)
    s.answered = 1.2
    fine(c, s.talk(32).bye(by_phone=False))


@case
def both_hang_up(c):
    """Two BYE cross; one is answered with 481."""
    s = Scene(c.capture()).up().talk(5)
    d = s.dialog
    d.request(s.end, "BYE")
    d.request(s.end + 0.001, "BYE", by_caller=False)
    d.reply(s.end + 0.02, 200, method="BYE", to_caller=False)
    d.reply(s.end + 0.021, 481, method="BYE")
    fine(c, s)


# Transfer ----------------------------------------------------------------------------


def refer(s, when, by_phone, target):
    """REFER, and that it was done (RFC 3515)."""
    d, caller = s.dialog, by_phone != s.inbound
    d.request(when, "REFER", by_caller=caller, more=[("Refer-To", "<sip:%s>" % target)])
    d.reply(when + 0.02, 202, method="REFER", to_caller=caller)
    d.request(when + 0.5, "NOTIFY", "SIP/2.0 200 OK\r\n", by_caller=not caller, kind="message/sipfrag")
    d.reply(when + 0.52, 200, method="NOTIFY", to_caller=not caller)


@case
def transferred_after_asking(c):
    """The phone holds one, calls the other, and connects the two: the first call ended on hold, the second did not."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(4)
    again(a, a.end, {"direction": "sendonly"}, {"direction": "recvonly"})
    b = Scene(capture, call_id="b@example.com", begin=a.end + 1, ports=(40002, 20002), ssrcs=(3, 4)).up().talk(5)
    refer(a, b.end, True, "carol@example.com?Replaces=b%40example.com%3Bto-tag%3Db1%3Bfrom-tag%3Da1")
    a.end = b.end + 0.6
    a.bye()
    b.bye(by_phone=False, later=0.65)
    fine(c, a, verdict="held", out=ANY, in_=ANY, findings=[note("sdp-hold", side="phone")])
    fine(c, b)


@case
def transferred_blindly(c):
    """The server sends the phone elsewhere by REFER; the phone calls there with the same port."""
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(4)
    refer(a, a.end, False, "carol@example.com")
    b = Scene(capture, call_id="b@example.com", begin=a.end + 0.05, ports=(40000, 20002), ssrcs=(3, 4)).up().talk(6)
    a.end += 0.6
    fine(c, a.bye())
    fine(c, b.bye())


@case
def replaced(c):
    """A third party takes the call over: an INVITE with Replaces (RFC 3891) rings at the phone, whose voice port stays."""
    c.options += ["--phone", PHONE]
    capture = c.capture()
    a = Scene(capture, call_id="a@example.com", ssrcs=(1, 2)).up().talk(4)
    b = Scene(capture, server=OTHER, call_id="b@example.com", begin=a.end - 0.25, inbound=True, ssrcs=(3, 4)).up()
    a.bye(later=0.02)
    fine(c, a)
    fine(c, b.talk(6).bye())


# In the call -------------------------------------------------------------------------


@case
def refreshed(c):
    """Session timers (RFC 4028): a re-INVITE with the same description, an UPDATE with none."""
    s = Scene(c.capture()).up()
    again(s, s.answered + 2, {"version": 1}, {"version": 1})
    s.dialog.request(s.answered + 4, "UPDATE", more=[("Session-Expires", "90;refresher=uac")])
    s.dialog.reply(s.answered + 4.02, 200, method="UPDATE")
    fine(c, s.talk(8).bye())


@case
def moved_by_update(c):
    s = Scene(c.capture()).up().talk(4)
    s.dialog.request(s.end, "UPDATE", wire.sdp("192.168.1.2:20040", version=2), by_caller=False)
    s.dialog.reply(s.end + 0.02, 200, wire.sdp(s.phone_media, version=2), method="UPDATE", to_caller=False)
    before = [moved(s.out, "out", dst="192.168.1.2:20040"), moved(s.in_, "in", src="192.168.1.2:20040")]
    fine(c, s.talk(6, start=s.end + 0.1).bye(), *before)


@case
def codec_by_reinvite(c):
    """Both turn to PCMA because they agreed to."""
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"codecs": ("8 PCMA/8000",)}, {"codecs": ("8 PCMA/8000",)})
    for talker in (s.out, s.in_):
        talker.payload_type, talker.codec = 8, "PCMA"
    s.talk(5, start=s.end + 0.1).bye()
    fine(c, s, streams=s.streams(codec="PCMA"),
         findings=[maybe(note("codec-changed", "out")), maybe(note("codec-changed", "in"))])


@case
def phone_roams(c):
    """From cable to Wi-Fi: another address, told by a re-INVITE from there."""
    s = Scene(c.capture()).up().talk(5)
    s.dialog.caller, s.phone_media = "192.168.2.20:5060", "192.168.2.20:40000"
    s.dialog.contacts = (s.dialog.caller, s.dialog.callee)
    again(s, s.end + 0.5)
    before = [moved(s.out, "out", src=s.phone_media), moved(s.in_, "in", dst=s.phone_media)]
    fine(c, s.talk(6, start=s.end + 0.6).bye(), *before)


@case
def held_by_both_and_taken_back_by_one(c):
    """The phone takes it back; the server does not."""
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"direction": "sendonly"}, {"direction": "recvonly"})
    again(s, s.end + 3, {"direction": "inactive"}, {"direction": "inactive"}, by_phone=False, version=3)
    again(s, s.end + 6, {"direction": "sendrecv"}, {"direction": "inactive"}, version=4)
    s.end += 12
    fine(c, s.bye(), verdict="held", out=ANY, in_=ANY, findings=[note("sdp-hold", side="provider")])


@case
def held_the_old_way_and_taken_back(c):
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"connection": "0.0.0.0", "direction": None}, {"direction": None})
    again(s, s.end + 5, version=3)
    fine(c, s.talk(6, start=s.end + 5.1).bye())


@case
def music_of_another_host(c):
    """On hold the music comes from a machine of its own; then the voice comes back from where it was."""
    s = Scene(c.capture()).up().talk(5)
    place = at(OTHER, 30000)
    again(s, s.end, {"direction": "recvonly"}, {"at": place, "direction": "sendonly"}, by_phone=False)
    music = wire.Talker(s.capture, place, s.phone_media, 0x77)
    begin = music.talk(s.end + 0.1, 6)
    again(s, begin, by_phone=False, version=3)
    fine(c, s.talk(6, start=begin + 0.1).bye(), Stream("in", music.sent))


@case
def hold_for_all_media(c):
    """The direction stands above the media and not within (RFC 8866, 6.7)."""
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"direction": None, "session": ("a=sendonly",)}, {"direction": "recvonly"})
    s.end += 8
    fine(c, s.bye(), verdict="held", out=ANY, in_=ANY, findings=[note("sdp-hold", side="phone")])


@case
def direction_of_the_voice_alone(c):
    """Inactive for all, sendrecv for the voice; and a video that is only sent: the voice is not on hold."""
    video = {"more": ("m=video 40010 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=sendonly"), "session": ("a=inactive",)}
    fine(c, Scene(c.capture(), offer=video, answer={"more": ("m=video 0 RTP/AVP 96",)}).up().talk(6).bye())


@case
def connection_of_the_voice_alone(c):
    """0.0.0.0 above the media, the right address within (RFC 8866, 5.7)."""
    offer = {"connection": "0.0.0.0", "more": ("c=IN IP4 " + PHONE,)}
    fine(c, Scene(c.capture(), offer=offer).up().talk(6).bye())


@case
def connection_by_name(c):
    """The description has a name instead of an address (RFC 8866, 5.7): where it leads to is not known."""
    fine(c, Scene(c.capture(), answer={"connection": "media.example.com"}).up().talk(6).bye())


@case
def taken_back_by_delayed_offer(c):
    """Held by the server, which takes it back with a re-INVITE without description."""
    s = Scene(c.capture()).up().talk(5)
    again(s, s.end, {"direction": "recvonly"}, {"direction": "sendonly"}, by_phone=False)
    d = s.dialog
    d.again(s.end + 5, by_caller=False)
    d.reply(s.end + 5.05, 200, wire.sdp(s.phone_media, version=3), to_caller=False)
    d.ack(s.end + 5.07, wire.sdp(s.server_media, version=3), by_caller=False)
    fine(c, s.talk(6, start=s.end + 5.1).bye())


def fax(place):
    return wire.sdp(place, codecs=(), events=None, media="image", profile="udptl", direction=None, version=2,
                    more=("a=T38FaxVersion:0",)).replace("udptl \r", "udptl t38\r")


@case
def fax_takes_over(c):
    """Voice gives way to T.38: that no RTP comes any more is as agreed."""
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, fax(s.server_media), by_caller=False)
    d.reply(s.end + 0.05, 200, fax(s.phone_media), to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    for i in range(600):
        for talker in (s.out, s.in_):
            s.capture.udp(s.end + 0.1 + i * 0.04, talker.src, talker.dst, struct.pack("!HBB", i, 1, 6) + wire.scrambled(i, 30))
    s.end += 25
    fine(c, s.bye(), verdict={"two-way", "unknown"}, out={"ok", "unknown"}, in_={"ok", "unknown"})


@case
def fax_refused(c):
    """488 to T.38: the fax goes on as voice."""
    c.tshark = False  # It takes what comes then for T.38.
    s = Scene(c.capture()).up().talk(4)
    d = s.dialog
    d.again(s.end, fax(s.server_media), by_caller=False)
    d.reply(s.end + 0.05, 488, to_caller=False)
    d.ack(s.end + 0.07, by_caller=False)
    fine(c, s.talk(6, start=s.end).bye())


# The capture's edges -----------------------------------------------------------------


@case
def begins_before_the_answer(c):
    """The INVITE is not in the capture, the 200 is."""
    capture = c.capture()
    s = Scene(capture)
    d = s.dialog
    d.capture = wire.Capture()
    d.invite(1, s.offer)
    d.capture = capture
    d.reply(1.2, 200, s.answer)
    d.ack(1.22)
    s.answered = 1.2
    fine(c, s.talk(6).bye())


@case
def begins_with_the_acknowledgement(c):
    capture = c.capture()
    s = Scene(capture)
    d = s.dialog
    d.capture = wire.Capture()
    d.invite(1, s.offer)
    d.reply(1.2, 200, s.answer)
    d.capture = capture
    d.ack(1.22)
    s.answered = 1.2
    s.talk(6).bye()
    c.expect(s.call_id, result=ANY, status=ANY, verdict={"two-way", "unknown"}, out={"ok", "unknown"}, in_={"ok", "unknown"},
             streams=s.streams(first_s=ANY))


@case
def ends_with_the_answer(c):
    """At the phone, and the capture ends 100 ms after the 200."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture()).up()
    s.out.talk(s.answered + 0.04, 0.06)
    c.expect(s.call_id, verdict="unknown", out={"ok", "unknown"}, in_="unknown", streams=s.streams(), answered=s.answered)


@case
def only_the_end(c):
    """BYE and its answer are all there is."""
    capture = c.capture()
    s = Scene(capture)
    s.end = 1.0
    s.dialog.last[(True, "INVITE")] = ([], 2)
    s.bye()
    c.expect(s.call_id, result=ANY, status=ANY, verdict="unknown", out="unknown", in_="unknown", streams=[])


# What the descriptions can hold ------------------------------------------------------


@case
def video_first(c):
    """The video stands above the voice in both descriptions, and flows."""
    c.tshark = False
    capture = c.capture()
    s = Scene(capture)

    def turned(place, port):
        lines = wire.sdp(place).split("\r\n")
        voice = next(i for i, line in enumerate(lines) if line.startswith("m="))
        return "\r\n".join(lines[:voice] + ["m=video %d RTP/AVP 96" % port, "a=rtpmap:96 H264/90000"] + lines[voice:])
    s.offer, s.answer = turned(s.phone_media, 40010), turned(s.server_media, 20010)
    s.up()
    for src, dst, ssrc in ((at(PHONE, 40010), at(PBX, 20010), 77), (at(PBX, 20010), at(PHONE, 40010), 78)):
        wire.Talker(capture, src, dst, ssrc, payload_type=96, codec="H264", rate=90000).talk(
            s.answered + 0.1, 5, payload=lambda i: wire.scrambled(i, 300))
    fine(c, s.talk(6).bye())


@case
def bundled(c):
    """Voice and video share one port (RFC 9143); the video is no voice of a type that was not agreed."""
    c.tshark = False
    capture = c.capture()

    def lines(port):
        return {"session": ("a=group:BUNDLE 0 1",), "more": ("a=mid:0", "a=rtcp-mux", "m=video %d RTP/AVP 96" % port,
                                                             "a=rtpmap:96 VP8/90000", "a=mid:1", "a=rtcp-mux")}
    s = Scene(capture, offer=lines(40000), answer=lines(20000)).up()
    for talker, ssrc in ((s.out, 77), (s.in_, 78)):
        wire.Talker(capture, talker.src, talker.dst, ssrc, payload_type=96, codec="VP8", rate=90000).talk(
            s.answered + 0.1, 5, payload=lambda i: wire.scrambled(i, 300))
    fine(c, s.talk(6).bye())


def second_line(port, *more):
    return ("m=audio %d RTP/AVP 0" % port, "a=rtpmap:0 PCMU/8000", *more)


def on_the_second(s):
    for talker, name, src, dst in ((s.out, "out", at(PHONE, 40002), at(PBX, 20002)),
                                   (s.in_, "in", at(PBX, 20002), at(PHONE, 40002))):
        moved(talker, name, src, dst)


@case
def encrypted_or_plain(c):
    """Two lines to choose from, the first with SRTP; the answer refuses it with port 0 and takes the plain one."""
    s = Scene(c.capture(), offer={"profile": "RTP/SAVP", "more": (CRYPTO, *second_line(40002))})
    s.answer = wire.sdp(at(PBX, 0), profile="RTP/SAVP", more=second_line(20002))
    on_the_second(s)
    fine(c, s.up().talk(6).bye())


@case
def two_languages(c):
    """Two lines of voice, both taken, both used: the second is no call of its own."""
    c.tshark = False  # It counts the second too.
    capture = c.capture()
    s = Scene(capture, offer={"more": second_line(40002)}, answer={"more": second_line(20002)}).up()
    further = [wire.Talker(capture, at(PHONE, 40002), at(PBX, 20002), 0x31),
               wire.Talker(capture, at(PBX, 20002), at(PHONE, 40002), 0x32)]
    for talker in further:
        talker.talk(s.answered + 0.05, 6)
    fine(c, s.talk(6).bye(), streams=ANY)


@case
def recorder(c):
    """SIPREC (RFC 7866): two streams go to the recorder, none is due from it, and nobody holds."""
    c.tshark = False  # It counts the second too.
    capture = c.capture()
    s = Scene(capture, phone=PBX, server=OTHER, offer={"direction": "sendonly", "more": second_line(40002, "a=sendonly")},
              answer={"direction": "recvonly", "more": second_line(20002, "a=recvonly")}).up()
    second = wire.Talker(capture, at(PBX, 40002), at(OTHER, 20002), 0x31)
    second.talk(s.answered + 0.05, 8)
    s.talk(8, in_=False).bye()
    fine(c, s, streams=ANY, verdict=ANY, in_=ANY, findings=[maybe(note("sdp-hold"))])


@case
def either_family(c):
    """IPv6 and IPv4 to choose from (RFC 4091); IPv4 is taken."""
    def lines(place6, place4, first=True):
        host, port = place4.rsplit(":", 1)
        more = ("a=mid:1", "m=audio %s RTP/AVP 0" % port, "c=IN IP4 " + host, "a=rtpmap:0 PCMU/8000", "a=mid:2")
        return wire.sdp(place6, session=("a=group:ANAT 1 2" if first else "a=group:ANAT 2",), more=more)
    s = Scene(c.capture())
    s.offer = lines(at(PHONE6, 40000), at(PHONE, 40002))
    s.answer = lines(at(SERVER6, 0), at(PBX, 20002), False)
    on_the_second(s)
    fine(c, s.up().talk(6).bye())


@case
def voice_by_another_family(c):
    """SIP by IPv4, voice by IPv6."""
    s = Scene(c.capture(), phone_media=at(PHONE6, 40000), server_media=at(SERVER6, 20000))
    moved(s.out, "out", src=at(PHONE6, 40000))
    moved(s.in_, "in", src=at(SERVER6, 20000))
    fine(c, s.up().talk(6).bye())


@case
def types_without_names(c):
    """The types that everybody knows need no rtpmap (RFC 3264, 5.1)."""
    s = Scene(c.capture())
    s.offer, s.answer = ("\r\n".join(line for line in text.split("\r\n") if not line.startswith("a=rtpmap:0"))
                         for text in (s.offer, s.answer))
    fine(c, s.up().talk(6).bye())


@case
def events_of_each_side(c):
    """Each names its own number for keys, and gets them under it."""
    s = Scene(c.capture(), answer={"events": 96}).up().talk(3)
    when = s.end
    for talker, number in ((s.out, 96), (s.in_, 101)):
        talker.digit(s.end + 0.06, 5, payload_type=number)
        talker.pause(0.06)
        when = s.end + 0.3
    fine(c, s.talk(4, start=when).bye())


@case
def another_codec_each_way(c):
    """Both have both; each sends the one that it likes."""
    s = Scene(c.capture(), offer=BOTH_LAWS, answer=BOTH_LAWS).up()
    s.in_.payload_type, s.in_.codec = 8, "PCMA"
    s.talk(6).bye()
    streams = s.streams()
    streams[1].codec = "PCMA"
    fine(c, s, streams=streams)


@case
def offered_and_not_answered_codec(c):
    """The server answers PCMU and sends PCMA, which the phone has offered and can play."""
    s = Scene(c.capture(), offer=BOTH_LAWS).up()
    s.in_.payload_type, s.in_.codec = 8, "PCMA"
    s.talk(6).bye()
    streams = s.streams()
    streams[1].codec = "PCMA"
    fine(c, s, streams=streams, findings=[maybe(note("codec-not-negotiated", "in"))])


@case
def phone_sends_what_was_not_answered(c):
    """PCMA was offered and not answered; the phone sends it. Whether the server plays it cannot be seen."""
    s = Scene(c.capture(), offer=BOTH_LAWS).up()
    s.out.payload_type, s.out.codec = 8, "PCMA"
    s.talk(6).bye()
    streams = s.streams()
    streams[0].codec = "PCMA"
    fine(c, s, streams=streams, verdict={"two-way", "one-way-in", "unknown"}, out=ANY,
         findings=[Finding("codec-not-negotiated", ANY, "out"), maybe(fault("rtp-one-way", "out"))])


@case
def comfort_noise_not_agreed(c):
    """Type 13 stands in no description, and is sent while nothing is said: it is no voice."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    when = s.in_.comfort_noise(s.in_.talk(begin, 3), 4)
    s.in_.talk(when, 3)
    fine(c, s.talk(10, in_=False, start=begin).bye())


@case
def comfort_noise_to_the_end(c):
    """The other listens for the last 20 s, and says so every five."""
    cn = {"codecs": ("0 PCMU/8000", "13 CN/8000")}
    s = Scene(c.capture(), offer=cn, answer=cn).up()
    begin = s.answered + 0.05
    s.in_.comfort_noise(s.in_.talk(begin, 5), 20, every=5)
    fine(c, s.talk(25, in_=False, start=begin).bye())


@case
def ilbc(c):
    """30 ms a packet, under a number of its own."""
    codec = {"codecs": ("97 iLBC/8000",), "more": ("a=fmtp:97 mode=30",)}
    s = Scene(c.capture(), offer=codec, answer=codec, milliseconds=30).up()
    for talker in (s.out, s.in_):
        talker.payload_type, talker.codec = 97, "iLBC"
    s.talk(6, out={"payload": wire.scrambled(1, 50)}, in_={"payload": wire.scrambled(2, 50)}).bye()
    fine(c, s, streams=s.streams(codec="iLBC", silent=None))


@case
def packets_of_60_ms(c):
    whole(c, c.capture(), seconds=6, milliseconds=60, codec="PCMA")


@case
def opus_with_gaps(c):
    """While nothing is said, one packet every 400 ms (DTX)."""
    s = Scene(c.capture(), codec="opus").up()
    begin = s.answered + 0.05
    when = s.in_.talk(begin, 3, payload=wire.scrambled(4, 80))
    for _ in range(12):
        s.in_.put(when, s.in_.seq, s.in_.timestamp, 111, b"\xf8")
        s.in_.seq, s.in_.timestamp, when = s.in_.seq + 1, s.in_.timestamp + 19200, when + 0.4
    s.in_.marker = True
    s.in_.talk(when, 3, payload=wire.scrambled(4, 80))
    fine(c, s.talk(10.8, out={"payload": wire.scrambled(3, 80)}, in_=False, start=begin).bye())


@case
def one_number_for_both_sources(c):
    """A simple device answers with the SSRC that it gets."""
    whole(c, c.capture(), ssrcs=(5, 5))


@case
def source_zero(c):
    whole(c, c.capture(), ssrcs=(0, 0x22))


@case
def rtcp_elsewhere(c):
    """The description names another port for RTCP (RFC 3605); reports go there, and a BYE ends it."""
    capture = c.capture()
    s = Scene(capture, offer={"more": ("a=rtcp:41000",)}, answer={"more": ("a=rtcp:21000",)}).up().talk(8).bye()
    for own, other, src, dst in ((s.out, s.in_, at(PHONE, 41000), at(PBX, 21000)),
                                 (s.in_, s.out, at(PBX, 21000), at(PHONE, 41000))):
        report = wire.sender_report(own.ssrc, 6, 48000, 250, 40000, [wire.report_block(other.ssrc, highest=1250)])
        capture.udp(s.answered + 5.003, src, dst, report + wire.source_name(own.ssrc))
        capture.udp(s.end + 0.1, src, dst, wire.receiver_report(own.ssrc) + struct.pack("!BBHI", 0x81, 203, 1, own.ssrc))
    fine(c, s)


# Voice that comes late, elsewhere, or not --------------------------------------------


@case
def begins_ten_seconds_late(c):
    """The other side does not speak before, and sends nothing till then."""
    s = Scene(c.capture()).up()
    s.in_.talk(s.answered + 10, 8)
    fine(c, s.talk(18, in_=False).bye())


@case
def both_begin_ten_seconds_late(c):
    s = Scene(c.capture()).up()
    fine(c, s.talk(8, start=s.answered + 10).bye())


@case
def to_the_wrong_port(c):
    """The server sends two ports beside the one that it was told, where nobody listens."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture()).up()
    moved(s.in_, "in", dst=at(PHONE, 40002))
    s.talk(10).bye()
    refused(s.capture, s.in_, [s.answered + 0.06 + i * 0.2 for i in range(45)])
    fine(c, s, verdict="one-way-out", in_={"wrong-address", "rejected"},
         findings=[fault("rtp-one-way", "in"), fault("rtp-wrong-destination", "in")])


@case
def firewall_says_no(c):
    """A router on the way out answers that it may not pass (code 13)."""
    c.options += ["--at", "phone"]
    s = Scene(c.capture(), phone=NAT, server=SERVER).up().talk(10).bye()
    refused(s.capture, s.out, [s.answered + 0.06 + i * 0.2 for i in range(50)], code=13, by="198.51.100.1")
    fine(c, s, verdict="one-way-in", out="missing", findings=[fault("rtp-one-way", "out")])


@case
def not_yet_listening(c):
    """The first packets come before the server has opened its port: refused for 100 ms, then heard."""
    s = Scene(c.capture()).up().talk(8).bye()
    refused(s.capture, s.out, [s.answered + 0.051 + i * 0.02 for i in range(5)])
    fine(c, s)


@case
def listening_no_more(c):
    """The phone hangs up and closes its port; what still comes is refused."""
    s = Scene(c.capture()).up().talk(8).bye()
    s.in_.talk(s.end, 0.5)
    refused(s.capture, s.in_, [s.end + 0.121 + i * 0.02 for i in range(19)])
    fine(c, s)


@case
def from_another_port(c):
    """The server sends from another port than it listens at, and is heard."""
    s = Scene(c.capture()).up()
    moved(s.in_, "in", src=at(PBX, 20100))
    fine(c, s.talk(6).bye(), findings=[maybe(note("rtp-unexpected-source", "in"))])


@case
def voice_of_another_host(c):
    """The server has a gateway for the voice, and says so."""
    s = Scene(c.capture(), phone=NAT, server=SERVER, server_media="203.0.113.77:31000")
    moved(s.in_, "in", src="203.0.113.77:31000")
    fine(c, s.up().talk(6).bye())


# ICE, TURN, DTLS ---------------------------------------------------------------------


@case
def ice_by_the_others_relay(c):
    """The other's default is its private address; the pair that works leads to its relay."""
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=NAT + ":40000", server_media="10.1.1.5:20000",
              offer={"more": candidates(at(PHONE, 40000), NAT + ":40000")},
              answer={"more": candidates("10.1.1.5:20000", RELAY, kinds=("host", "relay"))}).up()
    checks(capture, s, s.answered + 0.02, [(at(PHONE, 40000), "10.1.1.5:20000")], answered=False)
    checks(capture, s, s.answered + 0.05, [(at(PHONE, 40000), RELAY)])
    moved(s.out, "out", dst=RELAY)
    moved(s.in_, "in", src=RELAY, dst=at(PHONE, 40000))
    fine(c, s.talk(6, start=s.answered + 0.2).bye())


@case
def ice_offered_in_vain(c):
    """The server has no ICE: no checks, and voice as the description says."""
    s = Scene(c.capture(), server=SERVER, phone_media=NAT + ":40000",
              offer={"more": candidates(at(PHONE, 40000), NAT + ":40000")}).up()
    moved(s.in_, "in", dst=at(PHONE, 40000))
    fine(c, s.talk(6).bye())


def allocated(c, open_line):
    """At the phone, whose voice goes through a relay by TCP; `open_line` gives what sends a message either way."""
    c.options += ["--at", "phone"]
    c.tshark = False
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=RELAY,
              offer={"more": candidates(at(PHONE, 40000), RELAY, kinds=("host", "relay"))},
              answer={"more": candidates(at(SERVER, 20000), kinds=("host",))})
    send = open_line(capture)
    send(0.1, True, wire.stun(wire.ALLOCATE, wire.REQUEST, 900, [(0x19, b"\x11\0\0\0")]))
    send(0.12, False, wire.stun(wire.ALLOCATE, wire.SUCCESS, 900, [
        (0x16, wire.xor_address(RELAY, 900)), (0x20, wire.xor_address(NAT + ":50000", 900)), (0x0D, b"\0\0\x02\x58")]))
    s.up()
    send(s.answered + 0.02, True, wire.stun(wire.CHANNEL, wire.REQUEST, 901, [
        (0x0C, b"\x40\x01\0\0"), (0x12, wire.xor_address(at(SERVER, 20000), 901))]))
    send(s.answered + 0.03, False, wire.stun(wire.CHANNEL, wire.SUCCESS, 901))
    for i in range(300):
        for out in (True, False):
            send(s.answered + 0.1 + i * 0.02 + (0 if out else 0.01), out, wire.channel_data(
                0x4001, wire.rtp(0, 1000 + i, 160 * i, 1 if out else 2, wire.tone("PCMU"))))
    s.end = s.answered + 6.2
    c.expect(s.bye().call_id, verdict={"two-way", "unknown"}, out={"ok", "unknown"}, in_={"ok", "unknown"})


@case
def turn_by_tcp(c):
    """No RTP on UDP, and yet there is voice: what cannot be read is not missing."""
    def open_line(capture):
        line = wire.Tcp(capture, at(PHONE, 50000), TURN, 0.05)
        return lambda when, out, data: line.send(when, at(PHONE, 50000) if out else TURN, data)
    allocated(c, open_line)


@case
def turn_by_tls(c):
    """The same with nothing to read at all but the relay's candidate in the description."""
    def open_line(capture):
        server = "203.0.113.60:443"
        line = wire.Tcp(capture, at(PHONE, 50000), server, 0.05)
        def send(when, out, data):
            record = b"\x17\x03\x03" + struct.pack("!H", len(data) + 24) + wire.scrambled(7, len(data) + 24)
            line.send(when, at(PHONE, 50000) if out else server, record)
        return send
    allocated(c, open_line)


@case
def turn_brings_nothing_back(c):
    """Send indications go to the relay, none comes back."""
    c.options += ["--at", "phone"]
    capture = c.capture()
    s = Scene(capture, server=SERVER, phone_media=RELAY)
    capture.udp(0.1, at(PHONE, 40000), TURN, wire.stun(wire.ALLOCATE, wire.REQUEST, 900, [(0x19, b"\x11\0\0\0")]))
    capture.udp(0.12, TURN, at(PHONE, 40000), wire.stun(wire.ALLOCATE, wire.SUCCESS, 900, [
        (0x16, wire.xor_address(RELAY, 900)), (0x20, wire.xor_address(NAT + ":40000", 900)), (0x0D, b"\0\0\x02\x58")]))
    s.up()
    s.out.wrap, s.out.dst = lambda p: wire.turn_data(wire.SEND, at(SERVER, 20000), p, 12345), TURN
    s.out.sent = wire.Sent(at(PHONE, 40000), at(SERVER, 20000), s.out.ssrc)
    s.talk(10, in_=False).bye()
    fine(c, s, streams=s.streams(via=TURN), verdict="one-way-out", out={"ok", "unknown"}, in_="missing",
         findings=[fault("rtp-one-way", "in")])


@case
def dtls_never_answered(c):
    """The phone says hello again and again on the voice port; without keys nobody sends voice."""
    c.options += ["--at", "phone"]
    more = {"profile": "UDP/TLS/RTP/SAVPF", "more": FINGERPRINT}
    s = Scene(c.capture(), offer=more, answer=more).up()
    for i in range(5):
        hello = b"\x16\xfe\xfd" + bytes(8) + b"\0\x40" + bytes(64)
        s.capture.udp(s.answered + 0.02 + 2 ** i * 0.5, s.out.src, s.out.dst, hello)
    s.end = s.answered + 12
    fine(c, s.bye(), verdict="no-audio", out="never-sent", in_="missing", findings=[fault("rtp-none", "both")])
