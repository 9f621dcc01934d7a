# SPDX-License-Identifier: GPL-3.0-or-later
"""golden.py [--refresh NAME|all] [--keep FOLDER] [NAME...]

Analyses the captures of all cases, or of those named; one line a case. What a case
expects stands in the case and is the truth. Besides, the whole JSON is compared with
expected/NAME.json, so that a change is seen: --refresh writes that anew, to be read
before it is committed. --keep leaves the captures in FOLDER, to look at them.
"""
import difflib
import importlib
import json
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import case as cases  # noqa: E402
import proof  # noqa: E402

THEMES = ("links", "ip", "sip", "streams", "verdicts", "findings", "healthy", "hostile", "pairs", "pairs2", "relays",
          "relays2", "recorded", "field", "field_more", "clauses", "clauses_more")
for theme in THEMES:
    importlib.import_module("cases." + theme)

EARSHOT = os.path.join(os.environ.get("top_builddir", "."), "src", "earshot")


def make(name, folder):
    case = cases.Case(name, folder)
    cases.CASES[name](case)
    case.write()
    return case


def normal(result, folder):
    """Without what differs from run to run."""
    if result is None:
        return ""
    for key in ("version", "started", "seconds"):
        result.pop(key, None)
    return json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False).replace(folder + "/", "") + "\n"


def difference(name, text, refresh):
    path = os.path.join(HERE, "expected", name + ".json")
    if refresh:
        if text:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        elif os.path.exists(path):
            os.unlink(path)
        return
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            old = f.read()
    elif text:
        yield "expected/%s.json is missing; make golden CASE=%s writes it" % (name, name)
        return
    if old != text:
        lines = [line for line in difflib.unified_diff(old.split("\n"), text.split("\n"), "expected", "found", "", "", 0)]
        yield "\n    ".join(["not as in expected/%s.json:" % name] + lines[2:22])


def uncovered():
    """Words of the contract that no case expects."""
    found, verdicts, states, results = set(), set(), set(), set()
    with tempfile.TemporaryDirectory() as folder:
        for name in cases.CASES:
            case = cases.Case(name, folder)
            cases.CASES[name](case)
            for call in case.calls:
                found |= {f.name for f in call.findings if not f.optional} if call.findings is not cases.ANY else set()
                verdicts |= {call.verdict} if isinstance(call.verdict, str) else set()
                states |= {state for state in (call.out, call.in_) if isinstance(state, str)}
                results |= {call.result} if isinstance(call.result, str) else set()
    for what, wanted, have in (("finding", cases.names(), found), ("verdict", cases.VERDICTS, verdicts),
                               ("state", cases.STATES, states), ("result", cases.RESULTS, results)):
        for word in sorted(wanted - have):
            yield "no case has the %s %s" % (what, word)
        for word in sorted(have - wanted):
            yield "a case expects the %s %s, which the contract does not know" % (what, word)


def report(name, words):
    words = list(words)
    print("ok %s" % name if not words else "\n".join("FAIL %s: %s" % (name, w) for w in words), flush=True)
    return bool(words)


def main(arguments):
    refresh, keep, chosen = None, None, []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--refresh":
            refresh = arguments.pop(0)
        elif argument == "--keep":
            keep = arguments.pop(0)
        else:
            chosen.append(argument)
    for name in chosen:
        if name not in cases.CASES:
            sys.exit("no case is called %s" % name)
    if refresh and refresh != "all":
        # The screens' cases are refreshed by the same target.
        chosen = [refresh] if refresh in cases.CASES else sys.exit(0)
    folder = keep or tempfile.mkdtemp(prefix="earshot-pcap-")
    os.makedirs(folder, exist_ok=True)
    if not os.access(EARSHOT, os.X_OK):
        sys.exit("%s is not there; top_builddir says where it was built" % EARSHOT)
    failed = report("the comparison notices what is wrong", proof.unnoticed())
    try:
        for name in chosen or cases.CASES:
            case = make(name, folder)
            words, result = case.wrong(EARSHOT)
            if case.golden:
                words += difference(name, normal(result, folder), refresh)
            failed += report(name, words)
            if not keep:
                for path in filter(os.path.exists, case.files):
                    os.unlink(path)
        if not chosen:
            failed += report("every word of the contract has its case", uncovered())
    finally:
        if not keep:
            shutil.rmtree(folder)
    print("%d of %d fail" % (failed, len(chosen or cases.CASES)) if failed else "all as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
