#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside a practice site: spoils it as the case says, runs the ALG check, compares what it tells.

list              names the cases, each with its practice site
run CASE PROBE    in that site
watch             in the provider's namespace: prints what arrives there by UDP, a word a line
proxy             in the router's namespace: answers OPTIONS sent to its port 5999
"""
import json
import socket
import subprocess
import sys

ME = [sys.executable, __file__]


def at(namespace, *command, **options):
    return subprocess.Popen(["nsenter", "--net=/run/netns/" + namespace, *command], **options)


def nft(namespace, rules):
    done = at(namespace, "nft", "-f", "-", stdin=subprocess.PIPE, text=True)
    done.communicate(rules)
    assert done.returncode == 0, "nft failed"


def hide(*routers):
    for router in routers:
        nft(router, "table ip hide { chain out { type filter hook output priority 0;"
                    " icmp type time-exceeded drop; }; }")


def silence():
    nft("sip", "table ip silence { chain in { type filter hook input priority 0;"
               " udp dport 5060 drop; }; }")


def swallow(*words):
    drops = ";".join(f"udp dport 5060 @th,64,32 0x{word.encode().hex()} drop" for word in words)
    nft("router", "table ip swallow { chain forward { type filter hook forward priority -10;"
                  f" {drops}; }}; }}")


def take_over():
    nft("router", "table ip takeover { chain pre { type nat hook prerouting priority dstnat;"
                  ' iifname "lan" udp dport 5060 redirect to :5999; }; }')
    started(at("router", *ME, "proxy", stdout=subprocess.PIPE, text=True))


def nothing():
    pass


REWRITTEN = ["via", "contact", "from", "sdp-connection", "sdp-origin", "content-length"]
ROUTER = {"hop": 1, "address": "192.168.1.1"}
# case: practice site, how it is spoilt, sip-alg, .hop, .changed, place and side of the finding
UNKNOWN = ("unknown", "unknown", "unknown", None, None)
NO = ("no", "unknown", [], None, None)
CASES = {
    "healthy": ("healthy", nothing, *NO),
    "healthy-server-silent": ("healthy", silence, *NO),
    "healthy-first-router-hides": ("healthy", lambda: hide("router"), *NO),
    "healthy-routers-hide": ("healthy", lambda: hide("router", "isp", "core"), *UNKNOWN),
    "healthy-only-first-router": ("healthy", lambda: hide("isp", "core"), *UNKNOWN),
    "symmetric-nat": ("symmetric-nat", nothing, *NO),
    "cgnat": ("cgnat", nothing, *NO),
    "udp-blocked": ("udp-blocked", nothing, *UNKNOWN),
    "sip-swallowed": ("healthy", lambda: swallow("OPTI", "INVI", "REGI"), *UNKNOWN),
    "invite-swallowed": ("healthy", lambda: swallow("INVI"), *UNKNOWN),
    "alg": ("sip-alg", nothing, "yes", 1, REWRITTEN, ROUTER, "site"),
    "alg-server-silent": ("sip-alg", silence, "yes", 1, REWRITTEN, ROUTER, "site"),
    "alg-router-hides": ("sip-alg", lambda: hide("router"), "yes", 1, REWRITTEN, {"hop": 1}, "site"),
    "alg-isp-hides": ("sip-alg", lambda: hide("isp"), "yes", "unknown", REWRITTEN, ROUTER, "site"),
    "alg-routers-hide": ("sip-alg", lambda: hide("router", "isp", "core"),
                         "yes", "unknown", ["via"], None, "site"),
    "proxy": ("healthy", take_over, "yes", 1, "unknown", ROUTER, "site"),
}


def started(process):
    assert process.stdout.readline() == "ready\n", "did not start"
    return process


def watch():
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(0x0800))
    print("ready", flush=True)
    while True:
        packet = packets.recv(65535)
        if packet[23] == socket.IPPROTO_UDP:
            print(packet[42:].split(b" ")[0].strip().decode(errors="replace") or "-", flush=True)


def proxy():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("", 5999))
    print("ready", flush=True)
    while True:
        request, phone = udp.recvfrom(65535)
        if not request.startswith(b"OPTIONS"):
            continue
        keep = [line for line in request.decode().split("\r\n")
                if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
        answer = ["SIP/2.0 200 OK", *keep, "Content-Length: 0", "", ""]
        udp.sendto("\r\n".join(answer).encode(), phone)


def run(case, probe):
    _, spoil, *expected = CASES[case]
    spoil()
    watcher = started(at("sip", *ME, "watch", stdout=subprocess.PIPE, text=True))
    lines = subprocess.run([probe], stdout=subprocess.PIPE, text=True, check=True).stdout
    # The watcher sees what was sent before it sees this, on the same way.
    marker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    marker.sendto(b"marker", ("198.51.100.10", 9))
    arrived = list(iter(watcher.stdout.readline, "marker\n")) if case != "udp-blocked" else []
    watcher.kill()
    events = [json.loads(line) for line in lines.splitlines()]
    facts = {e["name"]: e["value"] for e in events if e["event"] == "fact"}
    findings = [e["finding"] for e in events if e["event"] == "finding"]
    finding = findings[0] if findings else {}
    told = [facts["sip-alg"], facts["sip-alg.hop"], facts["sip-alg.changed"],
            finding.get("where"), finding.get("side")]
    forbidden = [word for word in arrived if word.strip() in ("INVITE", "REGISTER", "this")]
    eaten = facts["sip-alg.eaten-before-hop"]
    if told != list(expected) or forbidden or (eaten == 2) != ("swallowed" in case):
        print(f"not ok: {case}: told {told}, expected {list(expected)};",
              f"eaten before {eaten}; at the provider {forbidden}")
        print(lines)
        sys.exit(1)
    print(f"ok: {case}")


if sys.argv[1] == "list":
    for name, (scenario, *_) in CASES.items():
        print(name, scenario)
elif sys.argv[1] == "run":
    run(sys.argv[2], sys.argv[3])
else:
    {"watch": watch, "proxy": proxy}[sys.argv[1]]()
