# SPDX-License-Identifier: GPL-3.0-or-later
"""Run on the machine itself: "earshot practice" makes its site, the wizard or the
report appears in it, and nothing is left behind."""
from lab import *


def machine():
    """What a site could leave behind outside of processes."""
    with open("/proc/self/mountinfo") as f:
        mounts = sorted(line.split()[4] for line in f)
    return mounts, [name for _, name in socket.if_nameindex()], os.path.isdir("/run/earshot-practice")


def check_reports():
    status, out, err = run("practice")
    check("practice without a terminal: exit status 1", status == 1, (status, err))
    check("practice without a terminal: the report names SIP ALG", "(SIP ALG)" in out, out)
    check("practice without a terminal: and hop 1", "hop 1 from here; 192.168.1.1" in out, out)
    check("practice without a terminal: at most 78 columns", max(map(len, out.split("\n"))) <= 78, out)
    status, result = run_json("practice", "split-horizon-dns")
    check("practice split-horizon-dns --json", (status, result.get("verdict", {}).get("cause")) ==
          (1, "dns-misdirection"), result)
    check("a practice leaves no session behind", not journals(), journals())


def check_plain():
    status, out, err = run("practice", "healthy", "--plain", text="1\n9\nnear-cannot-hear\nq\n1\n")
    check("practice --plain: exit status 0", status == 0, (status, err))
    for text in ("practice site 'healthy': nothing leaves this machine", "What happens on the call?",
                 "Port-restricted-cone NAT", "Stop here?"):
        check("practice --plain says: " + text, text in out, out)
    check("a practice leaves no session behind", not journals(), journals())


def check_terminal():
    dialogue = Dialogue("practice", "healthy", terminal=True)
    check("on a terminal the wizard appears", dialogue.await_text("practice site 'healthy'") and
          dialogue.await_text("somebody hears nothing"), dialogue.said)
    dialogue.say("q")
    check("it can be left", dialogue.await_text("Stop here"), dialogue.said)
    dialogue.say("\r")
    check("left: exit status 0", (status := dialogue.wait()) == 0, status)
    check("left: the terminal is itself again", "\x1b[?1049l" in dialogue.said, dialogue.said)
    check_nothing_runs("left")
    dialogue = Dialogue("practice", terminal=True)
    check("sip-alg is the usual one", dialogue.await_text("practice site 'sip-alg'"), dialogue.said)
    dialogue.await_text("somebody hears nothing")
    dialogue.say("\x03")
    check("Ctrl-C: exit status 130", (status := dialogue.wait()) == 130, status)
    check_nothing_runs("Ctrl-C")


def check_kill():
    dialogue = Dialogue("practice", "healthy", terminal=True)
    dialogue.await_text("somebody hears nothing")
    dialogue.kill()
    check_nothing_runs("kill -9 of a practice")


before = machine()
check_reports()
check_plain()
check_terminal()
check_kill()
check("the machine is as it was", machine() == before, (machine(), before))
finish()
