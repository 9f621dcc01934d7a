# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets for the tests, from the link layer to RTP, and the files they go into.

Nothing here knows of the program under test: what a case expects comes from what it
has written itself. All is made of the arguments, nothing of the clock or of chance.
Times are seconds from the start of the capture, kept in whole nanoseconds.
"""
import ipaddress
import struct

START = 1_767_258_000  # 2026-01-01 09:00:00 UTC
UDP, TCP, ICMP, ICMP6 = 17, 6, 1, 58
HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION = 0, 43, 44, 60
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def ns(seconds):
    """Whole microseconds, so that every file format keeps the same time."""
    return round(seconds * 1_000_000) * 1000


def split(at):
    """"192.0.2.1:5060" or "[2001:db8::1]:5060" to address and port."""
    host, port = at.rsplit(":", 1)
    return ipaddress.ip_address(host.strip("[]")), int(port)


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo(src, dst, protocol, length):
    """What the checksums of UDP and TCP cover besides (RFC 768, RFC 8200, 8.1)."""
    if src.version == 4:
        return src.packed + dst.packed + struct.pack("!BBH", 0, protocol, length)
    return src.packed + dst.packed + struct.pack("!I3xB", length, protocol)


# Network layer ---------------------------------------------------------------------


def ipv4(src, dst, protocol, payload, *, dscp=0, ident=0, more=False, offset=0, options=b"", ttl=64,
         total=None, header_words=None):
    """RFC 791. `offset` in bytes; `total` and `header_words` lie where they are given."""
    options += b"\0" * (-len(options) % 4)
    words = header_words if header_words is not None else 5 + len(options) // 4
    length = total if total is not None else 20 + len(options) + len(payload)
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | words, dscp << 2, length, ident,
                         (0x2000 if more else 0) | offset // 8, ttl, protocol, 0, src.packed, dst.packed) + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(src, dst, protocol, payload, *, dscp=0, hops=64, extensions=(), length=None):
    """RFC 8200. `extensions`: (kind, body) from the outside in."""
    for kind, body in reversed(extensions):
        payload = bytes([protocol]) + body + payload
        protocol = kind
    size = length if length is not None else len(payload)
    return struct.pack("!IHBB", 6 << 28 | dscp << 22, size, protocol, hops) + src.packed + dst.packed + payload


def extension(size=8):
    """The body of a hop-by-hop or destination header of `size` bytes, all padding (RFC 8200, 4.2)."""
    return bytes([size // 8 - 1, 1, size - 4]) + bytes(size - 4)


def routing(segments=()):
    """A segment routing header's body with nothing left to visit (RFC 8754)."""
    return bytes([2 * len(segments), 4, 0, max(0, len(segments) - 1), 0, 0, 0]) + b"".join(
        ipaddress.ip_address(s).packed for s in segments)


def udp(src, sport, dst, dport, payload, length=None):
    size = length if length is not None else 8 + len(payload)
    head = struct.pack("!HHHH", sport, dport, size, 0)
    check = checksum(pseudo(src, dst, UDP, 8 + len(payload)) + head + payload) or 0xFFFF
    return struct.pack("!HHHH", sport, dport, size, check) + payload


def tcp(src, sport, dst, dport, seq, acknowledge, flags, payload, window=65535):
    head = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, acknowledge & 0xFFFFFFFF, 5 << 4, flags, window, 0, 0)
    check = checksum(pseudo(src, dst, TCP, len(head) + len(payload)) + head + payload)
    return head[:16] + struct.pack("!H", check) + head[18:] + payload


# Link layer: name to (number in the file, what stands before the packet) ------------


def ethertype(packet):
    return 0x86DD if packet[0] >> 4 == 6 else 0x0800


def mac(packet, destination):
    """One that belongs to the address, locally administered."""
    if packet[0] >> 4 == 6:
        return b"\x02\x06" + (packet[36:40] if destination else packet[20:24])
    return b"\x02\x04" + (packet[16:20] if destination else packet[12:16])


