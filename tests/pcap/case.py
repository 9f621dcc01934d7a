# SPDX-License-Identifier: GPL-3.0-or-later
"""A case: captures, and what an honest program says of them.

The expectation is written down beside the capture, from what the script has put into
it and from what the names in tests/lint/contract.txt mean; never from a run.
"""
import functools
import json
import os
import re
import resource
import subprocess
from dataclasses import dataclass, field

import wire

VERDICTS = {"two-way", "one-way-out", "one-way-in", "no-audio", "silent-out", "silent-in", "held", "unknown"}
STATES = {"ok", "never-sent", "wrong-address", "missing", "silent", "rejected", "unknown"}
RESULTS = {"answered", "failed", "cancelled", "unfinished"}
ANY = object()  # The contract leaves it open.

CALL_KEYS = {"call_id", "from", "to", "started", "answered", "ended", "result", "status", "verdict", "media", "streams",
             "directions", "findings"}
STREAM_KEYS = {"direction", "src", "dst", "ssrc", "codec", "payload_type", "packets", "lost", "loss_pct", "jitter_ms",
               "seconds", "first_s", "silent", "dscp", "mos", "duplicates", "reordered"}
FINDING_KEYS = {"id", "severity", "side", "direction", "title", "evidence"}

CASES = {}


def case(function):
    """Makes a case of a function that is given a Case; its name is the function's."""
    name = function.__name__.replace("_", "-")
    assert name not in CASES, name
    CASES[name] = function
    return function


def one_of(wanted, found):
    """`wanted` is a value, a set of values that are all right, or ANY."""
    return wanted is ANY or (found in wanted if isinstance(wanted, (set, frozenset)) else found == wanted)


@dataclass
class Finding:
    name: str
    severity: object
    direction: object = ANY
    side: object = ANY
    optional: bool = False  # The contract lets it stand there or not.

    def fits(self, found):
        return (found["id"] == self.name and one_of(self.severity, found["severity"])
                and one_of(self.direction, found["direction"]) and one_of(self.side, found["side"]))

    def __str__(self):
        return " ".join([self.name] + [word if isinstance(word, str) else "*" if word is ANY else "|".join(sorted(word))
                                       for word in (self.severity, self.direction, self.side)])


def fault(name, direction=ANY, side=ANY):
    return Finding(name, "fault", direction, side)


def risk(name, direction=ANY):
    return Finding(name, "risk", direction)


def note(name, direction=ANY, side=ANY):
    return Finding(name, "note", direction, side)


def maybe(finding):
    finding.optional = True
    return finding


@dataclass
class Stream:
    direction: str
    sent: object
    codec: object = "PCMU"
    silent: object = False
    more: dict = field(default_factory=dict)


@dataclass
class Call:
    """Every field that is not ANY is checked."""
    call_id: str
    verdict: object = "two-way"
    result: object = "answered"
    status: object = 200
    out: object = "ok"
    in_: object = "ok"
    findings: list = field(default_factory=list)
    streams: object = ANY  # A list of Stream: these and no others.
    answered: object = ANY  # Seconds from the start of the capture, None for never.
    more: dict = field(default_factory=dict)


MEMORY_MAX = 1 << 30  # Address space: far more than any of these captures is worth.


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


@functools.lru_cache
def sanitized(program):
    """The address sanitizer takes terabytes of address space."""
    with open(program, "rb") as f:
        return b"__asan_init" in f.read()


