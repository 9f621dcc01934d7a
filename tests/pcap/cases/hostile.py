# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures that are damaged, or that somebody made to do harm. The good part is analysed, what was passed over is
counted, and nothing that stands in them gets to the terminal as it is."""
import struct

import wire
from case import ANY, CASES, case
from scene import PBX, PHONE, PHONE6, SERVER6, Scene, at, whole


def passed_over(result):
    if not result["input"]["passed_over"]:
        yield "input.passed_over is %s though something was" % result["input"]["passed_over"]


def damaged(result):
    if not result["input"]["damaged"]:
        yield "input.damaged is %s" % result["input"]["damaged"]


def not_damaged(result):
    if result["input"]["damaged"]:
        yield "input.damaged is %s for a whole file" % result["input"]["damaged"]


# The file -----------------------------------------------------------------------------


@case
def file_of_no_bytes(c):
    c.raw(b"")
    c.status = 2


@case
def file_of_garbage(c):
    c.raw(wire.scrambled(7, 5000))
    c.status = 2


@case
def file_of_text(c):
    c.raw(b"INVITE sip:bob@example.com SIP/2.0\r\n\r\n" * 40)
    c.status = 2


@case
def file_not_there(c):
    c.files.append(c.folder + "/nowhere.pcap")
    c.status = 2


@case
def file_cut_in_its_header(c):
    c.raw(wire.Capture().bytes()[:13])
    c.status = 2


@case
def file_cut_in_a_packet(c):
    """As when the disk is full: the last packet is not whole. The call has no end then."""
    capture = c.capture()
    s = Scene(capture).up().talk(5)
    capture.frame(s.end + 1, bytes(200))
    c.captures.clear()
    c.raw(capture.bytes()[:-100])
    c.tshark = False
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)
    c.further.append(damaged)


@case
def file_cut_in_a_packet_pcapng(c):
    capture = c.capture(form="pcapng")
    s = Scene(capture).up().talk(5)
    capture.frame(s.end + 1, bytes(200))
    c.captures.clear()
    c.raw(capture.bytes()[:-100], "pcapng")
    c.tshark = False
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)
    c.further.append(damaged)


@case
def file_record_that_lies(c):
    """A packet that is 2 GB long, it says; what comes before it is good."""
    capture = c.capture()
    s = Scene(capture).up().talk(5).bye()
    capture.tail = struct.pack("<IIII", wire.START + 30, 0, 0x7FFFFFFF, 0x7FFFFFFF) + bytes(300)
    c.tshark = False
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)
    c.further.append(damaged)


@case
def file_block_that_lies(c):
    capture = c.capture(form="pcapng")
    s = Scene(capture).up().talk(5).bye()
    capture.tail = struct.pack("<II", 6, 0xFFFFFFF0) + bytes(300)
    c.tshark = False
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)
    c.further.append(damaged)


@case
def file_gzip_cut(c):
    import gzip
    capture = c.capture()
    s = Scene(capture).up().talk(5)
    capture.frame(s.end + 1, bytes(200))
    c.captures.clear()
    c.raw(gzip.compress(capture.bytes(), mtime=0)[:-30], "pcap.gz")
    c.tshark = False
    c.expect(s.call_id, answered=s.answered)
    c.further.append(damaged)


@case
def wire_length_that_lies(c):
    """Shorter on the line than what was captured, and 2 GB on the line."""
    capture = c.capture()
    s = whole(c, capture)
    for i in range(20):
        capture.frame(2 + i * 0.1, bytes(100), 10)
        capture.frame(2.05 + i * 0.1, bytes(100), 0x7FFFFFFF)
    c.tshark = False


# The command line ---------------------------------------------------------------------


def refused(*options, files=1):
    def made(c):
        whole(c, c.capture())
        c.captures *= files
        c.options += options
        c.status = 2
    return made


CASES["option-at-wrong"] = refused("--at", "moon")
CASES["option-phone-wrong"] = refused("--phone", "192.168.1.300")
CASES["option-unknown"] = refused("--no-such-option")
CASES["files-none"] = refused(files=0)
CASES["files-three"] = refused(files=3)


# Link, network, transport -------------------------------------------------------------


def beside_a_call(name, doc):
    """Makes a case of a function that adds packets to a capture with a good call."""
    def wrap(function):
        def made(c):
            capture = c.capture()
            s = whole(c, capture)
            function(capture, s)
            c.tshark = False
            if doc:
                c.further += [passed_over, not_damaged]
        CASES["hostile-" + name] = made
        return made
    return wrap


def address(text):
    return wire.ipaddress.ip_address(text)


A, B = address(PHONE), address(PBX)
A6, B6 = address(PHONE6), address(SERVER6)


@beside_a_call("ip-lengths", True)
def ip_lengths(capture, s):
    inner = wire.udp(A, 41000, B, 21000, wire.rtp(0, 1, 1, 0x9999, bytes(160)))
    for i, more in enumerate(({"total": 0}, {"total": 19}, {"total": 21}, {"total": 65535}, {"header_words": 0},
                              {"header_words": 4}, {"header_words": 15})):
        capture.ip(2 + i * 0.01, wire.ipv4(A, B, wire.UDP, inner, **more))
    capture.ip(2.1, wire.ipv4(A, B, wire.UDP, b""))
    capture.ip(2.2, wire.ipv4(A, B, wire.UDP, inner)[:15])
    capture.ip(2.3, b"\x45")


@beside_a_call("udp-lengths", True)
def udp_lengths(capture, s):
    payload = wire.rtp(0, 1, 1, 0x9999, bytes(160))
    for i, size in enumerate((0, 1, 7, 60000, 65535)):
        capture.ip(2 + i * 0.01, wire.ipv4(A, B, wire.UDP, wire.udp(A, 41000, B, 21000, payload, length=size)))
        capture.ip(2.2 + i * 0.01, wire.ipv6(A6, B6, wire.UDP, wire.udp(A6, 41000, B6, 21000, payload, length=size)))


@beside_a_call("ipv6-lengths", True)
def ipv6_lengths(capture, s):
    inner = wire.udp(A6, 41000, B6, 21000, bytes(100))
    for i, size in enumerate((0, 1, 65535)):
        capture.ip(2 + i * 0.01, wire.ipv6(A6, B6, wire.UDP, inner, length=size))
    capture.ip(2.1, wire.ipv6(A6, B6, wire.UDP, inner)[:30])
    # An extension header that reaches past the end, and two hundred of them in a row.
    capture.ip(2.2, wire.ipv6(A6, B6, wire.UDP, inner, extensions=[(wire.DESTINATION, b"\xff" + bytes(6))]))
    capture.ip(2.3, wire.ipv6(A6, B6, wire.UDP, inner, extensions=[(wire.DESTINATION, wire.extension())] * 170))


@beside_a_call("vlan-tower", True)
def vlan_tower(capture, s):
    packet = wire.ipv4(A, B, wire.UDP, wire.udp(A, 41000, B, 21000, bytes(100)))
    capture.frame(2, wire.ethernet(packet, wire.VLAN * 300))
    capture.frame(2.1, wire.mac(packet, True) + wire.mac(packet, False) + wire.VLAN)
    capture.frame(2.2, wire.mac(packet, True) + wire.mac(packet, False) + struct.pack("!HBBHH", 0x8864, 0x11, 0, 7, 65535))


@beside_a_call("fragments-never-whole", True)
def fragments_never_whole(capture, s):
    for i in range(3000):
        capture.ip(2 + i * 0.0005, wire.ipv4(A, B, wire.UDP, bytes(64), ident=i, more=True, offset=(i % 3) * 64))


@beside_a_call("fragments-past-the-end", True)
def fragments_past_the_end(capture, s):
    """Put together they are longer than a packet can be."""
    for i in range(48):
        capture.ip(2 + i * 0.001, wire.ipv4(A, B, wire.UDP, bytes(1400), ident=9, more=True, offset=i * 1400))
    capture.ip(2.5, wire.ipv4(A, B, wire.UDP, bytes(1400), ident=9, offset=65528))
    body = struct.pack("!BHI", 0, 65528, 9)
    capture.ip(2.6, wire.ipv6(A6, B6, wire.UDP, bytes(1000), extensions=[(wire.FRAGMENT, body)]))


@beside_a_call("fragments-that-contradict", False)
def fragments_that_contradict(capture, s):
    """The same place twice, with other bytes; and one byte at a time."""
    one = wire.udp(A, 5060, B, 5060, b"OPTIONS sip:a@example.com SIP/2.0\r\nCall-ID: x\r\n\r\n" + bytes(400))
    for offset, data in ((0, one[:256]), (128, b"\xff" * 128), (0, b"\xee" * 64), (256, one[256:])):
        capture.ip(2 + offset / 1e5, wire.ipv4(A, B, wire.UDP, data, ident=77, more=offset < 256, offset=offset))
    for i in range(60):
        capture.ip(2.5 + i * 0.001, wire.ipv4(A, B, wire.UDP, b"\xff", ident=78, more=True, offset=i * 8))


@beside_a_call("tcp-garbage", False)
def tcp_garbage(capture, s):
    """To port 5060, and nothing of it is SIP."""
    line = wire.Tcp(capture, at(PHONE, 35099), at(PBX, 5060), 2)
    for i in range(250):
        line.send(2.01 + i * 0.004, at(PHONE, 35099), wire.scrambled(i + 1, 1400))


@beside_a_call("tcp-header-without-end", False)
def tcp_header_without_end(capture, s):
    line = wire.Tcp(capture, at(PHONE, 35099), at(PBX, 5060), 2)
    line.send(2.01, at(PHONE, 35099), b"INVITE sip:bob@example.com SIP/2.0\r\nX-Long: ")
    for i in range(250):
        line.send(2.02 + i * 0.004, at(PHONE, 35099), b"a" * 1400)


@beside_a_call("tcp-body-without-end", False)
def tcp_body_without_end(capture, s):
    """The body is 2 GB, it says."""
    line = wire.Tcp(capture, at(PHONE, 35099), at(PBX, 5060), 2)
    line.send(2.01, at(PHONE, 35099), wire.message("REGISTER sip:example.com SIP/2.0", [("Call-ID", "big")], b"x", length=2147483647))
    for i in range(200):
        line.send(2.02 + i * 0.004, at(PHONE, 35099), b"a" * 1400)


@beside_a_call("tcp-lengths", True)
def tcp_lengths(capture, s):
    good = wire.tcp(A, 35099, B, 5060, 1, 1, wire.ACK, b"OPTIONS sip:x SIP/2.0\r\n\r\n")
    for i, words in enumerate((0, 1, 4, 15)):
        capture.ip(2 + i * 0.01, wire.ipv4(A, B, wire.TCP, good[:12] + bytes([words << 4]) + good[13:]))
    capture.ip(2.1, wire.ipv4(A, B, wire.TCP, good[:10]))


@beside_a_call("tcp-numbers-everywhere", False)
def tcp_numbers_everywhere(capture, s):
    """Segments all over the sequence space, none of which fits to the others."""
    for i in range(2000):
        number = (i * 2654435761) & 0xFFFFFFFF
        capture.ip(2 + i * 0.0005, wire.ipv4(A, B, wire.TCP, wire.tcp(A, 35099, B, 5060, number, 1, wire.ACK, bytes(500))))


@beside_a_call("icmp-cut", False)
def icmp_cut(capture, s):
    quoted = wire.ipv4(A, B, wire.UDP, wire.udp(A, 40000, B, 20000, bytes(160)))
    for size in (0, 1, 19, 20, 27, 28):
        capture.icmp_unreachable(2 + size / 1000, PBX, quoted[:20], code=3) if size == 20 else capture.segment(
            2 + size / 1000, B, A, wire.ICMP, struct.pack("!BBHI", 3, 3, 0, 0) + quoted[:size])


@beside_a_call("clock-gone-mad", False)
def clock_gone_mad(capture, s):
    """Packets from the year 2106, and from 1970."""
    for i in range(5):
        capture.udp(4294967295 - wire.START - 10 + i, "192.168.1.20:50000", "192.168.1.1:53", bytes(40))
    capture.udp(-wire.START + 1, "192.168.1.20:50000", "192.168.1.1:53", bytes(40))


# STUN, TURN, RTP, RTCP ------------------------------------------------------------------


@beside_a_call("stun-lengths", False)
def stun_lengths(capture, s):
    good = wire.stun(wire.BINDING, wire.SUCCESS, 5, [(0x20, wire.xor_address("198.51.100.7:40000", 5))])
    for i, change in enumerate((lambda d: d[:2] + b"\xff\xfc" + d[4:], lambda d: d[:22] + b"\xff\xff" + d[24:],
                                lambda d: d[:22] + b"\0\1" + d[24:], lambda d: d[:20], lambda d: d[:21], lambda d: d[:7])):
        capture.udp(2 + i * 0.01, "203.0.113.33:3478", "192.168.1.10:41000", change(good))


@beside_a_call("turn-in-turn", False)
def turn_in_turn(capture, s):
    """A Send indication in a Send indication, a hundred deep; channel data whose length lies."""
    data = wire.rtp(0, 1, 1, 0x7777, bytes(160))
    for i in range(100):
        data = wire.turn_data(wire.SEND, "203.0.113.5:20000", data, i)
    capture.udp(2, "192.168.1.10:41000", "203.0.113.60:3478", data[:60000])
    for i, size in enumerate((0, 1, 171, 173, 65535)):
        packet = wire.channel_data(0x4001, wire.rtp(0, i, i, 0x7778, bytes(160)))
        capture.udp(2.1 + i * 0.01, "192.168.1.10:41000", "203.0.113.60:3478", packet[:2] + struct.pack("!H", size) + packet[4:])


@beside_a_call("rtp-lengths", False)
def rtp_lengths(capture, s):
    """Contributing sources, extension and padding that reach past the end; on a port of their own."""
    base = wire.rtp(0, 1, 160, 0x8888, bytes(20))
    for i, data in enumerate((b"\x8f" + base[1:], b"\x90" + base[1:12] + b"\xbe\xde\xff\xff", b"\xa0" + base[1:-1] + b"\xff",
                              b"\xa0" + base[1:-1] + b"\0", base[:12], base[:11], base[:1], b"", b"\xbf" + base[1:13],
                              b"\x90" + base[1:14])):
        capture.udp(2 + i * 0.02, "192.168.1.10:41000", "192.168.1.2:21000", data)


@beside_a_call("rtcp-lengths", False)
def rtcp_lengths(capture, s):
    good = wire.sender_report(5, 1, 1, 1, 1, [wire.report_block(6)])
    for i, data in enumerate((good[:2] + b"\xff\xff" + good[4:], good[:2] + b"\0\0" + good[4:], b"\x9f" + good[1:], good[:6],
                              good + b"\x80", b"\x81\xca\0\1\0\0\0\5\1\xff", good * 40)):
        capture.udp(2 + i * 0.02, "192.168.1.10:40001", "192.168.1.2:20001", data)


@case
def hostile_thousands_of_sources(c):
    """Each packet has an SSRC of its own; a stream of one packet is hardly a stream, so how many are told is open."""
    capture = c.capture()
    s = Scene(capture).up().talk(5).bye()
    for i in range(6000):
        capture.udp(2 + i * 0.0004, "192.168.1.2:20000", "192.168.1.10:40000", wire.rtp(0, i & 0xFFFF, i * 160, 0x50000000 + i, bytes(20)))
    c.expect(s.call_id, verdict=ANY, out=ANY, in_=ANY, findings=ANY)
    c.golden = c.tshark = False
    c.status = {0, 1}


@case
def hostile_thousands_of_calls(c):
    """INVITEs of a scanner; nobody answers within the capture."""
    capture = c.capture()
    s = whole(c, capture)
    for i in range(3000):
        d = wire.Dialog(capture, "203.0.113.200:5060", at(PBX, 5060), "scan-%d@203.0.113.200" % i, caller_tag="s%d" % i)
        d.invite(2 + i * 0.0005)
    c.others = True
    c.golden = c.tshark = False
    c.status = {0, 1}


# SIP and SDP ---------------------------------------------------------------------------

HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u009b31m \u202egnp.exe \u2066x\u2069 \x7f\x01 tab\there"


@case
def hostile_text_in_headers(c):
    """Escape sequences, C1, text that turns round, and bytes that are not UTF-8, wherever text is told."""
    capture = c.capture()
    raw = HOSTILE.encode() + b"\x9b31m \xff\xfe \xc0\xaf \xed\xa0\x80"
    text = raw.decode("utf-8", "surrogateescape")
    s = Scene(capture)
    d = s.dialog
    d.agent, d.server = "Phone " + text, "Server " + text
    d.party = lambda caller, tag=True: '"%s" <sip:%s@example.com>%s' % (
        text.replace("\x01", ""), d.users[0 if caller else 1], ";tag=" + d.tags[0 if caller else 1] if tag else "")
    s.up().talk().bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def hostile_text_in_the_call_id(c):
    capture = c.capture()
    s = Scene(capture, call_id="\x1b[31mcall\u202e@\u009bexample.com").up().talk().bye()
    c.expect(ANY, streams=s.streams(), answered=s.answered)


@case
def hostile_text_in_the_description(c):
    text = HOSTILE + "\udcff\udc9b"
    more = {"session": ("i=" + text,), "more": ("a=label:" + text, "a=" + text, "a=rtpmap:0 PC\x1bMU/8000"), "events": 101}
    s = Scene(c.capture(), offer=more, answer=more)
    s.up().talk().bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out=ANY, in_=ANY, answered=s.answered,
             streams=s.streams(codec=ANY, silent=ANY))


@case
def hostile_codec_name(c):
    """A codec's name is text from the network too."""
    codecs = {"codecs": ("96 EV\x1b[31mIL\u202e/8000",)}
    s = Scene(c.capture(), offer=codecs, answer=codecs)
    s.out.payload_type = s.in_.payload_type = 96
    s.up().talk().bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out=ANY, in_=ANY, streams=s.streams(codec=ANY, silent=ANY, jitter_ms=ANY))


