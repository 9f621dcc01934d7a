# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in a practice site's laptop: is the site what its scenario says?

Argument: when the site was started, in nanoseconds since the epoch.
"""
import ctypes
import hashlib
import os
import re
import select
import socket
import ssl
import struct
import subprocess
import sys
import time

SCENARIO = os.environ["EARSHOT_PRACTICE"]
LAPTOP = "10.8.0.2" if SCENARIO == "tunnel" else "192.168.1.10"
SITE_DNS, PUBLIC_DNS = "192.168.1.1", "198.51.100.53"
SIP = ("198.51.100.10", 5060)
RESPONDER = ("198.51.100.40", 10000)
STUN = {socket.AF_INET: ("198.51.100.20", "198.51.100.21", "198.51.100.30"),
        socket.AF_INET6: ("2001:db8:100::20", "2001:db8:100::21", "2001:db8:100::30")}
A, NAPTR, AAAA, SRV = 1, 35, 28, 33
WAN, GATE = {"cgnat": ("100.64.0.2", "100.64.0.1"), "double-nat": ("10.0.0.2", "10.0.0.1")}.get(
    SCENARIO, ("203.0.113.2", "203.0.113.1"))
OUTSIDE = {"cgnat": "203.0.113.77", "double-nat": "203.0.113.77", "tunnel": "198.51.100.1"}.get(SCENARIO, "203.0.113.2")
HOPS = ["10.8.0.1"] if SCENARIO == "tunnel" else ["192.168.1.1", GATE, "192.0.2.2"]
UDP_WORKS = SCENARIO not in ("udp-blocked", "tcp-only")
SIP_ANSWERS = SCENARIO != "sip-server-silent"
TIMEOUT = 2.0           # for what must come
SILENCE = 0.5           # for what must not come
failures = 0


def check(what, right, seen=""):
    global failures
    if right:
        print("ok -", what)
    else:
        failures += 1
        print("not ok -", what, "- seen:", seen)


def socket_at(namespace, *args):
    """A socket in another box: sockets stay where they were made."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as own, open("/run/netns/" + namespace) as other:
        if libc.setns(other.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return socket.socket(*args)
        finally:
            libc.setns(own.fileno(), 0)


def sniff(namespace, interface):
    s = socket_at(namespace, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((interface, 0))
    return s


def udp_seen(sniffer, wait, wanted):
    """The first UDP/IPv4 packet for which wanted(source, destination, payload)."""
    end = time.monotonic() + wait
    while (left := end - time.monotonic()) > 0:
        if not select.select([sniffer], [], [], left)[0]:
            break
        frame = sniffer.recv(65535)
        if frame[12:14] != b"\x08\x00" or frame[23] != 17:
            continue
        at = 14 + (frame[14] & 15) * 4
        ports = struct.unpack(">HH", frame[at:at + 4])
        source = (socket.inet_ntoa(frame[26:30]), ports[0])
        destination = (socket.inet_ntoa(frame[30:34]), ports[1])
        payload = frame[at + 8:at + struct.unpack(">H", frame[at + 4:at + 6])[0]]
        if wanted(source, destination, payload):
            return source, destination, payload
    return None


def udp_socket(family=socket.AF_INET, local=LAPTOP):
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((local if family == socket.AF_INET else "2001:db8:1::10", 0))
    return s


def ask(s, message, to, wait=None):
    """One datagram out, one in; (None, None) for silence."""
    wait = wait or (TIMEOUT if UDP_WORKS else SILENCE)
    s.sendto(message, to)
    if not select.select([s], [], [], wait)[0]:
        return None, None
    data, peer = s.recvfrom(65535)
    return data, peer[:2]


def limit_ttl(s, ttl):
    s.setsockopt(socket.IPPROTO_IP, 11, 1)          # IP_RECVERR
    s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)


def icmp_error(s, wait):
    """(what the ICMP error quotes, who sent it)"""
    poll = select.poll()
    poll.register(s, 0)
    if not poll.poll(wait * 1000):
        return None, None
    quote, ancillary = s.recvmsg(65535, 1024, 0x2000)[:2]   # MSG_ERRQUEUE
    return quote, socket.inet_ntoa(ancillary[0][2][20:24])


# DNS ---------------------------------------------------------------------------

def dns(server, name, kind, tcp=False, wait=None):
    """(rcode, number of answers, bytes of the whole answer), or None."""
    labels = b"".join(bytes([len(x)]) + x.encode() for x in name.split("."))
    query = struct.pack(">6H", 0x1234, 0x100, 1, 0, 0, 0) + labels + b"\0" + \
        struct.pack(">2H", kind, 1)
    if tcp:
        with socket.create_connection((server, 53), TIMEOUT) as s:
            s.sendall(struct.pack(">H", len(query)) + query)
            data = s.makefile("rb").read(struct.unpack(">H", s.recv(2))[0])
    else:
        with udp_socket(local="" if server == SITE_DNS else LAPTOP) as s:
            data = ask(s, query, (server, 53),
                       TIMEOUT if server == SITE_DNS else wait)[0]
    if data is None:
        return None
    return data[3] & 15, struct.unpack(">H", data[6:8])[0], data


def has_address(answer, address):
    return answer is not None and answer[0] == 0 and socket.inet_aton(address) in answer[2]


def check_dns():
    inside = "10.20.0.5" if SCENARIO == "split-horizon-dns" else SIP[0]
    answer = dns(SITE_DNS, "sip.example.com", A)
    check("the site's DNS says %s for the SIP server" % inside, has_address(answer, inside), answer)
    answer = dns(PUBLIC_DNS, "sip.example.com", A, tcp=not UDP_WORKS)
    check("the public DNS says " + SIP[0], has_address(answer, SIP[0]), answer)
    if not UDP_WORKS:
        answer = dns(PUBLIC_DNS, "sip.example.com", A)
        check("the public DNS cannot be asked over UDP", answer is None, answer)
    for name, kind, count in (("example.com", NAPTR, 3), ("_sips._tcp.example.com", SRV, 1), ("_sip._udp.example.com", SRV, 1),
                              ("_sip._tcp.example.com", SRV, 1), ("stun.example.com", A, 1),
                              ("stun2.example.com", AAAA, 1), ("turn.example.com", AAAA, 1),
                              ("sip.example.com", AAAA, 0 if inside != SIP[0] else 1)):
        answer = dns(SITE_DNS, name, kind)
        check("%s has %d records of type %d" % (name, count, kind),
              answer is not None and answer[:2] == (0, count), answer)
    for name in ("made-up-7361.example.com", "made-up-7361.example.net"):
        answer = dns(SITE_DNS, name, A)
        check(name + " does not exist", answer is not None and answer[0] == 3, answer)
    if SCENARIO == "resolver-dead":
        answer = dns("192.168.1.77", "sip.example.com", A, wait=SILENCE)
        check("the DNS server that the laptop is told is silent", answer is None, answer)
        return
    addresses = {a[4][0] for a in socket.getaddrinfo("sip.example.com", 5060)}
    check("the system's resolver asks the site's DNS", inside in addresses, addresses)


# SIP ---------------------------------------------------------------------------

SDP = "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 0\r\n"


def request(method, port, transport="UDP", more="", body=""):
    return ("{0} sip:2001@example.com SIP/2.0\r\n"
            "Via: SIP/2.0/{1} {2}:{3};branch=z9hG4bK{4};rport\r\n"
            "From: <sip:2001@example.com>;tag=1\r\nTo: <sip:2001@example.com>\r\n"
            "Call-ID: {4}\r\nCSeq: 1 {0}\r\nContact: <sip:2001@{2}:{3}>\r\nMax-Forwards: 70\r\n"
            "{5}Content-Length: {6}\r\n\r\n{7}").format(
                method, transport, LAPTOP, port, os.urandom(6).hex(), more, len(body),
                body).encode()


def status(answer):
    found = re.match(rb"SIP/2\.0 (\d+)", answer or b"")
    return int(found.group(1)) if found else None


def check_options():
    with udp_socket() as s:
        answer = ask(s, request("OPTIONS", s.getsockname()[1]), SIP, None if SIP_ANSWERS else SILENCE)[0]
    if not SIP_ANSWERS:
        check("no answer to OPTIONS from the silent server", answer is None, answer)
        with socket.create_connection(SIP, TIMEOUT) as s:
            s.sendall(request("OPTIONS", s.getsockname()[1], "TCP"))
            check("nor over TCP", not select.select([s], [], [], SILENCE)[0])
        return
    if not UDP_WORKS:
        check("no answer to OPTIONS over UDP", answer is None, answer)
    else:
        check("OPTIONS over UDP is answered with 200", status(answer) == 200, answer)
        # With an ALG the answer's Via was translated back: our own address.
        received = LAPTOP if SCENARIO == "sip-alg" else OUTSIDE
        check("its Via says received=" + received,
              b"received=" + received.encode() in (answer or b""), answer)
        check("it has a Date", re.search(rb"\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n", answer or b""), answer)
        check("its Via says rport", re.search(rb";rport=\d+", answer or b""), answer)
    with socket.create_connection(SIP, TIMEOUT) as s:
        s.sendall(request("OPTIONS", s.getsockname()[1], "TCP"))
        answer = s.recv(65535)
    check("OPTIONS over TCP is answered with 200", status(answer) == 200, answer)
    if SCENARIO == "tunnel":
        return              # it carries no IPv6
    with socket.create_connection(("2001:db8:100::10", 5060), TIMEOUT) as s:
        s.sendall(request("OPTIONS", s.getsockname()[1], "TCP"))
        answer = s.recv(65535)
    check("OPTIONS over TCP and IPv6 is answered with 200", status(answer) == 200, answer)


def tls(host, port):
    """(why the certificate is refused or "", a connection or None)"""
    context = ssl.create_default_context()
    try:
        raw = socket.create_connection((host if SCENARIO != "resolver-dead" else SIP[0], port), TIMEOUT)
        return "", context.wrap_socket(raw, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message, None


def check_tls():
    expected = {"tls-expired": "expired", "tls-wrong-name": "ismatch", "tls-untrusted": "unable to"}.get(SCENARIO, "")
    if SCENARIO != "split-horizon-dns":
        why, s = tls("sip.example.com", 5061)
        check("the SIP server's certificate: " + (expected or "good"), expected in why and bool(expected) == bool(why), why)
    if not expected and SIP_ANSWERS and SCENARIO != "split-horizon-dns":
        s.sendall(request("OPTIONS", s.getsockname()[1], "TLS"))
        answer = s.recv(65535)
        check("OPTIONS over TLS is answered with 200", status(answer) == 200, answer)
    if SCENARIO != "resolver-dead":
        why, s = tls("turn.example.com", 5349)
        check("the TURN server's certificate is good", not why, why)


def check_media():
    """Whether a packet to the lower and to the upper ports of the voice gets past the provider's edge."""
    sniffer = sniff("isp", "net")
    for port in (12000, 18000):
        passes = UDP_WORKS and SCENARIO not in ("rtp-blocked", "rtp-blocked-isp") and \
            not (SCENARIO == "rtp-partly-blocked" and port >= 15000)
        with udp_socket() as s:
            s.sendto(b"voice", (SIP[0], port))
        seen = udp_seen(sniffer, TIMEOUT if passes else SILENCE, lambda source, to, payload: to == (SIP[0], port))
        check("a packet to port %d %s" % (port, "passes" if passes else "is lost"), (seen is not None) == passes, seen)


def check_relay():
    """The password of the TURN server, and whether what it relays arrives, by coturn's own client."""
    for option in (["-t"], [] if UDP_WORKS else ["-t"]):
        words = ["turnutils_uclient", *option, "-y", "-c", "-n", "2", "-m", "1", "-u", "practice", "-w", "practice", STUN[
            socket.AF_INET][0]]
        try:
            said = subprocess.run(words, capture_output=True, text=True, timeout=8).stdout
        except subprocess.TimeoutExpired as stopped:
            said = (stopped.stdout or b"").decode()
        works = bool(re.search("tot_recv_msgs=[1-9]", said)) or "Total lost packets 0 " in said
        right = SCENARIO not in ("turn-wrong-password", "turn-no-relay")
        check("the TURN relay %s %s" % ("works" if right else "does not work", option), works == right, said)
    if SCENARIO == "turn-wrong-password":
        check("it refuses the password", "Cannot complete Allocation" in said, said)


def check_loss():
    with udp_socket() as s:
        answers = 0
        for _ in range(400):
            s.sendto(struct.pack(">HHI", 1, 0, COOKIE) + os.urandom(12), (STUN[socket.AF_INET][0], 3478))
            while select.select([s], [], [], 0.002)[0]:
                s.recv(2048)
                answers += 1
        while select.select([s], [], [], SILENCE)[0]:
            s.recv(2048)
            answers += 1
    check("about one in ten is lost on the way out or back", 320 <= answers <= 390, answers)


def stun_request(attributes):
    return struct.pack(">HHI", 1, len(attributes), COOKIE) + os.urandom(12) + attributes


def check_responder():
    """It sends RTP back to whoever has shown its NONCE, never more than came; the line's queue is long."""
    rtp, filling = b"\x80\0" + bytes(1198), struct.pack(">HH", 0x8022, 128) + bytes(128)
    with udp_socket() as s:
        s.sendto(rtp, RESPONDER)
        check("RTP is sent back to nobody who has shown no NONCE", not select.select([s], [], [], SILENCE)[0])
        short = ask(s, stun_request(b""), RESPONDER)[0] or b""
        check("a short request gets no NONCE", len(short) == 32, short)
        answer = ask(s, stun_request(filling), RESPONDER)[0] or b""
        at = answer.find(b"\0\x15\0\x20")
        if not check("a long one does, no longer than itself", at > 0 and len(answer) <= 20 + len(filling), answer):
            return
        ask(s, stun_request(answer[at:at + 36]), RESPONDER)
        check("then RTP comes back as it was", ask(s, rtp, RESPONDER)[0] == rtp)
        began, came = time.monotonic(), 0
        for _ in range(60):
            s.sendto(rtp, RESPONDER)
        while came < 60 and select.select([s], [], [], TIMEOUT)[0]:
            came += s.recv(2048) == rtp
        seconds = time.monotonic() - began
        check("72 kB wait in the queue for a quarter of a second", came == 60 and 0.2 < seconds < 1, (came, seconds))


def check_ways():
    """Which cards have a default route, and which one leads to the provider."""
    with open("/proc/net/route") as f:
        ways = {line.split()[0] for line in f if line.split()[1] == "00000000"}
    expected = {"two-default-routes": {"eth0", "eth1"}}.get(SCENARIO, {"eth0"})
    check("default routes by " + ", ".join(sorted(expected)), ways == expected, ways)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(SIP)
        check("the way to the provider is from " + LAPTOP, s.getsockname()[0] == LAPTOP, s.getsockname())


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def check_register():
    with socket.create_connection(SIP, TIMEOUT) as s:
        s.sendall(request("REGISTER", s.getsockname()[1], "TCP"))
        answer = s.recv(65535)
        check("REGISTER without a password is answered with 401", status(answer) == 401, answer)
        nonce = re.search(rb'nonce="([^"]+)"', answer).group(1).decode()
        for password, expected in (("practice", 200), ("wrong", 401)):
            uri = "sip:2001@example.com"
            digest = md5("%s:%s:%s" % (md5("2001:example.com:" + password), nonce,
                                       md5("REGISTER:" + uri)))
            s.sendall(request("REGISTER", s.getsockname()[1], "TCP",
                              'Authorization: Digest username="2001", realm="example.com", '
                              'nonce="%s", uri="%s", response="%s"\r\n' % (nonce, uri, digest)))
            answer = s.recv(65535)
            check("REGISTER with password \"%s\" is answered with %d" % (password, expected),
                  status(answer) == expected, answer)


def check_invite(port):
    """What of an INVITE arrives at the ISP, and what the ISP quotes of it."""
    sniffer = sniff("isp", "cust")
    with udp_socket() as s:
        own = s.getsockname()[1]
        sent = request("INVITE", own, more="Content-Type: application/sdp\r\n",
                       body=SDP.format(LAPTOP, 40000 + port % 100 * 2))
        limit_ttl(s, 2)
        s.sendto(sent, (SIP[0], port))
        seen = udp_seen(sniffer, TIMEOUT if UDP_WORKS else SILENCE,
                        lambda source, to, payload: to == (SIP[0], port) and b"INVITE" in payload)
        if not UDP_WORKS:
            check("no INVITE to port %d reaches the ISP" % port, seen is None, seen)
            return
        check("an INVITE to port %d reaches the ISP from %s" % (port, WAN),
              seen is not None and seen[0][0] == WAN, seen)
        if seen is None:
            return
        if SCENARIO == "sip-alg" and port == 5060:
            arrived = seen[2].decode()
            check("the ALG rewrote Via", "UDP %s:%d;" % seen[0] in arrived, arrived)
            check("the ALG rewrote Contact", "<sip:2001@%s:" % WAN in arrived, arrived)
            check("the ALG rewrote SDP", "c=IN IP4 " + WAN in arrived, arrived)
            check("nothing of the own address is left", LAPTOP not in arrived, arrived)
        else:
            check("it arrives as it was sent", seen[2] == sent, seen[2])
        quote, origin = icmp_error(s, TIMEOUT)
        check("the ISP's router quotes what it got", quote == seen[2], quote)
        check("and answers from " + HOPS[1], origin == HOPS[1], origin)


# STUN --------------------------------------------------------------------------

COOKIE = 0x2112A442


def stun(s, to, change=0, wait=None):
    """(source, {attribute: (address, port)}) of the answer to a Binding request."""
    identifier = struct.pack(">I", COOKIE) + os.urandom(12)
    body = struct.pack(">HHI", 3, 4, change) if change else b""
    data, source = ask(s, struct.pack(">HH", 1, len(body)) + identifier + body, to, wait)
    if data is None or data[4:20] != identifier:
        return None, {}
    found, at = {}, 20
    while at + 4 <= len(data):
        kind, length = struct.unpack(">HH", data[at:at + 4])
        value = data[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4
        if kind not in (0x0001, 0x0020, 0x802C):
            continue
        port, address = struct.unpack(">H", value[2:4])[0], value[4:]
        if kind == 0x0020:
            port ^= COOKIE >> 16
            address = bytes(a ^ b for a, b in zip(address, identifier))
        found[kind] = (socket.inet_ntop(s.family, address), port)
    return source, found


def check_stun(family):
    first, other, second = STUN[family]
    with udp_socket(family) as s:
        own = s.getsockname()[1]
        answers = [stun(s, (address, 3478)) for address in (first, other, second)]
    if not UDP_WORKS:
        check("no STUN server answers", not any(a[0] for a in answers), answers)
        return
    check("all three STUN addresses answer", all(a[0] for a in answers), answers)
    check("OTHER-ADDRESS is the other address and port",
          answers[0][1].get(0x802C) == (other, 3479), answers[0])
    check("the second server has no OTHER-ADDRESS", 0x802C not in answers[2][1], answers[2])
    mapped = [a[1].get(0x0020) for a in answers]
    check("MAPPED-ADDRESS is the same", mapped == [a[1].get(0x0001) for a in answers], answers)
    if family == socket.AF_INET6:
        check("there is no NAT", set(mapped) == {("2001:db8:1::10", own)}, mapped)
    elif SCENARIO == "symmetric-nat":
        check("every destination sees another port", len(set(mapped)) == 3, mapped)
    else:
        check("every destination sees %s and the same port" % OUTSIDE,
              set(mapped) == {(OUTSIDE, own)}, mapped)
    if family == socket.AF_INET and SCENARIO != "tunnel":
        sniffer = sniff("isp", "net")
        with udp_socket() as s:
            source, _ = stun(s, (first, 3478), 6, SILENCE)
        check("the router lets in nobody who was not written to", source is None, source)
        seen = udp_seen(sniffer, SILENCE, lambda source, to, payload: source == (other, 3479))
        check("though the other address did answer", seen is not None, "nothing")


# The way -------------------------------------------------------------------------

def check_hops():
    hops = []
    for ttl in range(1, len(HOPS) + 1):
        with udp_socket() as s:
            limit_ttl(s, ttl)
            s.sendto(b"not SIP", (SIP[0], 5090))
            hops.append(icmp_error(s, TIMEOUT if UDP_WORKS or ttl == 1 else SILENCE)[1])
    expected = HOPS if UDP_WORKS else [HOPS[0], None, None]
    check("the hops are " + ", ".join(str(h) for h in expected), hops == expected, hops)


def check_isolation():
    interfaces = {name for _, name in socket.if_nameindex()}
    # Tunnel templates appear by themselves where the kernel has them built in.
    interfaces -= {"sit0", "tunl0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0",
                   "ip6_vti0", "ip6gre0"}
    expected = {"lo", "eth0"} | {"two-default-routes": {"eth1"}, "tunnel": {"tun0"}}.get(SCENARIO, set())
    check("the laptop has its own cards alone", interfaces == expected, interfaces)
    with open("/proc/net/unix") as f:
        abstract = [line for line in f if " @" in line]
    check("no sockets of the machine are in reach", not abstract, abstract)


def main():
    print("# %s: set up in %.2f s" % (SCENARIO, (time.time_ns() - int(sys.argv[1])) / 1e9))
    check("the profile is there", os.access(os.environ["EARSHOT_PROFILE"], os.R_OK))
    check_isolation()
    if SCENARIO == "packet-loss":
        check_loss()        # anything else may go wrong
        sys.exit(1 if failures else 0)
    check_dns()
    check_options()
    check_tls()
    check_ways()
    if SIP_ANSWERS:
        check_register()
    if SCENARIO.startswith("turn-") or SCENARIO in ("healthy", "tcp-only"):
        check_relay()
    if SCENARIO != "tunnel":
        check_media()
        check_invite(5060)
        check_invite(5070)
        check_stun(socket.AF_INET6)
    check_stun(socket.AF_INET)
    check_hops()
    if SCENARIO == "bufferbloat":
        check_responder()
    sys.exit(1 if failures else 0)


main()
