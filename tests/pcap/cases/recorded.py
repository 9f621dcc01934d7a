# SPDX-License-Identifier: GPL-3.0-or-later
"""Real calls, each with a Call-ID that baresip made up: baresip and SIPp in the practice sites, see recorded/record.sh. Packets and loss are what the captures
hold, counted by tshark; the verdicts follow from the fault that was built into the site."""
import gzip
import os

from case import ANY, Stream, case, fault, maybe, note, risk

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "recorded")


class Counted:
    """A stream whose truth is in the file, not in a script."""

    def __init__(self, src, dst, ssrc, packets, lost, mean, worst):
        self.src, self.dst, self.ssrc, self.packets, self.lost = src, dst, ssrc, packets, lost
        self.duplicates = self.reordered = 0
        self.numbers = range(packets)
        self.seconds = 5.68
        self.first = None
        self.jitter = lambda: (mean, worst)


def stream(direction, src, dst, ssrc, packets=285, lost=0, mean=ANY, worst=ANY, **more):
    """Where no jitter is given it is left to the comparison with tshark."""
    if mean is ANY:
        more["jitter_ms"] = ANY
    return Stream(direction, Counted(src, dst, ssrc, packets, lost, mean, worst), "PCMU", False, {"seconds": ANY, **more})


def files(c, *names, at=None):
    for name in names:
        with gzip.open(os.path.join(HERE, name + ".pcap.gz")) as f:
            c.raw(f.read())
    if at:
        c.options += ["--at", at]


def both(c, phone, server, ssrc, **more):
    return [stream("out", phone, server, ssrc, dscp=46, **more), stream("in", server, phone, ssrc, dscp=0, **more)]


PHONE, NAT, SERVER = "192.168.1.10:%d", "203.0.113.2:%d", "198.51.100.10:12000"
private = note("sdp-private-address", "in")


@case
def recorded_healthy_inside(c):
    """RTCP is refused by ICMP, for SIPp has none: RTP is not."""
    files(c, "healthy-inside")
    c.expect(ANY, streams=both(c, PHONE % 15034, SERVER, 0x3528F531), findings=[private])


@case
def recorded_healthy_outside(c):
    files(c, "healthy-outside")
    c.expect(ANY, streams=both(c, NAT % 15034, SERVER, 0x3528F531), findings=[private])


@case
def recorded_healthy_pair(c):
    files(c, "healthy-inside", "healthy-outside")
    c.expect(ANY, streams=both(c, PHONE % 15034, SERVER, 0x3528F531), findings=[private])


@case
def recorded_rtp_blocked_inside(c):
    """The router drops the phone's media; inside one sees that nothing comes back."""
    files(c, "rtp-blocked-inside", at="inside")
    c.expect(ANY, verdict="one-way-out", in_={"missing", "wrong-address"},
             streams=[stream("out", PHONE % 15044, SERVER, 0x5D8B4FD3)],
             findings=[fault("rtp-one-way", "in"), maybe(fault("sdp-private-address", "in")),
                       maybe(note("sdp-private-address", "in"))])


@case
def recorded_rtp_blocked_pair(c):
    """With both: it leaves the phone; the server, which only echoes, sends nothing. Outside, the last packet is the
    ACK, 6 ms before the first RTP: that the recording went on, and the RTP did not come out, cannot be known."""
    files(c, "rtp-blocked-inside", "rtp-blocked-outside")
    c.expect(ANY, verdict={"no-audio", "one-way-out"}, out={"missing", "ok"},
             in_={"missing", "never-sent", "wrong-address"},
             streams=[stream("out", PHONE % 15044, SERVER, 0x5D8B4FD3)],
             findings=[maybe(fault("rtp-none", "both")), maybe(fault("rtp-one-way", "in")),
                       maybe(fault("rtp-lost-between-captures", "out")),
                       maybe(fault("sdp-private-address", "in")), maybe(note("sdp-private-address", "in"))])


