# SPDX-License-Identifier: GPL-3.0-or-later
"""What most cases begin with: one phone, one server, a call between them."""
import wire
from case import Stream

# In one network, where no address needs a word.
PHONE, PBX = "192.168.1.10", "192.168.1.2"
# Across the Internet: the router's outside address and the provider's server.
NAT, SERVER = "198.51.100.7", "203.0.113.5"
# IPv6.
PHONE6, SERVER6 = "2001:db8:1::10", "2001:db8:5::5"

FORMATS = {"PCMU": "0 PCMU/8000", "PCMA": "8 PCMA/8000", "G722": "9 G722/8000", "G729": "18 G729/8000",
           "opus": "111 opus/48000/2"}


def at(address, port):
    return "[%s]:%d" % (address, port) if ":" in address else "%s:%d" % (address, port)


class Scene:
    """`phone` calls `server`, or is called by it where `inbound`. `offer` and `answer` go to wire.sdp()."""

    def __init__(self, capture, *, phone=PHONE, server=PBX, call_id="call@example.com", begin=1.0, inbound=False,
                 codec="PCMU", phone_media=None, server_media=None, offer=None, answer=None, ring=0.2, dscp=0,
                 ports=(40000, 20000), ssrcs=(0x11111111, 0x22222222), sip_ports=(5060, 5060), milliseconds=20, **dialog):
        self.capture, self.call_id, self.begin, self.inbound, self.ring = capture, call_id, begin, inbound, ring
        phone_sip, server_sip = at(phone, sip_ports[0]), at(server, sip_ports[1])
        caller, callee = (server_sip, phone_sip) if inbound else (phone_sip, server_sip)
        self.dialog = wire.Dialog(capture, caller, callee, call_id, **dialog)
        self.phone_media = phone_media or at(phone, ports[0])
        self.server_media = server_media or at(server, ports[1])
        caller_media, callee_media = self.phone_media, self.server_media
        if inbound:
            caller_media, callee_media = callee_media, caller_media
        formats = {"codecs": (FORMATS[codec],)}
        self.offer = wire.sdp(caller_media, **{**formats, **(offer or {})})
        self.answer = wire.sdp(callee_media, **{**formats, **(answer or {})})
        kind, rate = int(FORMATS[codec].split()[0]), 48000 if codec == "opus" else 8000
        talkers = dict(payload_type=kind, codec=codec, rate=rate, dscp=dscp, milliseconds=milliseconds)
        self.out = wire.Talker(capture, at(phone, ports[0]), self.server_media, ssrcs[0], **talkers)
        self.in_ = wire.Talker(capture, at(server, ports[1]), self.phone_media, ssrcs[1], seq=7000, timestamp=99000, **talkers)
        self.codec = codec
        self.answered = None

    def up(self):
        """Rings and is answered."""
        self.answered = self.dialog.answered(self.begin, self.offer, self.answer, self.ring)
        return self

    def talk(self, seconds=4, out=True, in_=True, start=None):
        """Both speak, 50 ms after the answer; a dictionary goes to Talker.talk()."""
        self.end = begin = start if start is not None else self.answered + 0.05
        for talker, how in ((self.out, out), (self.in_, in_)):
            if how is not False:
                self.end = max(self.end, talker.talk(begin, seconds, **(how if isinstance(how, dict) else {})))
        self.end = max(self.end, begin + seconds)
        return self

    def bye(self, by_phone=True, later=0.1):
        self.dialog.bye(self.end + later, by_caller=by_phone != self.inbound)
        return self

    def streams(self, **more):
        """What was sent, as it is to be found; `more` for both."""
        named = {"codec": self.codec, "silent": False if self.codec in ("PCMU", "PCMA") else None, **more}
        codec, silent = named.pop("codec"), named.pop("silent")
        return [Stream(name, talker.sent, codec, silent, dict(named))
                for name, talker in (("out", self.out), ("in", self.in_)) if talker.sent.packets]


def whole(case, capture, seconds=4, **scene):
    """An ordinary call from the first message to the last, and that it is fine."""
    made = Scene(capture, **scene).up().talk(seconds).bye()
    case.expect(made.call_id, streams=made.streams(), answered=made.answered)
    return made