def long_description(c, more):
    """Over TCP, for it does not fit into a datagram."""
    capture = c.capture()
    line = wire.Tcp(capture, at(PHONE, 35060), at(PBX, 5060), 0.5)
    s = Scene(capture, sip_ports=(35060, 5060), transport="TCP", tcp=line, offer={"more": more}, ring=1.0)
    data = len(s.offer)
    d = s.dialog
    d.invite(1, s.offer, how={"cuts": tuple(range(1400, data, 1400)), "apart": 0.001})
    d.reply(1.6, 180)
    d.reply(2, 200, s.answer)
    d.ack(2.02)
    s.answered = 2.0
    s.talk().bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out=ANY, in_=ANY, answered=s.answered, streams=s.streams())


@case
def hostile_description_of_thousands_of_lines(c):
    long_description(c, ["a=x-line-%d:nothing" % i for i in range(4000)])


@case
def hostile_description_of_thousands_of_media(c):
    long_description(c, [line for i in range(1500) for line in ("m=audio %d RTP/AVP 0" % (50000 + i), "c=IN IP4 192.168.9.%d" % (i & 255))])


@case
def hostile_description_of_thousands_of_formats(c):
    long_description(c, ["m=audio 50000 RTP/AVP " + " ".join(map(str, range(3000)))] +
                     ["a=rtpmap:%d X%d/8000" % (i, i) for i in range(3000)])


