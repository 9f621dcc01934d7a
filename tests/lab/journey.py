# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in a practice site: a person who knows nothing goes through the wizard by
keys, in a terminal whose screen is seen. The cause is the right one, the picture
of the path breaks where the fault is, the report is saved and says the same, and
no screen is cut off, neither of 80x24 nor of 60x20.

Second argument: the site's table, see found.py.
"""
import xml.etree.ElementTree

from lab import *

DRIVE = os.path.join(os.path.dirname(EARSHOT), "..", "tests", "ui", "drive")
UP, ENTER, ESCAPE = "\x1bOA", "\r", "\x1b"
SIZES = ((20, 60), (24, 80))
PLENTY = 90             # seconds; for all checks together
STEPS_MAX = 40

table = {}
with open(sys.argv[2]) as f:
    for line in f:
        words = line.split("#")[0].split()
        if words:
            table.setdefault(words[0], []).append(words[1:])
CAUSE = table["cause"][0][0] if "cause" in table else None
TREE = xml.etree.ElementTree.parse(os.path.join(os.environ["top_srcdir"], "data", "tree.xml"))


def collapsed(text):
    return " ".join(text.split())


def title_of(cause):
    return collapsed(TREE.find("cause[@id='%s']/title" % cause).text)


class Screens:
    """The wizard in a terminal; `lines` is what it shows."""

    def __init__(self, rows, columns, *arguments):
        self.lines = []
        self.process = subprocess.Popen([DRIVE, str(rows), str(columns), EARSHOT, *arguments], cwd=WORK, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)

    def tell(self, command):
        """The driver's word; the screen is in `lines` then."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        word = self.process.stdout.readline().strip()
        lines = []
        while (line := self.process.stdout.readline()) not in (".\n", ""):
            lines.append(line[1:].rstrip("\n"))
        self.lines = lines
        return word

    def text(self):
        return collapsed(" ".join(self.lines))

    def shows(self, text, seconds=PATIENCE):
        """Waits for it; what is then on the screen must be whole at every size."""
        if not check("the screen shows: " + text, self.tell("await %d %s" % (seconds * 1000, text)) == "yes",
                     "\n".join(self.lines)):
            finish()

    def press(self, keys):
        self.tell("keys " + keys.encode().hex())

    def resize(self, rows, columns):
        """Until it is drawn: the last row then has the keys."""
        self.tell("size %d %d" % (rows, columns))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if len(self.lines) == rows and re.search(r"quit|back|choose", self.lines[-1]) and \
                    re.fullmatch(r"(─|[^─]*practice site[^─]*)+", self.lines[1]) and len(self.lines[1]) == columns:
                return
            self.tell("look 50")
        check("drawn anew at %dx%d" % (columns, rows), False, "\n".join(self.lines))

    def check_whole(self, what, sizes=SIZES):
        for rows, columns in sizes:
            self.resize(rows, columns)
            cut = [line for line in self.lines if re.search(r"\S…", line[12:])]
            check("%s, %dx%d: no text is cut" % (what, columns, rows), not cut, "\n".join(self.lines))

    def settle(self):
        """Lets the time pass in which a key might be meant for the screen before."""
        self.tell("look 600")


def await_checks(screens):
    """The line of checks counts no seconds any more."""
    screens.resize(43, 132)
    end = time.monotonic() + PLENTY
    while re.search(r"\d s\b", screens.lines[-2]) or "measuring" in screens.text():
        if not check("all checks end", time.monotonic() < end, "\n".join(screens.lines)):
            finish()
        screens.tell("look 300")
    screens.resize(24, 80)


def listen(screens, seconds):
    """To the phone of the site, which calls again and again."""
    screens.press("c")
    screens.shows("Listen to a call")
    screens.check_whole("before the recording")
    screens.press(choice(screens, "Listen here now"))
    screens.shows("Listening for %d s" % seconds, seconds + PATIENCE)
    screens.press(choice(screens, "The call is over"))
    screens.shows("The last recording")
    screens.press("b")
    screens.settle()


def place(screens):
    """What stands at the end of the first line: "step 3", "advice", "report"."""
    return screens.lines[0].rstrip()[-24:]


def walk(screens):
    """Says "I don't know" until there is an advice."""
    for _ in range(STEPS_MAX):
        screens.settle()
        screens.check_whole("a question or advice")
        if "step" not in place(screens):
            return
        before = screens.lines[:]
        screens.press(ENTER if re.search(r"▸ \d  I don't know", "\n".join(screens.lines)) else UP)
        for _ in range(40):
            screens.tell("look 50")
            if screens.lines != before:
                break
    check("the questions come to an end", False, "\n".join(screens.lines))
    finish()


def check_picture(screens):
    """The break stands where the site has it."""
    faults = [words[0] for words in table.get("finding", []) if words[1] == "fault"]
    for name, hop, address in table.get("where", []):
        if name not in faults:
            continue
        if hop == "1":
            check("the router is marked", re.search(r"\[ \]\S*.*\[!\].*\[ \].*\[ \]", "\n".join(screens.lines)),
                  "\n".join(screens.lines))
        elif hop != "-":
            check("the hop stands at the break", "✗ at " + address in screens.text(), "\n".join(screens.lines))


def choice(screens, text):
    # Below what is to be read, where numbered steps may say the same.
    matches = re.findall(r"(\d) (?:%s)" % text, screens.text())
    if not check("there is the choice: " + text, matches, "\n".join(screens.lines)):
        finish()
    return matches[-1]


screens = Screens(24, 80, "-p", PROFILE)
screens.shows("somebody hears nothing?")
screens.check_whole("the beginning")
screens.press(ENTER)
screens.shows("Whose telephone lines")
screens.check_whole("the form", SIZES[1:])      # what is typed into a field may be longer than that
screens.press(ENTER)
screens.shows("What happens on the call?")
await_checks(screens)
if "capture" in table:
    listen(screens, int(table["capture"][0][0]))
walk(screens)
screens.resize(43, 132)
if CAUSE:
    check("the advice is about " + CAUSE, title_of(CAUSE) in screens.text(), "\n".join(screens.lines))
check_picture(screens)
screens.resize(24, 80)
screens.press(choice(screens, "Ask the provider|On to the report"))
screens.shows("Save the report")
screens.check_whole("the end")
screens.press(choice(screens, "Save the report"))
screens.shows("The report is saved:")
screens.check_whole("the end, saved")
names = [name for name in os.listdir(WORK) if name.startswith("earshot-") and name.endswith(".txt")]
if check("one report is saved", len(names) == 1, os.listdir(WORK)) and CAUSE not in (None, "undetermined"):
    with open(os.path.join(WORK, names[0])) as f:
        report = f.read()
    check("the report names the cause", title_of(CAUSE).rstrip(".") in collapsed(report), report)
screens.press(choice(screens, "Read it"))
screens.shows("EARSHOT REPORT")
screens.press(ESCAPE)
screens.tell("gone %d EARSHOT REPORT" % (PATIENCE * 1000))
screens.shows("Finish")
screens.press(choice(screens, "Finish"))
check("the wizard ends", (status := screens.tell("end %d" % (PATIENCE * 1000))) == "0", (status, "\n".join(screens.lines)))
screens.process.stdin.close()
screens.process.wait()
check_nothing_runs("at the end")
finish()
