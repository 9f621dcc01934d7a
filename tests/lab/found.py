# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in a practice site: does the program find what is there, nothing else, and
does no INVITE reach the provider's server meanwhile?

Second argument: "check", "diagnose" or "report", which is "diagnose" as text. One
run to a site: routers count their ICMP errors, so a second one has to do with less.
Third argument: a table, one line each of
  checks NAME...           "check" runs these; all where there is no such line
  state NAME STATE         a check's end where it is not "done"; "done|failed" is either
  fact NAME JSON           the fact is that, exactly
  changed NAME WORD...     the fact is a list that has these
  finding ID SEVERITY      it is there; every other fault or risk is wrong; "fault|risk" is either
  where ID HOP ADDRESS     the place of a finding, "-" where none is named
  cause ID CONFIDENCE      the verdict without anybody's answers
  reaches METHOD           such requests come to the server, and no others
  option WORD...           more for the command line
  capture SECONDS          a phone calls there: listen for so long
  call VERDICT OUT IN      what each whole call shows that was listened to
  may-reach METHOD         such requests may come, or not
  report TEXT              stands in the report as text
"""
import sys

from lab import *

table = {}
with open(sys.argv[3]) as f:
    for line in f:
        words = line.split("#")[0].split()
        if words:
            table.setdefault(words[0], []).append(words[1:])
found = {words[0]: words[1] for words in table.get("finding", [])}
options = [word for words in table.get("option", []) for word in words]
reached = [words[0] for words in table.get("reaches", [])]
ALL = ["local", "router", "dns", "stun", "turn", "ports", "alg", "quality"]
if "capture" in table:
    ALL.append("capture")
    options += ["-d", table["capture"][0][0]]
CHECKS = (table.get("checks") or [ALL])[0]
STATES = dict(table.get("state", []))


def check_findings(what, result):
    findings = {finding["id"]: finding for finding in result.get("findings", [])}
    for name, severity in found.items():
        finding = findings.get(name)
        if check("%s finds %s" % (what, name), finding, list(findings)):
            check("%s: %s is a %s" % (what, name, severity), finding["severity"] in severity.split("|"), finding)
            check("%s: %s has evidence" % (what, name), all(finding["evidence"]), finding)
    others = [f for f in findings.values() if f["id"] not in found and f["severity"] != "note"]
    check("%s finds nothing else wrong" % what, not others, others)
    for name, hop, address in table.get("where", []):
        expected = {}
        if hop != "-":
            expected["hop"] = int(hop)
        if address != "-":
            expected["address"] = address
        check("%s: the place of %s" % (what, name), findings.get(name, {}).get("where", {}) == expected,
              findings.get(name))


def check_facts(what, facts):
    for name, *value in table.get("fact", []):
        expected = json.loads(" ".join(value))
        check("%s: %s is %s" % (what, name, expected), facts.get(name) == expected, facts.get(name))
    for name, *words in table.get("changed", []):
        check("%s: %s has %s" % (what, name, words), set(words) <= set(facts.get(name, [])), facts.get(name))


def check_status(what, status, result):
    faults = any(finding["severity"] == "fault" for finding in result.get("findings", []))
    check("%s: exit status %d" % (what, faults), status == (1 if faults else 0), status)


def check_object(what, result, names):
    """What must be so in every site."""
    check("%s: the schema" % what, result.get("schema") == "earshot/1", result.get("schema"))
    states = {c["name"]: c["state"] for c in result.get("checks", [])}
    check("%s: the checks are %s" % (what, names), sorted(states) == sorted(names), states)
    for name, state in states.items():
        check("%s: %s ends well" % (what, name), state in STATES.get(name, "done").split("|"), states)
    check("%s: every check has a summary, or says why not" % what,
          all(c.get("summary" if c["state"] == "done" else "why") for c in result.get("checks", [])),
          result.get("checks"))
    # As long as its slowest check alone: they run side by side.
    slowest = max((c["seconds"] for c in result.get("checks", [])), default=0)
    check("%s: as long as the slowest check" % what, slowest <= result.get("seconds", 99) <= slowest + 1.5,
          (result.get("seconds"), slowest))


def check_calls(what, result):
    """The first and the last may be cut by the capture, and show less."""
    expected = table.get("call", [])
    calls = [(c["started"] is not None and c["status"] and (c["ended"] or c["result"] == "failed"),
              [c["verdict"], c["directions"]["out"]["state"], c["directions"]["in"]["state"]])
             for c in result.get("calls", [])]
    whole = [words for is_whole, words in calls if is_whole]
    check("%s: whole calls are %s" % (what, expected), bool(whole) == bool(expected) and
          all(words in expected for words in whole), calls)
    check("%s: others at most that" % what, not calls if not expected else
          all(words[0] in ("unknown", "two-way", expected[0][0]) for _, words in calls), calls)


def check_reached(what, listener):
    seen = set(sip_requests(listener))
    check("%s: no INVITE reaches the provider's server" % what, "INVITE" not in seen, seen)
    allowed = set(reached) | {words[0] for words in table.get("may-reach", [])}
    check("%s: nothing but %s reaches the server" % (what, allowed), seen <= allowed, seen)
    check("%s: the listener hears at all" % what, not reached or seen, seen)


def check_run():
    status, result = run_json("check", *(CHECKS if CHECKS != ALL else []), "-p", PROFILE, *options)
    check_status("check", status, result)
    check_object("check", result, CHECKS)
    check_facts("check", result.get("facts", {}))
    check_findings("check", result)
    check_calls("check", result)
    check("check: no verdict", "verdict" not in result, result.get("verdict"))


def check_diagnosis():
    status, result = run_json("diagnose", "-p", PROFILE, *options)
    check_status("diagnose", status, result)
    check_object("diagnose", result, ALL)
    check_facts("diagnose", result.get("facts", {}))
    check_findings("diagnose", result)
    check_calls("diagnose", result)
    verdict = result.get("verdict", {})
    for cause, confidence in table.get("cause", []):
        check("the cause is %s, %s" % (cause, confidence),
              (verdict.get("cause"), verdict.get("confidence")) == (cause, confidence), verdict)


def check_report():
    status, out, err = run("diagnose", "-p", PROFILE, *options)
    expected = {1} if "fault" in found.values() else {0, 1} if any("fault" in f for f in found.values()) else {0}
    check("diagnose, as text: exit status %s" % expected, status in expected, (status, err))
    check("diagnose, as text: at most 78 columns", max(map(len, out.split("\n"))) <= 78, out)
    flat = " ".join(out.split())
    for words in table.get("report", []):
        check("the report says: " + " ".join(words), " ".join(words) in flat, out)
    check("nothing on stderr but about root", all("root" in line for line in err.splitlines()), err)


listener = sip_listener()
{"check": check_run, "diagnose": check_diagnosis, "report": check_report}[sys.argv[2]]()
check_reached(sys.argv[2], listener)
check_nothing_runs("at the end")
finish()
