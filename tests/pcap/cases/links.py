# SPDX-License-Identifier: GPL-3.0-or-later
"""The same call on every link layer, and in every form of file."""
import gzip

import wire
from case import CASES, case
from scene import PHONE6, SERVER6, whole


def on_link(link, version):
    def made(c):
        addresses = dict(phone=PHONE6, server=SERVER6) if version == 6 else {}
        whole(c, c.capture(link), **addresses)
    return made


for link in wire.LINKS:
    for version in (4, 6):
        if link != "ipv%d" % (10 - version):
            CASES["link-%s-v%d" % (link, version)] = on_link(link, version)


def in_form(**form):
    return lambda c: whole(c, c.capture(**form))


for order, name in (("<", "little"), (">", "big")):
    CASES["pcap-%s-endian" % name] = in_form(order=order)
    CASES["pcap-%s-endian-nanoseconds" % name] = in_form(order=order, nanoseconds=True)
    CASES["pcapng-%s-endian" % name] = in_form(form="pcapng", order=order)
    CASES["pcapng-%s-endian-nanoseconds" % name] = in_form(form="pcapng", order=order, nanoseconds=True)


# libpcap reads no file of which the interfaces differ: earshot does, all of it.
CASES["pcapng-two-interfaces"] = in_form(form="pcapng", second=True)


@case
def pcap_from_stdin(c):
    capture = c.capture()
    whole(c, capture)
    c.captures.clear()
    c.stdin = c.raw(capture.bytes())


@case
def pcap_gzip(c):
    capture = c.capture()
    whole(c, capture)
    c.captures.clear()
    c.raw(gzip.compress(capture.bytes(), mtime=0), "pcap.gz")


@case
def pcapng_gzip(c):
    capture = c.capture(form="pcapng")
    whole(c, capture)
    c.captures.clear()
    c.raw(gzip.compress(capture.bytes(), mtime=0), "pcapng.gz")


@case
def link_unknown(c):
    """A link layer that nobody reads: nothing is found, and that is said."""
    capture = c.capture()
    whole(c, capture)
    c.calls.clear()
    c.captures.clear()
    data = bytearray(capture.bytes())
    data[20:24] = (147).to_bytes(4, "little")  # LINKTYPE_USER0
    c.raw(bytes(data))
    c.tshark = False
    c.status = {0, 2}
