# SPDX-License-Identifier: GPL-3.0-or-later
"""Something in the midst passes media on, and the capture shows both its sides: what reached it has not arrived."""
import wire
from case import ANY, Stream, case, fault, maybe, note
from scene import Scene, at

PHONE, NAT, RELAY, FAR = "192.168.1.10", "198.51.100.7", "203.0.113.3", "203.0.113.50"
FLOWS = {"phone": (at(NAT, 61000), at(RELAY, 30000)),    # the phone's, to the relay
         "on": (at(RELAY, 30002), at(FAR, 20000)),       # and on to the far side
         "far": (at(FAR, 20000), at(RELAY, 30002)),      # the far side's, to the relay
         "back": (at(RELAY, 30000), at(NAT, 61000))}     # and on to the phone
OUT = ("phone", "on")


class Relayed:
    """A proxy with a media relay, seen on its own host: each side is told the relay's address."""

    def __init__(self, c):
        self.capture, self.case, self.id = c.capture(), c, "relayed@example.com"
        proxy, far = at(RELAY, 5060), at(FAR, 5060)
        names = {"contact": at(PHONE, 5060), "callee_contact": far}
        self.first = first = wire.Dialog(self.capture, at(NAT, 5060), proxy, self.id, **names)
        self.second = second = wire.Dialog(self.capture, proxy, far, self.id, branch="z9hG4bK-relay-", **names)
        via = ["SIP/2.0/UDP 192.168.1.10:5060;branch=z9hG4bK-call-INVITE-2;received=" + NAT]
        first.invite(1, wire.sdp(at(PHONE, 40000)))
        first.reply(1.002, 100)
        second.invite(1.003, wire.sdp(at(RELAY, 30002)), via=via)
        second.reply(1.2, 200, wire.sdp(at(FAR, 20000)))
        first.reply(1.202, 200, wire.sdp(at(RELAY, 30000)))
        first.ack(1.22)
        second.ack(1.222)
        self.talkers = {}

    def flow(self, name, seconds=5, to=None):
        src, dst = FLOWS[name]
        ssrc = 1 if name in OUT else 2
        talker = wire.Talker(self.capture, src, to or dst, ssrc)
        talker.talk(1.25 + (0.001 if name in ("on", "back") else 0), seconds)
        self.talkers[name] = talker
        return self

    def bye(self, when=6.5):
        self.first.request(when, "BYE")
        self.second.request(when + 0.002, "BYE")
        self.second.reply(when + 0.02, 200, method="BYE")
        self.first.reply(when + 0.022, 200, method="BYE")
        return self

    def expect(self, verdict, out, in_, findings, private="note"):
        streams = [Stream("out" if name in OUT else "in", talker.sent) for name, talker in self.talkers.items()]
        address = note("sdp-private-address", "in") if private == "note" else fault("sdp-private-address", "in")
        self.case.expect(self.id, verdict=verdict, out=out, in_=in_, streams=streams, findings=[*findings, address])


def relayed(c, *flows):
    made = Relayed(c)
    for name in flows:
        made.flow(name)
    return made.bye()


@case
def relay_passes_all(c):
    relayed(c, *FLOWS).expect("two-way", "ok", "ok", [])


@case
def relay_keeps_the_phones(c):
    """What the phone sends gets to the relay, and not from there to the far side."""
    relayed(c, "phone", "far", "back").expect("one-way-in", "missing", "ok", [fault("rtp-one-way", "out")])


@case
def relay_keeps_the_far_sides(c):
    relayed(c, "phone", "on", "far").expect("one-way-out", "ok", "missing", [fault("rtp-one-way", "in")])


@case
def relay_keeps_both(c):
    relayed(c, "phone", "far").expect("no-audio", "missing", "missing", [fault("rtp-none", "both")])


@case
def relay_gets_nothing_from_the_far_side(c):
    relayed(c, "phone", "on").expect("one-way-out", "ok", "missing", [fault("rtp-one-way", "in")])


