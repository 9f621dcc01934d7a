# SPDX-License-Identifier: GPL-3.0-or-later
"""The same calls on both sides of a device that is more than a plain router, and captures that were
taken as people take them. What leaves one side comes to the other later, never earlier."""
import gzip
import re

import wire
from case import ANY, Stream, case, fault, maybe, note, risk
from scene import NAT, PHONE, SERVER, Scene, at

PORTS = {at(PHONE, 5060): at(NAT, 61060), at(PHONE, 40000): at(NAT, 62000)}
KEPT = {at(PHONE, 5060): at(NAT, 5060), at(PHONE, 40000): at(NAT, 40000)}
private = note("sdp-private-address", "in")


class Through:
    """Stands where a capture does and writes what is sent into two: `inner` as it is, `outer` as the device
    makes it. All hooks are told whether it is on its way `out`."""

    def __init__(self, c, *, ports=PORTS, delay=0.001, clock=lambda t: t + 3.7, inner=None, outer=None):
        self.inner, self.outer = c.capture(**(inner or {})), c.capture(**(outer or {}))
        c.tshark = False
        self.c, self.ports, self.clock = c, dict(ports), clock
        self.delay = lambda out, i: delay
        self.sip_in = self.sip_out = None  # What becomes of a message on the far side of the device, None: nothing.
        self.dscp = {}                     # (out, seen outside): the mark.
        self.inner_only = self.outer_only = lambda t: False  # When only one of the two records.
        self.legs = {}                     # Other addresses of one side: by those of the phone's side.

    def outside(self, address):
        return self.ports.get(address, address)

    def both(self, when, out, source, target, here, there, i=None, dscp=0):
        """`here` is seen on the side that it comes from, `there` on the other: None is not seen."""
        later = self.delay(out, i)
        marks = {"inner": self.dscp.get((out, False), dscp), "outer": self.dscp.get((out, True), dscp)}
        seen = (("inner", here, when), ("outer", there, when + later)) if out else (
            ("outer", here, when), ("inner", there, when + later))
        for side, data, moment in seen:
            if data is None or side == "inner" and self.outer_only(moment) or side == "outer" and self.inner_only(moment):
                continue
            if side == "inner":
                a, b = self.legs.get(source, source), self.legs.get(target, target)
                self.inner.udp(moment, a, b, data, dscp=marks[side])
            else:
                self.outer.udp(self.clock(moment), self.outside(source), self.outside(target), data, dscp=marks[side])

    def udp(self, when, source, target, data, dscp=0):
        """SIP, from Dialog. What the script writes is what the phone's side has; the other view is made of it."""
        out = source in self.ports
        other = (self.sip_out if out else self.sip_in) or (lambda data: data)
        self.both(when, out, source, target, data, other(data), dscp=dscp)


class Voice(wire.Talker):
    """RTP through the device. `way(i)`: the delays of the copies that come out, none for what is dropped;
    `change(i, fields)` makes the packet anew. Keeps what was seen at each side."""

    through = None
    way = change = None
    outer_wrap = None

    def begin(self, through, out):
        self.through, self.is_out = through, out
        self.way = lambda i: (through.delay(out, i),)
        self.seen = {"inner": wire.Sent(self.src, self.dst, self.ssrc), "outer": None}
        self.count = 0
        return self

    def put(self, at_, seq, timestamp, payload_type, payload, marker=False, rate=None):
        t, i, rate = self.through, self.count, self.rate if rate is None else rate
        self.count += 1
        fields = dict(payload_type=payload_type, seq=seq, timestamp=timestamp, ssrc=self.ssrc, payload=payload, marker=marker)
        packet = wire.rtp(**fields, **(self.form or {}))
        other = self.change(i, dict(fields)) if self.change else packet
        here, there = (self.wrap(packet), self.wrap(other)) if self.wrap else (packet, other)
        src, dst = self.src, self.dst
        near, far = ("inner", "outer") if self.is_out else ("outer", "inner")
        copies = self.way(i)
        for side, data, moments in ((near, here, (at_,)), (far, there, tuple(at_ + d for d in copies))):
            for moment in moments:
                if side == "inner":
                    if t.outer_only(moment):
                        continue
                    t.inner.udp(moment, src, dst, data, dscp=t.dscp.get((self.is_out, False), self.dscp))
                    self.seen["inner"].note(moment, seq, timestamp, payload_type, rate, marker)
                elif not t.inner_only(moment):
                    a, b = (t.outside(x) for x in (src, dst))
                    t.outer.udp(t.clock(moment), a, b, data, dscp=t.dscp.get((self.is_out, True), self.dscp))


class Pair(Scene):
    """A call of the phone's through the device; what a case changes, it changes before up()."""

    def __init__(self, c, through=None, *, scrambled=False, **scene):
        self.t = through or Through(c)
        self.c = c
        scene.setdefault("server", SERVER)
        super().__init__(self.t, **scene)
        for talker, out in ((self.out, True), (self.in_, False)):
            talker.__class__ = Voice
            talker.begin(self.t, out)
        self.scrambled = scrambled

    def talk(self, seconds=8, out=True, in_=True, start=None):
        if self.scrambled:
            def body(i, seed=0):
                return wire.scrambled(7919 * (i + 1) + self.out.ssrc, 160)
            out = out and {**(out if isinstance(out, dict) else {}), "payload": body}
            in_ = in_ and {**(in_ if isinstance(in_, dict) else {}), "payload": lambda i: body(i + 90000)}
        return super().talk(seconds, out, in_, start)

    def streams(self, **more):
        named = {"codec": self.codec, "silent": ANY if self.scrambled else False if self.codec in ("PCMU", "PCMA") else None,
                 **more}
        codec, silent = named.pop("codec"), named.pop("silent")
        return [Stream(name, talker.seen["inner"], codec, silent, dict(named))
                for name, talker in (("out", self.out), ("in", self.in_)) if talker.seen["inner"].packets]

    def seen_answered(self):
        return self.answered + self.t.delay(False, None)

    def expect(self, **wanted):
        wanted.setdefault("findings", [private])
        wanted.setdefault("streams", self.streams())
        wanted.setdefault("answered", self.seen_answered())
        return self.c.expect(self.call_id, **wanted)


