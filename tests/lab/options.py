# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the healthy site: single checks, address families, interfaces, the time
that a run may take, and options in place of a profile."""
from lab import *

ALL = ["local", "router", "dns", "stun", "turn", "ports", "alg", "quality"]
OPTIONS = ["--domain", "example.com", "--stun", "stun.example.com", "--stun", "stun2.example.com",
           "--public-dns", "198.51.100.53"]


def states(result):
    return {c["name"]: c["state"] for c in result.get("checks", [])}


def check_single():
    status, result = run_json("check", "dns", "-p", PROFILE)
    check("check dns: that one alone", (status, states(result)) == (0, {"dns": "done"}), (status, states(result)))
    check("check dns: no facts of others", all(name.startswith("dns.") for name in result["facts"]), result["facts"])
    status, result = run_json("check", "local", "dns", "-p", PROFILE)
    check("check local dns: these two", states(result) == {"local": "done", "dns": "done"}, states(result))
    status, result = run_json("check", "dns", "dns", "-p", PROFILE)
    check("check dns dns: once", [c["name"] for c in result["checks"]] == ["dns"], result["checks"])
    status, out, err = run("check", "local", "-p", PROFILE)
    check("check local, as text: exit status 0", status == 0, status)
    check("check local, as text", "192.168.1.10" in out and "Nothing was found that is wrong." in out, out)
    status, out, err = run("check", "local", "-p", PROFILE, environment={"LC_ALL": "C"})
    check("check local, where there is no UTF-8", out.isascii(), out)


def check_families():
    status, result = run_json("check", "-4", "-p", PROFILE)
    facts = result["facts"]
    check("-4: all checks are done", states(result) == dict.fromkeys(ALL, "done"), states(result))
    check("-4: an IPv4 address to the provider", facts.get("net.address") == "192.168.1.10", facts)
    check("-4: nothing known of IPv6's NAT", facts.get("nat6.type", "unknown") == "unknown", facts)
    check("-4: IPv4's NAT", facts.get("nat.type") == "port-restricted-cone", facts)
    check("-4: exit status", status == 0, result.get("findings"))
    status, result = run_json("check", "-6", "-p", PROFILE)
    facts = result["facts"]
    check("-6: an IPv6 address to the provider", facts.get("net.address") == "2001:db8:1::10", facts)
    check("-6: nothing known of IPv4's NAT", facts.get("nat.type", "unknown") in ("unknown", "symmetric-firewall")
          and facts.get("nat.public-address") != "203.0.113.2", facts)
    check("-6: exit status", status == 0, result.get("findings"))


def check_interface():
    status, result = run_json("check", "local", "stun", "-i", "eth0", "-p", PROFILE)
    check("-i eth0: its address", result["facts"].get("net.address") == "192.168.1.10", result["facts"])
    check("-i eth0: the NAT", result["facts"].get("nat.type") == "port-restricted-cone", result["facts"])
    check("-i eth0: exit status", status == 0, (status, result.get("findings")))
    status, out, err = run("check", "-i", "nosuch0", "-p", PROFILE)
    check("-i nosuch0: refused", (status, out) == (2, ""), (status, out))
    check("-i nosuch0: and told why", "'nosuch0'" in err and "interface" in err, err)


def check_timeout():
    began = time.monotonic()
    status, result = run_json("check", "--timeout", "1", "-p", PROFILE)
    took = time.monotonic() - began
    check("--timeout 1: ends in time", took < 2, took)
    check("--timeout 1: what took longer says so", states(result).get("stun") == "timeout", states(result))
    check("--timeout 1: what was done stays", states(result).get("dns") == "done", states(result))
    check("--timeout 1: nothing is called wrong for it", status == 0 and not result["findings"], result["findings"])
    status, result = run_json("check", "stun", "--timeout", "1", "-p", PROFILE)
    check("--timeout 1, stun alone: nothing could be checked", status == 3, (status, result))


def check_options():
    status, result = run_json("check", *OPTIONS)
    check("options in place of a profile: all checks are done but that of the relay, which none names",
          states(result) == dict(dict.fromkeys(ALL, "done"), turn="skipped"), states(result))
    check("options in place of a profile: the NAT", result["facts"].get("nat.type") == "port-restricted-cone",
          result["facts"])
    check("options in place of a profile: exit status", status == 0, (status, result["findings"]))
    status, result = run_json("check", "dns", "-p", PROFILE, "--domain", "nosuch.example")
    check("an option wins over the profile", [f["id"] for f in result["findings"]] == ["dns-name-not-found"],
          result["findings"])
    check("a name that is not there is a fault", status == 1, status)
    status, result = run_json("check", "dns", "stun", "alg")
    check("nothing named: nothing is sent to anyone", set(states(result).values()) == {"skipped"}, states(result))
    check("nothing named: nothing could be checked", status == 3, status)
    check("nothing named: each says why", all(c.get("why") for c in result["checks"]), result["checks"])
    status, result = run_json("check", "stun", "--stun", "198.51.100.99")
    check("a STUN server that is dead: not that UDP is blocked",
          "udp-blocked" not in [f["id"] for f in result["findings"]] and result["facts"].get("udp.open") != "no", result)
    status, result = run_json("check", "stun", "alg", "--domain", "198.51.100.10", "--stun", "198.51.100.20")
    check("addresses in place of names", (result["facts"].get("nat.type"), result["facts"].get("sip-alg")) ==
          ("port-restricted-cone", "no"), result["facts"])


def check_quiet():
    status, out, err = run("check", "dns", "-q", "-p", PROFILE)
    check("-q: nothing but about root on stderr", all("root" in line for line in err.splitlines()), err)
    dialogue = Dialogue("check", "stun", "-p", PROFILE, terminal=True)
    check("on a terminal there is progress", dialogue.await_text("NAT: "), dialogue.said)
    check("on a terminal: exit status", dialogue.wait() == 0, dialogue.said)


def check_interrupt():
    dialogue = Dialogue("check", "stun", "-p", PROFILE, terminal=True)
    dialogue.await_text("NAT: ")
    dialogue.say("\x03")
    check("Ctrl-C: exit status 130", (status := dialogue.wait()) == 130, status)
    check_nothing_runs("Ctrl-C")
    dialogue = Dialogue("check", "stun", "-p", PROFILE, terminal=True)
    dialogue.await_text("NAT: ")
    dialogue.kill()
    check_nothing_runs("kill -9 of a check")


check_single()
check_families()
check_interface()
check_timeout()
check_options()
check_quiet()
check_interrupt()
finish()
