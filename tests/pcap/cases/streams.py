# SPDX-License-Identifier: GPL-3.0-or-later
"""How RTP packets come: lost, late, twice, by another clock, of another source."""
import wire
from case import Stream, case, fault, maybe, note, risk
from scene import PHONE, Scene, whole

SHAKY = (0, 0.003, 0.007, 0.001, 0.012, 0.002)


def shaky(i):
    return SHAKY[i % len(SHAKY)]


def shaped(c, out, seconds=10, findings=(), direction="ok", **scene):
    """A call whose outgoing stream is `out`, and fine for all that but the findings."""
    s = Scene(c.capture(), **scene).up().talk(seconds, out=out).bye()
    c.expect(s.call_id, streams=s.streams(), answered=s.answered, findings=list(findings))
    return s


@case
def jitter_low(c):
    shaped(c, {"delay": shaky})


@case
def loss_low(c):
    """4 of 500: below 1 %."""
    shaped(c, {"lose": {100, 200, 300, 400}})


@case
def loss_risk(c):
    """10 of 500: 2 %."""
    shaped(c, {"lose": set(range(100, 110))}, findings=[risk("loss-high", "out")])


@case
def loss_fault(c):
    """40 of 500: 8 %."""
    shaped(c, {"lose": set(range(5, 485, 12))}, findings=[fault("loss-high", "out")])


@case
def loss_at_the_limit(c):
    """25 of 500 is 5 %, and with that a fault."""
    shaped(c, {"lose": set(range(10, 260, 10))}, findings=[fault("loss-high", "out")])


@case
def loss_incoming(c):
    s = Scene(c.capture()).up().talk(10, in_={"lose": set(range(20, 50))}).bye()
    c.expect(s.call_id, streams=s.streams(), findings=[fault("loss-high", "in")])


@case
def duplicates(c):
    shaped(c, {"twice": set(range(50, 80))})


@case
def duplicates_do_not_make_up_for_loss(c):
    """20 lost, 20 twice."""
    shaped(c, {"twice": set(range(50, 70)), "lose": set(range(200, 220))}, findings=[risk("loss-high", "out")])


@case
def every_packet_twice(c):
    """A mirror port that shows each packet on its way in and on its way out."""
    shaped(c, {"twice": set(range(500))})


@case
def reordered(c):
    shaped(c, {"late": {100: 0.03, 200: 0.05, 300: 0.07}})


@case
def reordered_last_packet(c):
    """The last but one comes last."""
    shaped(c, {"late": {498: 0.03}})


@case
def reordered_first_packet(c):
    """The second overtakes the first."""
    shaped(c, {"late": {0: 0.03}})


