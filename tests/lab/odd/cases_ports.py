# SPDX-License-Identifier: GPL-3.0-or-later
"""SIP, RTP and TURN ports that are closed somewhere. Of a drop the place is the last hop that still answered."""
from spoil import *

RTP = "udp dport 10000-20000 "
BLOCKED = {"rtp-ports-blocked": "fault"}
OUT = {"rtp.out": "blocked"}
OPEN = {"sip.udp": "open", "sip.tcp": "open", "sip.tls": "open"}
REFUSE = "reject with icmpx admin-prohibited"


def intercepted():
    """A box that inspects TLS, by an authority of its own that the laptop does not know."""
    name = os.path.join(DIR, "inspect")
    command(None, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "9",
            "-subj", "/O=Fortinet/CN=FortiGate CA", "-addext", "subjectAltName=DNS:sip.example.com,DNS:example.com",
            "-keyout", name + ".key", "-out", name + ".pem")
    script("router", "sip_server.py", "192.168.1.1", "5090", "0", name + ".pem", name + ".key")
    await_socket("router", "t", "192.168.1.1:5090")
    redirect("router", 'iifname "lan" tcp dport 5061', 5090)
    drop("router", "meta nfproto ipv6 tcp dport 5061 drop")


def icmp_hidden():
    for name in ("router", "isp", "core"):
        drop(name, "icmp type time-exceeded drop", "icmpv6 type time-exceeded drop", hook="output", name="hidden")


CASES = {
    "rtp-dropped-at-router": Case(lambda: drop("router", RTP + "drop"), BLOCKED, "ports", OUT, {"rtp-ports-blocked": 1}),
    "rtp-refused-at-router": Case(lambda: drop("router", RTP + REFUSE), BLOCKED, "ports", OUT, {"rtp-ports-blocked": 1}),
    "rtp-dropped-at-isp": Case(lambda: drop("isp", RTP + "drop"), BLOCKED, "ports", OUT, {"rtp-ports-blocked": 2}),
    "rtp-refused-at-isp": Case(lambda: drop("isp", RTP + REFUSE), BLOCKED, "ports", OUT, {"rtp-ports-blocked": 2}),
    "rtp-part-dropped": Case(lambda: drop("router", "udp dport 16000-20000 drop"), BLOCKED, "ports",
                             {"rtp.out": "partial"}, {"rtp-ports-blocked": 1}),
    "rtp-part-refused-at-isp": Case(lambda: drop("isp", "udp dport 10000-13000 " + REFUSE), BLOCKED, "ports",
                                    {"rtp.out": "partial"}, {"rtp-ports-blocked": 2}),
    "rtp-in-dropped-no-responder": Case(lambda: drop("isp", "udp sport 10000-20000 drop"), {}, "ports",
                                        {"rtp.out": "open", "rtp.in": "unknown"}),
    "sip-udp-dropped": Case(lambda: drop("router", "udp dport 5060 drop"), {"sip-udp-blocked": "fault|note"}, "ports",
                            {"sip.udp": "silent", "sip.tcp": "open", "sip.tls": "open"}),
    "sip-udp-refused": Case(lambda: drop("router", "udp dport 5060 " + REFUSE), {"sip-udp-blocked": "fault"}, "ports",
                            {"sip.udp": "filtered", "sip.tcp": "open", "sip.tls": "open"}),
    "sip-tcp-dropped": Case(lambda: drop("router", "tcp dport 5060 drop"), {"sip-tcp-blocked": "note"}, "ports",
                            {"sip.udp": "open", "sip.tcp": "silent"}),
    "sip-tls-dropped": Case(lambda: drop("isp", "tcp dport 5061 drop"), {"sip-tls-blocked": "note"}, "ports",
                            {"sip.udp": "open", "sip.tls": "silent"}),
    "sip-tcp-refused": Case(lambda: drop("sip", "tcp dport 5060 reject with tcp reset", hook="input"),
                            {}, "ports", {"sip.tcp": "refused"}),
    "sip-tcp-prohibited": Case(lambda: drop("router", "tcp dport 5060 " + REFUSE), {"sip-tcp-blocked": "note"}, "ports",
                               {"sip.tcp": "filtered", "sip.udp": "open"}),
    "large-sip-lost": Case(lambda: drop("router", "udp dport 5060 udp length > 1200 drop"), {"sip-large-udp-lost": "risk"},
                           "ports", {"sip.udp": "open"}),
    "tls-inspected": Case(intercepted, {"tls-intercepted": "fault|note"}, "ports", {"sip.udp": "open"}),
    "no-icmp": Case(both(icmp_hidden, lambda: drop("router", 'iifname "wan" icmp type { destination-unreachable, time-exceeded } drop',
                                                   'iifname "wan" icmpv6 type { destination-unreachable, time-exceeded } drop')),
                    {"path-hidden": "note"}, "ports", {**OPEN, "rtp.out": "unknown"}),
    "no-icmp-healthy": Case(icmp_hidden, {}, "dns stun alg", {"udp.open": "yes", "sip-alg": "unknown"}),
    "turn-over-tcp-only": Case(lambda: drop("router", "udp dport 3478 drop"), {"turn-udp-blocked": "risk"}, "turn",
                               {"turn.state": "ok"}),
    "turn-over-tls-only": Case(lambda: drop("router", "udp dport 3478 drop", "tcp dport 3478 drop"),
                               {"turn-udp-blocked": "risk"}, "turn", {"turn.state": "ok", "turn.transport": "tls"}),
    "turn-dropped": Case(lambda: drop("router", "udp dport { 3478, 5349 } drop", "tcp dport { 3478, 5349 } drop"),
                         {"turn-unreachable": "fault"}, "turn", {"turn.state": "unreachable"}),
    "turn-well": Case(lambda: None, {}, "turn", {"turn.state": "ok", "turn.transport": "udp"}),
    "ports-well": Case(lambda: None, {}, "ports", {**OPEN, "rtp.out": "open", "rtp.in": "unknown"}),
}