def call_of(result, call_id=None):
    return next((c for c in result["calls"] if call_id in (None, c["call_id"])), {})


def between(**wanted):
    """`out_lost=`, `in_lost=`: at most so many, and most of them: the edges of a recording prove nothing;
    `clock=`, `both=`, `out_max=`, `in_max=`: (ms, tolerance)."""
    def look(result):
        found = call_of(result).get("between")
        if not found:
            yield "between is %s" % found
            return
        for key, value in wanted.items():
            side, _, what = key.partition("_")
            if what == "lost":
                if not found[side] or not 0.85 * value <= found[side]["lost"] <= value:
                    yield "between.%s is %s, not %s lost" % (side, found[side], value)
                continue
            is_ = {"clock": lambda: found["clock_ms"], "both": lambda: found["both_ways_ms"],
                   "out_max": lambda: found["out"]["delay_max_ms"], "in_max": lambda: found["in"]["delay_max_ms"]}[key]()
            if not isinstance(is_, (int, float)) or abs(is_ - value[0]) > value[1]:
                yield "between: %s is %s, not %s" % (key, is_, value)
    return look


def no_changes(result):
    for call in result["calls"]:
        if call.get("changes"):
            yield "changes of %s are %s, not none" % (call["call_id"], str(call["changes"])[:300])


def both_points(result):
    points = call_of(result).get("points") or {}
    for side in ("inside", "outside"):
        if not points.get(side):
            yield "points.%s is %s" % (side, points.get(side))


def changed(*wanted, others=False):
    """(message, field): these are told as changed, and no others."""
    def look(result):
        found = {(change["message"], change["field"]) for change in call_of(result).get("changes") or []}
        for missing in sorted(set(wanted) - found):
            yield "the change of %s is not told" % (missing,)
        for more in sorted(found - set(wanted)) if not others else ():
            yield "a change of %s is told that was none" % (more,)
    return look


def replaced(*pairs, body_only=False, length=True):
    """What a device does that puts one address for another, and counts the body anew (or does not)."""
    def alg(data):
        head, _, body = data.partition(b"\r\n\r\n")
        for old, new in pairs:
            body = body.replace(old.encode(), new.encode())
            if not body_only:
                head = head.replace(old.encode(), new.encode())
        if length:
            head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
        return head + b"\r\n\r\n" + body
    return alg


def clean(pair, *looks, **wanted):
    """Nothing is wrong with it, and nothing may be said to be."""
    pair.expect(**wanted)
    pair.c.further += [both_points, no_changes, *looks]


# NAT -------------------------------------------------------------------------------------


@case
def pair2_nat_keeps_ports(c):
    clean(Pair(c, Through(c, ports=KEPT)).up().talk().bye(), between(out_lost=0, in_lost=0, both=(2, 0.3)))


@case
def pair2_nat_remaps(c):
    """The mapping of the voice is a new one after 4 s; the server follows to where voice comes from."""
    p = Pair(c).up()
    p.talk(4)
    p.t.ports[at(PHONE, 40000)] = at(NAT, 62044)
    p.talk(4, start=p.end)
    clean(p.bye(), between(out_lost=0, in_lost=0))


@case
def pair2_nat_remaps_unnoticed(c):
    """The mapping is a new one after 4 s of 12, and the server sends to the old one: that stays outside."""
    p = Pair(c).up()
    p.talk(4)
    p.in_.way = lambda i: ()
    p.t.ports[at(PHONE, 40000)] = at(NAT, 62044)
    p.talk(8, start=p.end, in_=False)
    p.t.ports[at(PHONE, 40000)] = at(NAT, 62000)
    p.in_.talk(p.answered + 4.05, 8)
    p.bye()
    p.expect(verdict="one-way-out", in_="missing", findings=[
        fault("rtp-stops", "in"), fault("rtp-lost-between-captures", "in"), private])
    c.further += [no_changes, both_points]


@case
def pair2_two_phones_of_one_ssrc(c):
    """Two phones of one make call at once, with the same SSRC and the same numbers. One of them loses 10 %."""
    t = Through(c)
    t.ports.update({at("192.168.1.11", 5060): at(NAT, 61061), at("192.168.1.11", 40000): at(NAT, 62002)})
    a = Pair(c, t, call_id="a@example.com").up().talk().bye()
    b = Pair(c, t, call_id="b@example.com", phone="192.168.1.11", ports=(40000, 20002), begin=1.3).up()
    b.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    b.talk().bye()
    a.expect()
    b.expect(findings=[fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])
    c.further += [no_changes]


# SIP that is changed ------------------------------------------------------------------------

REQUESTS = ("INVITE", "ACK", "BYE")
ANSWERS = ("100 (INVITE)", "180 (INVITE)", "200 (INVITE)", "200 (BYE)")


@case
def pair2_alg_rewrites_all(c):
    """Via, Contact and the whole description are given the outside address, which is longer; the length too."""
    t = Through(c)
    outer = "198.51.100.177"
    t.ports = {at(PHONE, 5060): at(outer, 6060), at(PHONE, 40000): at(outer, 6200)}
    t.sip_out = replaced((at(PHONE, 5060), at(outer, 6060)), (PHONE, outer), ("m=audio 40000", "m=audio 6200"))
    t.sip_in = None
    p = Pair(c, t)
    # The answers carry the outside address as they come, and the inside one when they have passed.
    send = p.dialog.send

    def both_views(when, from_caller, data, **how):
        if from_caller:
            return send(when, from_caller, data, **how)
        t.both(when, False, p.dialog.callee, p.dialog.caller, replaced((at(PHONE, 5060), at(outer, 6060)))(data), data)
        return data
    p.dialog.send = both_views
    p.up().talk().bye()
    p.expect(findings=[fault("sip-rewritten"), maybe(private)])
    c.further += [both_points, between(out_lost=0, in_lost=0), changed(
        *((message, "via") for message in REQUESTS + ANSWERS), *((message, "contact") for message in REQUESTS),
        *(("INVITE", field) for field in ("sdp-connection", "sdp-origin", "sdp-port", "content-length")))]


