# SPDX-License-Identifier: GPL-3.0-or-later
"""What is promised of a capture, clause by clause, the plain way and at its limits: what an acceptance test asks.
Streams, addresses and descriptions; answers, files and the rest are in clauses_more."""
import wire
from case import ANY, Stream, case, fault, maybe, note, risk
from scene import FORMATS, NAT, PHONE, PHONE6, SERVER, SERVER6, Scene, whole


def named(name):
    """A case that is one of a row."""
    def take(function):
        function.__name__ = "clause_" + name
        return case(function)
    return take


def talked(c, out=True, in_=True, seconds=8, bye=True, **scene):
    s = Scene(c.capture(), **scene).up().talk(seconds, out=out, in_=in_)
    return s.bye() if bye else s


def expect(c, s, *findings, **wanted):
    wanted.setdefault("streams", s.streams())
    return c.expect(s.call_id, answered=s.answered, findings=list(findings), **wanted)


# loss-high: risk from 1 %, fault from 5 % ---------------------------------------------


def spread(count, of=1000):
    """So many numbers out of so many, neither the first nor the last."""
    return {(i + 1) * of // (count + 1) for i in range(count)}


for tenths, severity in ((9, None), (10, "risk"), (49, "risk"), (50, "fault")):
    for which in ("out", "in"):
        def loss(c, tenths=tenths, severity=severity, which=which):
            lossy = {"lose": spread(tenths)}
            s = talked(c, lossy if which == "out" else True, lossy if which == "in" else True, 20)
            kind = {"risk": risk, "fault": fault}.get(severity)
            expect(c, s, *([kind("loss-high", which)] if kind else []))
        named("loss_%02d_%s" % (tenths, which))(loss)


@named("loss_both")
def loss_both(c):
    s = talked(c, {"lose": spread(20)}, {"lose": spread(60)}, 20)
    expect(c, s, risk("loss-high", "out"), fault("loss-high", "in"))


@named("loss_ten_in_hundred_made_up_by_twice")
def loss_twice(c):
    """Ten of a hundred lost and ten others twice: a tenth is lost all the same."""
    lost = spread(50)
    s = talked(c, {"lose": lost, "twice": {n + 1 for n in lost}}, True, 20)
    expect(c, s, fault("loss-high", "out"))


@named("twice_is_no_loss")
def twice_is_no_loss(c):
    s = talked(c, {"twice": spread(300)}, True, 20)
    expect(c, s)


@named("late_is_no_loss")
def late_is_no_loss(c):
    """Every tenth is overtaken by the next: reordered, not lost."""
    s = talked(c, {"late": {n: 0.025 for n in range(5, 990, 10)}}, True, 20)
    expect(c, s)


# jitter-high: risk from 30 ms, fault from 50 ms ----------------------------------------


def shaken(target):
    """The delay of every other packet that makes this mean."""
    trial = wire.Talker(wire.Capture(), "192.0.2.1:4000", "192.0.2.2:4000", 1, milliseconds=60)
    trial.talk(2, 30, delay=lambda i: i % 2 * 0.05)
    factor = trial.sent.jitter()[0] / 50
    return {"delay": lambda i: i % 2 * target / factor / 1000}


for target, severity in ((29, None), (31, "risk"), (49, "risk"), (51, "fault")):
    for which in ("out", "in"):
        def jitter(c, target=target, severity=severity, which=which):
            how = shaken(target)
            s = talked(c, how if which == "out" else True, how if which == "in" else True, 30, milliseconds=60)
            kind = {"risk": risk, "fault": fault}.get(severity)
            expect(c, s, *([kind("jitter-high", which)] if kind else []))
        named("jitter_%d_%s" % (target, which))(jitter)


@named("jitter_of_a_senders_clock")
def jitter_of_clock(c):
    """The sender's clock leaps every two seconds; the packets come evenly."""
    s = Scene(c.capture()).up()
    begin = s.answered + 0.05
    for i in range(10):
        s.talk(2, start=begin + 2 * i)
        s.out.timestamp += 80000
    s.bye()
    expect(c, s)


# dscp, numbers, sources -----------------------------------------------------------------


for dscp in (0, 8, 34, 46, 63):
    @named("dscp_%d" % dscp)
    def marked(c, dscp=dscp):
        s = talked(c, dscp=dscp, seconds=4)
        expect(c, s, streams=s.streams(dscp=dscp))


@named("new_source_loses_nothing")
def new_source(c):
    """Each SSRC is a stream of its own: what lies between their numbers is not lost."""
    s = Scene(c.capture()).up().talk(4)
    first = s.in_.sent
    s.in_.new_source(0x33333333, 60000, 5)
    s.talk(4, start=s.end).bye()
    expect(c, s, streams=[Stream("in", first)] + s.streams())


@named("wrap_with_loss")
def wrap_with_loss(c):
    """Over the end of 65535, and two of a hundred lost, one of them 65535 itself."""
    s = Scene(c.capture()).up()
    s.out.seq = 65535 - 500
    s.talk(20, out={"lose": {500} | spread(19)}).bye()
    expect(c, s, risk("loss-high", "out"))


@named("wrap_twice_over_and_late")
def wrap_late(c):
    s = Scene(c.capture()).up()
    s.in_.seq = 65530
    s.talk(6, in_={"late": {3: 0.025, 20: 0.025}, "twice": {100, 101}}).bye()
    expect(c, s)


# rtp-stops ------------------------------------------------------------------------------


for which in ("out", "in"):
    @named("stops_at_31_of_60_%s" % which)
    def stops(c, which=which):
        s = Scene(c.capture()).up().talk(31)
        s.talk(29, out=which == "in", in_=which == "out", start=s.end).bye()
        expect(c, s, fault("rtp-stops", which), maybe(fault("rtp-one-way", which)),
               verdict="one-way-in" if which == "out" else "one-way-out",
               **({"out": ANY} if which == "out" else {"in_": ANY}))


@named("stops_and_comes_back")
def stops_and_back(c):
    """Ten seconds nothing from one, then again to the end: the call ended two-way."""
    s = Scene(c.capture()).up().talk(20)
    s.talk(10, out=False, start=s.end)
    s.out.pause(10)
    s.talk(20, start=s.end).bye()
    expect(c, s)


@named("ends_a_moment_before_the_bye")
def ends_before_bye(c):
    """One side is done half a second before the other hangs up."""
    s = Scene(c.capture()).up().talk(20)
    s.talk(0.5, out=False, start=s.end).bye()
    expect(c, s)


# rtp-silent -----------------------------------------------------------------------------


for codec in ("PCMU", "PCMA"):
    for which in ("out", "in"):
        @named("silent_%s_%s" % (codec.lower(), which))
        def silent(c, codec=codec, which=which):
            s = talked(c, {"silent": which == "out"}, {"silent": which == "in"}, 20, codec=codec)
            streams = s.streams()
            for stream in streams:
                stream.silent = stream.direction == which
            expect(c, s, fault("rtp-silent", which), verdict="silent-" + which, streams=streams,
                   **({"out": "silent"} if which == "out" else {"in_": "silent"}))

    for quiet in (4, 9):
        @named("quiet_for_%d_of_40_%s" % (quiet, codec.lower()))
        def quiet_for(c, codec=codec, quiet=quiet):
            """Listens for so long with the voice detector's digital silence, then speaks."""
            s = Scene(c.capture(), codec=codec).up().talk(10, out={"silent": True} if quiet > 10 else True)
            s.talk(quiet, out={"silent": True}, start=s.end)
            s.talk(30 - quiet, start=s.end).bye()
            expect(c, s)


@named("silent_both")
def silent_both(c):
    s = talked(c, {"silent": True}, {"silent": True}, 20)
    expect(c, s, *[fault("rtp-silent", ANY)] + [maybe(fault("rtp-silent", ANY))], verdict=ANY, out="silent", in_="silent",
           streams=s.streams(silent=True))


@named("silent_g729_cannot_be_told")
def silent_g729(c):
    """Nobody can see silence in it without decoding: null, no finding."""
    zero = {"payload": bytes(20)}
    s = talked(c, zero, zero, 20, codec="G729")
    expect(c, s, streams=s.streams(silent=None))


@named("silent_srtp_cannot_be_told")
def silent_srtp(c):
    key = {"profile": "RTP/SAVP", "more": ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40,)}
    body = {"payload": lambda i: wire.scrambled(i + 1, 170)}
    s = talked(c, body, body, 8, offer=key, answer=key)
    expect(c, s, streams=s.streams(silent=None))


