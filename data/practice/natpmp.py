# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells by NAT-PMP (RFC 6886, 3.2) which outside address the router has.

natpmp.py LISTEN OUTSIDE: miniupnpd keeps addresses to itself that are none of the
Internet's, and those of a practice site never are.
"""
import socket
import struct
import sys
import time

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 5351))
started = time.monotonic()
while True:
    request, peer = server.recvfrom(64)
    if request[:2] == b"\0\0":
        age = int(time.monotonic() - started)
        server.sendto(struct.pack("!BBHI", 0, 128, 0, age) + socket.inet_aton(sys.argv[2]), peer)
