# SPDX-License-Identifier: GPL-3.0-or-later
"""A SIP server that answers every request with 200; for what kamailio does not do.

sip_server.py ADDRESS PORT SECONDS           UDP and TCP; its clock is off by so much
sip_server.py ADDRESS PORT 0 CERTIFICATE KEY TLS, with a certificate made for whatever name is asked
"""
import email.utils
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ADDRESS = (sys.argv[1], int(sys.argv[2]))


def answer(request):
    kept = re.findall(rb"(?im)^((?:via|from|to|call-id|cseq):[^\r]*\r\n)", request)
    date = email.utils.formatdate(time.time() + float(sys.argv[3]), usegmt=True).encode()
    return b"SIP/2.0 200 OK\r\n" + b"".join(kept) + b"Date: " + date + b"\r\nServer: odd\r\nContent-Length: 0\r\n\r\n"


def stream(s):
    try:
        if len(sys.argv) > 4:
            s = context.wrap_socket(s, server_side=True)
        while data := s.recv(65535):
            s.sendall(answer(data))
    except OSError:
        pass                # the client has seen enough


def forge(s, name, _):
    """As boxes do that inspect TLS: a certificate on the spot, from the box's own authority."""
    if name is None:
        return
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, request, made = (os.path.join(folder, part) for part in ("key", "request", "made"))
        with open(folder + "/names", "w") as f:
            f.write("subjectAltName=DNS:" + name)
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=forged", "-keyout", key, "-out", request], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-days", "9", "-extfile", folder + "/names",
                        "-CA", sys.argv[4], "-CAkey", sys.argv[5], "-set_serial", "0x%x" % time.time_ns(), "-out", made],
                       check=True, capture_output=True)
        own.load_cert_chain(made, key)
    s.context = own


def listen():
    with socket.create_server(ADDRESS) as server:
        while True:
            threading.Thread(target=stream, args=(server.accept()[0],), daemon=True).start()


if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    context.sni_callback = forge
    listen()
threading.Thread(target=listen, daemon=True).start()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(ADDRESS)
while True:
    packet, peer = udp.recvfrom(65535)
    udp.sendto(answer(packet), peer)
