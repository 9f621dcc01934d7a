# SPDX-License-Identifier: GPL-3.0-or-later
"""The far end for whoever asks how voice travels: STUN, and RTP that comes back as it was.

responder.py ADDRESS MAIN-PORT RTP-PORT [bare]

What comes to a whole range of ports is led to RTP-PORT by the box's nft rules. STUN (RFC 8489) is
answered on both ports, with a NONCE where the answer is then no longer than the request; requests with a
TRANSACTION_TRANSMIT_COUNTER (RFC 7982) are counted. RTP is sent
back on RTP-PORT to a source that has shown its NONCE within the last minute; "bare": to everybody,
and no NONCE is given.
"""
import hashlib
import hmac
import os
import select
import socket
import struct
import sys
import time

COOKIE = 0x2112A442
NONCE, XOR_MAPPED, COUNTER = 0x0015, 0x0020, 0x8025
GOOD_SECONDS = 60
SECRET = os.urandom(16)
BARE = sys.argv[4:] == ["bare"]
shown = {}          # source: until when its RTP is sent back
counts = {}         # (source, transaction): answers given


def nonce_of(source):
    return hmac.new(SECRET, repr(source).encode(), hashlib.sha256).hexdigest()[:32].encode()


def attributes(message):
    """{type: value} of the first of each type; None where the lengths do not fit."""
    found, at = {}, 20
    while at < len(message):
        if len(message) - at < 4:
            return None
        kind, length = struct.unpack_from("!HH", message, at)
        if len(message) - at - 4 < length:
            return None
        found.setdefault(kind, message[at + 4:at + 4 + length])
        at += 4 + (length + 3) // 4 * 4
    return found


def is_request(message):
    return (len(message) >= 20 and message[:2] == b"\0\1" and
            struct.unpack_from("!HI", message, 2) == (len(message) - 20, COOKIE))


def binding_answer(request, source):
    """The answer to a Binding request; None where it is none."""
    asked = attributes(request)
    if asked is None:
        return None
    mapped = struct.pack("!HHBBHI", XOR_MAPPED, 8, 0, 1, source[1] ^ COOKIE >> 16,
                         struct.unpack("!I", socket.inet_aton(source[0]))[0] ^ COOKIE)
    nonce = nonce_of(source)
    offer = struct.pack("!HH", NONCE, len(nonce)) + nonce
    if asked.get(NONCE) == nonce:
        shown[source] = time.monotonic() + GOOD_SECONDS
    if len(asked.get(COUNTER, b"")) == 4:
        transaction = source, request[8:20]
        counts[transaction] = min(counts.get(transaction, 0) + 1, 255)
        mapped += struct.pack("!HHHBB", COUNTER, 4, 0, asked[COUNTER][2], counts[transaction])
        while len(counts) > 1000:
            del counts[next(iter(counts))]
    if not BARE and 20 + len(mapped) + len(offer) <= len(request):
        mapped += offer
    return b"\1\1" + struct.pack("!H", len(mapped)) + request[4:20] + mapped


def is_rtp(packet):
    return len(packet) >= 12 and packet[0] >> 6 == 2


def serve(s):
    packet, source = s.recvfrom(65535)
    answer = None
    if is_request(packet):
        answer = binding_answer(packet, source)
    elif s is rtp and is_rtp(packet) and (BARE or shown.get(source, 0) > time.monotonic()):
        answer = packet
    if answer:
        s.sendto(answer, source)
    if len(shown) > 1000:
        now = time.monotonic()
        for gone in [one for one, until in shown.items() if until < now]:
            del shown[gone]


def bound(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    s.bind((sys.argv[1], port))
    return s


if __name__ == "__main__":
    main = bound(int(sys.argv[2]))
    rtp = bound(int(sys.argv[3]))
    while True:
        for ready in select.select([main, rtp], [], [])[0]:
            serve(ready)