@case
def hostile_thousands_of_headers(c):
    capture = c.capture()
    s = Scene(capture)
    d = s.dialog
    d.invite(1, s.offer, more=[("X-%d" % i, "v") for i in range(5000)])
    d.reply(1.1, 180)
    d.reply(1.2, 200, s.answer)
    d.ack(1.22)
    s.answered = 1.2
    s.talk().bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out=ANY, in_=ANY, streams=s.streams())


@case
def torture_valid(c):
    """Legal, and hardly ever seen (in the spirit of RFC 4475, 3.1): odd spaces and case, folded lines, comments,
    quoted text with escapes, an empty header, unknown parameters and headers, many zeros."""
    capture = c.capture()
    s = Scene(capture)
    d = s.dialog
    plain = d.send

    def tortured(when, from_caller, data, **how):
        head, _, body = data.partition(b"\r\n\r\n")
        head = head.replace(b"\r\nVia: SIP/2.0/UDP", b"\r\nvIa : SIP  / 2.0\r\n /UDP ")
        head = head.replace(b"\r\nCSeq: ", b"\r\nCSEQ:\t 00000000")
        head = head.replace(b"\r\nFrom: ", b'\r\nfrom:   "A \\\\ \\"quoted\\" \xc3\xa4; tag=not <sip:x@y>, ,"\r\n\t')
        head = head.replace(b"\r\nCall-ID: ", b"\r\ncall-id :\r\n   ")
        head = head.replace(b"\r\nMax-Forwards: 70", b"\r\nMAX-FORWARDS: 0000070\r\nSubject:\r\nX-Unknown;with=odd:  "
                                                     b"characters %00 \"\r\n and a fold")
        head = head.replace(b"Content-Length: ", b"Content-Length:\t 00000")
        plain(when, from_caller, head + b"\r\n\r\n" + body, **how)
    d.send = tortured
    s.up().talk().bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def torture_invalid(c):
    """Not legal (in the spirit of RFC 4475, 3.1.2): beside them a call is fine."""
    capture = c.capture()
    whole(c, capture)
    head = [("Via", "SIP/2.0/UDP 192.168.1.30:5060;branch=z9hG4bK-t"), ("From", "<sip:t@example.com>;tag=t"),
            ("To", "<sip:u@example.com>"), ("CSeq", "1 INVITE"), ("Max-Forwards", "70")]
    start = "INVITE sip:u@example.com SIP/2.0"
    body = wire.sdp("192.168.1.30:45000")
    messages = [
        wire.message(start, head + [("Call-ID", "t0")], body, length=-999),
        wire.message(start, head + [("Call-ID", "t1")], body, length=99999),
        wire.message(start, head + [("Call-ID", "t2")], body, length=3),
        wire.message(start, head, body),
        wire.message(start, [h for h in head if h[0] != "CSeq"] + [("Call-ID", "t4"), ("CSeq", "4294967296999 INVITE")], body),
        wire.message(start, [h for h in head if h[0] != "CSeq"] + [("Call-ID", "t5"), ("CSeq", "1 OPTIONS")], body),
        wire.message(start, [h for h in head if h[0] != "From"] + [("Call-ID", "t6"), ("From", '"unterminated <sip:t@example.com')], body),
        wire.message("INVITE sip:u@example.com SIP/7.0", head + [("Call-ID", "t7")], body),
        wire.message("INVITE  sip:u@example.com  SIP/2.0 ", head + [("Call-ID", "t8")], body),
        wire.message("INVITE sip:u@example.com", head + [("Call-ID", "t9")], body),
        wire.message(start, head + [("Call-ID", "t10"), ("Call-ID", "t10b"), ("From", "<sip:two@example.com>;tag=2")], body),
        wire.message("SIP/2.0 999999 Far Too Much", head + [("Call-ID", "t11")], body),
        wire.message("SIP/2.0 -1 Less Than Nothing", head + [("Call-ID", "t12")], body),
        wire.message("SIP/2.0 200", head + [("Call-ID", "t13")]),
        b"INVITE", b"INVITE sip:", b"SIP/2.0", b"SIP/2.0 200 OK\r\n", b"\r\n" * 300, b"INVITE sip:u@example.com SIP/2.0\r\n\r\n",
        wire.message(start, head + [("Call-ID", "t14")], body).replace(b"\r\n", b"\r"),
        wire.message(start, head + [("Call-ID", "t15")], body).replace(b"\r\n", b"\n"),
        wire.message(start, head + [("Call-ID", "x" * 30000)], body),
        wire.message(start, head + [("Call-ID", "t16\0hidden")], body),
        wire.message(start, [("Via", ",".join(["SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-%d" % i for i in range(1000)]))] + head[1:] +
                     [("Call-ID", "t17")], body),
    ]
    for i, data in enumerate(messages):
        capture.udp(2 + i * 0.05, "192.168.1.30:5060", at(PBX, 5060), data)
    c.others = True
    c.tshark = False
    c.status = {0, 1}