# No audio, one way, nothing, and where one stands ----------------------------------------


@named("none_at_the_phone")
def none_at_the_phone(c):
    s = talked(c, False, False, 10)
    c.options = ["--at", "phone"]
    expect(c, s, fault("rtp-none", "both"), verdict="no-audio", out="never-sent", in_="missing")


for place in ("phone", "inside", "outside", "server"):
    for which in ("out", "in"):
        @named("one_way_%s_at_the_%s" % (which, place))
        def one_way(c, place=place, which=which):
            """Only what arrives where the capture was taken says of what is missing that nobody sent it."""
            near = PHONE if place in ("phone", "inside") else NAT
            s = talked(c, which == "out", which == "in", 10, phone=near, server=SERVER)
            c.options = ["--at", place, "--phone", near]
            gone = {"phone": {"out": "never-sent", "in": "missing"}, "server": {"out": "missing", "in": "never-sent"}}
            lost = "in" if which == "out" else "out"
            state = gone.get(place, {}).get(lost, {"missing", "never-sent", "unknown"})
            # A private address in the description to a public server is what explains nothing coming.
            cause = [] if near != PHONE else [fault("sdp-private-address", "in") if lost == "in" else
                                              note("sdp-private-address", "in")]
            expect(c, s, fault("rtp-one-way", lost), *cause, verdict="one-way-" + which,
                   **{"out" if lost == "out" else "in_": state})


