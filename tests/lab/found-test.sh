#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In every practice site "check" and "diagnose" find the fault that is in it (see
# expected/) and no other, and no telephone rings for it. Most of the time is
# waiting, so the sites stand side by side.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

# start SCENARIO WHAT
start()
{
	beside "$1.$2" in_site "$1" found.py "$2" "$lab/expected/$1.txt"
}

scenarios=$("$site" --list | cut -f 1)
for what in check diagnose report; do
	for scenario in $scenarios; do
		[ -f "$lab/expected/$scenario.txt" ] || {
			echo "not ok - expected/$scenario.txt is missing"
			failed=1
			continue
		}
		# To diagnose takes all checks: only where a cause, or a report, is to be seen.
		case $what in
		check) ;;
		diagnose) grep -q '^cause ' "$lab/expected/$scenario.txt" ;;
		report) grep -q '^report ' "$lab/expected/$scenario.txt" ;;
		esac && start "$scenario" "$what"
	done
done
await
if again_as_user; then
	start sip-alg check
	start udp-blocked diagnose
	await
fi
exit "$failed"
