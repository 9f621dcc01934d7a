# SPDX-License-Identifier: GPL-3.0-or-later
"""captures.py [MEGABYTES...]: "analyze" on large captures against the bare reading of them.

Both in turn, bare, ours, bare, ours, and of each the least time: other work on the machine
only ever adds. Peak memory of both. Calls last three minutes, as they do; the first size is
measured once more with calls of thirty seconds, for a call costs as much as some thousand
of its packets. Beside them, where they are installed, tshark and sngrep: once, for the
first size alone, and stopped after a time. Prints; passes no judgement.

captures.py --check MEGABYTES: only whether each stream's packets, losses, duplicates and
late ones are what was put into the capture.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.environ["top_builddir"]
RUNS = int(os.environ.get("RUNS", "5"))
RIVAL_SECONDS = 300
FIGURES = ("ssrc", "packets", "lost", "reordered", "duplicates")
EARSHOT, BARE = [TOP + "/src/earshot", "analyze", "--json"], [TOP + "/tests/bench/bare"]


def run(command, out):
    """Seconds, peak memory in MB, status. The memory is the larger process's of several."""
    with open(out, "wb") as f, open(os.devnull, "rb") as nothing:
        told = subprocess.run([TOP + "/tests/bench/measure", *command], stdin=nothing, stdout=f, stderr=subprocess.PIPE,
                              check=True, text=True).stderr
    seconds, kib, status = told.splitlines()[-1].split()
    return float(seconds), int(kib) / 1024, int(status)


def differences(truth, result):
    """The streams that differ from what was put in, and how many there are."""
    found = {tuple(s[f] for f in FIGURES) for call in result["calls"] for s in call["streams"]}
    sent = {tuple(call[way][f] for f in FIGURES) for call in truth["calls"] for way in ("out", "in")}
    return sorted(sent - found), sorted(found - sent), len(sent)


class Capture:
    def __init__(self, folder, megabytes, *options):
        self.path, truth, self.out = (os.path.join(folder, name) for name in ("capture.pcap", "truth.json", "out"))
        subprocess.run([TOP + "/tests/bench/generate", *options, "-b", str(megabytes), self.path, truth], check=True)
        self.megabytes = megabytes
        with open(truth) as f:
            self.truth = json.load(f)

    def result(self):
        with open(self.out) as f:
            return json.load(f)

    def measure(self, name):
        bare, ours = [], []
        for _ in range(RUNS):
            bare.append(run(BARE + [self.path], self.out))
            ours.append(run(EARSHOT + [self.path], self.out))
        if ours[-1][2] not in (0, 1):
            print("%-13s %5d MB  it ended with %d" % (name, self.megabytes, ours[-1][2]))
            return
        least, least_bare = min(ours)[0], min(bare)[0]
        print("%-13s %5d MB  bare %5.2f s  analyze %5.2f s  %.2f x   peak %.1f and %.1f MB   %d packets, %d calls" % (
            name, self.megabytes, least_bare, least, least / least_bare, max(b[1] for b in bare),
            max(o[1] for o in ours), self.truth["packets"], len(self.truth["calls"])))
        wrong, _, streams = differences(self.truth, self.result())
        print("%24s  %d of %d streams as they were sent" % ("", streams - len(wrong), streams))

    def measure_rivals(self):
        for name, command in (("tshark", ["tshark", "-r", self.path, "-q", "-z", "rtp,streams"]),
                              ("sngrep", ["sngrep", "-N", "-r", "-q", "-I", self.path])):
            if not shutil.which(name):
                print("%-13s is not installed" % name)
                continue
            took, memory, status = run(["timeout", str(RIVAL_SECONDS), *command], self.out)
            said = {0: "", 124: "   (stopped: not ready after %d s)" % RIVAL_SECONDS}
            print("%-13s %5d MB  %24.2f s           peak %.1f MB%s" % (
                name, self.megabytes, took, memory, said.get(status, "   (ended with %d)" % status)))


def bench(folder, sizes):
    for i, megabytes in enumerate(sizes):
        if shutil.disk_usage(folder).free < 2 * megabytes * 1_000_000:
            print("analyze       %5d MB  there is no room for it in %s" % (megabytes, folder))
            continue
        capture = Capture(folder, megabytes)
        capture.measure("analyze")
        if i == 0:
            capture.measure_rivals()
            Capture(folder, megabytes, "-t", "30").measure("short calls")


def check(folder, megabytes):
    """Short calls, that there are some."""
    capture = Capture(folder, megabytes, "-t", "10", "-d", "0.3")
    status = run(EARSHOT + [capture.path], capture.out)[2]
    missing, odd, streams = differences(capture.truth, capture.result()) if status in (0, 1) else ([], [], 0)
    for name, list_ in (("sent", missing), ("told", odd)):
        for figures in list_[:10]:
            print(name + ": " + ", ".join("%s %s" % pair for pair in zip(FIGURES, figures)))
    counts = {f: sum(call[way][f] for call in capture.truth["calls"] for way in ("out", "in")) for f in FIGURES[1:]}
    print("%d streams, %s; earshot ended with %d" % (streams, ", ".join("%d %s" % (counts[f], f) for f in counts), status))
    return 1 if missing or odd or not streams or not all(counts.values()) else 0


def main(arguments):
    with tempfile.TemporaryDirectory(prefix="earshot-bench-", dir=os.environ.get("TMPDIR")) as folder:
        if arguments[:1] == ["--check"]:
            return check(folder, float(arguments[1]))
        bench(folder, [int(argument) for argument in arguments] or [300, 1500])
    return 0


sys.exit(main(sys.argv[1:]))
