# SPDX-License-Identifier: GPL-3.0-or-later
"""How good the line is for voice. The check listens for ten seconds."""
from spoil import *


CASES = {
    "line-well": Case(lambda: None, {}, "quality", {"quality.loss-pct": 0}, seconds=15),
    "loss-three-percent": Case(lambda: drop("isp", "udp dport 3478 numgen random mod 1000 < 30 drop"),
                             {"loss-high": "risk|fault"}, "quality", seconds=15),
    "late": Case(lambda: box("meta l4proto udp", "delay", "400"), {"latency-high": "risk|fault"}, "quality", seconds=18),
    "uneven": Case(lambda: box("meta l4proto udp", "delay", "0", "150"), {"jitter-high": "risk|fault"}, "quality", seconds=18),
    "mark-cleared": Case(lambda: drop("router", "ip dscp set 0", "ip6 dscp set 0"), {"dscp-cleared": "risk|note"}, "quality",
                         seconds=15),
}