@case
def recorded_sip_alg_pair(c):
    """The kernel's own SIP helper in the router."""
    files(c, "sip-alg-inside", "sip-alg-outside")
    c.expect(ANY, streams=both(c, PHONE % 15074, "198.51.100.30:12000", 0xC963A76D),
             findings=[fault("sip-rewritten"), maybe(private)])

    def changed(result):
        text = str(result["calls"][0].get("changes"))
        for field in ("203.0.113.2", "192.168.1.10"):
            if field not in text:
                yield "changes does not name %s: %s" % (field, text[:200])
    c.further.append(changed)


@case
def recorded_sip_alg_router(c):
    """The same, on the router alone, on all of its interfaces at once."""
    files(c, "sip-alg-router")
    far, ssrc = "198.51.100.30:12000", 0x00C27956
    ends = PHONE % 15006, NAT % 15006
    streams = [stream("out", end, far, ssrc, 284) for end in ends] + [stream("in", far, end, ssrc, 284) for end in ends]
    c.expect(ANY, streams=streams, findings=[fault("sip-rewritten", side="site"), maybe(private)])

    def placed(result):
        where = [f.get("where") for f in result["findings"] if f["id"] == "sip-rewritten"]
        if where != [{"address": "203.0.113.2"}]:
            yield "sip-rewritten is at %s" % where
    c.further.append(placed)


@case
def recorded_symmetric_nat_outside(c):
    files(c, "symmetric-nat-outside")
    c.expect(ANY, streams=both(c, NAT % 32101, SERVER, 0x17DC90C9), findings=[private])


@case
def recorded_symmetric_nat_server(c):
    files(c, "symmetric-nat-server", at="server")
    c.expect(ANY, streams=both(c, NAT % 32101, SERVER, 0x17DC90C9), findings=[private])


@case
def recorded_symmetric_nat_pair(c):
    files(c, "symmetric-nat-inside", "symmetric-nat-outside")
    c.expect(ANY, streams=both(c, PHONE % 15058, SERVER, 0x17DC90C9), findings=[private])


@case
def recorded_turn(c):
    """Through coturn, by channel."""
    files(c, "turn-inside")
    c.expect(ANY, streams=[stream("out", PHONE % 15012, SERVER, 0x98211869, via="198.51.100.20:3478"),
                                  stream("in", SERVER, PHONE % 15012, 0x98211869, via="198.51.100.20:3478")])


@case
def recorded_no_echo(c):
    """The server is reached, answers, and sends nothing."""
    files(c, "no-echo-inside", at="phone")
    c.expect(ANY, verdict="one-way-out", in_={"missing", "wrong-address"},
             streams=[stream("out", PHONE % 15086, SERVER, 0x6E276D56)],
             findings=[fault("rtp-one-way", "in"), maybe(fault("sdp-private-address", "in")),
                       maybe(note("sdp-private-address", "in"))])


@case
def recorded_packet_loss(c):
    """One in twenty is lost each way; 27 of 285 of what comes back."""
    files(c, "packet-loss-inside")
    c.expect(ANY, streams=[stream("out", PHONE % 15012, SERVER, 0xDB1D0363),
                                  stream("in", SERVER, PHONE % 15012, 0xDB1D0363, packets=258, lost=27, loss_pct=ANY)],
             findings=[fault("loss-high", "in"), private])


@case
def recorded_packet_loss_pair(c):
    """10 of 285 vanish on the way out, 17 of 275 on the way in."""
    files(c, "packet-loss-inside", "packet-loss-outside")
    c.expect(ANY, streams=ANY, findings=[
        fault("rtp-lost-between-captures", "in"), maybe(risk("rtp-lost-between-captures", "out")),
        maybe(note("rtp-lost-between-captures", "out")), maybe(fault("loss-high", "in")), maybe(risk("loss-high", "out")),
        maybe(risk("loss-high", "in")), private])
