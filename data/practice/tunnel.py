# SPDX-License-Identifier: GPL-3.0-or-later
"""The VPN of the practice site "tunnel": what goes into one TUN device comes out of another.

Arguments: the device here, the network namespace of the other one, its name.
"""
import ctypes
import fcntl
import os
import select
import struct
import sys

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def device(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return fd


def pass_on(source, sink):
    try:
        os.write(sink, os.read(source, 65536))
    except OSError:
        pass                # a device that is down loses the packet, as a line would


here = device(sys.argv[1])
with open("/run/netns/" + sys.argv[2]) as namespace:
    if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0):
        raise OSError(ctypes.get_errno(), "setns")
there = device(sys.argv[3])
while True:
    for ready in select.select([here, there], [], [])[0]:
        pass_on(ready, there if ready == here else here)
