# SPDX-License-Identifier: GPL-3.0-or-later
"""tshark.py [NAME...]: does the analysis count packets, loss and jitter as tshark's "rtp,streams" does?

Every case whose streams tshark can read. What was found out about its counting, with
version 4.0, by trying it on made streams and by reading on:

- Its packets are all of one source, destination and SSRC, those that came twice among
  them. Its loss is last number - first number + 1 - packets, with the last and the first
  as they arrived, so that each duplicate takes one off and it may be below zero. Ours
  leaves duplicates apart: ours = theirs + duplicates.
- It is not right, and so not asked, where the first packet was overtaken (one too few),
  where packets from before the wrap of the numbers come after it (65,536 too many), and
  where the last packet is one that was late.
- Its jitter is RFC 3550, A.8 in the order of arrival, duplicates and late packets and
  those after a gap included; a packet from before the first one's timestamp is passed
  over. The clock is that of the packet's payload type: by RFC 3551's table, or by the
  rtpmap of the description for where it is sent to, whole kilohertz of it (44,100 counts
  as 44,000). Where none is known, and for telephone-event, nothing is added up and the last
  timestamp stays, but the time of arrival is taken: after a digit there is a bump.
- Mean and worst leave out packets with the marker bit, comfort noise, and what follows
  comfort noise; the mean is weighed by all packets so far, those among them. So the mean
  is a little lower than that of the jitters alone.
- A stream whose clock's rate changes leaps at each change in 4.0 and does not in later
  versions: not asked.
"""
import re
import subprocess
import sys
import tempfile

import golden

LINE = re.compile(r"^ +([\d.]+) +([\d.]+) +(\S+) +(\d+) +(\S+) +(\d+) +(0x[0-9A-Fa-f]{8}) +(.*?) +(\d+) +(-?\d+) \(-?[\d.]+%\)"
                  r" +([-\d.]+) +([-\d.]+) +([-\d.]+) +([-\d.]+) +([-\d.]+) +([-\d.]+)")
SKIPPED = {
    "reordered-first-packet": "the first packet was overtaken",
    "sequence-starts-at-the-end": "the first packet was overtaken",
    "sequence-wraps-late": "packets from before the wrap come after it",
}


def streams(path):
    """(source, destination, SSRC) to (packets, lost, mean jitter, worst)."""
    run = subprocess.run(["tshark", "-r", path, "-q", "-o", "rtp.heuristic_rtp:TRUE", "-z", "rtp,streams"],
                         capture_output=True, text=True, check=True, timeout=120)
    out = {}
    for line in run.stdout.splitlines():
        found = LINE.match(line)
        if found:
            _, _, src, sport, dst, dport, ssrc, _, packets, lost, _, _, _, _, mean, worst = found.groups()
            form = "[%s]:%s" if ":" in src else "%s:%s"
            out[(form % (src, sport), form % (dst, dport), ssrc.lower())] = (int(packets), int(lost), float(mean), float(worst))
    return out


def on_the_line(stream):
    """Through TURN a stream is told as between peer and phone; tshark has the server in the peer's place."""
    src, dst, via = stream["src"], stream["dst"], stream.get("via")
    if via:
        src, dst = (src, via) if stream["direction"] == "out" else (via, dst)
    return src, dst, stream["ssrc"]


def differences(case, result):
    theirs = streams(case.files[0])
    ours = {on_the_line(s): s for call in result["calls"] for s in call["streams"]}
    for key in sorted(set(theirs) | set(ours)):
        if key not in ours and theirs[key][0] == 1:
            continue  # One packet that may be RTP is no stream.
        name = "%s > %s %s" % key
        if key not in ours or key not in theirs:
            yield "%s is seen by %s alone" % (name, "tshark" if key in theirs else "earshot")
            continue
        packets, lost, mean, worst = theirs[key]
        own = ours[key]
        if own["packets"] != packets:
            yield "%s: %d packets, tshark has %d" % (name, own["packets"], packets)
        if own["lost"] != max(0, lost + own["duplicates"]):
            yield "%s: %d lost, %d twice; tshark has %d lost" % (name, own["lost"], own["duplicates"], lost)
        for what, their in (("mean", mean), ("max", worst)):
            value = (own["jitter_ms"] or {}).get(what) or 0
            if abs(value - their) > 0.006:
                yield "%s: jitter %s %.3f, tshark has %.3f" % (name, what, value, their)


def main(chosen):
    failed = asked = 0
    with tempfile.TemporaryDirectory(prefix="earshot-pcap-") as folder:
        for name in chosen or golden.cases.CASES:
            case = golden.make(name, folder)
            if not case.tshark or case.status is not None or case.stdin or not case.files or len(case.files) != 1:
                continue
            if name in SKIPPED:
                print("# skip %s: there tshark is wrong, %s" % (name, SKIPPED[name]))
                continue
            asked += 1
            words, result = case.wrong(golden.EARSHOT)
            failed += golden.report(name, differences(case, result) if result else words)
    print("%d of %d fail" % (failed, asked) if failed else "%d cases as tshark has them" % asked)
    return 1 if failed or not asked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