@case
def pair2_alg_out_only(c):
    """Requests are changed on the way out; what comes back is left as it is, so the phone sees the outside address."""
    t = Through(c)
    t.sip_out = replaced((at(PHONE, 5060), at(NAT, 61060)))
    p = Pair(c, t)
    send = p.dialog.send
    p.dialog.send = lambda when, from_caller, data, **how: send(
        when, from_caller, data if from_caller else t.sip_out(data), **how)
    p.up().talk().bye()
    p.expect(findings=[fault("sip-rewritten"), private])
    c.further += [both_points, changed(*((m, f) for m in REQUESTS for f in ("via", "contact")))]


@case
def pair2_alg_breaks_the_length(c):
    """The address in the description grows by two characters, and the length is not counted anew."""
    t = Through(c)
    t.sip_out = replaced(("c=IN IP4 " + PHONE, "c=IN IP4 198.51.100.177"), body_only=True, length=False)
    Pair(c, t).up().talk().bye().expect(findings=[fault("sip-rewritten"), maybe(private)])
    c.further += [both_points, changed(("INVITE", "sdp-connection"), others=True)]


@case
def pair2_alg_breaks_the_answer(c):
    """It puts its own inside address into the server's answer: the phone's voice ends at the router."""
    t = Through(c)
    t.sip_in = replaced((SERVER, "192.168.1.1"), body_only=True)
    p = Pair(c, t)
    p.out.dst = at("192.168.1.1", 20000)
    p.out.begin(t, True)
    p.out.way = lambda i: ()
    p.up().talk().bye()
    p.expect(verdict="one-way-in", out={"missing", "wrong-address"}, findings=[
        fault("rtp-one-way", "out"), fault("sip-rewritten"), private, maybe(fault("rtp-to-private-address", "out")),
        maybe(fault("sdp-private-address", "out")), maybe(fault("rtp-lost-between-captures", "out"))])

    def not_the_provider(result):
        for finding in result["findings"]:
            if finding["side"] == "provider":
                yield "the provider is blamed for %s" % finding["id"]
    # The address is shorter by no character: 203.0.113.5 and 192.168.1.1 have eleven each.
    c.further += [both_points, not_the_provider, changed(("200 (INVITE)", "sdp-connection"), ("200 (INVITE)", "sdp-origin"))]


@case
def pair2_alg_gives_a_stale_address(c):
    """The outside sees an address that the site had yesterday; the server sends there, past the router."""
    t = Through(c)
    stale = "198.51.100.99"
    t.sip_out = replaced((PHONE, stale), ("m=audio 40000", "m=audio 62000"), body_only=True)
    p = Pair(c, t)
    p.up().talk(in_=False)
    wire.Talker(t.outer, at(SERVER, 20000), at(stale, 62000), 0x22222222, seq=7000, timestamp=99000).talk(
        t.clock(p.answered + 0.05), 8)
    p.bye()
    p.expect(verdict="one-way-out", in_={"missing", "wrong-address"}, findings=[
        fault("rtp-one-way", "in"), fault("sip-rewritten"), maybe(fault("rtp-wrong-destination", "in")), maybe(private),
        maybe(fault("rtp-lost-between-captures", "in"))])
    c.further += [both_points, changed(*(("INVITE", field) for field in ("sdp-connection", "sdp-origin", "sdp-port")),
                                       ("INVITE", "content-length"))]


@case
def pair2_alg_drops_contact(c):
    t = Through(c)
    t.sip_out = lambda data: re.sub(rb"Contact: [^\r]*\r\n", b"", data) if data.startswith(b"INVITE") else data
    Pair(c, t).up().talk().bye().expect(findings=[fault("sip-rewritten"), private])
    c.further += [both_points, changed(("INVITE", "contact"))]


@case
def pair2_alg_drops_other_header(c):
    """A header that none of the names is for goes missing."""
    t = Through(c)
    t.sip_out = lambda data: data.replace(b"User-Agent: TestPhone/1.0\r\n", b"")
    Pair(c, t).up().talk().bye().expect(findings=[fault("sip-rewritten"), private])
    c.further += [both_points, changed(*((message, "other") for message in REQUESTS))]


@case
def pair2_alg_rewrites_call_id(c):
    """The address in the Call-ID is exchanged as well; it is one call all the same."""
    t = Through(c)
    t.sip_out = t.sip_in = replaced(("call@" + PHONE, "call@" + NAT))
    p = Pair(c, t, call_id="call@" + PHONE)
    send = p.dialog.send

    def both_views(when, from_caller, data, **how):
        if from_caller:
            return send(when, from_caller, data, **how)
        t.both(when, False, p.dialog.callee, p.dialog.caller, t.sip_out(data), data)
        return data
    p.dialog.send = both_views
    p.up().talk().bye().expect(findings=[fault("sip-rewritten"), private])
    c.further += [both_points, changed(*((message, "call-id") for message in REQUESTS + ANSWERS), others=True)]


@case
def pair2_headers_in_other_order(c):
    """The order of headers, short names, folds and blanks mean nothing, so nothing is said of them."""
    def other(data):
        head, _, body = data.partition(b"\r\n\r\n")
        start, *lines = head.split(b"\r\n")
        via = [line for line in lines if line.startswith(b"Via")]
        lines = via + [line for line in reversed(lines) if line not in via]
        out = b"\r\n".join([start, *lines])
        for long, short in ((b"Via:", b"v:"), (b"From: ", b"f:   "), (b"Call-ID:", b"i:"), (b"Contact:", b"m :"),
                            (b"CSeq: ", b"CSEQ:\r\n "), (b"Content-Type", b"c"), (b"Content-Length", b"l")):
            out = out.replace(b"\r\n" + long, b"\r\n" + short)
        return out + b"\r\n\r\n" + body
    t = Through(c)
    t.sip_out = t.sip_in = other
    clean(Pair(c, t).up().talk().bye(), between(out_lost=0, in_lost=0))


