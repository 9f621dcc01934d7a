#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In every practice site "check" and "diagnose" find the fault that is in it (see
# expected/) and no other, and no telephone rings for it. Most of the time is
# waiting, so the sites stand side by side.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT

# found SCENARIO NAME: in the background, what it says into a file of that name.
found()
{
	(
		in_site "$1" found.py "$lab/expected/$1.txt"
		exit "$failed"
	) >"$said/$2" 2>&1 &
	tests="${tests-} $!:$2"
}

for scenario in $("$site" --list | cut -f 1); do
	found "$scenario" "$scenario"
done
again_as_user && found sip-alg sip-alg-as-user

for test in $tests; do
	wait "${test%%:*}" || failed=1
	cat "$said/${test#*:}"
done
exit "$failed"
