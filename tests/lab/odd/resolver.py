# SPDX-License-Identifier: GPL-3.0-or-later
"""A resolver that spoils the answers of the provider's; in the router, on port 5300.

resolver.py slow SECONDS     answers late
resolver.py hijack ADDRESS   gives that address for names that do not exist
"""
import socket
import struct
import sys
import threading
import time


def invented(answer):
    """NXDOMAIN becomes one A record; the question stays."""
    end = 12
    while answer[end]:
        end += answer[end] + 1
    end += 5
    if answer[3] & 15 != 3 or answer[end - 4:end - 2] != b"\0\1":
        return answer
    head = answer[:2] + b"\x81\x80" + struct.pack(">4H", 1, 1, 0, 0)
    return head + answer[12:end] + b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(sys.argv[2])


def serve(query, peer):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(2)
        upstream.sendto(query, ("198.51.100.53", 53))
        answer = upstream.recv(65535)
    if sys.argv[1] == "slow":
        time.sleep(float(sys.argv[2]))
    else:
        answer = invented(answer)
    server.sendto(answer, peer)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("192.168.1.1", 5300))
while True:
    threading.Thread(target=serve, args=server.recvfrom(65535), daemon=True).start()