@case
def torture_descriptions(c):
    """What cannot be in a description, one each in a call that nobody answers."""
    capture = c.capture()
    whole(c, capture)
    good = wire.sdp("192.168.1.30:45000")
    bad = [good.replace("45000", "-1"), good.replace("45000", "99999999999"), good.replace("45000", ""), good.replace("c=IN IP4", "c=IN IP6"),
           good.replace("192.168.1.30", "999.1.1.1"), good.replace("192.168.1.30", "media.example.com"), good.replace("c=", "C="),
           good.replace("m=audio", "m="), good.replace("RTP/AVP", "RTP"), good.replace("0 PCMU/8000", "0 PCMU/0"),
           good.replace("0 PCMU/8000", "-5 PCMU/-8000"), good.replace("0 PCMU/8000", "0 /"), good.replace("\r\n", "\n"), good[:60],
           "v=0\r\n", "\r\n\r\n", "m=audio\r\n" * 50, good.replace("a=", "="), good.replace("45000", "45000/65535"),
           good.replace("192.168.1.30", "224.2.1.1/127/3"), good.replace("sendrecv", "sendrecv\r\na=sendonly\r\na=inactive")]
    for i, text in enumerate(bad):
        d = wire.Dialog(capture, "192.168.1.30:5060", at(PBX, 5060), "bad-%d@example.com" % i)
        d.invite(2 + i * 0.05, text)
    c.others = True
    c.tshark = False
    c.status = {0, 1}
