# SPDX-License-Identifier: GPL-3.0-or-later
"""Run in the healthy practice site: spoils it as the case says, runs "check" there, and compares.

list              names the cases
list ids          names the findings that they are to produce
EARSHOT CASE      in the site
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import cases_line
import cases_names
import cases_nat
import cases_ports
import cases_responder

CASES = {}
for table in (cases_line, cases_nat, cases_names, cases_ports, cases_responder):
    for name, case in table.CASES.items():
        assert name not in CASES, name
        CASES[name] = case


def main():
    from lab import PROFILE, check, finish, run_json, time
    case = CASES[sys.argv[2]]
    case.spoil()
    started = time.monotonic()
    if case.cause:
        status, result = run_json("diagnose", "-p", PROFILE, *case.options)
        check("the cause is " + case.cause, result.get("verdict", {}).get("cause") == case.cause, result.get("verdict"))
    else:
        status, result = run_json("check", *case.checks, "-p", PROFILE, *case.options)
    seconds = time.monotonic() - started
    found = {f["id"]: f for f in result.get("findings", []) if f["severity"] != "note" or f["id"] in case.findings}
    seen = {name: result.get("facts", {}).get(name) for name in case.facts}
    check("the facts are %s" % case.facts, seen == case.facts, seen)
    if not case.cause:
        check("the findings are %s" % case.findings, set(found) == set(case.findings),
              (result.get("findings"), result.get("checks")))
    for name, severity in case.findings.items():
        check("%s is there, a %s" % (name, severity), name in found and found[name]["severity"] in severity.split("|"),
              found.get(name))
    for name, hop in case.where.items():
        check("%s is at hop %d" % (name, hop), found.get(name, {}).get("where", {}).get("hop") == hop, found.get(name))
    for name, way in case.direction.items():
        check("%s is %s" % (name, way), found.get(name, {}).get("direction") == way, found.get(name))
    faults = any(f["severity"] == "fault" for f in found.values())
    check("the exit status fits", status == (1 if faults else 0), status)
    check("it takes less than %d seconds" % case.seconds, case.cause or seconds < case.seconds, seconds)
    finish()


if sys.argv[1:] == ["list"]:
    print("\n".join(CASES))
elif sys.argv[1:] == ["list", "ids"]:
    print("\n".join(sorted({name for case in CASES.values() for name in case.findings})))
else:
    main()