@named("phone_is_the_callee")
def phone_is_callee(c):
    """--phone turns the directions round."""
    s = Scene(c.capture(), phone="192.0.2.10", server="192.0.2.20").up().talk(5, in_=False).bye()
    c.options = ["--phone", "192.0.2.20"]
    streams = s.streams()
    for stream in streams:
        stream.direction = "in"
    expect(c, s, fault("rtp-one-way", "out"), verdict="one-way-in", streams=streams, out=ANY)


@named("phone_is_the_caller_of_two_public_ones")
def phone_is_caller(c):
    s = talked(c, in_=False, seconds=5, phone="192.0.2.10", server="192.0.2.20")
    expect(c, s, fault("rtp-one-way", "in"), verdict="one-way-out", in_=ANY)


@named("phone_is_the_private_callee")
def phone_is_private(c):
    """The private side is the phone's though the other calls."""
    s = talked(c, seconds=5, phone=PHONE, server=SERVER, inbound=True)
    expect(c, s, note("sdp-private-address", "in"))


# Addresses --------------------------------------------------------------------------------


for name, private in (("10", "10.1.2.3"), ("172", "172.31.255.1"), ("192", "192.168.77.3"), ("cgn", "100.64.3.4")):
    @named("private_%s_latched" % name)
    def latched(c, private=private):
        """The server sends back to where it comes from: said, and no fault."""
        s = Scene(c.capture(), phone=NAT, server=SERVER, phone_media=private + ":40000")
        s.in_.dst = s.in_.sent.dst = NAT + ":40000"
        s.up().talk(6).bye()
        c.options = ["--at", "server", "--phone", NAT]
        expect(c, s, note("sdp-private-address", "in"))

    @named("private_%s_believed" % name)
    def believed(c, private=private):
        """The server sends to what the description says."""
        s = talked(c, seconds=6, phone=NAT, server=SERVER, phone_media=private + ":40000")
        c.options = ["--at", "server", "--phone", NAT]
        expect(c, s, fault("sdp-private-address", "in"), fault("rtp-to-private-address", "in"),
               fault("rtp-one-way", "in"), verdict="one-way-out", in_="wrong-address")


@named("not_private_172_32")
def not_private(c):
    """172.32 and 100.128 are public, as 192.169 is."""
    s = talked(c, seconds=5, phone="172.32.0.1", server="100.128.0.1")
    expect(c, s)