@case
def pair2_proxy_between(c):
    """A proxy of the site's own stands between: it adds its Via and Record-Route and counts Max-Forwards down,
    as RFC 3261, 16.6 wants it. No ALG is to be turned off here."""
    own = b"Via: SIP/2.0/UDP %s;branch=z9hG4bK-proxy\r\n" % at(NAT, 5060).encode()
    route = b"Record-Route: <sip:%s;lr>\r\n" % NAT.encode()

    def on(data):
        start, _, rest = data.partition(b"\r\n")
        via, _, after = rest.partition(b"\r\n")
        via += b";received=" + PHONE.encode()
        rest = via + b"\r\n" + (route if start.startswith(b"INVITE") else b"") + after
        return start + b"\r\n" + own + rest.replace(b"Max-Forwards: 70", b"Max-Forwards: 69")

    t = Through(c)
    t.sip_out = on
    p = Pair(c, t)
    send = p.dialog.send

    def both_views(when, from_caller, data, **how):
        if from_caller:
            return send(when, from_caller, data, **how)
        start, _, rest = data.partition(b"\r\n")
        back = rest.replace(b"\r\n", b";received=" + PHONE.encode() + b"\r\n" + (route if b" INVITE\r\n" in data else b""), 1)
        t.both(when, False, p.dialog.callee, p.dialog.caller, start + b"\r\n" + own + back, start + b"\r\n" + back)
        return data
    p.dialog.send = both_views
    p.up().talk().bye().expect(findings=[private, maybe(note("sip-rewritten"))])
    c.further += [both_points]


# SIP that is lost -----------------------------------------------------------------------------


@case
def pair2_invite_is_eaten(c):
    """The INVITE goes in seven times and never comes out."""
    p = Pair(c)
    p.t.sip_out = lambda data: None
    for when in (1, 1.5, 2.5, 4.5, 8.5, 16.5, 32.5):
        p.dialog.invite(when, p.offer, seq=2)
    for when in (1, 40):
        p.t.inner.udp(when, at(PHONE, 50000), at("203.0.113.9", 53), wire.scrambled(3, 40))
        p.t.outer.udp(p.t.clock(when), at(NAT, 50000), at("203.0.113.9", 53), wire.scrambled(3, 40))
    c.expect(p.call_id, verdict="unknown", result={"failed", "unfinished"}, status=None, out=ANY, in_=ANY, streams=[],
             findings=[fault("call-setup-failed"), maybe(private)], answered=None)
    c.further += [no_changes]


def answer_eaten(c, inbound):
    """Seven times the 200 comes to the device, and never leaves it."""
    p = Pair(c, inbound=inbound)
    d = p.dialog
    d.invite(1, p.offer)
    d.reply(1.01, 100)
    d.reply(1.05, 180)
    eat = lambda data: None if data.startswith(b"SIP/2.0 200") else data  # noqa: E731
    if inbound:
        p.t.sip_out = eat
    else:
        p.t.sip_in = eat
    for when in (3, 3.5, 4.5, 6.5, 10.5, 14.5, 18.5):
        d.reply(when, 200, p.answer)
    d.request(35, "BYE", by_caller=False)
    d.reply(35.1, 481, method="BYE", to_caller=False)

    def the_device(result):
        for finding in result["findings"]:
            if finding["id"] == "call-setup-failed" and finding["side"] != "site":
                yield "side %s" % finding["side"]
    # The contract's words are for a call that one point sees; what it is where two differ, is open.
    c.expect(p.call_id, verdict=ANY, result=ANY, status=ANY, out=ANY, in_=ANY, streams=[], findings=[
        fault("call-setup-failed"), maybe(private), maybe(fault("sdp-private-address", "in")), maybe(fault("rtp-none"))])
    c.further += [both_points, no_changes, the_device]


@case
def pair2_answer_is_eaten(c):
    answer_eaten(c, False)


@case
def pair2_phones_answer_is_eaten(c):
    answer_eaten(c, True)


@case
def pair2_tcp_other_segments(c):
    """SIP over TCP: the device sends on in pieces of its own."""
    t = Through(c)
    p = Pair(c, t, transport="TCP")
    lines = {}
    for name, capture, client, moment in (("inner", t.inner, at(PHONE, 5060), 0.9), ("outer", t.outer, at(NAT, 61060), t.clock(0.902))):
        lines[name] = wire.Tcp(capture, client, at(SERVER, 5060), moment, seq=1_000_000 if name == "inner" else 77)

    def send(when, from_caller, data, **how):
        first, second = ("inner", "outer") if from_caller else ("outer", "inner")
        cuts = {first: (100, 300) if len(data) > 300 else (), second: (7, 57, len(data) - 3)}
        for side, moment in ((first, when), (second, when + 0.001)):
            client = at(PHONE, 5060) if side == "inner" else at(NAT, 61060)
            lines[side].send(moment if side == "inner" else t.clock(moment), client if from_caller else at(SERVER, 5060), data,
                             cuts=cuts[side])
        return data
    p.dialog.send = send
    clean(p.up().talk().bye(), between(out_lost=0, in_lost=0), answered=ANY, streams=ANY)


# RTP that is lost ----------------------------------------------------------------------------


@case
def pair2_out_stops_after_30s(c):
    p = Pair(c).up()
    p.out.way = lambda i: (0.001,) if i < 1500 else ()
    p.talk(60).bye()
    p.expect(verdict="one-way-in", out="missing", findings=[
        fault("rtp-stops", "out"), fault("rtp-lost-between-captures", "out"), private])


@case
def pair2_in_stops_after_30s(c):
    p = Pair(c).up()
    p.in_.way = lambda i: (0.001,) if i < 1500 else ()
    p.talk(60).bye()
    p.expect(verdict="one-way-out", in_="missing", findings=[
        fault("rtp-stops", "in"), fault("rtp-lost-between-captures", "in"), private])


@case
def pair2_talks_on_after_the_end(c):
    """The phone sends for 12 s after it has hung up. The device lets none of that out, and why should it?"""
    p = Pair(c).up().talk(8).bye()
    p.t.outer.udp(p.t.clock(p.end + 15), at(NAT, 50000), at("203.0.113.9", 53), wire.scrambled(3, 40))
    p.out.way = lambda i: ()
    p.out.talk(p.end + 0.2, 12)
    clean(p, between(out_lost=0, in_lost=0), streams=ANY)


@case
def pair2_both_vanish(c):
    """The device lets SIP pass and no voice at all."""
    p = Pair(c).up()
    p.out.way = p.in_.way = lambda i: ()
    p.talk().bye()
    p.expect(verdict="no-audio", out="missing", in_="missing", findings=[
        fault("rtp-none", "both"), fault("rtp-lost-between-captures", "out"), fault("rtp-lost-between-captures", "in"),
        private])