def ethernet(packet, tags=b""):
    frame = mac(packet, True) + mac(packet, False) + tags + struct.pack("!H", ethertype(packet)) + packet
    return frame + bytes(max(0, 60 - len(frame)))


def pppoe(packet):
    """RFC 2516: session 7; PPP protocol 0x21 or 0x57."""
    inner = struct.pack("!H", 0x57 if packet[0] >> 4 == 6 else 0x21) + packet
    return mac(packet, True) + mac(packet, False) + struct.pack("!HBBHH", 0x8864, 0x11, 0, 7, len(inner)) + inner


def sll(packet):
    return struct.pack("!HHH", 0, 1, 6) + mac(packet, False) + b"\0\0" + struct.pack("!H", ethertype(packet)) + packet


def sll2(packet):
    return struct.pack("!HHIHBB", ethertype(packet), 0, 2, 1, 0, 6) + mac(packet, False) + b"\0\0" + packet


def null(order, family6=30):
    def frame(packet):
        return struct.pack(order + "I", family6 if packet[0] >> 4 == 6 else 2) + packet
    return frame


def ppp(packet):
    return struct.pack("!BBH", 0xFF, 3, 0x57 if packet[0] >> 4 == 6 else 0x21) + packet


VLAN = struct.pack("!HH", 0x8100, 5 << 13 | 100)
QINQ = struct.pack("!HH", 0x88A8, 10) + struct.pack("!HH", 0x8100, 100)
QINQ_OLD = struct.pack("!HH", 0x8100, 10) + struct.pack("!HH", 0x8100, 100)

LINKS = {
    "ethernet": (1, ethernet),
    "vlan": (1, lambda packet: ethernet(packet, VLAN)),
    "qinq": (1, lambda packet: ethernet(packet, QINQ)),
    "qinq-8100": (1, lambda packet: ethernet(packet, QINQ_OLD)),
    "pppoe": (1, pppoe),
    "sll": (113, sll),
    "sll2": (276, sll2),
    "raw": (101, lambda packet: packet),
    "ipv4": (228, lambda packet: packet),
    "ipv6": (229, lambda packet: packet),
    "null-le": (0, null("<")),
    "null-be": (0, null(">")),
    "null-freebsd": (0, null("<", 28)),
    "loop": (108, null(">", 24)),
    "ppp": (9, ppp),
    "ppp-hdlc": (50, ppp),
}