@named("unexpected_source_heard")
def unexpected_heard(c):
    """From another address than the answer says, and audio flows: no more than a note."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    s.in_.src = s.in_.sent.src = "203.0.113.99:20000"
    s.up().talk(6).bye()
    expect(c, s, note("rtp-unexpected-source", "in"))


@named("wrong_port_out")
def wrong_port(c):
    """Sent to the right host and another port than the answer says."""
    s = Scene(c.capture(), phone=NAT, server=SERVER)
    s.out.dst = s.out.sent.dst = SERVER + ":20010"
    s.up().talk(6).bye()
    expect(c, s, fault("rtp-wrong-destination", "out"), fault("rtp-one-way", "out"), verdict="one-way-in",
           out="wrong-address")


@named("wrong_interface_two_cards")
def two_cards(c):
    """SIP from one card, the description names the other one, and the voice leaves by it."""
    s = Scene(c.capture(), phone="192.168.1.10", server=SERVER, phone_media="192.168.56.1:40000")
    s.up().talk(6, in_=False).bye()
    c.options = ["--at", "phone"]
    expect(c, s, fault("wrong-interface", "in"), fault("rtp-one-way", "in"), maybe(fault("sdp-private-address", "in")),
           verdict="one-way-out", in_="missing")


@named("ipv6_text")
def ipv6_text(c):
    """[address]:port, the address in its short form."""
    s = talked(c, seconds=5, phone="2001:db8:0:0:1::10", server="2001:db8::5:5")
    for talker, src, dst in ((s.out, "[2001:db8::1:0:0:10]:40000", "[2001:db8::5:5]:20000"),
                             (s.in_, "[2001:db8::5:5]:20000", "[2001:db8::1:0:0:10]:40000")):
        talker.sent.src, talker.sent.dst = src, dst
    expect(c, s)


@named("ipv6_loss_in")
def ipv6_loss(c):
    s = talked(c, True, {"lose": spread(10)}, 20, phone=PHONE6, server=SERVER6)
    expect(c, s, risk("loss-high", "in"))


# Codecs -----------------------------------------------------------------------------------


for which in ("out", "in"):
    @named("codec_not_agreed_%s" % which)
    def not_agreed(c, which=which):
        """PCMU is agreed, G.729 is what is sent: coming in it is refused, going out it may be."""
        s = Scene(c.capture()).up()
        talker = s.out if which == "out" else s.in_
        talker.payload_type, talker.codec = 18, "G729"
        s.talk(6, **{"out" if which == "out" else "in_": {"payload": bytes(range(20))}}).bye()
        streams = s.streams()
        for stream in streams:
            if stream.direction == which:
                stream.codec, stream.silent = "G729", None
        kind = fault("codec-not-negotiated", "in") if which == "in" else \
            fault("codec-not-negotiated", "out")
        kind.severity = "fault" if which == "in" else {"risk", "fault", "note"}
        if which == "in":
            expect(c, s, kind, fault("rtp-one-way", "in"), streams=streams, verdict="one-way-out", in_="rejected")
        else:
            expect(c, s, kind, streams=streams, verdict=ANY, out=ANY)


@named("dynamic_numbers_differ")
def dynamic_numbers(c):
    """Opus is 111 of one and 96 of the other; each sends what the other asked for."""
    s = Scene(c.capture(), codec="opus", answer={"codecs": ("96 opus/48000/2",)})
    s.out.payload_type = 96
    s.up().talk(6).bye()
    expect(c, s)


@named("codec_changes_between_agreed")
def codec_changes(c):
    """Both agreed; one goes over to the other: a note, and the last one's name."""
    both = {"codecs": (FORMATS["PCMU"], FORMATS["PCMA"])}
    s = Scene(c.capture(), offer=both, answer=both).up().talk(6)
    s.in_.payload_type, s.in_.codec = 8, "PCMA"
    s.talk(6, start=s.end).bye()
    streams = s.streams()
    streams[1].codec = "PCMA"
    streams[1].more["payload_type"] = 8
    expect(c, s, note("codec-changed", "in"), streams=streams)


@named("digits_told_by_offer_alone")
def digits_offer(c):
    s = talked(c, seconds=5, answer={"events": None})
    expect(c, s, note("dtmf-mismatch", ANY))


@named("digits_told_by_neither")
def digits_neither(c):
    s = talked(c, seconds=5, offer={"events": None}, answer={"events": None})
    expect(c, s)


@named("srtp_offered_answered_plain")
def srtp_plain(c):
    """RTP/SAVP asked for, RTP/AVP answered, plain sent."""
    key = {"profile": "RTP/SAVP", "more": ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "B" * 40,)}
    s = talked(c, seconds=5, offer=key)
    expect(c, s, fault("srtp-mismatch", "both"), fault("rtp-none", "both"), verdict="no-audio", out="rejected", in_="rejected")
