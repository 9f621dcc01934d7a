# SPDX-License-Identifier: GPL-3.0-or-later
"""Two captures of one call, inside and outside of a router."""
import wire
from case import ANY, case, fault, maybe, note, risk
from scene import NAT, PHONE, PBX, SERVER, Scene

CLOCK = 3.7  # The outer capture's clock is that far ahead.


class Pair:
    """The call as it is on both sides. The router adds `delay` seconds each way."""

    def __init__(self, c, *, delay=0.001, outer_sdp=None, outer_contact="192.168.1.10:5060", dscp=0, outer_dscp=None, clock=CLOCK):
        self.c, self.delay, self.clock = c, delay, clock
        named = dict(server=SERVER, dscp=dscp)
        self.inner = Scene(c.capture(), phone=PHONE, **named)
        self.outer = Scene(c.capture(), phone=NAT, begin=1.0 + clock + delay, phone_media=outer_sdp or self.inner.phone_media,
                           sip_ports=(61060, 5060), contact=outer_contact, **named)
        # The router gives the media a port of its own.
        place = NAT + ":62000"
        self.outer.out.src = self.outer.out.sent.src = self.outer.in_.dst = self.outer.in_.sent.dst = place
        if outer_dscp is not None:
            self.outer.out.dscp = outer_dscp

    def up(self, inner_via="192.168.1.10:5060", outer_via=None):
        """SIP goes through unchanged, or with what the router makes of it."""
        plain = wire.Dialog.request

        for s in (self.inner, self.outer):
            d = s.dialog
            send = d.send
            # What the phone wrote into its Via stays there, whatever address it comes from.
            if s is self.outer and outer_via is None:
                d.send = lambda when, from_caller, data, _send=send, **how: _send(
                    when, from_caller, data.replace(b"%s:61060" % NAT.encode(), b"192.168.1.10:5060"), **how)
            s.up()
        self.answered = self.inner.answered
        return self

    def talk(self, seconds=8, out=None, in_=None, out_vanish=(), in_vanish=()):
        """`out_vanish` never come outside, `in_vanish` never inside."""
        begin = self.answered + 0.05
        for s, shift_out, shift_in in ((self.inner, 0, 2 * self.delay), (self.outer, self.clock + self.delay, self.clock + self.delay)):
            last = 0
            if out is not False:
                s.out.talk(begin + shift_out, seconds, **{**(out or {}), **({"lose": out_vanish} if s is self.outer else {})})
            if in_ is not False:
                s.in_.talk(begin + shift_in, seconds, **{**(in_ or {}), **({"lose": in_vanish} if s is self.inner else {})})
            s.end = begin + seconds + shift_out
            s.bye()
        return self

    def expect(self, **wanted):
        self.c.tshark = False
        return self.c.expect(self.inner.call_id, streams=self.inner.streams(), answered=self.answered, **wanted)


def no_changes(result):
    changes = result["calls"][0].get("changes")
    if changes:
        yield "changes is %s, not empty" % str(changes)[:300]


def both_points(result):
    points = result["calls"][0].get("points")
    if not points:
        yield "points is %s" % points


private = note("sdp-private-address", "in")


@case
def pair_through_a_nat(c):
    """A plain router: addresses of packets change, SIP does not; the clocks differ by seconds."""
    Pair(c).up().talk().expect(findings=[private])
    c.further += [no_changes, both_points]


@case
def pair_clock_behind(c):
    Pair(c, clock=0.5, delay=0.015).up().talk().expect(findings=[private])
    c.further += [no_changes, both_points]


@case
def pair_same_file_twice(c):
    """A capture compared with itself: nothing changes, nothing vanishes."""
    for _ in (1, 2):
        s = Scene(c.capture()).up().talk(6).bye()
    c.tshark = False
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)
    c.further.append(no_changes)


@case
def pair_sip_rewritten(c):
    """A SIP ALG puts the outside address into Via, Contact and the description."""
    Pair(c, outer_sdp=NAT + ":62000", outer_contact=NAT + ":61060").up(outer_via=NAT).talk().expect(
        findings=[fault("sip-rewritten"), maybe(private)])

    def rewritten(result):
        if not result["calls"][0].get("changes"):
            yield "changes is empty though SIP was rewritten"
    c.further += [rewritten, both_points]


@case
def pair_out_vanishes(c):
    """What the phone sends never comes out of the router."""
    p = Pair(c).up().talk(out_vanish=set(range(400)))
    p.expect(verdict="one-way-in", out="missing", findings=[
        fault("rtp-one-way", "out"), fault("rtp-lost-between-captures", "out"), private])


@case
def pair_in_vanishes(c):
    """What the server sends comes to the router, and not through it."""
    p = Pair(c).up().talk(in_vanish=set(range(400)))
    p.expect(verdict="one-way-out", in_="missing", findings=[
        fault("rtp-one-way", "in"), fault("rtp-lost-between-captures", "in"), private])


@case
def pair_out_loses(c):
    """32 of 400 vanish on the way out: 8 %."""
    Pair(c).up().talk(out_vanish=set(range(4, 396, 12)) - {388}).expect(findings=[
        fault("rtp-lost-between-captures", "out"), maybe(fault("loss-high", "out")), private])


@case
def pair_loses_little(c):
    """8 of 400: 2 % vanish between, which is no fault."""
    Pair(c).up().talk(out_vanish=set(range(4, 396, 50))).expect(findings=[
        maybe(risk("rtp-lost-between-captures", "out")), maybe(note("rtp-lost-between-captures", "out")),
        maybe(risk("loss-high", "out")), private])


@case
def pair_dscp_cleared(c):
    """The router clears the mark for voice. Audio flows."""
    Pair(c, dscp=46, outer_dscp=0).up().talk().expect(findings=[note("dscp-cleared", "out"), private])


@case
def pair_outer_call_only(c):
    """The inner capture does not have the call at all: it is told as the outer one shows it, and not blamed on anyone."""
    c.tshark = False
    inner = c.capture()
    inner.udp(1, "192.168.1.20:50000", "192.168.1.1:53", wire.scrambled(1, 40))
    s = Scene(c.capture(), phone=NAT, server=SERVER).up().talk(6).bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out=ANY, in_=ANY)


@case
def pair_loss_before(c):
    """The loss is there on both sides: it happened before the first of them, not between."""
    p = Pair(c).up().talk(in_={"twice": ()}, out={})
    p.expect(findings=[private])
    c.further.append(no_changes)
