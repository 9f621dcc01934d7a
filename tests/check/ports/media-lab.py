#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside the healthy practice site: blocks RTP ports as the case says, runs media_probe, compares what it tells.

list              names the cases
run CASE PROBE    in that site
echo FROM TO      in the provider's namespace: sends back what comes to these ports
"""
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

ME = [sys.executable, __file__]
ROUTER, ISP = {"hop": 1, "address": "192.168.1.1"}, {"hop": 2, "address": "203.0.113.1"}


def at(namespace, *command, **options):
    enter = ["nsenter", "--net=/run/netns/" + namespace] if namespace else []
    return subprocess.Popen([*enter, *command], **options)


def rule(namespace, words, hook="forward"):
    done = at(namespace, "nft", "-f", "-", stdin=subprocess.PIPE, text=True)
    done.communicate("table inet odd { chain %s { type filter hook %s priority -10; %s; }; }\n" % (hook, hook, words))
    assert done.returncode == 0, "nft failed"


def drop(namespace, ports, hook="forward"):
    rule(namespace, "udp dport %s drop" % ports, hook)


def reject(namespace, ports, how):
    rule(namespace, "udp dport %s reject with icmp type %s" % (ports, how))


def hide(*routers):
    for router in routers:
        rule(router, "icmp type time-exceeded drop", "output")


def silence():
    drop("sip", "10000-20000", "input")


def busy():
    # Calls that are on: their ports answer nothing, those beside them do.
    for port in (10000, 20000):
        held = at("sip", sys.executable, "-c", "import socket,sys,time\ns = socket.socket(type=socket.SOCK_DGRAM)\n"
                  "s.bind(('', %d))\nprint('ready', flush=True)\ntime.sleep(60)" % port,
                  stdout=subprocess.PIPE, text=True)
        assert held.stdout.readline() == "ready\n"


def echo_all():
    answering = at("sip", *ME, "echo", "10000", "10014", stdout=subprocess.PIPE, text=True)
    assert answering.stdout.readline() == "ready\n"


def both(*steps):
    for step in steps:
        step()


# case: how it is spoilt, rtp.out, rtp.in, rtp.blocked-ports, place, word in the evidence, most seconds
CASES = {
    "open": (lambda: None, "open", "unknown", [], None, None, 3),
    "open-range-small": (lambda: None, "open", "unknown", [], None, None, 3),
    "echo": (echo_all, "open", "open", [], None, None, 3),
    "no-range": (lambda: None, "unknown", "unknown", "unknown", None, None, 1),
    "calls-on": (busy, "open", "unknown", [], None, None, 8),
    "server-silent": (silence, "open", "unknown", [], None, None, 8),
    "dropped": (lambda: drop("router", "10000-20000"), "blocked", "unknown", ["10000-20000"], ROUTER, "dropped", 12),
    "dropped-upper": (lambda: drop("router", "15000-20000"), "partial", "unknown", ["15000-20000"], ROUTER, "dropped", 12),
    "dropped-middle": (lambda: drop("router", "12001-16500"),
                       "partial", "unknown", ["12002-16501"], ROUTER, "dropped", 12),
    "dropped-at-isp": (lambda: drop("isp", "10000-14999"), "partial", "unknown", ["10000-14999"], ISP, "dropped", 12),
    "dropped-at-isp-server-silent": (lambda: both(silence, lambda: drop("isp", "15000-20000")),
                                     "partial", "unknown", None, ISP, "dropped", 12),
    "rejected": (lambda: reject("router", "10000-14999", "admin-prohibited"),
                 "partial", "unknown", ["10000-14999"], ROUTER, "administratively prohibited", 12),
    "rejected-all": (lambda: reject("router", "10000-20000", "port-unreachable"),
                     "blocked", "unknown", ["10000-20000"], ROUTER, "port unreachable", 12),
    "rejected-at-isp": (lambda: reject("isp", "15000-20000", "admin-prohibited"),
                        "partial", "unknown", ["15000-20000"], ISP, "administratively prohibited", 12),
    "dropped-here": (lambda: drop(None, "10000-14999", "output"),
                     "partial", "unknown", ["10000-14999"], None, "This computer itself", 12),
    "isp-hides": (lambda: both(lambda: hide("isp"), lambda: drop("router", "15000-20000")),
                  "partial", "unknown", ["15000-20000"], ROUTER, "dropped", 12),
    "routers-hide": (lambda: both(lambda: hide("router", "isp", "core"), lambda: drop("router", "15000-20000")),
                     "unknown", "unknown", "unknown", None, None, 12),
    "routers-hide-open": (lambda: hide("router", "isp", "core"), "open", "unknown", [], None, None, 12),
}


def echo(first, last):
    udp = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(first, last + 1)]
    for port, one in enumerate(udp, first):
        one.bind(("", port))
    print("ready", flush=True)
    while True:
        for one in select.select(udp, [], [])[0]:
            data, sender = one.recvfrom(65535)
            one.sendto(data, sender)


def profile(case):
    with tempfile.NamedTemporaryFile("w", delete=False) as f:
        f.write("[provider]\ndomain = example.com\n")
        if case != "no-range":
            small = case in ("open-range-small", "echo")
            f.write("[media]\nrtp-ports = %s\n" % ("10000-10015" if small else "10000-20000"))
    return f.name


def run(case, probe):
    spoil, *expected, word, most = CASES[case]
    spoil()
    started = time.monotonic()
    file = profile(case)
    lines = subprocess.run([probe, "198.51.100.10:5060", file], stdout=subprocess.PIPE, text=True,
                           check=True).stdout
    seconds = time.monotonic() - started
    os.unlink(file)
    events = [json.loads(line) for line in lines.splitlines()]
    facts = {e["name"]: e["value"] for e in events if e["event"] == "fact"}
    found = {e["finding"]["id"]: e["finding"] for e in events if e["event"] == "finding"}
    finding = found.get("rtp-ports-blocked", {})
    told = [facts["rtp.out"], facts["rtp.in"], facts["rtp.blocked-ports"], finding.get("where")]
    if expected[2] is None:  # one router's answers alone, one a second: not always to the port
        told[2] = None if re.fullmatch(r"15\d\d\d-20000", "".join(told[2])) else told[2]
    place = expected[3]["hop"] if expected[3] else "unknown"
    wrong = []
    if told != list(expected) or facts["rtp.blocked-hop"] != place:
        wrong.append("told %s, expected %s" % (told, expected))
    if word and word not in " ".join(finding.get("evidence", [])):
        wrong.append("no word of %s" % word)
    if ("path-hidden" in found) != (case == "routers-hide"):
        wrong.append("path-hidden")
    if seconds > most:
        wrong.append("took %.1f s" % seconds)
    if wrong:
        print("not ok: %s: %s\n%s" % (case, "; ".join(wrong), lines))
        sys.exit(1)
    print("ok: %s (%.1f s)" % (case, seconds))


if sys.argv[1] == "list":
    print("\n".join(CASES))
elif sys.argv[1] == "run":
    run(sys.argv[2], sys.argv[3])
else:
    echo(int(sys.argv[2]), int(sys.argv[3]))