@case
def pair2_both_stop_after_30s(c):
    """The device forgets both ways at once."""
    p = Pair(c).up()
    p.out.way = p.in_.way = lambda i: (0.001,) if i < 1500 else ()
    p.talk(60).bye()
    p.expect(verdict="no-audio", out="missing", in_="missing", findings=[
        fault("rtp-stops", "both"), fault("rtp-lost-between-captures", "out"), fault("rtp-lost-between-captures", "in"),
        private])


@case
def pair2_in_loses_3_percent(c):
    p = Pair(c).up()
    p.in_.way = lambda i: () if i % 33 == 5 else (0.001,)
    p.talk(20).bye()
    p.expect(findings=[risk("loss-high", "in"), maybe(risk("rtp-lost-between-captures", "in")),
                       maybe(note("rtp-lost-between-captures", "in")), private])
    c.further.append(between(out_lost=0, in_lost=30))


@case
def pair2_in_loses_8_percent(c):
    p = Pair(c).up()
    p.in_.way = lambda i: () if i % 25 in (5, 6) else (0.001,)
    p.talk(20).bye()
    p.expect(findings=[fault("loss-high", "in"), fault("rtp-lost-between-captures", "in"), private])
    c.further.append(between(out_lost=0, in_lost=80))


@case
def pair2_big_packets_vanish(c):
    """Every fourth packet is too long for the device."""
    p = Pair(c, codec="opus").up()
    big = {i: wire.scrambled(i + 1, 1300 if i % 4 == 2 else 90) for i in range(400)}
    p.out.way = lambda i: () if i % 4 == 2 else (0.001,)
    p.talk(8, out={"payload": big.get}).bye()
    p.expect(findings=[fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])
    c.further.append(between(out_lost=100, in_lost=0))


@case
def pair2_in_opens_late(c):
    """The first 3 s of 8 are not let in."""
    p = Pair(c).up()
    p.in_.way = lambda i: () if i < 150 else (0.001,)
    p.talk(8).bye()
    p.expect(findings=[fault("rtp-lost-between-captures", "in"), private])
    c.further.append(between(out_lost=0, in_lost=150))


@case
def pair2_lost_before_the_device(c):
    """The phone's Wi-Fi loses 10 %: both captures lack the same."""
    p = Pair(c).up().talk(8, out={"lose": set(range(5, 395, 10))}).bye()
    p.expect(findings=[fault("loss-high", "out"), private])
    c.further += [between(out_lost=0, in_lost=0), no_changes]


@case
def pair2_phone_sends_nothing(c):
    p = Pair(c).up().talk(8, out=False).bye()
    # Not known at the router: whether it was not sent at all, or lost before.
    p.expect(verdict="one-way-in", out={"missing", "never-sent"}, findings=[fault("rtp-one-way", "out"), private])
    c.further += [no_changes]


@case
def pair2_called_phone_is_cut_off(c):
    """The server calls; what the phone sends does not come out."""
    p = Pair(c, inbound=True)
    p.out.way = lambda i: ()
    p.up().talk().bye()
    p.expect(verdict="one-way-in", out="missing", answered=ANY, streams=ANY, findings=[
        fault("rtp-one-way", "out"), fault("rtp-lost-between-captures", "out"), private])


@case
def pair2_srtp_loses(c):
    """The words are secret, the numbers are not: 10 % vanish on the way in."""
    key = ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj",)
    secret = {"profile": "RTP/SAVP", "more": key}
    p = Pair(c, offer=secret, answer=secret).up()
    p.in_.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.talk(8, out={"payload": lambda i: wire.scrambled(i + 1, 170)},
           in_={"payload": lambda i: wire.scrambled(i + 7000, 170)}).bye()
    p.expect(streams=p.streams(silent=None), findings=[
        fault("rtp-lost-between-captures", "in"), fault("loss-high", "in"), private])
    c.further.append(between(out_lost=0, in_lost=40))


# What the device adds --------------------------------------------------------------------------


def delayed(c, ms):
    p = Pair(c, Through(c, delay=ms / 1000)).up().talk().bye()
    clean(p, between(out_lost=0, in_lost=0, both=(2 * ms, 1)))


@case
def pair2_delay_5(c):
    delayed(c, 5)


@case
def pair2_delay_80(c):
    delayed(c, 80)


@case
def pair2_delay_400(c):
    delayed(c, 400)


@case
def pair2_jitter_added(c):
    """Out, each packet waits as long as it happens to: up to 90 ms. In, 1 ms."""
    p = Pair(c, scrambled=True).up()
    wait = wire.scrambled(5, 800)
    p.out.way = lambda i: (0.001 + (wait[2 * i] % 91) / 1000,)
    p.talk().bye()
    p.expect(findings=[maybe(risk("jitter-high", "out")), maybe(fault("jitter-high", "out")), private])
    c.further += [no_changes, between(out_lost=0, in_lost=0, out_max=(91, 3))]


@case
def pair2_reorders(c):
    """Every tenth packet of both ways is overtaken by three."""
    p = Pair(c).up()
    p.out.way = p.in_.way = lambda i: (0.071 if i % 10 == 4 else 0.001,)
    clean(p.talk().bye(), between(out_lost=0, in_lost=0))


@case
def pair2_duplicates_made(c):
    """Every fifth comes out twice; and one in ten of what went in was a duplicate already."""
    p = Pair(c).up()
    p.out.way = lambda i: (0.001, 0.0015) if i % 5 == 0 else (0.001,)
    clean(p.talk(8, in_={"twice": set(range(5, 395, 10))}).bye(), between(out_lost=0, in_lost=0))


@case
def pair2_ssrc_rewritten(c):
    """A border controller gives RTP an SSRC, numbers and timestamps of its own. Nothing is lost."""
    p = Pair(c, scrambled=True).up()
    for talker, offset in ((p.out, 31000), (p.in_, 9000)):
        def change(i, fields, offset=offset):
            fields.update(ssrc=fields["ssrc"] ^ 0x5A5A5A5A, seq=fields["seq"] + offset, timestamp=fields["timestamp"] + 123456)
            return wire.rtp(**fields)
        talker.change = change
    # What is inside has the numbers that the device has given.
    sent = p.in_.seen["inner"]
    p.talk().bye()
    sent.ssrc ^= 0x5A5A5A5A
    p.expect(answered=ANY)
    c.further += [no_changes, both_points]