class Case:
    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.captures, self.files, self.options = [], [], []
        self.calls = []
        self.status = None  # None: by the findings.
        self.stdin = None
        self.input = {}  # What must stand in "input".
        self.further = []  # Functions of the result that give words where something is wrong.
        self.others = False  # Further calls may be there.
        self.golden = True  # Its JSON is kept: not where nobody would read it.
        self.tshark = True  # Its streams are counted by tshark too.

    def capture(self, *arguments, **named):
        made = wire.Capture(*arguments, **named)
        self.captures.append(made)
        return made

    def raw(self, data, ending="pcap"):
        """A file of any bytes."""
        path = os.path.join(self.folder, "%s-%d.%s" % (self.name, len(self.files), ending))
        with open(path, "wb") as f:
            f.write(data)
        self.files.append(path)
        return path

    def expect(self, call_id, **wanted):
        self.calls.append(Call(call_id, **wanted))
        return self.calls[-1]

    def write(self):
        for capture in self.captures:
            self.raw(capture.bytes(), capture.form)

    # What is wrong -------------------------------------------------------------------

    def run(self, earshot, *options):
        with open(self.stdin or os.devnull, "rb") as stdin:
            return self.limited([earshot, "analyze", *options, *self.options, *([] if self.stdin else self.files),
                                   *(["-"] if self.stdin else [])], stdin)

    def limited(self, command, stdin):
        try:
            return subprocess.run(command, stdin=stdin, capture_output=True, timeout=60,
                                  preexec_fn=None if sanitized(command[0]) else limit)
        except subprocess.TimeoutExpired:
            return None

    def wrong(self, earshot):
        """Runs the program; (words of what is not as expected, the result)."""
        run = self.run(earshot, "--json")
        if run is None:
            return ["it does not end within a minute"], None
        words = list(unsafe(run.stdout, "the JSON")) + list(unsafe(run.stderr, "stderr"))
        if run.returncode < 0 or run.returncode > 3:
            return words + ["it ends with %d: %s" % (run.returncode, run.stderr[-300:].decode(errors="replace"))], None
        if self.status == 2 or run.returncode == 2 and one_of(self.status, 2) and self.status is not None:
            if run.returncode != 2:
                words.append("exit status %d, not 2" % run.returncode)
            if run.stdout:
                words.append("something stands on stdout though nothing could be read")
            if len(run.stderr.splitlines()) < 1:
                words.append("no word on stderr")
            return words, None
        try:
            result = json.loads(run.stdout)
        except ValueError as error:
            return words + ["exit status %d, no JSON: %s; %s" % (
                run.returncode, error, run.stderr[-300:].decode(errors="replace"))], None
        words += shape(result)
        if words and any("missing" in word for word in words):
            return words, result
        findings = [f for call in self.calls if call.findings is not ANY for f in call.findings]
        status = self.status
        if status is None:
            status = 1 if any(f["severity"] == "fault" for f in result["findings"]) else 0
            if any(f.severity == "fault" and not f.optional for f in findings):
                status = 1
        if not one_of(status, run.returncode):
            words.append("exit status %d, not %d" % (run.returncode, status))
        words += self.wrong_calls(result)
        for key, wanted in self.input.items():
            if not one_of(wanted, result.get("input", {}).get(key)):
                words.append("input.%s is %s, not %s" % (key, result.get("input", {}).get(key), wanted))
        for look in self.further:
            words += list(look(result) or [])
        words += self.wrong_text(earshot, run.returncode)
        return words, result

    def wrong_text(self, earshot, status):
        text = self.run(earshot)
        if text is None:
            yield "as text it does not end within a minute"
            return
        if text.returncode != status:
            yield "as text the exit status is %d, as JSON %d" % (text.returncode, status)
        yield from unsafe(text.stdout, "the text")
        if not text.stdout.strip():
            yield "as text it says nothing"

    def wrong_calls(self, result):
        found = list(result["calls"])
        if len(found) != len(self.calls) and not (self.others and len(found) > len(self.calls)):
            yield "%d calls, not %d: %s" % (len(found), len(self.calls), [c["call_id"] for c in found])
        for wanted in self.calls:
            call = next((c for c in found if one_of(wanted.call_id, c["call_id"])), None)
            if call is None:
                yield "call %s is not there" % wanted.call_id
                continue
            found.remove(call)
            for words in wrong_call(wanted, call):
                yield words if len(self.calls) == 1 else "%s: %s" % (wanted.call_id, words)


def wrong_call(wanted, call):
    directions = call["directions"]
    for name, value, is_ in (("verdict", wanted.verdict, call["verdict"]), ("result", wanted.result, call["result"]),
                             ("status", wanted.status, call["status"]),
                             ("out", wanted.out, directions["out"]["state"]),
                             ("in", wanted.in_, directions["in"]["state"])):
        if not one_of(value, is_):
            yield "%s is %s, not %s" % (name, is_, sorted(value) if isinstance(value, set) else value)
    if wanted.answered is None and call["answered"] is not None:
        yield "answered is %s, not null" % call["answered"]
    for key, value in wanted.more.items():
        if not one_of(value, call.get(key)):
            yield "%s is %s, not %s" % (key, call.get(key), value)
    if wanted.findings is not ANY:
        yield from wrong_findings(wanted.findings, call["findings"])
    if wanted.streams is not ANY:
        yield from wrong_streams(wanted, call)


def wrong_findings(wanted, found):
    found = list(found)
    for finding in wanted:
        fits = next((f for f in found if finding.fits(f)), None)
        if fits is not None:
            found.remove(fits)
        elif not finding.optional:
            yield "finding %s is not there" % finding
    for other in found:
        yield "finding %s %s %s should not be there: %s" % (other["id"], other["severity"], other["direction"],
                                                            "; ".join(map(str, other["evidence"]))[:160])


def ssrc(stream):
    return "0x%08x" % stream.sent.ssrc


