# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests in practice sites share: run in the laptop of a site, they start
the program, drive it and say what is wrong.

The first argument of each is the program. It keeps its files in a folder of its
own, WORK.
"""
import atexit
import ctypes
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import uuid

EARSHOT = sys.argv[1]
SCENARIO = os.environ.get("EARSHOT_PRACTICE")
PROFILE = os.environ.get("EARSHOT_PROFILE")
PATIENCE = 20.0         # seconds; for what must come
WORK = tempfile.mkdtemp(dir=os.environ.get("EARSHOT_PRACTICE_DIR"))
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
STATE = WORK + "/state/earshot"
MARK = "EARSHOT_TEST=" + str(uuid.uuid4())
ENVIRONMENT = dict(os.environ, HOME=WORK, XDG_STATE_HOME=WORK + "/state", XDG_CONFIG_HOME=WORK + "/config",
                   LC_ALL="C.UTF-8", TERM="xterm", EARSHOT_TEST=MARK.split("=")[1])
failures = 0


def check(what, right, seen=""):
    """Says what is wrong, and what was seen instead."""
    global failures
    if not right:
        failures += 1
        print("not ok - %s - seen: %s" % (what, str(seen)[-2000:]), flush=True)
    return right


def finish():
    if not failures:
        print("ok", flush=True)
    sys.exit(1 if failures else 0)


def run(*arguments, text="", environment=()):
    """(exit status, stdout, stderr) of the program."""
    done = subprocess.run([EARSHOT, *arguments], input=text, capture_output=True, text=True,
                          timeout=6 * PATIENCE, cwd=WORK, env=dict(ENVIRONMENT, **dict(environment)))
    return done.returncode, done.stdout, done.stderr


def run_json(*arguments):
    """(exit status, the object) of the program; an empty object where it is none."""
    status, out, err = run(*arguments, "--json")
    try:
        return status, json.loads(out)
    except ValueError:
        check("%s gives JSON" % (arguments,), False, (out, err))
        return status, {}


def socket_at(namespace, *args):
    """A socket in another box: sockets stay where they were made."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as own, open("/run/netns/" + namespace) as other:
        if libc.setns(other.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return socket.socket(*args)
        finally:
            libc.setns(own.fileno(), 0)


def sip_listener():
    """Hears all that comes to the provider's SIP server, once it has passed the network."""
    s = socket_at("sip", socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind(("eth0", 0))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    s.setblocking(False)
    return s


def sip_requests(listener):
    """The methods of the requests to the server that were heard so far."""
    methods = []
    while True:
        try:
            frame, source = listener.recvfrom(65535)
        except BlockingIOError:
            return methods
        if source[2] != socket.PACKET_OUTGOING:
            methods += [m.decode() for m in re.findall(rb"(OPTIONS|REGISTER|INVITE|ACK|BYE|CANCEL|SUBSCRIBE|NOTIFY|MESSAGE) sips?:[^\r\n]* SIP/2\.0\r", frame)]


def journals():
    """All sessions, oldest first."""
    names = sorted(os.listdir(STATE)) if os.path.isdir(STATE) else []
    return [os.path.join(STATE, name) for name in names if name.endswith(".journal")]


def records(path):
    """The whole records of a session; a last line that was cut does not count."""
    with open(path, "rb") as f:
        return [json.loads(line) for line in f.read().split(b"\n")[:-1]]


def answers(path):
    """(question, value) in the order given, without those that were taken back."""
    given = []
    for record in records(path):
        if record["kind"] == "answer":
            given.append((record["question"], record["value"]))
        elif record["kind"] == "undo" and given:
            given.pop()
    return given


def processes():
    """Those that come from this test but for itself, as {pid: command line}."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as f:
                if MARK.encode() not in f.read():
                    continue
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                found[int(pid)] = f.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass            # gone
    return found


def check_nothing_runs(what):
    end = time.monotonic() + PATIENCE
    while processes() and time.monotonic() < end:
        select.select([], [], [], 0.01)
    check("%s: no process is left" % what, not processes(), processes())


class Dialogue:
    """The program on a pipe or a terminal; what it says is read as it comes."""

    def __init__(self, *arguments, terminal=False, rows=24, columns=80):
        self.said = ""
        if terminal:
            here, there = pty.openpty()
            fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            self.process = subprocess.Popen([EARSHOT, *arguments], stdin=there, stdout=there, stderr=there, cwd=WORK,
                                            env=ENVIRONMENT, start_new_session=True,
                                            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
            os.close(there)
            self.reads = self.writes = here
        else:
            self.process = subprocess.Popen([EARSHOT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=subprocess.STDOUT, cwd=WORK, env=ENVIRONMENT)
            self.reads, self.writes = self.process.stdout.fileno(), self.process.stdin.fileno()

    def listen(self, seconds):
        """Reads what has been said by then; False at its end."""
        if not select.select([self.reads], [], [], max(0, seconds))[0]:
            return True
        try:
            data = os.read(self.reads, 65536)
        except OSError:         # how a terminal's other end says that it is gone
            data = b""
        self.said += data.decode(errors="replace")
        return bool(data)

    def say(self, text):
        try:
            os.write(self.writes, text.encode())
        except OSError:         # it has ended
            pass

    def await_text(self, pattern, seconds=PATIENCE):
        """The match in what was said since the last one; None where it ended or took too long."""
        end = time.monotonic() + seconds
        going = True
        while True:
            match = re.search(pattern, self.said)
            if match:
                self.said = self.said[match.end():]
                return match
            if not going or time.monotonic() > end:
                return None
            going = self.listen(end - time.monotonic())

    def await_prompt(self, pattern, end):
        """(page before it, first group) of the next prompt; None where there is none by then."""
        while not (match := re.search(pattern, self.said)):
            if time.monotonic() > end or not self.listen(end - time.monotonic()):
                return None
        page, self.said = " ".join(self.said[:match.start()].split()), self.said[match.end():]
        return page, match.group(1)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.wait()

    def wait(self, seconds=PATIENCE):
        """Its exit status; what it says meanwhile is kept."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if not self.listen(0.05):
                break
        try:
            status = self.process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        while self.listen(0.0) and select.select([self.reads], [], [], 0)[0]:
            pass
        if self.process.stdin:
            self.process.stdout.close()
            try:
                self.process.stdin.close()
            except OSError:
                pass
        else:
            os.close(self.reads)
        return status
