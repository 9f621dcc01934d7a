# SPDX-License-Identifier: GPL-3.0-or-later
"""With a responder at the other end: what comes back, and what becomes of voice on a busy line."""
from spoil import *

NAMED = ("--responder", "probe.example.com")
BLOCKED = {"rtp-ports-blocked": "fault"}
BACK = "udp sport 10000-20000 drop"


def lost_back(*rules):
    """On their way to the site, whatever has been sent out before."""
    return both(responder, lambda: drop("isp", *rules))


def lost_out(*rules):
    return both(responder, lambda: drop("router", *rules))


def case(spoil, findings, checks, facts, **more):
    return Case(spoil, findings, checks, facts, options=NAMED, **{"seconds": 20, **more})


CASES = {
    "responder-well": case(responder, {}, "quality ports", {"rtp.in": "open", "rtp.out": "open", "rtp.blocked-ports": [],
                                                            "quality.loss-pct": 0}),
    "responder-bare": case(lambda: responder("bare"), {}, "quality ports", {"rtp.in": "open", "quality.loss-pct": 0}),
    "responder-dead": case(lambda: None, {}, "ports", {"rtp.in": "unknown", "rtp.out": "open"}),
    "line-slow": case(both(responder, lambda: command("router", *"tc qdisc add dev wan root tbf rate 1mbit burst 5kb latency 400ms".split())),
                      {"bufferbloat": "risk"}, "quality", {"quality.loss-pct": 0}),
    "loss-out": case(both(responder, lambda: drop("router", "ip daddr 198.51.100.40 udp dport 10000-20000 numgen random mod 100 < 12 drop")),
                     {"loss-high": "fault"}, "quality", {"quality.loss-in-pct": 0}, direction={"loss-high": "out"}),
    "loss-in": case(lost_back("udp sport 10000-20000 numgen random mod 100 < 12 drop"),
                    {"loss-high": "fault"}, "quality", {"quality.loss-out-pct": 0}, direction={"loss-high": "in"}),
    "rtp-in-dropped": case(lost_back(BACK), BLOCKED, "ports", {"rtp.in": "blocked", "rtp.out": "open",
                                                               "rtp.blocked-ports": ["10000-20000"]},
                           direction={"rtp-ports-blocked": "in"}, seconds=45),
    "rtp-in-part-dropped": case(lost_back("udp sport 15000-20000 drop"), BLOCKED, "ports",
                                {"rtp.in": "partial", "rtp.out": "open", "rtp.blocked-ports": ["15000-20000"]},
                                direction={"rtp-ports-blocked": "in"}, seconds=45),
    "rtp-out-dropped": case(lost_out("udp dport 10000-20000 drop"), BLOCKED, "ports",
                            {"rtp.in": "unknown", "rtp.out": "blocked"}, direction={"rtp-ports-blocked": "out"},
                            where={"rtp-ports-blocked": 1}, seconds=45),
    "rtp-out-to-responder-dropped": case(lost_out("ip daddr 198.51.100.40 udp dport 10000-20000 drop"), BLOCKED, "ports",
                                         {"rtp.in": "unknown", "rtp.out": "open"}, direction={"rtp-ports-blocked": "out"},
                                         where={"rtp-ports-blocked": 1}, seconds=45),
}