def wrong_streams(wanted, call):
    found = list(call["streams"])
    for stream in wanted.streams:
        sent = stream.sent
        is_ = next((f for f in found if (f["src"], f["dst"], f["ssrc"]) == (sent.src, sent.dst, ssrc(stream))), None)
        name = "stream %s > %s" % (sent.src, sent.dst)
        if is_ is None:
            yield "%s %s is not there, but %s" % (name, ssrc(stream), [(f["src"], f["dst"], f["ssrc"]) for f in found])
            continue
        found.remove(is_)
        mean, worst = sent.jitter()
        answered = wanted.answered if wanted.answered is not ANY else None
        checks = {"direction": stream.direction, "packets": sent.packets, "lost": sent.lost, "duplicates": sent.duplicates,
                  "reordered": sent.reordered, "codec": stream.codec, "silent": stream.silent, **stream.more}
        near = {"seconds": (sent.seconds, 0.06), "loss_pct": (100 * sent.lost / max(1, len(sent.numbers) + sent.lost), 0.06)}
        if answered is not None:
            near["first_s"] = (sent.first - answered, 0.006)
        for key, value in checks.items():
            if not one_of(value, is_[key]):
                yield "%s: %s is %s, not %s" % (name, key, is_[key], value)
        for key, (value, tolerance) in near.items():
            if key in stream.more:
                continue
            if not isinstance(is_[key], (int, float)) or abs(is_[key] - value) > tolerance:
                yield "%s: %s is %s, not %.3f" % (name, key, is_[key], value)
        if "jitter_ms" not in stream.more:
            for key, value in (("mean", mean), ("max", worst)):
                if abs((is_["jitter_ms"] or {}).get(key, 0) - value) > 0.06:
                    yield "%s: jitter %s is %s, not %.3f" % (name, key, is_["jitter_ms"][key], value)
    for other in found:
        yield "stream %s > %s %s should not be there" % (other["src"], other["dst"], other["ssrc"])


# What must be so of every result ------------------------------------------------------

HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def unsafe(data, what):
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        yield "%s is not UTF-8: %s" % (what, error)
        return
    if what == "the JSON":
        # An escaped one is as good as a raw one, once somebody has read it.
        try:
            text += "\n".join(strings(json.loads(text)))
        except ValueError:
            pass
    bad = HOSTILE.search(text)
    if bad:
        yield "a control character U+%04X stands in %s: %r" % (
            ord(bad.group()), what, text[max(0, bad.start() - 20):bad.end() + 20])


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def names(top=None):
    """The findings that a capture can have, from the list that scripts rely on; and those of other checks' rows
    that stand in this one too."""
    path = os.path.join(top or os.path.join(os.path.dirname(__file__), "..", ".."), "tests/lint/contract.txt")
    out = {"call-setup-failed", "loss-high", "jitter-high", "dscp-cleared"}
    with open(path) as f:
        for line in f:
            words = line.split()
            if words[:2] == ["finding", "capture"]:
                out |= set(words[2:])
    return out


def shape(result):
    """Keys and words that the contract promises, whatever the capture."""
    for key in ("schema", "version", "started", "seconds", "findings", "calls", "input"):
        if key not in result:
            yield "key %s is missing" % key
            return
    if result["schema"] != "earshot/1":
        yield "schema %s" % result["schema"]
    for key in ("packets", "passed_over", "damaged"):
        if key not in result["input"]:
            yield "key input.%s is missing" % key
    known = names()
    for finding in result["findings"] + [f for call in result["calls"] for f in call.get("findings", [])]:
        for key in FINDING_KEYS - set(finding):
            yield "key %s of a finding is missing" % key
            return
        if finding["id"] not in known:
            yield "finding %s is not one of a capture" % finding["id"]
        for key, words in (("severity", {"fault", "risk", "note"}), ("side", {"site", "phone", "provider", "unknown"}),
                           ("direction", {"out", "in", "both", "none"})):
            if finding[key] not in words:
                yield "%s of %s is %s" % (key, finding["id"], finding[key])
        if not finding["title"] or not finding["evidence"] or not all(finding["evidence"]):
            yield "%s has no title or no evidence" % finding["id"]
    for call in result["calls"]:
        yield from shape_of_call(call)
    of_calls = {(f["id"], f["direction"]) for call in result["calls"] for f in call.get("findings", [])}
    of_all = [(f["id"], f["direction"]) for f in result["findings"]]
    if len(of_all) != len(set(of_all)):
        yield "a finding stands twice above the calls: %s" % of_all
    if of_calls != set(of_all):
        yield "the findings of all and those of the calls are not the same: %s" % sorted(of_calls ^ set(of_all))


def shape_of_call(call):
    for key in CALL_KEYS - set(call):
        yield "key %s of a call is missing" % key
    for stream in call.get("streams", []):
        for key in STREAM_KEYS - set(stream):
            yield "key %s of a stream is missing" % key
    if CALL_KEYS - set(call):
        return
    if call["verdict"] not in VERDICTS or call["result"] not in RESULTS:
        yield "verdict %s, result %s" % (call["verdict"], call["result"])
    for name in ("out", "in"):
        direction = call["directions"][name]
        if direction["state"] not in STATES or not direction.get("why"):
            yield "direction %s: %s" % (name, direction)
