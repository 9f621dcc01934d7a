# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, ways out of the laptop, and its own clock and firewall."""
from cases_nat import FAST, WELL
from spoil import *


def second_way():
    ip("link add eth1 type veth peer name other", "link set other up", "link set eth1 up",
       "addr add 10.64.0.2/24 dev eth1", "route add default via 10.64.0.1 dev eth1 metric 600")


def sip_clock(seconds):
    """A SIP server whose clock is not the laptop's."""
    script("sip", "sip_server.py", PROVIDER, "5070", str(seconds))
    await_socket("sip", "u", PROVIDER + ":5070")
    redirect("sip", "udp dport 5060", 5070)


CASES = {
    "no-ipv6-address": Case(lambda: ip("-6 addr flush dev eth0"), {"dns-ipv6-unroutable": "note"}, FAST, WELL),
    "no-ipv6-route": Case(lambda: ip("-6 route del default"), {"dns-ipv6-unroutable": "note"}, FAST, WELL),
    "provider-only-ipv6": Case(lambda: zone("^host-record=sip", "host-record=sip.example.com,2001:db8:100::10"), {},
                               "local dns stun", {"dns.addresses": ["2001:db8:100::10"]}),
    "first-resolver-dead": Case(lambda: resolvers("192.168.1.77", "192.168.1.1"), {"dns-resolver-unreachable": "risk"},
                                FAST, WELL),
    "resolver-slow": Case(lambda: router_resolver("slow", "1.2"), {"dns-slow": "risk"}, "dns"),
    "resolver-hijacks": Case(lambda: router_resolver("hijack", "198.51.100.66"), {"dns-answers-rewritten": "risk"}, "dns"),
    "name-not-there": Case(lambda: zone("example.com"), {"dns-name-not-found": "fault"}, "dns",
                           cause="dns-misdirection"),
    "no-srv": Case(lambda: zone("^srv-host|^naptr", "host-record=example.com,198.51.100.10"), {"dns-no-srv": "note"}, "dns",
                   {"dns.srv": [], "dns.addresses": ["198.51.100.10"]}),
    "srv-without-address": Case(lambda: zone("^host-record=sip"), {"dns-srv-target-unresolvable": "fault"}, "dns"),
    "srv-to-dead-host": Case(lambda: zone("^host-record=sip", "host-record=sip.example.com,198.51.100.99"),
                             {"sip-server-silent": "fault|risk"}, "dns ports", {"dns.addresses": ["198.51.100.99"]}, seconds=20),
    "private-address": Case(lambda: zone("^host-record=sip", "host-record=sip.example.com,10.20.0.5"),
                            {"dns-private-address": "fault|risk"}, "dns", {"dns.addresses": ["10.20.0.5"]}),
    "two-ways-out": Case(second_way, {"multiple-interfaces": "risk"}, FAST, WELL),
    "no-way-out": Case(lambda: ip("route del default", "-6 route del default"), {"no-default-route": "fault"}, "local"),
    "provider-dead": Case(lambda: drop("core", "drop"),
                          {"nothing-answers": "fault", "dns-resolver-unreachable": "note", "stun-server-unreachable": "note"},
                          FAST, {"udp.open": "unknown", "nat.type": "unknown"}),
    "provider-dead-verdict": Case(lambda: drop("core", "drop"), {"nothing-answers": "fault"}, cause="signalling-not-working"),
    "host-firewall": Case(lambda: drop(None, "udp dport 10000-20000 drop", hook="output"), {"host-firewall-blocks": "fault"},
                          "local"),
    "clock-behind": Case(lambda: sip_clock(3600), {"clock-wrong": "risk"}, "local"),
    "clock-a-little-ahead": Case(lambda: sip_clock(-90), {"clock-wrong": "note"}, "local"),
}