@case
def relay_sends_to_the_private_address(c):
    """It does not learn where the phone's voice comes from: that is why the phone hears nothing."""
    made = Relayed(c)
    for name in ("phone", "on", "far"):
        made.flow(name)
    made.flow("back", to=at(PHONE, 40000)).bye()
    made.expect("one-way-out", "ok", "wrong-address", [fault("rtp-one-way", "in"), fault("rtp-to-private-address", "in")],
                private="fault")


@case
def relay_stops(c):
    """After four seconds it sends the phone nothing more, though the far side goes on."""
    made = Relayed(c)
    for name in ("phone", "on", "far"):
        made.flow(name, 20)
    made.flow("back", 4).bye(21.5)
    made.expect("one-way-out", "ok", "missing", [fault("rtp-stops", "in")])


@case
def relay_seen_from_one_side(c):
    """Media between the relay and the far side goes another way: what becomes of the phone's is not seen."""
    relayed(c, "phone", "back").expect("unknown", "unknown", "ok", [])


class Router:
    """A router's capture of all its interfaces: each packet before and behind its NAT. `alg` edits SIP on the way out,
    and SIP on its way in was written for that."""
    OUTER = {at(PHONE, 5060): at(NAT, 5060), at(PHONE, 40000): at(NAT, 40000)}

    def __init__(self, capture, keeps_out=False, keeps_in=False, alg=None):
        self.capture, self.keeps = capture, {True: keeps_out, False: keeps_in}
        self.alg = alg or (lambda payload: payload)

    def udp(self, when, source, destination, payload, **more):
        outwards, sip = source in self.OUTER, source.endswith(":5060")
        outside = [self.OUTER.get(source, source), self.OUTER.get(destination, destination),
                   self.alg(payload) if sip else payload]
        hops = [[source, destination, payload], outside]
        for i, hop in enumerate(hops if outwards else reversed(hops)):
            if i == 0 or sip or not self.keeps[outwards]:
                self.capture.udp(when + i * 0.0001, *hop, **more)


def routed(c, far_speaks=True, **router):
    s = Scene(c.capture(), phone=PHONE, server=FAR)
    s.dialog.capture = s.out.capture = s.in_.capture = Router(s.capture, **router)
    s.up().talk(5, in_=far_speaks).bye()
    return s


def alg(payload):
    """In Contact and SDP: as ALGs do."""
    head, blank, body = payload.partition(b"\r\n\r\n")
    lines = [line.replace(PHONE.encode(), NAT.encode()) if line.startswith(b"Contact") else line
             for line in head.split(b"\r\n")]
    return b"\r\n".join(lines) + blank + body.replace(PHONE.encode(), NAT.encode())


@case
def router_passes_all(c):
    c.expect(routed(c).call_id, findings=[note("sdp-private-address", "in")])


@case
def router_keeps_what_comes(c):
    """Voice for the phone reaches the router from outside and does not come out inside."""
    c.expect(routed(c, keeps_in=True).call_id, verdict="one-way-out", in_="missing",
             findings=[fault("rtp-one-way", "in"), note("sdp-private-address", ANY)])


@case
def router_keeps_what_goes(c):
    c.expect(routed(c, keeps_out=True).call_id, verdict="one-way-in", out="missing",
             findings=[fault("rtp-one-way", "out"), note("sdp-private-address", ANY)])


@case
def router_gets_nothing(c):
    """The far side sends nothing that gets here: it may have believed the private address."""
    c.expect(routed(c, far_speaks=False).call_id, verdict="one-way-out", in_="missing",
             findings=[fault("rtp-one-way", "in"), fault("sdp-private-address", ANY)])


@case
def router_rewrites_sip(c):
    """An ALG at work, before and behind it in one capture."""
    c.expect(routed(c, alg=alg).call_id, findings=[fault("sip-rewritten"), maybe(note("sdp-private-address", "in"))])


@case
def router_rewrites_sip_and_keeps_what_comes(c):
    c.expect(routed(c, alg=alg, keeps_in=True).call_id, verdict="one-way-out", in_="missing",
             findings=[fault("sip-rewritten"), fault("rtp-one-way", "in"), maybe(note("sdp-private-address", "in"))])