@case
def pair2_seq_rewritten(c):
    """The SSRC stays, the sequence numbers do not."""
    p = Pair(c, scrambled=True).up()
    p.out.change = lambda i, fields: wire.rtp(**{**fields, "seq": fields["seq"] + 31000})
    p.talk().bye()
    p.expect()
    c.further += [no_changes, both_points]


@case
def pair2_ssrc_rewritten_silence(c):
    """SSRC and numbers are rewritten, and every packet is the same silence: which came out cannot be told."""
    p = Pair(c).up()
    for talker in (p.out, p.in_):
        talker.change = lambda i, fields: wire.rtp(**{**fields, "ssrc": fields["ssrc"] ^ 0x5A5A5A5A, "seq": fields["seq"] + 31000})
    p.talk().bye()
    p.in_.seen["inner"].ssrc ^= 0x5A5A5A5A
    p.expect()
    c.further += [no_changes, both_points]


@case
def pair2_transcodes(c):
    """PCMU inside, PCMA outside, all of RTP made anew, the description as well. No packet is the same on both sides."""
    t = Through(c)
    t.sip_out = replaced((PHONE, NAT), ("m=audio 40000", "m=audio 62000"), ("0 PCMU", "8 PCMA"), (" RTP/AVP 0", " RTP/AVP 8"),
                         body_only=True)
    p = Pair(c, t)
    send = p.dialog.send

    def both_views(when, from_caller, data, **how):
        if from_caller:
            return send(when, from_caller, data, **how)
        outer = replaced(("0 PCMU", "8 PCMA"), (" RTP/AVP 0", " RTP/AVP 8"), body_only=True)(data)
        t.both(when, False, p.dialog.callee, p.dialog.caller, outer, data)
        return data
    p.dialog.send = both_views
    alaw = wire.tone("PCMA")
    p.out.change = lambda i, fields: wire.rtp(8, i + 5, 160 * i, 0x77777777, alaw)
    p.up().talk(in_=False)
    p.in_.change = lambda i, fields: wire.rtp(**fields)
    plain = wire.rtp
    outer = wire.Talker(t.outer, at(SERVER, 20000), at(NAT, 62000), 0x88888888, payload_type=8, codec="PCMA")
    outer.talk(t.clock(p.answered + 0.05), 8)
    inner = wire.Talker(t.inner, at(SERVER, 20000), at(PHONE, 40000), 0x22222222, seq=7000, timestamp=99000)
    inner.talk(p.answered + 0.051, 8)
    assert plain is wire.rtp
    p.bye()
    p.expect(streams=[Stream("out", p.out.seen["inner"]), Stream("in", inner.sent)],
             findings=[fault("sip-rewritten"), maybe(private)])
    c.further += [both_points]


@case
def pair2_extension_added(c):
    """The device adds a header extension to what goes out, and padding to what comes in."""
    p = Pair(c).up()
    p.out.change = lambda i, fields: wire.rtp(**fields, extra=b"\x10\x80\0\0")
    p.in_.change = lambda i, fields: wire.rtp(**fields, padding=4)
    clean(p.talk().bye(), between(out_lost=0, in_lost=0))


# Marks -----------------------------------------------------------------------------------------


@case
def pair2_dscp_cleared_in(c):
    p = Pair(c).up()
    p.t.dscp = {(False, True): 46, (False, False): 0}
    p.talk().bye().expect(findings=[note("dscp-cleared", "in"), private])
    c.further += [no_changes]


@case
def pair2_dscp_remarked(c):
    """From EF to AF41: marked otherwise, but marked."""
    p = Pair(c).up()
    p.t.dscp = {(True, False): 46, (True, True): 34}
    clean(p.talk().bye())


@case
def pair2_dscp_set(c):
    p = Pair(c).up()
    p.t.dscp = {(True, False): 0, (True, True): 46}
    clean(p.talk().bye())


# How it was recorded -----------------------------------------------------------------------------


@case
def pair2_clock_three_hours_behind(c):
    clean(Pair(c, Through(c, clock=lambda t: t - 10800)).up().talk().bye(),
          between(out_lost=0, in_lost=0, clock=(-10800000, 3)))


@case
def pair2_clock_17s_ahead(c):
    p = Pair(c, Through(c, clock=lambda t: t + 17)).up()
    p.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.talk().bye()
    p.expect(findings=[fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])
    c.further += [between(out_lost=40, in_lost=0, clock=(17000, 3))]


@case
def pair2_clock_drifts(c):
    """One clock runs 100 ppm faster: 12 ms in two minutes. The device holds a packet for 1 ms, the first and the last."""
    p = Pair(c, Through(c, clock=lambda t: 3.7 + t * 1.0001)).up().talk(120).bye()
    clean(p, between(out_lost=0, in_lost=0, out_max=(1, 2), in_max=(1, 2)))


@case
def pair2_nanoseconds_outside(c):
    clean(Pair(c, Through(c, outer={"nanoseconds": True, "order": ">"})).up().talk().bye(),
          between(out_lost=0, in_lost=0, clock=(3700, 2)))


@case
def pair2_pcap_and_pcapng_gz(c):
    p = Pair(c, Through(c, outer={"form": "pcapng"})).up().talk().bye()
    inner, outer = c.captures
    c.captures = []
    c.raw(inner.bytes(), "pcap")
    c.raw(gzip.compress(outer.bytes(), mtime=0), "pcapng.gz")
    clean(p, between(out_lost=0, in_lost=0))


@case
def pair2_wrong_order(c):
    """The outer one is given first. What the phone sends vanishes by a tenth on its way out all the same."""
    p = Pair(c).up()
    p.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.talk().bye()
    c.captures.reverse()
    p.expect(streams=ANY, answered=ANY, findings=[
        fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])
    c.further += [no_changes]


@case
def pair2_wrong_order_clean(c):
    p = Pair(c).up().talk().bye()
    c.captures.reverse()
    p.expect(streams=ANY, answered=ANY)
    c.further += [no_changes, between(out_lost=0, in_lost=0, clock=(3700, 2))]


