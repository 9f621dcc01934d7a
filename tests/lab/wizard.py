# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the site with a SIP ALG: a person goes through the wizard line by line,
mends the router, measures again and saves the report."""
from lab import *

PROMPT = r"\n1 to (\d+), or \? b m (?:c )?q[^\n]*: "


class Wizard(Dialogue):
    """A person who reads what is asked before answering."""

    def __init__(self, *arguments):
        super().__init__("--plain", "-p", PROFILE, *arguments)
        self.page = ""
        self.turn()

    def turn(self):
        """Waits until something is asked; what was said before it is `page` then."""
        prompt = self.await_prompt(PROMPT, time.monotonic() + PATIENCE)
        if not check("the wizard asks on", prompt, self.said):
            finish()
        self.page = prompt[0]

    def answer(self, text):
        self.say(text + "\n")
        self.turn()

    def shows(self, *texts):
        for text in texts:
            if not check("the wizard says: " + text, text in self.page, self.page):
                finish()    # what is answered next would mean something else


def mend_router():
    subprocess.run(["nsenter", "--net=/run/netns/router", "nft", "delete", "table", "ip", "alg"], check=True)
    # What the helper knows already goes with its connections.
    subprocess.run(["nsenter", "--net=/run/netns/router", "conntrack", "-F"], stderr=subprocess.DEVNULL)


def check_report(stem, cause, texts):
    for ending in ".txt", ".json":
        mode = os.stat(stem + ending).st_mode & 0o777
        check("%s: mode 600" % ending, mode == 0o600, oct(mode))
    with open(stem + ".txt") as f:
        text = f.read()
    check("the report: at most 78 columns", max(map(len, text.split("\n"))) <= 78, text)
    for words in texts:
        check("the report says: " + words, words in " ".join(text.split()), text)
    check("the report holds no password", not re.search(r"(?i)password\s*[:=]", text), text)
    with open(stem + ".json") as f:
        verdict = json.load(f).get("verdict", {})
    check("the report as JSON: the cause", verdict.get("cause") == cause, verdict)


def saved_report():
    names = [name for name in os.listdir(WORK) if name.startswith("earshot-") and name.endswith(".txt")]
    check("one report was saved", len(names) == 1, os.listdir(WORK))
    return os.path.join(WORK, names[0][:-4])


listener = sip_listener()
wizard = Wizard()
wizard.shows("practice site 'sip-alg': nothing leaves this machine", "The call connects, but somebody hears nothing?")
wizard.answer("1")
wizard.shows("SIP domain or server: example.com")
wizard.answer("9")
wizard.shows("SIP is rewritten at hop 1 (192.168.1.1)", "Fault: The router rewrites SIP messages (SIP ALG).",
             "What happens on the call?")

# A look around on the way: help, measurements, back.
wizard.answer("?")
wizard.shows("Count aloud to ten", "What happens on the call?")
wizard.answer("m")
wizard.shows("Measurements", "SIP ALG", "192.168.1.10")
wizard.answer("b")
wizard.shows("What happens on the call?")
wizard.answer("near-cannot-hear")
wizard.shows("(SIP ALG)", "This is certain: it was measured here.", "What is missing: their voice")
wizard.answer("b")
wizard.shows("What happens on the call?")
wizard.answer("1")
wizard.shows("(SIP ALG)", "What is missing: your voice")
check("back was kept too", answers(journals()[0]) == [("symptom", "far-cannot-hear")], answers(journals()[0]))

# "Done", said too early: the measurement does not believe it.
wizard.answer("1")
wizard.shows("Is it fixed?", "Still measured: ")
check("measured again with the ALG still there: no word that it is gone",
      "does not find it any more" not in wizard.page, wizard.page)
wizard.answer("b")
wizard.shows("(SIP ALG)")

# Really done.
mend_router()
wizard.answer("1")
wizard.shows("Is it fixed?", "before", "now")
check("the ALG is measured as gone", re.search(r"SIP ALG[^:]*: yes.*no", wizard.page) or
      "does not find it any more" in wizard.page, wizard.page)
wizard.answer("1")
wizard.shows("Fixed.", "Save the report")
wizard.answer("1")
wizard.shows("The report is saved:")
stem = saved_report()
check_report(stem, "sip-alg", ["(SIP ALG)", "Example Telecom", "support@example.com", "Followed the advice",
                               "port-restricted cone", "192.168.1.1"])
wizard.say("5\n")
check("the wizard ends", (status := wizard.wait()) == 0, status)
check("no INVITE reached the provider's server", "INVITE" not in sip_requests(listener))

# The session gives the same report again, and is not offered any more.
status, result = run_json("report", journals()[0])
with open(stem + ".json") as f:
    first = json.load(f)
check("the report again: the same", {k: result[k] for k in ("facts", "findings", "verdict")} ==
      {k: first[k] for k in ("facts", "findings", "verdict")}, (result, first))
check("a session's mode is 600", os.stat(journals()[0]).st_mode & 0o777 == 0o600)
with open(journals()[0]) as f:
    check("the session holds no password, nor where one is", "password" not in f.read())
wizard = Wizard()
check("a session that was finished is not offered", "unfinished" not in wizard.page, wizard.page)
wizard.say("2\n")
wizard.wait()
check_nothing_runs("at the end")
finish()
