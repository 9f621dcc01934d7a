# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison proves itself before it judges: a result that is as expected passes, and each way in which one can be
wrong is noticed."""
import copy
import json

import case
import wire
from case import Call, Stream, fault, maybe, note


def sample():
    """An expectation, and the result that fits it."""
    talker = wire.Talker(wire.Capture(), "192.168.1.10:40000", "192.168.1.2:20000", 0x1234)
    talker.talk(1.25, 1, lose={7}, twice={9}, late={20: 0.03})
    sent = talker.sent
    mean, worst = sent.jitter()
    wanted = Call("proof@example.com", verdict="one-way-out", in_="missing", answered=1.2, streams=[Stream("out", sent)],
                  findings=[fault("rtp-one-way", "in"), maybe(note("sdp-hold"))])
    finding = {"id": "rtp-one-way", "severity": "fault", "side": "unknown", "direction": "in", "title": "…", "evidence": ["…"]}
    stream = {"direction": "out", "src": sent.src, "dst": sent.dst, "ssrc": "0x00001234", "codec": "PCMU", "payload_type": 0,
              "packets": 50, "lost": 1, "duplicates": 1, "reordered": 1, "loss_pct": 2.0,
              "jitter_ms": {"mean": mean, "max": worst}, "seconds": sent.seconds, "first_s": 0.05, "silent": False,
              "dscp": 0, "mos": 4.3}
    call = {"call_id": "proof@example.com", "from": "a", "to": "b", "started": "…", "answered": "…", "ended": None,
            "result": "answered", "status": 200, "verdict": "one-way-out", "media": [], "streams": [stream],
            "directions": {"out": {"state": "ok", "why": "…"}, "in": {"state": "missing", "why": "…"}},
            "findings": [finding]}
    return wanted, {"schema": "earshot/1", "version": "…", "started": "…", "seconds": 0.1, "findings": [dict(finding)],
                    "calls": [call], "input": {"packets": 50, "passed_over": 0, "damaged": False}}


def words(wanted, result):
    probe = case.Case("proof", "/nowhere")
    probe.calls.append(wanted)
    out = list(case.unsafe(json.dumps(result).encode(), "the JSON")) + list(case.shape(result))
    return out or list(probe.wrong_calls(result))


WRONG = {
    "verdict": lambda r: r["calls"][0].update(verdict="two-way"),
    "result": lambda r: r["calls"][0].update(result="failed"),
    "status": lambda r: r["calls"][0].update(status=404),
    "a state": lambda r: r["calls"][0]["directions"]["in"].update(state="unknown"),
    "a state without why": lambda r: r["calls"][0]["directions"]["in"].update(why=""),
    "a word that is none": lambda r: r["calls"][0].update(verdict="fine"),
    "no such call": lambda r: r["calls"][0].update(call_id="other"),
    "a call too many": lambda r: r["calls"].append(r["calls"][0]),
    "no call": lambda r: r["calls"].clear(),
    "a finding too few": lambda r: (r["calls"][0]["findings"].clear(), r["findings"].clear()),
    "a finding too many": lambda r: [f.append({**r["findings"][0], "id": "ice-failed"}) for f in (r["findings"], r["calls"][0]["findings"])],
    "a finding above the calls alone": lambda r: r["findings"].append({**r["findings"][0], "id": "ice-failed"}),
    "a finding of no capture": lambda r: [f[0].update(id="cgnat") for f in (r["findings"], r["calls"][0]["findings"])],
    "severity": lambda r: r["calls"][0]["findings"][0].update(severity="risk"),
    "direction of a finding": lambda r: [f[0].update(direction="out") for f in (r["findings"], r["calls"][0]["findings"])],
    "no evidence": lambda r: r["findings"][0].update(evidence=[]),
    "a stream too few": lambda r: r["calls"][0]["streams"].clear(),
    "a stream too many": lambda r: r["calls"][0]["streams"].append({**r["calls"][0]["streams"][0], "ssrc": "0x00000001"}),
    "a key of a call": lambda r: r["calls"][0].pop("media"),
    "input": lambda r: r.pop("input"),
    "an escape sequence": lambda r: r["calls"][0].update({"from": "\x1b[2J"}),
    "a C1 character": lambda r: r["calls"][0].update({"to": "\u009b2J"}),
    "text that turns round": lambda r: r["calls"][0].update({"to": "\u202e"}),
    **{"%s of a stream" % key: lambda r, key=key, value=value: r["calls"][0]["streams"][0].update({key: value}) for key, value in (
        ("direction", "in"), ("packets", 49), ("lost", 0), ("duplicates", 0), ("reordered", 0), ("codec", "PCMA"),
        ("silent", None), ("seconds", 2.0), ("loss_pct", 1.0), ("first_s", None), ("jitter_ms", {"mean": 0, "max": 0}))},
}


def unnoticed():
    wanted, right = sample()
    for word in words(wanted, right):
        yield "a right result is called wrong: %s" % word
    for name, spoil in WRONG.items():
        result = copy.deepcopy(right)
        spoil(result)
        if not words(wanted, result):
            yield "not noticed: %s" % name
