# SPDX-License-Identifier: GPL-3.0-or-later
"""Run on a loopback of its own: "earshot capture" beside a call of four seconds that CALL makes."""
import sys

sys.path.insert(0, __file__.rsplit("/", 2)[0])
from lab import *

SMALL, VOICE = os.environ["SMALL"], os.environ["VOICE"]
PACKETS = 200           # of each direction of the call, about


def call():
    return subprocess.Popen(os.environ["CALL"].split(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def start(*arguments, program=EARSHOT, before=()):
    return subprocess.Popen([*before, program, "capture", "-i", "lo", *arguments], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=WORK, env=ENVIRONMENT)


def helpers():
    """The capture helpers that run: they have no environment to be known by."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as f:
                if f.read().strip() == "earshot-capture":
                    found.append(int(pid))
        except OSError:
            pass
    return found


def await_that(what, ready):
    end = time.monotonic() + PATIENCE
    while not ready() and time.monotonic() < end:
        select.select([], [], [], 0.01)
    return check(what, ready())


def sockets():
    """Packet sockets that are bound and run."""
    with open("/proc/net/packet") as f:
        return sum(line.split()[5] == "1" for line in f.read().splitlines()[1:])


def await_sockets(count):
    """So many listen: that their packet sockets are bound shows that nothing of a call is missed."""
    return await_that("%d listen" % count, lambda: sockets() >= count)


def all_gone(what):
    """Who ends is gone by name a moment before its sockets are, and the next would be taken to listen."""
    check_nothing_runs(what)
    await_that(what + ": nobody listens", lambda: not sockets())


def told(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def told_json(what, process):
    status, out, err = told(process)
    try:
        return status, json.loads(out), err
    except ValueError:
        check(what + ": JSON", False, (status, out, err))
        return status, {}, err


def packets_of(path):
    """(bytes kept, bytes on the wire, data) of each packet of a capture file."""
    with open(path, "rb") as f:
        data = f.read()
    check(path + ": pcap of nanoseconds", data[:4] == b"\x4d\x3c\xb2\xa1", data[:4])
    packets, at = [], 24
    while at + 16 <= len(data):
        kept, wire = struct.unpack("<II", data[at + 8:at + 16])
        packets.append((kept, wire, data[at + 16:at + 16 + kept]))
        at += 16 + kept
    check(path + ": whole", at == len(data), (at, len(data)))
    return packets


def check_result(what, status, result, err):
    calls = result.get("calls", [])
    check(what + ": exit status 0, nothing on stderr", (status, err) == (0, ""), (status, err))
    check(what + ": the schema", result.get("schema") == "earshot/1", result)
    check(what + ": no finding", result.get("findings") == [], result.get("findings"))
    if not check(what + ": one call, both ways", [c["verdict"] for c in calls] == ["two-way"], calls):
        return
    streams = sorted(calls[0]["streams"], key=lambda s: s["direction"])
    check(what + ": a stream each way", [s["direction"] for s in streams] == ["in", "out"], streams)
    check(what + ": all packets", all(PACKETS - 5 < s["packets"] < PACKETS + 5 and s["lost"] == 0 and not s["silent"]
                                      for s in streams), streams)
    given = result.get("input", {})
    check(what + ": the count of packets", given.get("packets", 0) >= 2 * PACKETS - 10, given)
    check(what + ": nothing was dropped", given.get("dropped") == 0, given)
    check(what + ": the interface", given.get("interface") == "lo", given)


def check_file(path, result):
    check("the file: mode 600", os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode))
    count = result["input"]["packets"]
    check("the file: kept, all of it", result["input"].get("kept") is True and
          result["input"].get("kept_packets") == count, result["input"])
    packets = packets_of(path)
    check("the file: every packet, whole", len(packets) == count and all(k == w for k, w, _ in packets), len(packets))
    status, again = run_json("analyze", path)
    check("the file, analyzed: the same call", [s for c in again["calls"] for s in c["streams"]] ==
          [s for c in result["calls"] for s in c["streams"]], again["calls"])
    if shutil.which("tshark"):
        seen = subprocess.run(["tshark", "-r", path, "-Y", "sip || udp", "-T", "fields", "-e", "frame.number"],
                              capture_output=True, text=True, env=ENVIRONMENT).stdout.split()
        check("the file, read by tshark: every packet", len(seen) == count, len(seen))


def check_without_voice(path, result):
    packets = packets_of(path)
    with open(VOICE, "rb") as f:
        voice = f.read()
    samples = {voice[i:i + 8] for i in range(0, len(voice))}
    rtp = [(kept, wire, data) for kept, wire, data in packets if wire == 14 + 20 + 8 + 12 + 160]
    check("without voice: the packets are there", len(rtp) >= 2 * PACKETS - 10, len(rtp))
    check("without voice: of RTP the header", all(kept == 14 + 20 + 8 + 12 for kept, _, _ in rtp), rtp[:1])
    check("without voice: not one sample", not any(data[i:i + 8] in samples for _, _, data in rtp
                                                   for i in range(42, len(data))), path)
    check("without voice: SIP whole", sum(b"INVITE sip:" in data and data.endswith(b"a=sendrecv\r\n")
                                          for _, _, data in packets) == 1, len(packets))
    status, again = run_json("analyze", path)
    keys = "direction", "packets", "lost", "jitter_ms", "codec"
    check("without voice, analyzed: loss and jitter are the same",
          [[s[k] for k in keys] for c in again["calls"] for s in c["streams"]] ==
          [[s[k] for k in keys] for c in result["calls"] for s in c["streams"]], again["calls"])
    check("without voice, analyzed: whether it is silence cannot be told",
          all(s["silent"] is None for c in again["calls"] for s in c["streams"]), again["calls"])


def check_terminal(dialogue):
    for words in ("2001@example.com calls", "answered", r"you -> them", r"[45]\d packets/s, 0\.0 % lost",
                  "your voice is on its way", r"them -> you", "their voice arrives"):
        check("the picture shows: " + words, dialogue.await_text(words), dialogue.said[-600:])
    check("the picture gives way to the result", dialogue.await_text("CALLS") and
          dialogue.await_text("As far as is seen here, voice goes both ways"), dialogue.said[-1500:])
    check("on a terminal: exit status 0", (status := dialogue.wait()) == 0, (status, dialogue.said[-500:]))


def beside_a_call():
    """One call, and all who listen to it at the same time."""
    kept, thin, full = WORK + "/kept.pcap", WORK + "/thin.pcap", SMALL + "/full.pcap"
    whole = start("-d", "7", "--json", "-w", kept)
    cut = start("-d", "7", "--json", "-w", thin, "--snap-audio")
    open_end = start("--json")
    asked = start("-d", "600", "--json")
    crammed = start("-d", "7", "--json", "-w", full)
    killed = start("-d", "600", "-w", WORK + "/killed.pcap")
    picture = Dialogue("capture", "-i", "lo", "-d", "7", terminal=True, rows=40)
    await_sockets(7)
    phone = call()
    check_terminal(picture)
    check("the call was made", phone.wait(PATIENCE) == 0, phone.returncode)
    status, result, err = told_json("-w", whole)
    check_result("-w", status, result, err)
    check_file(kept, result)
    status, result, err = told_json("--snap-audio", cut)
    check_result("--snap-audio", status, result, err)
    check_without_voice(thin, result)

    open_end.send_signal(signal.SIGINT)
    check_result("ended by Ctrl-C", *told_json("Ctrl-C", open_end))
    asked.send_signal(signal.SIGINT)
    status, result, err = told_json("Ctrl-C before its time", asked)
    check("Ctrl-C before its time: exit status 130", status == 130, (status, err))
    check_result("Ctrl-C before its time", 0, result, err)

    status, result, err = told_json("a full disk", crammed)
    check("a full disk: exit status 2, and why", status == 2 and err.strip() ==
          "earshot: %s was not written: No space left on device" % full, (status, err))
    check("a full disk: the result all the same", [c["verdict"] for c in result.get("calls", [])] == ["two-way"], result)
    check("a full disk: kept is false", result.get("input", {}).get("kept") is False, result.get("input"))
    check("a full disk: nothing is left there", os.listdir(SMALL) == [], os.listdir(SMALL))

    killed.kill()
    killed.communicate()
    check("kill -9: no file of that name", not os.path.exists(WORK + "/killed.pcap"), os.listdir(WORK))
    await_that("no helper is left", lambda: not helpers())
    all_gone("after all of them")


def at_once():
    """The second Ctrl-C waits for nothing."""
    process = start("-d", "600", "--json", "-w", WORK + "/never.pcap")
    await_sockets(1)
    os.kill(helpers()[0], signal.SIGSTOP)   # so that ending in order would take its time
    process.send_signal(signal.SIGINT)
    select.select([], [], [], 0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    status, out, err = told(process)
    check("Ctrl-C twice: exit status 130 at once", status == 130 and time.monotonic() - began < 1,
          (status, time.monotonic() - began, err))
    check("Ctrl-C twice: no file", not any("never" in name for name in os.listdir(WORK)), os.listdir(WORK))
    for pid in helpers():
        os.kill(pid, signal.SIGKILL)
    all_gone("Ctrl-C twice")


def hung_up():
    """A terminal that closes: its shell tells, and so does the kernel. Nothing is lost by the second."""
    path = WORK + "/hung.pcap"
    process = start("-d", "600", "-w", path)
    await_sockets(1)
    os.kill(helpers()[0], signal.SIGSTOP)   # so that the second comes while it ends
    process.send_signal(signal.SIGHUP)
    select.select([], [], [], 0.1)
    process.send_signal(signal.SIGHUP)
    for helper in helpers():                # if it was not given up by now
        try:
            os.kill(helper, signal.SIGCONT)
        except ProcessLookupError:
            pass
    status, out, err = told(process)
    check("hung up: ended in order", status == 130 and "CALLS" in out, (status, out, err))
    check("hung up: the file is kept", os.path.exists(path), os.listdir(WORK))
    all_gone("hung up")


def in_vain():
    status, out, err = run("capture", "-i", "earshot-none", "-d", "1")
    check("no such interface: exit status 2", status == 2 and out == "" and "earshot-none" in err, (status, out, err))
    status, out, err = run("capture", "-i", "lo", "-d", "1", "-w", WORK + "/none/x.pcap")
    check("a folder that is not there: exit status 2", status == 2 and out == "" and "No such file" in err,
          (status, out, err))
    status, out, err = run("capture", "-i", "lo", "-d", "600", "-w", WORK)
    check("a folder of that name: exit status 2 at once", status == 2 and out == "" and "Is a directory" in err,
          (status, out, err))
    status, result = run_json("check", "capture")
    check("check capture without -d is skipped, and says why",
          status == 3 and result["checks"][0]["state"] == "skipped" and "when somebody asks" in
          result["checks"][0]["why"], (status, result))
    status, result = run_json("check", "capture", "-d", "1", "-i", "lo")
    check("check capture -d 1", status == 0 and result["checks"][0]["state"] == "done", (status, result))
    subprocess.run(["ip", "-batch", "-"], text=True, check=True, input="""
        link add name uplink type veth peer name elsewhere
        addr add 192.0.2.7/24 dev uplink
        link set dev uplink up
        link set dev elsewhere up
        route add default via 192.0.2.1""")
    status, result = run_json("capture", "-d", "1")
    check("without -i: where the default route leads", result["input"]["interface"] == "uplink", result["input"])


def as_others():
    """As ordinary users; with file capabilities where the system lets one have them."""
    nobody = "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"
    helper = os.path.join(os.path.dirname(EARSHOT), "helper", "earshot-capture")
    if os.getuid() or subprocess.run([*nobody, "test", "-x", helper]).returncode:
        print("# not tried as an ordinary user: nobody may not start it, or there is nobody", flush=True)
        return
    path = WORK + "/open"
    os.chmod(WORK, 0o755)
    os.mkdir(path, 0o755)
    os.chown(path, 65534, 65534)
    process = start("-d", "1", "-w", path + "/x.pcap", before=nobody)
    status, out, err = told(process)
    check("no right: exit status 3, the words with what mends it, and no file", (status, out) == (3, "") and
          "this user may not capture; as root run once: setcap cap_net_raw+ep " + helper + "\n" in err and
          os.listdir(path) == [], (status, out, err, os.listdir(path)))
    status, result, err = told_json("behind sudo", start("-d", "1", "--json", before=("env", "SUDO_UID=65534")))
    check("behind sudo: it goes on as the user and captures all the same",
          status == 0 and "going on as" in err and result["checks"][0]["state"] == "done", (status, result, err))
    os.mkdir(path + "/helper")
    mine = shutil.copy(EARSHOT, path + "/earshot")
    with_right = shutil.copy(helper, path + "/helper/earshot-capture")
    if subprocess.run(["setcap", "cap_net_raw+ep", with_right], stderr=subprocess.DEVNULL).returncode:
        print("# not tried with file capabilities: setcap does not work here", flush=True)
        return
    status, result, err = told_json("with the right", start("-d", "1", "--json", program=mine, before=nobody))
    check("with the right: an ordinary user captures", status == 0 and result["checks"][0]["state"] == "done",
          (status, result, err))


beside_a_call()
at_once()
hung_up()
as_others()
in_vain()
finish()
