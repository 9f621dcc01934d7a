# SPDX-License-Identifier: GPL-3.0-or-later
"""A device in the router that spoils some of what passes: a TUN device that packets are
sent into and come out of again.

box.py DEVICE replace OLD NEW   in the payload of UDP, lengths stay the same
box.py DEVICE delay MS [MS]     holds packets back, by a random time up to the second number
"""
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data[:len(data) // 2 * 2]))
    total += data[-1] << 8 if len(data) % 2 else 0
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def replaced(packet):
    """The packet with OLD replaced, and as many hops to go as before it came here."""
    head = (packet[0] & 15) * 4
    ip, udp = bytearray(packet[:head]), bytearray(packet[head:head + 8])
    payload = packet[head + 8:].replace(sys.argv[3].encode(), sys.argv[4].encode())
    assert len(payload) == len(packet) - head - 8
    ip[8] += 1
    ip[10:12] = b"\0\0"
    ip[10:12] = struct.pack(">H", checksum(bytes(ip)))
    udp[6:8] = b"\0\0"
    pseudo = bytes(ip[12:20]) + b"\0\x11" + bytes(udp[4:6])
    udp[6:8] = struct.pack(">H", checksum(pseudo + bytes(udp) + payload) or 0xFFFF)
    return bytes(ip + udp) + payload


def waits():
    return random.uniform(float(sys.argv[3]), float(sys.argv[-1])) / 1000 if sys.argv[2] == "delay" else 0


tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", sys.argv[1].encode(), 0x1001))
held = []
while True:
    left = max(0, held[0][0] - time.monotonic()) if held else None
    if select.select([tun], [], [], left)[0]:
        data = os.read(tun, 65536)
        if data[0] >> 4 == 4 and data[9] == 17:
            heapq.heappush(held, (time.monotonic() + waits(), len(held), replaced(data) if sys.argv[2] == "replace" else data))
    while held and held[0][0] <= time.monotonic():
        os.write(tun, heapq.heappop(held)[2])
