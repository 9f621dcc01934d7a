# SPDX-License-Identifier: GPL-3.0-or-later
"""Run on a wire of its own: earshot, a folder for large files, and "check" or "bench"."""
import json
import os
import resource
import select
import subprocess
import sys
import time

EARSHOT, WORK, WHAT = sys.argv[1:4]
TOP = os.environ["top_builddir"]
PATIENCE = 30.0
TRIES = 3


def generate(calls, megabytes):
    """A capture of so many calls at any time, and what is in it."""
    capture, truth = WORK + "/calls.pcap", WORK + "/truth.json"
    subprocess.run([TOP + "/tests/bench/generate", "-c", str(calls), "-t", "300", "-b", str(megabytes), "-n", "0",
                    "-l", "0", "-r", "0", capture, truth], check=True)
    with open(truth) as f:
        return capture, json.load(f)


def await_socket():
    """Until a packet socket is bound, which is when it begins to hear."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with open("/proc/net/packet") as f:
            if any(line.split()[5] == "1" for line in f.readlines()[1:]):
                return
        select.select([], [], [], 0.01)
    sys.exit("not ok - nobody listens")


def listen(capture, truth):
    """(result, milliseconds that the sender fell behind, seconds of CPU of those who listened)."""
    process = subprocess.Popen([EARSHOT, "capture", "-i", "far", "-d", str(int(truth["seconds"]) + 4), "--json"],
                               stdout=subprocess.PIPE)
    await_socket()
    sender = subprocess.run([TOP + "/tests/lab/capture/replay", "near", capture], capture_output=True, text=True)
    if sender.returncode:
        sys.exit("not ok - replay: " + sender.stderr)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(process.communicate(timeout=PATIENCE)[0])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, int(sender.stdout), cpu


def wrong(result, truth):
    """What is not as it was sent."""
    given, calls = result["input"], result["calls"]
    streams = [s for call in calls for s in call["streams"]]
    told = {
        "dropped": (given.get("dropped"), 0),
        "packets": (given["packets"], truth["packets"]),
        "calls": (len(calls), len(truth["calls"])),
        "packets of RTP": (sum(s["packets"] for s in streams), truth["rtp"]),
        "lost": (sum(s["lost"] for s in streams), 0),
        "verdicts": (sorted({call["verdict"] for call in calls}), ["two-way"]),
        "findings": (result["findings"], []),
    }
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def check(calls, megabytes):
    capture, truth = generate(calls, megabytes)
    rate = truth["packets"] / truth["seconds"]
    for _ in range(TRIES):
        result, behind, _ = listen(capture, truth)
        difference = wrong(result, truth)
        if not difference:
            print("ok: %d calls at once, %.0f packets/s for %.0f s, none dropped (sender at most %d ms late)" %
                  (calls, rate, truth["seconds"], behind))
            return True
        print("# %d calls at once (sender at most %d ms late): %s" % (calls, behind, difference), flush=True)
    print("not ok: %d calls at once, in %d tries" % (calls, TRIES))
    return False


def bench():
    capture, truth = generate(1000, 115)
    result, behind, cpu = listen(capture, truth)
    dropped = result["input"].get("dropped", 0)
    print("capture  1,000 calls  %7.0f packets/s  dropped %d of %d  %.2f CPUs  (sender at most %d ms late; bound: 0)" %
          (truth["packets"] / truth["seconds"], dropped, truth["packets"], cpu / truth["seconds"], behind))
    return True


sys.exit(0 if (bench() if WHAT == "bench" else all([check(200, 23), check(1000, 115)])) else 1)