@case
def pair2_same_lossy_file_twice(c):
    p = Pair(c).up()
    p.in_.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.talk().bye()
    c.captures = [c.captures[0], c.captures[0]]
    clean(p, between(out_lost=0, in_lost=0, clock=(0, 0.1), both=(0, 0.1)), findings=[fault("loss-high", "in"), private])


@case
def pair2_overlap_by_a_part(c):
    """The inner one ends 30 s into a call of 40, the outer one begins after 20 s."""
    t = Through(c)
    p = Pair(c, t)
    t.outer_only = lambda moment: moment > 31
    t.inner_only = lambda moment: moment < 21
    p.up().talk(40).bye()
    p.expect()
    c.further += [no_changes, between(out_lost=0, in_lost=0)]


@case
def pair2_outer_cut_at_10s(c):
    """The router's capture is full after 10 s of 40: the rest has not vanished."""
    t = Through(c)
    t.inner_only = lambda moment: moment > 11
    clean(Pair(c, t).up().talk(40).bye(), between(out_lost=0, in_lost=0))


@case
def pair2_no_common_call(c):
    """Two captures of two calls, an hour apart."""
    t = Through(c)
    t.inner_only = lambda moment: moment < 1000
    t.outer_only = lambda moment: moment > 1000
    a = Pair(c, t, call_id="a@example.com").up().talk().bye()
    b = Pair(c, t, call_id="b@example.com", begin=3600.0, ssrcs=(0x33333333, 0x44444444)).up().talk().bye()
    a.expect()
    b.expect(streams=ANY, answered=ANY, verdict={"two-way", "unknown"}, out=ANY, in_=ANY, findings=[maybe(private)])
    c.further += [no_changes]


@case
def pair2_one_call_inside_only(c):
    """Two calls inside at the same time, one of them goes out by another line: nobody is to blame."""
    t = Through(c)
    Pair(c, t, call_id="a@example.com").up().talk().bye().expect()
    b = Scene(t.inner, server=SERVER, call_id="b@example.com", begin=1.5, ports=(40010, 20010), ssrcs=(0x33333333, 0x44444444))
    b.up().talk(8).bye()
    c.expect("b@example.com", streams=b.streams(), answered=b.answered, findings=[private])
    c.further += [no_changes]


@case
def pair2_call_id_again(c):
    """Three calls after one another under one Call-ID (some phones keep it). The second one loses 10 % on its way out."""
    t = Through(c)
    for i in range(3):
        p = Pair(c, t, begin=1.0 + 30 * i, seq=10 * i + 1, caller_tag="a%d" % i, callee_tag="b%d" % i,
                 ssrcs=(0x1000 + i, 0x2000 + i))
        if i == 1:
            p.out.way = lambda n: () if n % 10 == 5 else (0.001,)
        p.up().talk().bye()
    c.others = True
    p.expect(streams=ANY, answered=ANY, verdict="two-way", findings=ANY)

    def one_loses(result):
        found = [f["direction"] for f in result["findings"] if f["id"] == "rtp-lost-between-captures"]
        told = sum(c["between"]["out"]["lost"] for c in result["calls"] if c.get("between") and c["between"]["out"])
        if found != ["out"] and len(result["calls"]) == 3:
            yield "rtp-lost-between-captures: %s" % found
        if told != 40:
            yield "%d are told to be lost, not 40" % told
    c.further += [no_changes, one_loses]


@case
def pair2_vlan_inside(c):
    clean(Pair(c, Through(c, inner={"link": "vlan"}, outer={"link": "pppoe"})).up().talk().bye(), between(out_lost=0, in_lost=0))


@case
def pair2_snapped_outside(c):
    """The outer one keeps 400 bytes of each packet: SIP is cut, which is no change."""
    clean(Pair(c, Through(c, outer={"snap": 400})).up().talk().bye(), between(out_lost=0, in_lost=0))


@case
def pair2_snapped_to_headers(c):
    """The outer one keeps 96 bytes: not even the Call-ID. SSRC and numbers still are there."""
    p = Pair(c, Through(c, outer={"snap": 96}), scrambled=True).up()
    p.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.talk().bye()
    p.expect(findings=[fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])
    c.further += [no_changes, both_points, between(out_lost=40, in_lost=0)]


@case
def pair2_ipv6_inside(c):
    """464XLAT: the network inside has IPv6 alone. The phone speaks IPv4 to a translator in its host (RFC 6877), the
    router makes IPv4 of it again (RFC 6146); SIP and the description keep the IPv4 addresses."""
    phone, server, own = "2001:db8:1::10", "64:ff9b::cb00:7105", "192.0.0.1"
    t = Through(c, ports={at(phone, 5060): at(NAT, 61060), at(phone, 40000): at(NAT, 62000)})
    t.ports.update({at(server, 5060): at(SERVER, 5060), at(server, 20000): at(SERVER, 20000)})
    t.udp = lambda when, source, target, data, dscp=0: t.both(when, source.startswith("[2001"), source, target, data, data)
    p = Pair(c, t, phone=phone, server=server, phone_media=at(own, 40000), server_media=at(SERVER, 20000),
             contact=at(own, 5060), callee_contact=at(SERVER, 5060))
    p.out.dst, p.in_.dst = at(server, 20000), at(phone, 40000)
    for talker, out in ((p.out, True), (p.in_, False)):
        talker.begin(t, out)
    send = p.dialog.send

    def as_ipv4(when, from_caller, data, **how):
        for address, port in ((phone, own), (server, SERVER)):
            data = data.replace(("[%s]" % address).encode(), port.encode())
        return send(when, from_caller, data, **how)
    p.dialog.send = as_ipv4
    p.up().talk().bye()
    # What RFC 6052 embeds is told as the IPv4 address that it stands for, as SIP has it.
    p.out.seen["inner"].dst = p.in_.seen["inner"].src = at(SERVER, 20000)
    # 192.0.0.1 is as private as an address can be.
    p.expect(findings=[maybe(private)])
    c.further += [no_changes, both_points, between(out_lost=0, in_lost=0)]


