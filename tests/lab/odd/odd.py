# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the healthy practice site: spoils it as the case says, runs "check" there, and compares.

list          names the cases
EARSHOT CASE  in the site
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from lab import *

ALL_WELL = {"udp.open": "yes", "nat.type": "port-restricted-cone", "sip-alg": "no"}
TOP = 'insert rule inet filter forward iifname "wan" ip daddr 192.168.1.10 udp dport 1024-65535 accept'


def command(namespace, *words, text=""):
    enter = ["nsenter", "--net=/run/netns/" + namespace] if namespace else []
    subprocess.run([*enter, *words], input=text, text=True, check=True)


def nft(namespace, rules):
    command(namespace, "nft", "-f", "-", text=rules)


def drop(namespace, rule, hook="forward"):
    """The rule's packets are lost; it ends in the verdict."""
    nft(namespace, "table inet odd {\nchain c {\ntype filter hook %s priority -10\n%s\n}\n}\n" % (hook, rule))


def ip(*commands):
    for words in commands:
        command(None, "ip", *words.split())


def resolvers(*addresses):
    with open("/etc/resolv.conf", "w") as f:
        f.writelines("nameserver %s\n" % address for address in addresses)


def full_cone():
    nft("router", 'table ip odd {\nchain in {\ntype nat hook prerouting priority dstnat\n'
                  'iifname "wan" udp dport 1024-65535 dnat to 192.168.1.10\n}\n}\n' + TOP)


def restricted_cone():
    nft("router", 'table ip odd {\nset peers {\ntype ipv4_addr . inet_service\nflags dynamic,timeout\ntimeout 60s\n}\n'
                  'chain out {\ntype filter hook forward priority -5\n'
                  'iifname "lan" meta l4proto udp add @peers { ip daddr . udp sport }\n}\n'
                  'chain in {\ntype nat hook prerouting priority dstnat\n'
                  'iifname "wan" ip saddr . udp dport @peers dnat to 192.168.1.10\n}\n}\n' + TOP)


def second_way():
    command(None, "ip", "link", "add", "eth1", "type", "veth", "peer", "name", "other")
    ip("link set other up", "link set eth1 up", "addr add 10.64.0.2/24 dev eth1",
       "route add default via 10.64.0.1 dev eth1 metric 600")


# case: how the site is spoilt, what "check" tells: facts; findings, all faults and risks
CASES = {
    "full-cone": (full_cone, {"nat.type": "full-cone"}, {}),
    "restricted-cone": (restricted_cone, {"nat.type": "restricted-cone"}, {}),
    "nothing-but-dns": (lambda: drop("router", 'iifname "lan" udp dport != 53 drop'),
                        {"udp.open": "no", "nat.type": "udp-blocked", "sip-alg": "unknown"}, {"udp-blocked": "fault"}),
    "blocked-over-ipv4": (lambda: drop("router", 'iifname "lan" ip protocol udp drop'),
                          {"udp.open": "yes", "nat.present": "no", "sip-alg": "unknown"}, {"udp-blocked": "risk"}),
    "stun-blocked": (lambda: drop("router", "udp dport 3478-3479 drop"),
                     {"udp.open": "yes", "nat.type": "unknown", "sip-alg": "no"}, {"stun-server-unreachable": "risk"}),
    "register-swallowed": (lambda: drop("router", "udp dport 5060 @th,64,32 0x52454749 drop"),
                           {"sip-alg": "unknown", "sip-alg.eaten-before-hop": 2}, {}),
    "no-ipv6-address": (lambda: ip("-6 addr flush dev eth0"), ALL_WELL, {"dns-ipv6-unroutable": "note"}),
    "first-resolver-dead": (lambda: resolvers("192.168.1.77", "192.168.1.1"),
                            ALL_WELL, {"dns-resolver-unreachable": "risk"}),
    "two-ways-out": (second_way, ALL_WELL, {"multiple-interfaces": "risk"}),
    "provider-dead": (lambda: drop("core", "drop"), {"udp.open": "unknown", "nat.type": "unknown"},
                      {"dns-resolver-unreachable": "fault", "stun-server-unreachable": "risk"}),
}


def main():
    spoil, facts, findings = CASES[sys.argv[2]]
    spoil()
    started = time.monotonic()
    status, result = run_json("check", "-p", PROFILE)
    seconds = time.monotonic() - started
    found = {f["id"]: f["severity"] for f in result.get("findings", [])
             if f["severity"] != "note" or f["id"] in findings}
    seen = {name: result.get("facts", {}).get(name) for name in facts}
    check("the facts are %s" % facts, seen == facts, seen)
    check("the findings are %s" % findings, found == findings, result.get("findings"))
    check("the exit status fits", status == (1 if "fault" in findings.values() else 0), status)
    check("it takes less than ten seconds", seconds < 10, seconds)
    finish()


if sys.argv[1] == "list":
    print("\n".join(CASES))
else:
    main()
