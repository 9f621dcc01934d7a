# SPDX-License-Identifier: GPL-3.0-or-later
"""What may stand between the link layer and SIP or RTP."""
import struct

import wire
from case import case
from scene import PHONE6, SERVER6, Scene, whole

LONG = [("X-Padding", "x" * 1400)]


@case
def ipv4_options(c):
    """Record route in every packet (RFC 791, 3.1)."""
    capture = c.capture()
    plain = capture.segment
    capture.segment = lambda *a, **k: plain(*a, **{**k, "options": bytes([7, 11, 4]) + bytes(8)})
    whole(c, capture)


def long_invite(c, capture, how, **scene):
    """An INVITE that needs several fragments."""
    s = Scene(capture, **scene)
    d = s.dialog
    plain = capture.udp
    capture.udp = lambda at, source, to, data, **_: capture.fragments(at, source, to, data, **how)
    d.invite(s.begin, s.offer, more=LONG)
    capture.udp = plain
    d.reply(s.begin + 0.05, 180)
    d.reply(s.begin + 0.2, 200, s.answer)
    d.ack(s.begin + 0.22)
    s.answered = s.begin + 0.2
    s.talk().bye()
    return s


def expect_whole(c, s, **more):
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, **more)


@case
def ipv4_fragments(c):
    expect_whole(c, long_invite(c, c.capture(), {}))


@case
def ipv4_fragments_reversed(c):
    expect_whole(c, long_invite(c, c.capture(), {"order": lambda pieces: pieces[::-1]}))


@case
def ipv4_fragments_twice(c):
    expect_whole(c, long_invite(c, c.capture(), {"order": lambda pieces: [p for p in pieces for _ in (1, 2)]}))


@case
def ipv4_fragments_small(c):
    """Of 64 bytes each, shuffled."""
    expect_whole(c, long_invite(c, c.capture(), {"size": 64, "order": lambda p: p[1::2] + p[::2]}))


@case
def ipv4_fragments_overlap_same(c):
    """They overlap, with the same bytes: some put them together, some drop them (RFC 5722 for IPv6). The call is
    there either way, for the rest of it was seen."""
    s = long_invite(c, c.capture(), {"overlap": 64})
    c.expect(s.call_id, out=ANY_AUDIO, in_=ANY_AUDIO, verdict={"two-way", "unknown"}, streams=s.streams())


ANY_AUDIO = {"ok", "unknown"}


@case
def ipv4_fragment_missing(c):
    """The INVITE's second fragment is not in the capture. The answer has its own description."""
    s = long_invite(c, c.capture(), {"leave_out": (1,)})
    c.expect(s.call_id, out=ANY_AUDIO, in_=ANY_AUDIO, verdict={"two-way", "unknown"}, streams=s.streams())


@case
def ipv6_fragments(c):
    expect_whole(c, long_invite(c, c.capture(), {}, phone=PHONE6, server=SERVER6))


@case
def ipv6_fragments_reversed(c):
    expect_whole(c, long_invite(c, c.capture(), {"order": lambda p: p[::-1]}, phone=PHONE6, server=SERVER6))


def with_extensions(c, *extensions):
    capture = c.capture()
    plain = capture.segment
    capture.segment = lambda *a, **k: plain(*a, **{**k, "extensions": extensions})
    whole(c, capture, phone=PHONE6, server=SERVER6)


@case
def ipv6_hop_by_hop(c):
    with_extensions(c, (wire.HOP_BY_HOP, wire.extension()))


@case
def ipv6_destination(c):
    with_extensions(c, (wire.DESTINATION, wire.extension(24)))


@case
def ipv6_routing(c):
    with_extensions(c, (wire.ROUTING, wire.routing(["2001:db8:9::1"])))


@case
def ipv6_chain(c):
    """All of them, in the order of RFC 8200, 4.1, and an atomic fragment (RFC 6946)."""
    with_extensions(c, (wire.HOP_BY_HOP, wire.extension()), (wire.DESTINATION, wire.extension()),
                    (wire.ROUTING, wire.routing(["2001:db8:5::5"])), (wire.FRAGMENT, struct.pack("!BHI", 0, 0, 7)),
                    (wire.DESTINATION, wire.extension(16)))


@case
def ipv4_trailing_bytes(c):
    """The link layer pads a short frame; that is no part of the packet."""
    capture = c.capture()
    plain = capture.frame
    capture.frame = lambda at, frame, wire=None: plain(at, frame + b"\xff" * 6)
    whole(c, capture)
