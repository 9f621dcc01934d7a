# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts, ends and kills practice sites: the command's terminal, signals and exit
status are its own, and nothing of a site is left behind.

Argument: the script "site". Every process of a site inherits a mark in its
environment, by which it is found from outside.
"""
import os
import pty
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

SITE = os.path.realpath(sys.argv[1])
DEADLINE = 15.0
failures = 0


def check(what, right, seen=""):
    global failures
    if right:
        print("ok -", what)
    else:
        failures += 1
        print("not ok -", what, "- seen:", seen)


def marked(mark):
    """Processes that carry the mark, as {pid: command line}."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as f:
                if mark.encode() not in f.read():
                    continue
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                found[int(pid)] = f.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass            # gone, or another user's
    return found


def machine():
    """What a site could leave behind outside of processes."""
    with open("/proc/self/mountinfo") as f:
        mounts = sorted(f)
    names = [sorted(os.listdir(d)) if os.path.isdir(d) else None
             for d in ("/run/netns", "/run/earshot-practice", tempfile.gettempdir())]
    return mounts, [name for _, name in socket.if_nameindex()], names[:2]


def all_gone(what, marks):
    end = time.monotonic() + DEADLINE
    while (left := [p for p in map(marked, marks) if p]) and time.monotonic() < end:
        select.select([], [], [], 0.01)
    check("%s: no process is left" % what, not left, left)


class Run:
    """One site, with its command's output on a pipe."""

    def __init__(self, *arguments, script=SITE, **options):
        self.mark = "EARSHOT_TEST_MARK=" + uuid.uuid4().hex
        options.setdefault("stdin", subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ, **dict([self.mark.split("=")])), **options)

    def line(self):
        ready = select.select([self.process.stdout], [], [], DEADLINE)[0]
        return self.process.stdout.readline().decode().rstrip("\n") if ready else None

    def finish(self):
        """(exit status, rest of stdout, stderr)"""
        try:
            out, err = self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            return "hangs", out.decode(), err.decode()
        return self.process.returncode, out.decode(), err.decode()

    def gone(self, what):
        all_gone(what, [self.mark])


def check_status():
    for command, expected in ((["true"], 0), (["sh", "-c", "exit 7"], 7),
                              (["sh", "-c", "kill -9 $$"], 137), (["no-such-program"], 127)):
        run = Run("healthy", "--", *command)
        status = run.finish()[0]
        check("status of \"%s\" is %d" % (" ".join(command), expected), status == expected, status)
    run.gone("after the end")
    run = Run("healthy", "sh", "-c", "cat; echo \"$EARSHOT_PRACTICE\"", stdin=subprocess.PIPE)
    run.process.stdin.write(b"through\n")
    out = run.finish()
    check("stdin and stdout are the command's", out == (0, "through\nhealthy\n", ""), out)
    run = Run("healthy", "sh", "-c", "cat; umask; pwd", cwd="/usr", umask=0o027,
              preexec_fn=lambda: os.close(0), stdin=None)
    out = run.finish()
    check("a closed stdin does no harm, folder and umask are kept",
          out == (0, "0027\n/usr\n", ""), out)


def check_wrong():
    def one_line(what, run, status, *words):
        out = run.finish()
        right = out[0] == status and out[1] == "" and out[2].startswith("practice: ") and \
            out[2].count("\n") == 1 and all(word in out[2] for word in words)
        check("%s: status %d and one line" % (what, status), right, out)

    one_line("unknown scenario", Run("no-such-site", "true"), 2, "no-such-site")
    one_line("a path for a scenario", Run("../scenarios/healthy", "true"), 2)
    one_line("no scenario", Run(), 2)
    one_line("no command", Run("healthy", "--"), 2, "healthy")
    one_line("unknown option", Run("--bogus"), 2, "--bogus")
    with tempfile.TemporaryDirectory() as copy:
        os.chmod(copy, 0o755)
        shutil.copytree(os.path.dirname(SITE), copy + "/practice")
        script = copy + "/practice/site"

        def scenario(text):
            with open(copy + "/practice/scenarios/broken.sh", "w") as f:
                f.write("# description: A test.\n" + text)

        scenario("scenario_programs() { echo no-such-program its-package; }\n")
        one_line("missing program", Run("broken", "true", script=script), 3,
                 "no-such-program (its-package)")
        out = Run("--requirements", "broken", script=script).finish()
        check("--requirements names it", out == (3, "no-such-program (its-package)\n", ""), out)
        scenario("scenario_check() { fail \"cannot be had here\"; }\n")
        one_line("impossible scenario", Run("broken", "true", script=script), 3, "cannot be had")
        scenario("sip_route() { echo 'no such statement;'; }\n")
        run = Run("broken", "true", script=script)
        one_line("server that does not start", run, 3, "sip did not start")
        run.gone("after a failed start")
    out = Run("--requirements", "healthy").finish()
    check("--requirements is silent where nothing is missing", out == (0, "", ""), out)
    forbid = "echo 0 >/proc/sys/user/max_net_namespaces && exec \"$0\" healthy true"
    one_line("namespaces forbidden",
             Run("--user", "--map-root-user", "sh", "-c", forbid, SITE, script="unshare"), 3,
             "namespaces")


