# SPDX-License-Identifier: GPL-3.0-or-later
"""More that is in the midst: chains, NAT behind NAT, relays that step aside, and captures that show a part of it."""
import wire
from case import ANY, case, fault, maybe, note
from cases.relays import FAR, FLOWS, NAT, PHONE, Relayed, Router
from scene import Scene, at

PRIVATE = note("sdp-private-address", ANY)
CGN, DOCKER = "100.64.3.9", "172.17.0.2"


class Path:
    """A capture at all hops of NATs behind one another: the phone's address as each shows it, from within."""

    def __init__(self, capture, hosts, keeps=None):
        self.capture, self.hosts, self.keeps = capture, hosts, keeps

    def udp(self, when, source, destination, payload, **more):
        sip = source.endswith(":5060")
        outwards = source.startswith(self.hosts[0] + ":")
        hosts = self.hosts if outwards else self.hosts[::-1]
        for i, host in enumerate(hosts):
            if not sip and not outwards and self.keeps == i:
                return
            port = 5060 if sip else 40000
            ends = (at(host, port), destination) if outwards else (source, at(host, port))
            self.capture.udp(when + i * 0.0001, *ends, payload, **more)


def along(c, *hosts, keeps=None):
    s = Scene(c.capture(), phone=hosts[0], server=FAR)
    s.dialog.capture = s.out.capture = s.in_.capture = Path(s.capture, hosts, keeps)
    s.up().talk(5).bye()
    return s


def kept(c, s):
    c.expect(s.call_id, verdict="one-way-out", in_="missing", findings=[fault("rtp-one-way", "in"), maybe(PRIVATE)])


@case
def two_nats_pass_all(c):
    c.expect(along(c, PHONE, CGN, NAT).call_id, findings=[maybe(PRIVATE)])


@case
def two_nats_outer_keeps(c):
    kept(c, along(c, PHONE, CGN, NAT, keeps=1))


@case
def two_nats_inner_keeps(c):
    kept(c, along(c, PHONE, CGN, NAT, keeps=2))


@case
def docker_passes_all(c):
    """The softphone runs in a container: one private address becomes another."""
    c.expect(along(c, DOCKER, PHONE).call_id, findings=[maybe(PRIVATE)])


@case
def docker_keeps(c):
    kept(c, along(c, DOCKER, PHONE, keeps=1))


@case
def docker_and_router_keep(c):
    kept(c, along(c, DOCKER, PHONE, NAT, keeps=2))


@case
def relay_starts_late(c):
    """It latches: the first half second gets there and no further."""
    made = Relayed(c)
    made.flow("phone").flow("far")
    for name in ("on", "back"):
        src, dst = FLOWS[name]
        talker = wire.Talker(made.capture, src, dst, 1 if name == "on" else 2)
        talker.talk(1.75, 4.5)
        made.talkers[name] = talker
    made.bye().expect("two-way", "ok", "ok", [])


@case
def relay_transcodes(c):
    """What it sends on has another SSRC."""
    made = Relayed(c)
    made.flow("phone").flow("far")
    for name, ssrc in (("on", 77), ("back", 78)):
        talker = wire.Talker(made.capture, *FLOWS[name], ssrc)
        talker.talk(1.26, 5)
        made.talkers[name] = talker
    made.bye().expect("two-way", "ok", "ok", [])


@case
def relay_seen_half_a_second_less(c):
    """The hop to the phone ends before the other one does, as does a capture merged of two."""
    made = Relayed(c)
    made.flow("phone", 20).flow("on", 19.5).flow("far", 20).flow("back", 19.5)
    made.bye(21.5).expect("two-way", "ok", "ok", [])


@case
def router_seen_inside_only_for_voice(c):
    """SIP of both sides, voice of one: `port 5060 or host 192.168.1.10`."""
    s = Scene(c.capture(), phone=PHONE, server=FAR)
    router = Router(s.capture)
    s.dialog.capture = router
    s.up().talk(5).bye()
    c.expect(s.call_id, findings=[PRIVATE])


def late(c, begin):
    """A container's NAT whose hops were not captured from the same packet on: the outer one was first."""
    s = Scene(c.capture(), phone=DOCKER, server=FAR)
    path = Path(s.capture, (DOCKER, PHONE))
    plain = path.udp

    def udp(when, source, destination, payload, **more):
        if source.startswith(DOCKER) and source.endswith(":40000") and when < begin:
            s.capture.udp(when, at(PHONE, 40000), destination, payload, **more)
        else:
            plain(when, source, destination, payload, **more)
    path.udp = udp
    s.dialog.capture = s.out.capture = s.in_.capture = path
    s.up().talk(5).bye()
    return s


@case
def docker_inside_seen_later(c):
    c.expect(late(c, 1.5).call_id, findings=[maybe(PRIVATE)])
