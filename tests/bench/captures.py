# SPDX-License-Identifier: GPL-3.0-or-later
"""captures.py [MEGABYTES...]: "analyze" on large captures against the bare reading of them.

Time and peak memory of each, in the same run, the best of a few; beside them what tshark
and sngrep take, where they are installed (once, and only for the first size: they are
slow). That it also found what was put into the capture is said, for a fast wrong answer
is none. Prints; passes no judgement.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

TOP = os.environ["top_builddir"]
RUNS = int(os.environ.get("RUNS", "3"))


def run(command, out):
    """Seconds and peak memory in MB."""
    with open(out, "wb") as f, open(os.devnull, "rb") as nothing:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdin=nothing, stdout=f, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - begun, used.ru_maxrss / 1024, child.returncode


def best(command, out, runs=RUNS):
    return min(run(command, out) for _ in range(runs))


def differences(truth, result):
    """How many streams differ from what was put in, and how many there are."""
    found = {(s["ssrc"], s["packets"], s["lost"], s["reordered"]) for call in result["calls"] for s in call["streams"]}
    sent = {(call[way]["ssrc"], call[way]["packets"], call[way]["lost"], call[way]["reordered"])
            for call in truth["calls"] for way in ("out", "in")}
    return len(sent - found), len(sent)


def measure(folder, megabytes, rivals):
    capture, truth, out = (os.path.join(folder, name) for name in ("capture.pcap", "truth.json", "out"))
    subprocess.run([TOP + "/tests/bench/generate", "-b", str(megabytes), capture, truth], check=True)
    with open(truth) as f:
        sent = json.load(f)
    bare, bare_memory, _ = best([TOP + "/tests/bench/bare", capture], out)
    took, memory, status = best([TOP + "/src/earshot", "analyze", "--json", capture], out)
    if status in (0, 1):
        print("analyze %5d MB  %6.2f s  %5.1f MB peak   bare loop %5.2f s  %.2f x   %d packets, %d calls (%d at once)" % (
            megabytes, took, memory, bare, took / bare, sent["packets"], len(sent["calls"]), sent["live"]))
        with open(out) as f:
            wrong, streams = differences(sent, json.load(f))
        print("                  %d of %d streams as they were sent" % (streams - wrong, streams))
    else:
        print("analyze %5d MB  it ended with %d" % (megabytes, status))
    if not rivals:
        return
    for name, command in (("tshark", ["tshark", "-r", capture, "-q", "-z", "rtp,streams"]),
                          ("sngrep", ["timeout", "600", "sngrep", "-N", "-r", "-q", "-I", capture])):
        if shutil.which(name):
            took, memory, status = run(command, out)
            print("%-7s %5d MB  %6.2f s  %5.1f MB peak%s" % (
                name, megabytes, took, memory, "" if status == 0 else "   (ended with %d)" % status))


def main(sizes):
    with tempfile.TemporaryDirectory(prefix="earshot-bench-", dir=os.environ.get("TMPDIR")) as folder:
        for i, megabytes in enumerate(sizes):
            if shutil.disk_usage(folder).free < 2 * megabytes * 1_000_000:
                print("analyze %5d MB  there is no room for it in %s" % (megabytes, folder))
            else:
                measure(folder, megabytes, i == 0)


main([int(argument) for argument in sys.argv[1:]] or [300, 1500])