def check_list():
    out = Run("--list").finish()
    rows = [line.split("\t") for line in out[1].splitlines()]
    names = sorted(name[:-3] for name in os.listdir(os.path.dirname(SITE) + "/scenarios"))
    check("--list names every scenario with a sentence",
          [row[0] for row in rows] == names and
          all(len(row) == 2 and row[1].endswith(".") for row in rows), out)


def check_isolation():
    """Loopback, as the one network that surely is there, cannot be crossed."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    connect = ("import socket,sys\n"
               "try: socket.create_connection(('127.0.0.1', %d), 1)\n"
               "except OSError: sys.exit(5)\n" % port)
    before = machine()
    run = Run("healthy", sys.executable, "-c", connect)
    out = run.finish()
    check("the machine cannot be reached from the site", out[0] == 5, out)
    listen = ("import socket\ns = socket.create_server(('127.0.0.1', 0))\n"
              "print(s.getsockname()[1], flush=True)\ninput()\n")
    run = Run("healthy", sys.executable, "-c", listen, stdin=subprocess.PIPE)
    port = int(run.line() or 0)
    during = machine()
    with socket.socket() as s:
        refused = s.connect_ex(("127.0.0.1", port))
    check("the site cannot be reached from the machine", refused != 0, refused)
    check("the machine's cards, mounts and names are untouched", before == during)
    run.process.stdin.write(b"\n")
    run.finish()
    run.gone("after the end")
    check("and are so afterwards", before == machine())


READY = "trap 'echo term; exit 9' TERM; echo ready; while :; do sleep 60 & wait; done"


def check_signals():
    for number, what in ((signal.SIGTERM, "SIGTERM"), (signal.SIGHUP, "SIGHUP")):
        run = Run("healthy", "sh", "-c", READY)
        check("%s: the command runs" % what, run.line() == "ready")
        run.process.send_signal(number)
        out = run.finish()
        check("%s reaches the command as SIGTERM" % what, out[:2] == (9, "term\n"), out)
        run.gone("after " + what)
    run = Run("healthy", "sh", "-c", READY)
    run.line()
    check("a running site is found by its mark", len(marked(run.mark)) > 7, marked(run.mark))
    run.process.kill()
    run.process.wait()
    run.gone("after kill -9")


def check_kill_at_any_moment():
    before = machine()
    start = time.monotonic()
    Run("healthy", "true").finish()
    whole = time.monotonic() - start
    seed = random.randrange(10 ** 6)
    print("# set up and away in %.2f s; seed %d" % (whole, seed))
    chance = random.Random(seed)
    runs = []
    for _ in range(25):
        run = Run("healthy", "sleep", "60")
        select.select([], [], [], chance.uniform(0, whole * 1.2))
        run.process.kill()
        run.process.wait()
        runs.append(run)
    all_gone("after kill -9 at 25 random moments", [run.mark for run in runs])
    check("and nothing else", before == machine())


def terminal_until(master, wanted, wait=DEADLINE):
    got = b""
    while wanted not in got and select.select([master], [], [], wait)[0]:
        try:
            got += os.read(master, 4096)
        except OSError:
            break
    return got


def on_terminal(mark, *command):
    signal.signal(signal.SIGINT, signal.SIG_DFL)    # in the child, until it has become the site
    pid, master = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)   # Python ignores it: a shell would tell of each broken pipe
        os.execve(SITE, [SITE, "healthy", *command],
                  dict(os.environ, **dict([mark.split("=")])))
    return pid, master


def check_terminal():
    script = ("trap 'echo interrupted; exit 9' INT; stty -echo; echo ready;"
              "while read -r line; do echo \"<$line>\"; done")
    mark = "EARSHOT_TEST_MARK=" + uuid.uuid4().hex
    pid, master = on_terminal(mark, "sh", "-c", script)
    got = terminal_until(master, b"ready")
    check("the command has the terminal", b"ready" in got, got)
    os.write(master, b"typed\n")
    got = terminal_until(master, b"<typed>")
    check("and reads from it", b"<typed>" in got, got)
    os.write(master, b"\x03")
    got = terminal_until(master, b"interrupted")
    check("Ctrl-C goes to the command", b"interrupted" in got, got)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check("and its status comes back", status == 9, status)
    os.close(master)
    all_gone("after Ctrl-C", [mark])


def check_interrupt_set_up():
    """Ctrl-C while the site is being built: quiet, nothing left. For some
    milliseconds process 1 has no ears yet, so the key may be needed twice."""
    marks = []
    for moment in range(10):
        marks.append("EARSHOT_TEST_MARK=" + uuid.uuid4().hex)
        pid, master = on_terminal(marks[-1], "sleep", "60")
        select.select([], [], [], moment * 0.02)
        got = b""
        ended = 0
        while not ended:
            os.write(master, b"\x03")
            got += terminal_until(master, b"not to come", 0.3).replace(b"^C", b"")
            ended, status = os.waitpid(pid, os.WNOHANG)
        status = os.waitstatus_to_exitcode(status)
        os.close(master)
        if status not in (130, -signal.SIGINT) or got:
            check("Ctrl-C after %d ms" % (moment * 20), False, (status, got))
    all_gone("after Ctrl-C during set-up", marks)


check_list()
check_status()
check_wrong()
check_isolation()
check_signals()
check_terminal()
check_interrupt_set_up()
check_kill_at_any_moment()
sys.exit(1 if failures else 0)
