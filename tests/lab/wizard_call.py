# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in a site where a phone calls again and again: a person presses c while it does, and what is
heard leads to the cause. Second argument: "screen", in tmux, or "plain", line by line.
"""
from lab import *

SITE = os.environ["EARSHOT_PRACTICE_DIR"]


class Screen:
    """The wizard as a terminal shows it."""

    def __init__(self):
        self.tmux = ["tmux", "-S", WORK + "/tmux", "-f", "/dev/null"]
        self.do("new-session", "-d", "-x", "100", "-y", "40", EARSHOT, "-p", PROFILE)

    def do(self, *arguments):
        return subprocess.run([*self.tmux, *arguments], capture_output=True, text=True, cwd=WORK,
                              env=ENVIRONMENT).stdout

    def shows(self, *texts):
        """All of them at once on one screen."""
        self.shows_like(*map(re.escape, texts))

    def shows_like(self, *texts):
        """The same by regular expressions."""
        end = time.monotonic() + PATIENCE
        while True:
            text = self.do("capture-pane", "-p")
            flat = " ".join(text.split())
            if all(re.search(words, flat) for words in texts):
                return
            if time.monotonic() > end:
                check("the screen shows: " + " / ".join(texts), False, text)
                self.do("kill-server")
                finish()
            select.select([], [], [], 0.05)

    def press(self, *keys):
        self.do("send-keys", *keys)

    def end(self):
        self.do("kill-server")


def phone():
    """The process that makes the call that is under way; None between two calls."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if words[0] == b"sipp" and b"phone.xml" in words:
            return pid
    return None


def await_phone(what, wanted):
    end = time.monotonic() + PATIENCE
    while not wanted(phone()):
        if time.monotonic() > end:
            check(what, False, phone())
            finish()
        select.select([], [], [], 0.05)


def await_next_call():
    """A call that has not begun yet."""
    old = phone()
    await_phone("the next call begins", lambda pid: pid not in (None, old))


def await_whole_call():
    """One that begins only now."""
    await_next_call()
    await_phone("the call ends", lambda pid: pid is None)


def mend_phone():
    """It gives its outside address from the next call on."""
    path = SITE + "/phone.xml"
    with open(path) as f:
        text = f.read()
    with open(path + ".new", "w") as f:
        f.write(text.replace("c=IN IP4 192.168.1.10", "c=IN IP4 203.0.113.2"))
    os.rename(path + ".new", path)


def on_the_screen():
    screen = Screen()
    screen.shows("practice site 'call-private-address'", "1 Start")
    screen.press("Enter")
    screen.shows("SIP domain or server", "example.com", "▸ Start measuring")
    screen.press("Enter")
    screen.shows("What happens on the call?", "c listen")
    screen.press("2")
    screen.shows("Make three test calls")

    screen.press("c")
    screen.shows("Listen to a call", "Listen here now")
    screen.press("Enter")
    screen.shows_like(r"Listening for [1-9]\d* s")
    await_next_call()       # one that is heard from its beginning
    screen.shows("2001@example.com calls sip:200@example.com, answered", "your voice is on its way",
                 "nothing of their voice is seen here")
    await_phone("the call ends", lambda pid: pid is None)
    screen.shows("calls sip:200@example.com, ended")
    screen.press("Enter")
    screen.shows("The last recording", "Fault: A private address is announced for the voice.", "Listen here now")
    screen.press("c")
    screen.shows("Make three test calls")
    screen.press("1")
    screen.shows("The phone gives out an address that nobody outside can reach.", "This is certain: it was measured here.")

    mend_phone()
    await_next_call()       # the first of the mended phone
    screen.press("1")
    screen.shows("Is it fixed?", "Listen while we make the test calls")
    screen.press("3")
    screen.shows("Listen here now")
    screen.press("Enter")
    screen.shows_like(r"Listening for [1-9]\d* s")
    await_next_call()
    screen.shows("answered", "your voice is on its way", "their voice arrives")
    await_phone("the call ends", lambda pid: pid is None)
    screen.shows("calls sip:200@example.com, ended")
    screen.press("Enter")
    screen.shows("The last recording", "Nothing wrong was heard.")
    screen.press("b")
    screen.shows("Is it fixed?", "before", "now", "Yes, both calls were fine.")
    screen.press("1")
    screen.shows("Fixed.", "Save the report")
    screen.end()
    heard = [r["event"]["call"]["verdict"] for r in records(journals()[0])
             if r["kind"] == "check" and r["event"].get("event") == "call"]
    check("the session keeps the calls that were heard", heard[0] == "one-way-out" and heard[-1] in
          ("two-way", "unknown") and "two-way" in heard, heard)


def line_by_line():
    """As with a screen reader, on a terminal."""
    wizard = Dialogue("--plain", "-p", PROFILE, terminal=True)

    def answer(line, *texts):
        wizard.say(line + "\r")
        for words in texts:
            if not check("the wizard says: " + words, wizard.await_text(words), wizard.said):
                finish()

    answer("1", r"SIP domain or server: example\.com", r"1 to \d+, or")
    answer("9", r"What happens on the call\?", r"1 to \d+, or")
    answer("c", "Listen to a call", r"Listen here now", r"1 to \d+, or")
    answer("1", "Listening for", "The call is over", r"1 to \d+, or")
    await_whole_call()
    answer("1", r"Call: ", "Voice travels in one direction only", "The last recording", r"1 to \d+, or")
    answer("c", r"What happens on the call\?", r"1 to \d+, or")
    answer("far-cannot-hear", "Make three test calls", r"1 to \d+, or")
    answer("always", r"It is the phone's microphone, speaker, headset or mute key", r"1 to \d+, or")
    answer("c", "The last recording", "them -> you: heard", "Go on with what was heard", r"1 to \d+, or")
    answer("1", "Listening for", r"1 to \d+, or")
    check("the recording has begun", any(".call-2.pcap." in name for name in os.listdir(WORK)), os.listdir(WORK))
    wizard.say("\x03")
    check("Ctrl-C: exit status 130", (status := wizard.wait()) == 130, status)
    check("Ctrl-C: nothing of the recording is left", not any(".call-2" in name for name in os.listdir(WORK)),
          os.listdir(WORK))


{"screen": on_the_screen, "plain": line_by_line}[sys.argv[2]]()
check_nothing_runs("at the end")
finish()
