# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares FILE.together, what all checks told in one run, with FILE.CHECK, what each told alone."""
import json
import sys

failures = 0


def load(name):
    with open("%s.%s" % (sys.argv[1], name)) as f:
        return json.load(f)


def shape(value):
    """Times and measured numbers differ between runs; all else may not."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items() if not key.endswith("-ms")}
    return [shape(part) for part in value] if isinstance(value, list) else value


def compare(what, together, alone):
    global failures
    if together != alone:
        failures += 1
        print("not ok - %s - together: %s - alone: %s" % (what, together, alone))


def findings(result, names=None):
    return sorted((f["id"], f["severity"], json.dumps(f.get("where"))) for f in result["findings"]
                  if names is None or f["id"] in names)


together = load("together")
facts, found, states = {}, [], {}
for name in sys.argv[2:]:
    alone = load(name)
    facts.update(alone["facts"])
    found += findings(alone)
    states.update((c["name"], c["state"]) for c in alone["checks"])
compare("the states", {c["name"]: c["state"] for c in together["checks"]}, states)
compare("the facts' names", sorted(together["facts"]), sorted(facts))
# Counted, not measured: these numbers must be the same.
exact = ("sip-alg.hop", "rtp.blocked-hop", "nat.layers", "net.mtu")
# A mapping is watched for as long as the other checks take; each site has a certificate of its own.
other = {"nat.binding-seconds", "tls.expires"}
for name in sorted(set(facts) & set(together["facts"]) - other):
    same = (lambda value: value) if name in exact else shape
    compare(name, same(together["facts"][name]), same(facts[name]))
compare("the findings", findings(together), sorted(found))
if not failures:
    print("ok")
sys.exit(1 if failures else 0)
