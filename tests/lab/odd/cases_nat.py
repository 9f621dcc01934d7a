# SPDX-License-Identifier: GPL-3.0-or-later
"""Other NATs, half a firewall, none at all."""
from spoil import *

WELL = {"udp.open": "yes", "nat.type": "port-restricted-cone", "sip-alg": "no"}
TOP = 'insert rule inet filter forward iifname "wan" ip daddr 192.168.1.10 udp dport 1024-65535 accept'
FAST = "local dns stun alg"


def full_cone():
    nft("router", 'table ip odd {\nchain in {\ntype nat hook prerouting priority dstnat\n'
                  'iifname "wan" udp dport 1024-65535 dnat to 192.168.1.10\n}\n}\n' + TOP)


def restricted_cone():
    nft("router", 'table ip odd {\nset peers {\ntype ipv4_addr . inet_service\nflags dynamic,timeout\ntimeout 60s\n}\n'
                  'chain out {\ntype filter hook forward priority -5\n'
                  'iifname "lan" meta l4proto udp add @peers { ip daddr . udp sport }\n}\n'
                  'chain in {\ntype nat hook prerouting priority dstnat\n'
                  'iifname "wan" ip saddr . udp dport @peers dnat to 192.168.1.10\n}\n}\n' + TOP)


def no_nat():
    nft("router", "flush chain ip nat postrouting")
    ip("route add 192.168.1.0/24 via 203.0.113.2", namespace="isp")
    ip("route add 192.168.1.0/24 via 192.0.2.1", namespace="core")


def no_firewall():
    no_nat()
    nft("router", "insert rule inet filter forward accept")


def second_nat():
    """Only IPv4 through the first: the ISP translates public addresses once more."""
    nft("isp", 'table ip nat {\nchain postrouting {\ntype nat hook postrouting priority srcnat\n'
               'oifname "net" snat to 192.0.2.1\n}\n}\n')


CASES = {
    "full-cone": Case(full_cone, {}, FAST, {"nat.type": "full-cone"}),
    "restricted-cone": Case(restricted_cone, {}, FAST, {"nat.type": "restricted-cone"}),
    "firewall-without-nat": Case(no_nat, {}, FAST,
                                 {"nat.present": "no", "nat.type": "symmetric-firewall", "sip-alg": "no"}),
    "no-nat-no-firewall": Case(no_firewall, {}, FAST, {"nat.present": "no", "nat.type": "open", "sip-alg": "no"}),
    "nothing-but-dns": Case(lambda: drop("router", 'iifname "lan" udp dport != 53 drop'), {"udp-blocked": "fault"}, FAST,
                            {"udp.open": "no", "nat.type": "udp-blocked", "sip-alg": "unknown"}),
    "blocked-over-ipv4": Case(lambda: drop("router", 'iifname "lan" ip protocol udp drop'), {"udp-blocked": "risk"}, FAST,
                              {"udp.open": "yes", "nat.present": "no", "sip-alg": "unknown"}),
    "stun-blocked": Case(lambda: drop("router", "udp dport 3478-3479 drop"), {"stun-server-unreachable": "risk"}, FAST,
                         {"udp.open": "yes", "nat.type": "unknown", "sip-alg": "no"}),
    "register-swallowed": Case(lambda: drop("router", "udp dport 5060 @th,64,32 0x52454749 drop"), {}, FAST,
                               {"sip-alg": "unknown", "sip-alg.eaten-before-hop": 2}),
    "alg-sdp-alone": Case(lambda: box("udp dport 5060", "replace", "c=IN IP4 192.168.1.10", "c=IN IP4 203.0.113.21"),
                          {"sip-alg": "fault"}, "alg", {"sip-alg": "yes", "sip-alg.hop": 1,
                                                        "sip-alg.changed": ["sdp-connection"]}, {"sip-alg": 1}),
    "alg-contact-alone": Case(lambda: box("udp dport 5060", "replace", "Contact: <sip:", "Contact: <tel:"),
                              {"sip-alg": "fault"}, "alg", {"sip-alg": "yes", "sip-alg.changed": ["contact"]}),
    "box-that-spoils-nothing": Case(lambda: box("udp dport 5060", "replace", "no such words", "no such words"),
                                    {}, "alg", {"sip-alg": "no"}),
}
