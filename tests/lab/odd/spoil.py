# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to spoil the healthy practice site, for the tables of cases. Each case is
name: Case(how it is spoilt, findings, ...); see Case."""
import os
import re
import select
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PRACTICE = os.path.join(HERE, "..", "..", "..", "data", "practice")
DIR = os.environ.get("EARSHOT_PRACTICE_DIR", "")
PROVIDER = "198.51.100.10"


class Case:
    """checks: which run, all where none is named. findings: id to severity ("fault|risk" is either),
    all faults and risks and the notes named. where: id to hop. cause: of "diagnose", which then runs all checks.
    direction: id to direction. options: more words for the command line."""

    def __init__(self, spoil, findings, checks="", facts=None, where=None, cause=None, seconds=10, direction=None, options=()):
        self.spoil, self.findings, self.checks = spoil, findings, checks.split()
        self.facts, self.where, self.cause, self.seconds = facts or {}, where or {}, cause, seconds
        self.direction, self.options = direction or {}, options


def command(namespace, *words, text=""):
    enter = ["nsenter", "--net=/run/netns/" + namespace] if namespace else []
    subprocess.run([*enter, *words], input=text, text=True, check=True)


def start(namespace, *words):
    """In the background, until the site ends."""
    enter = ["nsenter", "--net=/run/netns/" + namespace] if namespace else []
    with open(os.path.join(DIR, "odd.log"), "a") as log:
        return subprocess.Popen([*enter, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def script(namespace, name, *words):
    return start(namespace, sys.executable, os.path.join(HERE, name), *words)


def await_socket(namespace, protocol, where):
    end = time.monotonic() + 5
    while not subprocess.run(["nsenter", "--net=/run/netns/" + namespace, "ss", "-Hnl" + protocol, "src", where],
                             capture_output=True).stdout:
        if time.monotonic() > end:
            raise TimeoutError(where)
        select.select([], [], [], 0.01)


def nft(namespace, rules):
    command(namespace, "nft", "-f", "-", text=rules)


def drop(namespace, *rules, hook="forward", name="odd"):
    """The packets of the rules are lost, refused or changed; each ends in the verdict. To look at the state makes
    the box put fragments together first: else nft takes what stands in their middle for ports."""
    nft(namespace, "table inet %s {\nchain c {\ntype filter hook %s priority -10\nct state invalid counter\n%s\n}\n}\n" %
        (name, hook, "\n".join(rules)))


def ip(*commands, namespace=None):
    for words in commands:
        command(namespace, "ip", *words.split())


def zone(remove, *lines):
    """The provider's DNS without the lines that match, and with these: another server in the place of the first."""
    with open(os.path.join(DIR, "dns.conf")) as f:
        kept = [line for line in f.read().splitlines() if not (remove and re.search(remove, line))]
    path = os.path.join(DIR, "odd-dns.conf")
    with open(path, "w") as f:
        f.write("\n".join([*kept, *lines]) + "\n")
    start("dns", "dnsmasq", "--keep-in-foreground", "--user=root", "--group=", "--bind-interfaces", "--no-resolv", "--no-hosts",
          "--pid-file=", "--log-facility=-", "--port=5300", "--listen-address=198.51.100.53", "--conf-file=" + path)
    await_socket("dns", "u", "198.51.100.53:5300")
    redirect("dns", "udp dport 53", 5300)
    redirect("dns", "tcp dport 53", 5300, name="odd2")


def redirect(namespace, match, port, name="odd"):
    nft(namespace, "table ip %s {\nchain c {\ntype nat hook prerouting priority dstnat\n%s redirect to :%d\n}\n}\n" %
        (name, match, port))


def router_resolver(*words):
    script("router", "resolver.py", *words)
    await_socket("router", "u", "192.168.1.1:5300")
    redirect("router", 'iifname "lan" udp dport 53', 5300)


def box(match, *words):
    """What matches goes through box.py on its way out of the router, before NAT, without another hop."""
    ip("tuntap add dev box mode tun", namespace="router")
    script("router", "box.py", "box", *words)
    end = time.monotonic() + 5
    ip("link set box up", "rule add fwmark 7 lookup 77", namespace="router")
    command("router", "sh", "-c", "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done")
    while time.monotonic() < end and subprocess.run(
            ["nsenter", "--net=/run/netns/router", "ip", "route", "replace", "default", "dev", "box", "table", "77"],
            capture_output=True).returncode:
        select.select([], [], [], 0.01)
    # What comes before box.py reads the device is lost.
    while b"LOWER_UP" not in subprocess.run(["nsenter", "--net=/run/netns/router", "ip", "link", "show", "box"],
                                            capture_output=True).stdout:
        if time.monotonic() > end:
            raise TimeoutError("box")
        select.select([], [], [], 0.01)
    nft("router", 'table ip odd {\nchain c {\ntype filter hook prerouting priority raw\n'
                  'iifname "lan" %s meta mark set 7 notrack\n}\n}\n'
                  'insert rule inet filter forward iifname "lan" oifname "box" accept\n'
                  'insert rule inet filter forward iifname "box" accept\n' % match)


def responder(*words):
    """As start_responder of data/practice/lib.sh has it."""
    ip("addr add 198.51.100.40/24 dev eth0", namespace="turn")
    nft("turn", "table ip responder {\nchain c {\ntype nat hook prerouting priority dstnat\n"
                "ip daddr 198.51.100.40 udp dport 10000-20000 dnat to 198.51.100.40:5004\n}\n}\n")
    start("turn", sys.executable, os.path.join(PRACTICE, "responder.py"), "198.51.100.40", "3478", "5004", *words)
    await_socket("turn", "u", "198.51.100.40:5004")


def resolvers(*addresses):
    with open("/etc/resolv.conf", "w") as f:
        f.writelines("nameserver %s\n" % address for address in addresses)


def both(*ways):
    """One after the other."""
    return lambda: [way() for way in ways]