@case
def sequence_wraps(c):
    s = Scene(c.capture()).up()
    s.out.seq = 65400
    s.talk(10, out={"delay": shaky, "lose": {200, 201}}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def sequence_wraps_late(c):
    """Packets from before the wrap come after it."""
    s = Scene(c.capture()).up()
    s.out.seq = 65400
    s.talk(10, out={"late": {134: 0.05, 135: 0.07}}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def sequence_starts_at_the_end(c):
    """65535 is the first, and it is overtaken by 0."""
    s = Scene(c.capture()).up()
    s.out.seq = 65535
    s.talk(10, out={"late": {0: 0.03}}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def sequence_lost_at_the_wrap(c):
    s = Scene(c.capture()).up()
    s.out.seq = 65500
    s.talk(10, out={"lose": {35, 36, 37}}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def timestamp_wraps(c):
    s = Scene(c.capture()).up()
    s.out.timestamp = 0xFFFFFFFF - 20000
    s.talk(10, out={"delay": shaky}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def timestamp_jumps(c):
    """The sender's clock leaps by two minutes, as at a transfer: nobody's network is to blame."""
    s = Scene(c.capture()).up().talk(5)
    s.out.timestamp += 960_000
    s.out.marker = True
    s.talk(5, start=s.end).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def jitter_risk(c):
    s = shaped(c, {"delay": lambda i: 0.038 * (i % 2)}, seconds=12, findings=[risk("jitter-high", "out")],
               milliseconds=40)
    assert 31 < s.out.sent.jitter()[0] < 49


@case
def jitter_fault(c):
    s = shaped(c, {"delay": lambda i: 0.058 * (i % 2)}, seconds=24, findings=[fault("jitter-high", "out")],
               milliseconds=60)
    assert s.out.sent.jitter()[0] > 51


@case
def jitter_incoming(c):
    s = Scene(c.capture(), milliseconds=60).up().talk(24, in_={"delay": lambda i: 0.058 * (i % 2)}).bye()
    c.expect(s.call_id, streams=s.streams(), findings=[fault("jitter-high", "in")])


@case
def digits(c):
    """RFC 4733 in the midst of speech: no gap, no other codec."""
    s = Scene(c.capture()).up().talk(3)
    when = s.end
    for key in (1, 2, 3, 11):
        when = s.out.digit(when + 0.06, key)
        s.out.pause(0.06)
    s.in_.talk(s.end, when - s.end)
    s.talk(3, start=when).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def codec_pcma(c):
    whole(c, c.capture(), codec="PCMA")


@case
def codec_g722(c):
    """Its level can be told too, but the tone is not written here: silent is open."""
    s = Scene(c.capture(), codec="G722").up().talk().bye()
    c.expect(s.call_id, streams=s.streams(silent={False, None}))


@case
def codec_g729(c):
    s = Scene(c.capture(), codec="G729").up()
    s.talk(4, out={"payload": wire.scrambled(3, 20)}, in_={"payload": wire.scrambled(4, 20)}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def codec_opus(c):
    s = Scene(c.capture(), codec="opus").up()
    s.talk(4, out={"payload": wire.scrambled(3, 80), "delay": shaky}, in_={"payload": wire.scrambled(4, 80)}).bye()
    c.expect(s.call_id, streams=s.streams())


@case
def codec_dynamic_number_of_each_side(c):
    """Each side names its own number for opus: 96 is sent where 96 was asked for (RFC 3264, 5.1)."""
    s = Scene(c.capture(), offer={"codecs": ("96 opus/48000/2",)}, answer={"codecs": ("111 opus/48000/2",)}).up()
    for talker, number in ((s.out, 111), (s.in_, 96)):
        talker.payload_type, talker.rate, talker.codec = number, 48000, "opus"
    s.talk(4, out={"payload": wire.scrambled(3, 80)}, in_={"payload": wire.scrambled(4, 80)}).bye()
    c.expect(s.call_id, streams=s.streams(codec="opus", silent=None))


@case
def codec_pcmu_under_a_dynamic_number(c):
    s = Scene(c.capture(), offer={"codecs": ("97 PCMU/8000",)}, answer={"codecs": ("97 PCMU/8000",)}).up()
    s.out.payload_type = s.in_.payload_type = 97
    s.talk(4).bye()
    c.expect(s.call_id, streams=s.streams(silent={False, None}))


@case
def packets_of_30_ms(c):
    whole(c, c.capture(), milliseconds=30)


@case
def packets_of_10_ms(c):
    whole(c, c.capture(), seconds=3, milliseconds=10)


@case
def expedited(c):
    whole(c, c.capture(), dscp=46)
    for stream in c.calls[0].streams:
        stream.more["dscp"] = 46


@case
def best_effort(c):
    whole(c, c.capture())
    for stream in c.calls[0].streams:
        stream.more["dscp"] = 0


@case
def extended_headers(c):
    """Header extension, two contributing sources and padding (RFC 3550, 5.1 and 5.3.1)."""
    s = Scene(c.capture()).up()
    s.out.form = {"extra": b"\x10\xaa\0\0", "csrc": (1, 2)}
    s.in_.form = {"padding": 8}
    s.talk().bye()
    c.expect(s.call_id, streams=s.streams())


@case
def with_rtcp(c):
    """Reports on the next port: of no stream's packets."""
    capture = c.capture()
    s = Scene(capture).up().talk(12).bye()
    for i in range(2):
        when = s.answered + 5 + 5 * i
        for own, other, a, b in ((s.out, s.in_, "192.168.1.10:40001", "192.168.1.2:20001"),
                                 (s.in_, s.out, "192.168.1.2:20001", "192.168.1.10:40001")):
            report = wire.sender_report(own.ssrc, when, 8000 * int(when), 250 * i, 40000 * i,
                                        [wire.report_block(other.ssrc, highest=1000 + 250 * i, jitter=8)])
            capture.udp(when, a, b, report + wire.source_name(own.ssrc))
    c.expect(s.call_id, streams=s.streams())


@case
def with_rtcp_on_the_same_port(c):
    """RFC 5761."""
    capture = c.capture()
    more = {"more": ("a=rtcp-mux",)}
    s = Scene(capture, offer=more, answer=more).up().talk(12).bye()
    for i in range(2):
        when = s.answered + 5.003 + 5 * i
        for own, other in ((s.out, s.in_), (s.in_, s.out)):
            report = wire.sender_report(own.ssrc, when, 8000 * int(when), 250 * i, 40000 * i,
                                        [wire.report_block(other.ssrc, highest=1000 + 250 * i, jitter=8)])
            capture.udp(when, own.src, own.dst, report + wire.source_name(own.ssrc))
    c.expect(s.call_id, streams=s.streams())


@case
def snapped_at_60_bytes(c):
    """Enough for the RTP header (54 bytes), not for the voice; SIP is not to be had either. Ethernet, IP, UDP and RTP
    headers tell of packets and loss all the same."""
    c.options += ["--phone", PHONE]
    capture = c.capture(snap=60)
    s = Scene(capture)
    s.answered = 1.0
    s.talk(10, out={"lose": set(range(100, 104))}).bye()
    c.expect("", verdict={"unknown", "two-way"}, result="unfinished", status=None, answered=None,
             out={"ok", "unknown"}, in_={"ok", "unknown"}, streams=s.streams(silent=None, first_s=None))


@case
def snapped_at_400_bytes(c):
    """SIP is cut behind its headers, RTP is whole."""
    capture = c.capture(snap=400)
    s = Scene(capture).up().talk(4).bye()
    c.expect(s.call_id, verdict={"two-way", "unknown"}, out={"ok", "unknown"}, in_={"ok", "unknown"},
             streams=s.streams())


@case
def without_sip(c):
    """RTP alone: a call without a name, in which both are heard. Nobody called, so --phone says whose side is whose."""
    c.options += ["--phone", PHONE]
    capture = c.capture()
    s = Scene(capture)
    s.answered = 0.0
    s.talk(10, out={"delay": shaky, "lose": {7, 8}})
    c.expect("", result="unfinished", status=None, answered=None, verdict={"two-way", "unknown"}, out={"ok", "unknown"},
             in_={"ok", "unknown"}, streams=s.streams(first_s=None))


@case
def codec_changes(c):
    """Both were agreed; the phone turns from PCMU to PCMA in the midst of the call, and is heard."""
    both = {"codecs": ("0 PCMU/8000", "8 PCMA/8000")}
    s = Scene(c.capture(), offer=both, answer=both).up().talk(5)
    s.out.payload_type, s.out.codec = 8, "PCMA"
    s.talk(5, start=s.end).bye()
    streams = s.streams()
    streams[0].codec = "PCMA"
    c.expect(s.call_id, streams=streams, findings=[note("codec-changed", "out")])


@case
def source_changes(c):
    """A transfer behind the server: another SSRC from the same place. Two streams, nothing wrong."""
    s = Scene(c.capture()).up().talk(4)
    first = s.in_.sent
    s.in_.new_source(0x33333333, 40, 5)
    s.talk(4, start=s.end).bye()
    c.expect(s.call_id, streams=s.streams() + [Stream("in", first)])


@case
def two_calls(c):
    """At once, one after the other begun."""
    capture = c.capture()
    for i in range(2):
        s = Scene(capture, call_id="call-%d@example.com" % i, begin=1 + i, ports=(40000 + 2 * i, 20000 + 2 * i),
                  ssrcs=(0x1000 + i, 0x2000 + i)).up().talk(4).bye()
        c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def same_port_again(c):
    """The second call uses the ports of the first: what belongs to which is told by the time."""
    capture = c.capture()
    begin = 1.0
    for i in range(2):
        s = Scene(capture, call_id="call-%d@example.com" % i, begin=begin, ssrcs=(0x1000 + i, 0x2000 + i)).up().talk(4).bye()
        begin = s.end + 2
        c.expect(s.call_id, streams=s.streams(), answered=s.answered)


@case
def other_traffic(c):
    """DNS, NTP and what looks like nothing go by: no stream of anybody."""
    capture = c.capture()
    whole(c, capture)
    for i in range(60):
        capture.udp(1 + i * 0.05, "192.168.1.20:%d" % (50000 + i), "192.168.1.1:53", wire.scrambled(i + 1, 40))
        capture.udp(1.01 + i * 0.05, "192.168.1.20:123", "192.168.1.1:123", b"\x23" + bytes(47))
        # Version 2 in the first bits, but neither number nor source stay.
        capture.udp(1.02 + i * 0.05, "192.168.1.20:6000", "192.168.1.30:6000", b"\x80" + wire.scrambled(99 + i, 171))