class Capture:
    """Packets, and the file they end up in: sorted by time, those of one time as they were added."""

    def __init__(self, link="ethernet", form="pcap", order="<", nanoseconds=False, snap=262144,
                 second=False):
        self.link, self.form, self.order, self.nanoseconds, self.snap = link, form, order, nanoseconds, snap
        self.second = second
        self.packets = []
        self.idents = 0
        self.tail = b""

    def frame(self, at, frame, wire=None):
        """A frame as it is; `wire` bytes long on the line."""
        self.packets.append((ns(at), frame, wire if wire is not None else len(frame)))

    def ip(self, at, packet):
        self.frame(at, LINKS[self.link][1](packet))

    def ident(self):
        self.idents = (self.idents + 1) & 0xFFFF
        return self.idents

    def segment(self, at, src, dst, protocol, payload, *, dscp=0, options=b"", extensions=()):
        if src.version == 4:
            self.ip(at, ipv4(src, dst, protocol, payload, dscp=dscp, ident=self.ident(), options=options))
        else:
            self.ip(at, ipv6(src, dst, protocol, payload, dscp=dscp, extensions=extensions))

    def udp(self, at, source, destination, payload, **more):
        (src, sport), (dst, dport) = split(source), split(destination)
        self.segment(at, src, dst, UDP, udp(src, sport, dst, dport, payload), **more)

    def fragments(self, at, source, destination, payload, size=512, order=None, overlap=0, apart=0.0001, leave_out=()):
        """One datagram in pieces of `size` bytes. `order` turns the list of pieces into what is sent;
        with `overlap` each piece begins with that many bytes of the one before."""
        (src, sport), (dst, dport) = split(source), split(destination)
        whole = udp(src, sport, dst, dport, payload)
        ident = self.ident()
        pieces = []
        for begin in range(0, len(whole), size):
            offset = max(0, begin - overlap)
            piece, more = whole[offset:begin + size], begin + size < len(whole)
            if src.version == 4:
                pieces.append(ipv4(src, dst, UDP, piece, ident=ident, more=more, offset=offset))
            else:
                body = struct.pack("!BHI", 0, offset | more, ident)
                pieces.append(ipv6(src, dst, UDP, piece, extensions=[(FRAGMENT, body)]))
        pieces = [piece for i, piece in enumerate(pieces) if i not in leave_out]
        for i, piece in enumerate(order(pieces) if order else pieces):
            self.ip(at + i * apart, piece)

    def icmp_unreachable(self, at, by, quoted, code=3):
        """A router or host says that the IPv4 packet did not get there (RFC 792)."""
        source = ipaddress.ip_address(by)
        to = ipaddress.IPv4Address(quoted[12:16])
        body = struct.pack("!BBHI", 3, code, 0, 0) + quoted[:548]
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        self.segment(at, source, to, ICMP, body)

    def bytes(self):
        ordered = sorted(self.packets, key=lambda packet: packet[0])
        return {"pcap": self.pcap, "pcapng": self.pcapng}[self.form](ordered) + self.tail

    def pcap(self, packets):
        magic = 0xA1B23C4D if self.nanoseconds else 0xA1B2C3D4
        out = [struct.pack(self.order + "IHHiIII", magic, 2, 4, 0, 0, self.snap, LINKS[self.link][0])]
        for at, frame, wire in packets:
            fraction = at % 1_000_000_000 // (1 if self.nanoseconds else 1000)
            kept = frame[:self.snap]
            out.append(struct.pack(self.order + "IIII", START + at // 1_000_000_000, fraction, len(kept), wire) + kept)
        return b"".join(out)

    def pcapng(self, packets):
        """One section, one interface; times in the default microseconds, or nanoseconds. With `second`, what comes from
        the middle on came by an interface of raw IP."""
        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            size = 12 + len(body)
            return struct.pack(self.order + "II", kind, size) + body + struct.pack(self.order + "I", size)

        options = struct.pack(self.order + "HHBxxxHH", 9, 1, 9, 0, 0) if self.nanoseconds else b""
        out = [block(0x0A0D0D0A, struct.pack(self.order + "IHHq", 0x1A2B3C4D, 1, 0, -1)),
               block(1, struct.pack(self.order + "HHI", LINKS[self.link][0], 0, self.snap) + options)]
        for i, (at, frame, wire) in enumerate(packets):
            ticks = (START * 1_000_000_000 + at) // (1 if self.nanoseconds else 1000)
            other = self.second and i >= len(packets) // 2
            if other and i == len(packets) // 2:
                out.append(block(1, struct.pack(self.order + "HHI", LINKS["raw"][0], 0, self.snap) + options))
            kept = frame[14 if other else 0:][:self.snap]
            out.append(block(6, struct.pack(self.order + "IIIII", int(other), ticks >> 32, ticks & 0xFFFFFFFF, len(kept),
                                            wire - 14 * other) + kept))
        return b"".join(out)

    def write(self, path):
        with open(path, "wb") as f:
            f.write(self.bytes())


class Tcp:
    """One connection, cut into segments at will."""

    def __init__(self, capture, client, server, at, seq=1_000_000, handshake=True):
        self.capture, self.client, self.server = capture, client, server
        self.next = {client: seq, server: seq + 500_000_000}
        if handshake:
            self.raw(at, client, 0, b"", SYN)
            self.next[client] += 1
            self.raw(at + 0.001, server, 0, b"", SYN | ACK)
            self.next[server] += 1
            self.raw(at + 0.002, client, 0, b"", ACK)

    def raw(self, at, source, offset, payload, flags=ACK | PSH):
        """A segment `offset` bytes after what that side has sent; nothing moves on."""
        other = self.server if source == self.client else self.client
        (src, sport), (dst, dport) = split(source), split(other)
        self.capture.segment(at, src, dst, TCP, tcp(src, sport, dst, dport, self.next[source] + offset,
                                                    self.next[other], flags, payload))

    def send(self, at, source, payload, cuts=(), order=None, again=(), apart=0.0002, leave_out=()):
        """The payload, cut at these places; `order` says in which order the pieces go, `again` which of
        them go twice."""
        edges = [0, *cuts, len(payload)]
        pieces = [(begin, payload[begin:end]) for begin, end in zip(edges, edges[1:])]
        turn = list(order if order is not None else range(len(pieces)))
        turn = [i for i in turn if i not in leave_out] + list(again)
        for step, i in enumerate(turn):
            self.raw(at + step * apart, source, pieces[i][0], pieces[i][1])
        self.next[source] += len(payload)

    def close(self, at):
        for source in (self.client, self.server):
            self.raw(at, source, 0, b"", FIN | ACK)
            self.next[source] += 1


# Media -------------------------------------------------------------------------------

RATES = {0: 8000, 3: 8000, 4: 8000, 8: 8000, 9: 8000, 13: 8000, 18: 8000}


def rtp(payload_type, seq, timestamp, ssrc, payload, marker=False, version=2, extra=b"", csrc=(), padding=0):
    """RFC 3550, 5.1; `extra` is a header extension's content."""
    first = version << 6 | (0x20 if padding else 0) | (0x10 if extra else 0) | len(csrc)
    out = struct.pack("!BBHII", first, (0x80 if marker else 0) | payload_type, seq & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    out += b"".join(struct.pack("!I", source) for source in csrc)
    if extra:
        out += struct.pack("!HH", 0xBEDE, len(extra) // 4) + extra
    return out + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")


def ulaw(sample):
    """One 16-bit sample as G.711 mu-law."""
    sign = 0x80 if sample < 0 else 0
    sample = min(abs(sample), 32635) + 132
    exponent = sample.bit_length() - 8
    return ~(sign | exponent << 4 | sample >> exponent + 3 & 15) & 0xFF


def alaw(sample):
    """One 16-bit sample as G.711 A-law."""
    sign = 0x80 if sample >= 0 else 0
    sample = min(abs(sample) if sample >= 0 else abs(sample) - 1, 32767)
    exponent = max(0, sample.bit_length() - 8)
    mantissa = sample >> (exponent + 3 if exponent else 4) & 15
    return (sign | exponent << 4 | mantissa) ^ 0x55


# A tone of 500 Hz, -10 dBm0 or thereabouts, in whole cycles of 16 samples.
CYCLE = (0, 3062, 5657, 7391, 8000, 7391, 5657, 3062, 0, -3062, -5657, -7391, -8000, -7391, -5657, -3062)


def tone(codec, samples=160):
    if codec == "PCMU":
        cycle = bytes(ulaw(sample) for sample in CYCLE)
    elif codec == "PCMA":
        cycle = bytes(alaw(sample) for sample in CYCLE)
    else:  # Of a codec that nobody looks into: anything that is not silence.
        cycle = bytes((37 * i + 11) & 0xFF for i in range(16))
    return (cycle * (samples // 16 + 1))[:samples]


def quiet(codec, samples=160):
    """Digital silence: every sample is zero."""
    return bytes([{"PCMU": 0xFF, "PCMA": 0xD5}[codec]]) * samples


def scrambled(seed, size):
    """Bytes without a pattern, always the same ones: what encryption looks like."""
    out, state = bytearray(), seed & 0xFFFFFFFF or 1
    while len(out) < size:
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out += struct.pack("!H", state >> 16)
    return bytes(out[:size])


def signed(number):
    """A difference of two 32-bit numbers that may have wrapped."""
    return (number + 0x80000000) % 0x100000000 - 0x80000000


class Sent:
    """What a stream has put onto the line: the truth that the analysis is measured with."""

    def __init__(self, src, dst, ssrc):
        self.src, self.dst, self.ssrc = src, dst, ssrc
        self.arrivals = []  # (time in ns, extended sequence number, timestamp, payload type, rate or 0, marker)

    def note(self, at, seq, timestamp, payload_type, rate, marker):
        self.arrivals.append((ns(at), seq, timestamp, payload_type, rate, marker))

    def in_order(self):
        return sorted(self.arrivals, key=lambda arrival: arrival[0])

    @property
    def packets(self):
        return len(self.arrivals)

    @property
    def numbers(self):
        return {arrival[1] for arrival in self.arrivals}

    @property
    def duplicates(self):
        return self.packets - len(self.numbers)

    @property
    def lost(self):
        """Of what the numbers say was sent, what did not come; a number that came twice came once."""
        return max(self.numbers) - min(self.numbers) + 1 - len(self.numbers) if self.arrivals else 0

    @property
    def reordered(self):
        """Came after one with a later number, for the first time."""
        seen, highest, late = set(), None, 0
        for _, seq, *_ in self.in_order():
            if seq not in seen and highest is not None and seq < highest:
                late += 1
            seen.add(seq)
            highest = seq if highest is None else max(seq, highest)
        return late

    def jitter(self):
        """Mean and worst in milliseconds: RFC 3550, A.8 in the order of arrival. What is left out of the two is as
        Wireshark 4.0 has it, found by trying: see tshark.py."""
        (first_at, _, first, kind, _, _), *rest = self.in_order()
        before, stamp, jitter, mean, worst, count = first_at, first, 0.0, 0.0, 0.0, 1
        for at, _, timestamp, now, rate, marker in rest:
            if signed(timestamp - first) >= 0:
                if rate:
                    step = signed(timestamp - stamp) / (rate // 1000)
                    jitter = (15 * jitter + abs((at - before) / 1e6 - step)) / 16
                    stamp = timestamp
                if rate and not marker and now not in (13, 19) and kind not in (13, 19):
                    mean = (mean * (count - 1) + jitter) / count
                    worst = max(worst, jitter)
                before = at
            kind = now
            count += 1
        return mean, worst

    @property
    def seconds(self):
        times = [arrival[0] for arrival in self.arrivals]
        return (max(times) - min(times)) / 1e9

    @property
    def first(self):
        return min(arrival[0] for arrival in self.arrivals) / 1e9

    @property
    def last(self):
        return max(arrival[0] for arrival in self.arrivals) / 1e9


class Talker:
    """The sender of one RTP stream: keeps sequence number and timestamp from one spurt to the next."""

    def __init__(self, capture, src, dst, ssrc, payload_type=0, codec="PCMU", rate=8000, seq=1000, timestamp=16000,
                 dscp=0, milliseconds=20, wrap=None, form=None):
        self.capture, self.src, self.dst, self.ssrc = capture, src, dst, ssrc
        self.payload_type, self.codec, self.rate, self.milliseconds = payload_type, codec, rate, milliseconds
        self.seq, self.timestamp, self.dscp, self.wrap, self.form = seq, timestamp, dscp, wrap, form
        self.marker = True
        self.sent = Sent(src, dst, ssrc)

    def step(self):
        # The clock of G.722 in RTP is 8,000 Hz for historical reasons (RFC 3551, 4.5.2).
        return self.rate * self.milliseconds // 1000

    def put(self, at, seq, timestamp, payload_type, payload, marker=False, rate=None):
        packet = rtp(payload_type, seq, timestamp, self.ssrc, payload, marker, **(self.form or {}))
        self.sent.note(at, seq, timestamp, payload_type, self.rate if rate is None else rate, marker)
        if self.wrap:
            packet = self.wrap(packet)
        self.capture.udp(at, self.src, self.dst, packet, dscp=self.dscp)

    def talk(self, at, seconds, *, payload=None, silent=False, lose=(), twice=(), late=None, delay=None, marker=None):
        """Speaks for that long. By number within this spurt: `lose` do not arrive, `twice` arrive again 1 ms
        later, `late` maps one to how many seconds later it comes, `delay(i)` is what the network adds."""
        late = late or {}
        count = round(seconds * 1000 / self.milliseconds)
        if payload is None:
            samples = self.step()
            payload = quiet(self.codec, samples) if silent else tone(self.codec, samples)
        for i in range(count):
            when = at + i * self.milliseconds / 1000 + late.get(i, 0) + (delay(i) if delay else 0)
            mark = self.marker if marker is None else marker
            if i not in lose:
                body = payload(i) if callable(payload) else payload
                self.put(when, self.seq, self.timestamp, self.payload_type, body, mark)
                if i in twice:
                    self.put(when + 0.001, self.seq, self.timestamp, self.payload_type, body, mark)
            self.marker = False
            self.seq += 1
            self.timestamp += self.step()
        return at + count * self.milliseconds / 1000

    def pause(self, seconds):
        """Says nothing, sends nothing: the timestamp goes on, the number does not (RFC 3551, 4.1)."""
        self.timestamp += round(self.rate * seconds)
        self.marker = True

    def comfort_noise(self, at, seconds, every=0.2, payload_type=13):
        """RFC 3389: now and then how loud the quiet is."""
        for i in range(round(seconds / every)):
            self.put(at + i * every, self.seq, self.timestamp + round(self.rate * i * every), payload_type, b"\x4b")
            self.seq += 1
        self.timestamp += round(self.rate * seconds)
        self.marker = True
        return at + seconds

    def digit(self, at, event, packets=8, payload_type=101):
        """RFC 4733: one key, 20 ms a packet, the last one three times; the timestamp stands still."""
        for i in range(packets + 2):
            end = i >= packets - 1
            duration = min(i + 1, packets) * self.step()
            self.put(at + min(i, packets - 1) * 0.02 + max(0, i - packets + 1) * 0.0005, self.seq, self.timestamp,
                     payload_type, struct.pack("!BBH", event, 0x8A if end else 0x0A, duration), i == 0, rate=0)
            self.seq += 1
        self.timestamp += packets * self.step()
        self.marker = True
        return at + packets * 0.02

    def new_source(self, ssrc, seq, timestamp):
        """Another SSRC from the same place: a stream of its own."""
        self.ssrc, self.seq, self.timestamp, self.marker = ssrc, seq, timestamp, True
        self.sent = Sent(self.src, self.dst, ssrc)


def report_block(ssrc, lost_fraction=0, lost=0, highest=0, jitter=0):
    return struct.pack("!IIIIII", ssrc, lost_fraction << 24 | lost & 0xFFFFFF, highest, jitter, 0, 0)


def sender_report(ssrc, at, timestamp, packets, octets, blocks=()):
    """RFC 3550, 6.4.1."""
    body = struct.pack("!IIIIII", ssrc, START + int(at) + 2208988800, 0, timestamp & 0xFFFFFFFF, packets, octets)
    body += b"".join(blocks)
    return struct.pack("!BBH", 0x80 | len(blocks), 200, len(body) // 4) + body


def receiver_report(ssrc, blocks=()):
    body = struct.pack("!I", ssrc) + b"".join(blocks)
    return struct.pack("!BBH", 0x80 | len(blocks), 201, len(body) // 4) + body


def source_name(ssrc, name=b"phone@example.com"):
    """An SDES chunk; every compound packet has one (RFC 3550, 6.1)."""
    body = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    body += b"\0" * (-len(body) % 4)
    return struct.pack("!BBH", 0x81, 202, len(body) // 4) + body


# STUN and TURN -----------------------------------------------------------------------

COOKIE = 0x2112A442
BINDING, ALLOCATE, REFRESH, SEND, DATA, PERMISSION, CHANNEL = 1, 3, 4, 6, 7, 8, 9
REQUEST, INDICATION, SUCCESS, FAILURE = 0, 1, 2, 3


def stun(method, kind, transaction, attributes=()):
    """RFC 8489, 5: the class's two bits stand in the midst of the method's."""
    body = b"".join(struct.pack("!HH", number, len(value)) + value + b"\0" * (-len(value) % 4)
                    for number, value in attributes)
    number = method & 0xF | (method & 0x70) << 1 | (method & 0xF80) << 2 | (kind & 1) << 4 | (kind & 2) << 7
    return struct.pack("!HHI", number, len(body), COOKIE) + transaction.to_bytes(12, "big") + body


def xor_address(at, transaction=0):
    """The value of XOR-MAPPED-ADDRESS and its kin (RFC 8489, 14.2)."""
    address, port = split(at)
    key = struct.pack("!I", COOKIE) + transaction.to_bytes(12, "big")
    packed = bytes(a ^ b for a, b in zip(address.packed, key))
    return struct.pack("!xBH", 1 if address.version == 4 else 2, port ^ COOKIE >> 16) + packed


def channel_data(number, payload):
    """RFC 8656, 12.4."""
    return struct.pack("!HH", number, len(payload)) + payload


def turn_data(method, peer, payload, transaction):
    """A Send or Data indication: XOR-PEER-ADDRESS and DATA."""
    return stun(method, INDICATION, transaction, [(0x12, xor_address(peer, transaction)), (0x13, payload)])


# SIP and SDP -------------------------------------------------------------------------


def sdp(at, *, codecs=("0 PCMU/8000",), direction="sendrecv", origin=None, version=1, events=101, media="audio",
        profile="RTP/AVP", more=(), session=(), connection=None):
    """A description with one audio stream received at `at`. `codecs`: "TYPE NAME/RATE"; `events`: the
    payload type of telephone-event, None for none."""
    address, port = split(at)
    family = "IP6" if address.version == 6 else "IP4"
    types = [codec.split()[0] for codec in codecs] + ([str(events)] if events else [])
    lines = ["v=0", "o=- 4711 %d IN %s %s" % (version, family, origin or address), "s=-",
             "c=IN %s %s" % (family, connection or address), *session, "t=0 0",
             "m=%s %d %s %s" % (media, port, profile, " ".join(types))]
    lines += ["a=rtpmap:" + codec for codec in codecs]
    if events:
        lines += ["a=rtpmap:%d telephone-event/8000" % events, "a=fmtp:%d 0-15" % events]
    if direction:
        lines.append("a=" + direction)
    return "\r\n".join(lines + list(more)) + "\r\n"


def message(start, headers, body=b"", kind="application/sdp", length=None):
    """A SIP message (RFC 3261, 7); headers are (name, value)."""
    body = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    lines = [start] + ["%s: %s" % header for header in headers]
    if body:
        lines.append("Content-Type: " + kind)
    lines.append("Content-Length: %d" % (len(body) if length is None else length))
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body


REASONS = {100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 183: "Session Progress", 200: "OK",
           202: "Accepted", 302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 407: "Proxy Authentication Required", 408: "Request Timeout", 410: "Gone",
           415: "Unsupported Media Type", 420: "Bad Extension", 422: "Session Interval Too Small",
           480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 484: "Address Incomplete",
           486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
           500: "Server Internal Error", 501: "Not Implemented", 503: "Service Unavailable", 504: "Server Time-out",
           600: "Busy Everywhere", 603: "Decline", 606: "Not Acceptable"}


class Dialog:
    """The messages of one call between two SIP elements, each sent when the case says so."""

    def __init__(self, capture, caller, callee, call_id, *, transport="UDP", tcp=None, caller_user="alice",
                 callee_user="bob", domain="example.com", agent="TestPhone/1.0", server="TestServer/1.0", seq=1,
                 caller_tag="a1", callee_tag="b1", contact=None, callee_contact=None, record_route=(), branch="z9hG4bK-"):
        self.capture, self.caller, self.callee, self.call_id = capture, caller, callee, call_id
        self.transport, self.tcp = transport, tcp
        self.users, self.domain = (caller_user, callee_user), domain
        self.agent, self.server = agent, server
        self.tags = [caller_tag, callee_tag]
        self.contacts = (contact or caller, callee_contact or callee)
        self.cseq = {True: seq, False: 100 + seq}
        self.record_route, self.branch = list(record_route), branch
        self.last = {}  # The latest request of each side and method.

    def party(self, caller, tag=True):
        i = 0 if caller else 1
        uri = "<sip:%s@%s>" % (self.users[i], self.domain)
        return uri + (";tag=" + self.tags[i] if tag and self.tags[i] else "")

    def send(self, at, from_caller, data, **how):
        source, to = (self.caller, self.callee) if from_caller else (self.callee, self.caller)
        if self.tcp:
            self.tcp.send(at, source, data, **how)
        else:
            self.capture.udp(at, source, to, data, **how)
        return data

    def request(self, at, method, body="", *, by_caller=True, tagged=True, more=(), seq=None, how=None, via=(), uri=None,
                kind="application/sdp"):
        """A request; a new CSeq but for ACK and CANCEL."""
        if seq is None:
            if method not in ("ACK", "CANCEL"):
                self.cseq[by_caller] += 1
            seq = self.cseq[by_caller]
        source = self.caller if by_caller else self.callee
        branch = "%s%s-%s-%d" % (self.branch, self.call_id.split("@")[0], "INVITE" if method == "CANCEL" else method, seq)
        vias = [("Via", "SIP/2.0/%s %s;branch=%s;rport" % (self.transport, source, branch))] + [("Via", v) for v in via]
        headers = vias + [
            ("Max-Forwards", "70"), ("From", self.party(by_caller)), ("To", self.party(not by_caller, tagged)),
            ("Call-ID", self.call_id), ("CSeq", "%d %s" % (seq, method)),
            ("Contact", "<sip:%s@%s>" % (self.users[0 if by_caller else 1], self.contacts[0 if by_caller else 1]))]
        headers += [("User-Agent", self.agent if by_caller else self.server)] + list(more)
        if not tagged and self.record_route:
            headers += [("Record-Route", route) for route in self.record_route]
        uri = uri or "sip:%s@%s" % (self.users[1 if by_caller else 0], self.domain)
        self.last[(by_caller, method)] = (headers, seq)
        data = message("%s %s SIP/2.0" % (method, uri), headers, body, kind)
        return self.send(at, by_caller, data, **(how or {}))

    def reply(self, at, status, body="", *, method="INVITE", to_caller=True, more=(), tag=None, how=None, seq=None):
        """An answer to the latest request of that method that the caller (or the callee) has sent."""
        headers, cseq = self.last[(to_caller, method)]
        wanted = ("Via", "From", "Call-ID", "Record-Route")
        out = [header for header in headers if header[0] in wanted]
        to = dict(headers)["To"]
        if ";tag=" not in to and status > 100:
            to += ";tag=" + (tag or self.tags[1 if to_caller else 0])
        out += [("To", to), ("CSeq", "%d %s" % (cseq if seq is None else seq, method)),
                ("Contact", "<sip:%s@%s>" % (self.users[1 if to_caller else 0], self.contacts[1 if to_caller else 0])),
                ("Server" if to_caller else "User-Agent", self.server if to_caller else self.agent)] + list(more)
        data = message("SIP/2.0 %d %s" % (status, REASONS[status]), out, body)
        return self.send(at, not to_caller, data, **(how or {}))

    def invite(self, at, body="", **more):
        return self.request(at, "INVITE", body, tagged=False, **more)

    def again(self, at, body="", by_caller=True, **more):
        """A re-INVITE."""
        return self.request(at, "INVITE", body, by_caller=by_caller, **more)

    def ack(self, at, body="", by_caller=True, **more):
        return self.request(at, "ACK", body, by_caller=by_caller, seq=self.last[(by_caller, "INVITE")][1], **more)

    def bye(self, at, by_caller=True):
        self.request(at, "BYE", by_caller=by_caller)
        self.reply(at + 0.02, 200, method="BYE", to_caller=by_caller)

    def answered(self, at, offer, answer, ring=0.2):
        """INVITE, 100, 180, 200, ACK; the time of the 200."""
        self.invite(at, offer)
        self.reply(at + 0.01, 100)
        self.reply(at + 0.05, 180)
        self.reply(at + ring, 200, answer)
        self.ack(at + ring + 0.02)
        return at + ring
