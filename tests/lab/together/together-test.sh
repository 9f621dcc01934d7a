#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# All checks of a run tell the same as each of them alone, each in a fresh site: they
# share the answers that routers give, and may not eat one another's.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab.sh"
checks="local router dns stun turn ports alg quality"

# run SCENARIO NAME CHECK...: what it tells goes into a file.
run()
{
	# shellcheck disable=SC2016 # the profile is known inside alone
	as "$site" "$1" sh -c 'out=$1; earshot=$2; shift 2; "$earshot" check "$@" -q --json -p "$EARSHOT_PROFILE" >"$out"' \
		sh "$said/$1.$2" "$earshot" ${3+"$3"} 2>>"$said/err"
	[ -s "$said/$1.$2" ] || failed=1
}

scenarios=healthy
if reason=$("$site" sip-alg true 2>&1); then
	scenarios="healthy sip-alg"
else
	echo "# sip-alg is not tried: $reason"
fi
for scenario in $scenarios; do
	beside "run.$scenario.together" run "$scenario" together
	for check in $checks; do
		beside "run.$scenario.$check" run "$scenario" "$check" "$check"
	done
done
await
for scenario in $scenarios; do
	echo "# $scenario"
	# shellcheck disable=SC2086
	python3 "$lab/together.py" "$said/$scenario" $checks || failed=1
done
exit "$failed"