@case
def pair2_rtp_alone(c):
    """Nobody caught the SIP: whose side is the phone's shows only inside, where the phone speaks second."""
    p = Pair(c)
    p.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.in_.talk(1.2, 8)
    p.out.talk(1.25, 8)
    c.expect("", result="unfinished", status=None, streams=p.streams(), findings=[
        fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out"))])
    c.further += [both_points, between(out_lost=40, in_lost=0)]


@case
def pair2_rtp_alone_wrong_order(c):
    pair2_rtp_alone(c)
    c.captures.reverse()


@case
def pair2_called_phone_says_public(c):
    """The provider calls a phone that tells the outside address (STUN). Outside, nothing shows which side is the
    phone's. What it sends is lost by a tenth."""
    p = Pair(c, inbound=True, phone_media=at(NAT, 62000), contact=at(SERVER, 5060), callee_contact=at(NAT, 61060))
    p.in_.dst = at(PHONE, 40000)
    p.in_.begin(p.t, False)
    p.out.way = lambda i: () if i % 10 == 5 else (0.001,)
    p.up().talk().bye()
    p.expect(answered=ANY, streams=ANY, findings=[
        fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out"))])
    c.further += [both_points, no_changes, between(out_lost=40, in_lost=0)]


@case
def pair2_proxy_and_relay_inside(c):
    """The inner capture is of the site's proxy, which relays media with numbers of its own: it has what goes to it
    and what leaves it. The router behind does nothing but its duty."""
    proxy = "192.168.1.2"
    t = Through(c, ports={at(proxy, 5060): at(NAT, 61060), at(proxy, 40000): at(NAT, 62000)})
    p = Pair(c, t, phone=proxy)
    phone = wire.Dialog(t.inner, at(PHONE, 5060), at(proxy, 5060), p.call_id, branch="z9hG4bK-phone-")
    phone.answered(0.999, wire.sdp(at(PHONE, 30000)), wire.sdp(at(proxy, 30002)), 0.206)
    p.up()
    voices = [wire.Talker(t.inner, at(PHONE, 30000), at(proxy, 30002), 0xAAAA),
              wire.Talker(t.inner, at(proxy, 30002), at(PHONE, 30000), 0xBBBB)]
    for voice in voices:
        voice.talk(p.answered + 0.05, 8)
    p.talk().bye()
    phone.bye(p.end + 0.05)
    # That it is the proxy who tells the server a private address, may be told or not.
    p.expect(answered=ANY, streams=ANY, findings=[maybe(private)])
    c.further += [both_points, no_changes, between(out_lost=0, in_lost=0)]


# TURN --------------------------------------------------------------------------------------------

TURN, RELAYED = at("203.0.113.3", 3478), at("203.0.113.3", 50000)


def turned(c, beyond, way=None):
    """The phone's voice goes by a TURN server. The outer capture is on the router's outside, or `beyond` the server."""
    t = Through(c)
    p = Pair(c, t, phone_media=RELAYED)
    phone, peer = at(PHONE, 40000), at(SERVER, 20000)
    voices = []
    for out, ssrc in ((True, 0x11111111), (False, 0x22222222)):
        sent = wire.Sent(phone if out else peer, peer if out else phone, ssrc)
        voices.append((out, ssrc, sent))
    key = [(0x12, wire.xor_address(peer, 7)), (0x0C, b"\x40\x00\0\0")]
    for kind, when, source, target in ((wire.REQUEST, 0.5, phone, TURN), (wire.SUCCESS, 0.52, TURN, phone)):
        data = wire.stun(wire.CHANNEL, kind, 7, key if kind == wire.REQUEST else [])
        t.inner.udp(when, source, target, data)
        if not beyond:
            t.outer.udp(t.clock(when + (0.001 if source == phone else -0.001)), t.outside(source), t.outside(target), data)
    p.up()
    for out, ssrc, sent in voices:
        for i in range(400):
            when = p.answered + 0.05 + i * 0.02
            packet = wire.rtp(0, 1000 + i, 160 * i, ssrc, wire.tone("PCMU"), i == 0)
            wrapped = wire.channel_data(0x4000, packet)
            passes = not way or way(out, i)
            moment = (when, when + 0.001)
            if out or passes:
                inner_at = moment[0] if out else moment[1]
                t.inner.udp(inner_at, *((phone, TURN) if out else (TURN, phone)), wrapped)
                sent.note(inner_at, 1000 + i, 160 * i, 0, 8000, i == 0)
            if not out or passes:
                outer_at = t.clock(moment[1] if out else moment[0])
                if beyond:
                    t.outer.udp(outer_at, *((RELAYED, peer) if out else (peer, RELAYED)), packet)
                else:
                    t.outer.udp(outer_at, *((at(NAT, 62000), TURN) if out else (TURN, at(NAT, 62000))), wrapped)
    p.end = p.answered + 8.05
    p.bye()
    return p, [Stream("out" if out else "in", sent) for out, _, sent in voices]


@case
def pair2_turn_through_the_router(c):
    p, streams = turned(c, False)
    p.expect(streams=streams, findings=[])
    c.further += [no_changes, both_points, between(out_lost=0, in_lost=0)]


@case
def pair2_turn_loses(c):
    p, streams = turned(c, False, lambda out, i: not out or i % 10 != 5)
    p.expect(streams=streams, findings=[fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out"))])
    c.further += [no_changes, both_points, between(out_lost=40, in_lost=0)]


@case
def pair2_turn_between(c):
    """The outer capture is beyond the TURN server: there it is plain RTP from the relayed address."""
    p, streams = turned(c, True)
    p.expect(streams=streams, findings=[])
    c.further += [no_changes, both_points, between(out_lost=0, in_lost=0)]


# Many --------------------------------------------------------------------------------------------


@case
def pair2_two_hundred_calls(c):
    """200 calls, all alike, half a second apart. One of them loses 8 % on its way in."""
    t = Through(c, clock=lambda t: t + 17)
    for i in range(200):
        port = 40000 + 2 * i
        t.ports[at(PHONE, port)] = at(NAT, 2000 + 2 * i)
        p = Pair(c, t, call_id="call-%d@example.com" % i, begin=1.0 + i / 2, ports=(port, port), ssrcs=(0x1000 + i, 0x2000 + i))
        if i == 137:
            p.in_.way = lambda n: () if n % 12 == 5 else (0.001,)
        p.up().talk(3).bye()
        p.expect(findings=[fault("rtp-lost-between-captures", "in"), fault("loss-high", "in"), private] if i == 137 else [private])
    c.golden = False
    c.further += [no_changes]
