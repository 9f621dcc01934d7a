#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# All checks of a run tell the same as each of them alone, each in a fresh site: they
# share the answers that routers give, and may not eat one another's.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab.sh"
checks="local router dns stun turn ports alg quality"

# run SCENARIO NAME CHECK...: in the background; what it tells into a file.
run()
{
	# shellcheck disable=SC2016 # the profile is known inside alone
	as "$site" "$1" sh -c 'out=$1; earshot=$2; shift 2; "$earshot" check "$@" -q --json -p "$EARSHOT_PROFILE" >"$out"' \
		sh "$said/$1.$2" "$earshot" ${3+"$3"} 2>"$said/err" &
}

for scenario in healthy sip-alg; do
	if ! reason=$("$site" "$scenario" true 2>&1); then
		echo "# $scenario is not tried: $reason"
		continue
	fi
	run "$scenario" together
	wait
	# Four at a time, or they are short of time.
	count=0
	for check in $checks; do
		run "$scenario" "$check" "$check"
		count=$((count + 1))
		[ $((count % 4)) -ne 0 ] || wait
	done
	wait
	echo "# $scenario"
	# shellcheck disable=SC2086
	python3 "$lab/together.py" "$said/$scenario" $checks || failed=1
done
exit "$failed"
