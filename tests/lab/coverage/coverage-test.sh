#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every finding of the checks in src/model/finding_kinds.c must be produced by a case of
# odd/ or stand in expected/, but for those in elsewhere.txt, each with its reason and
# with a test that names it, or "-" where none can, and those in later.txt, which no check can tell yet.
set -u
LC_ALL=C
export LC_ALL PYTHONDONTWRITEBYTECODE=1
here=$(dirname "$(readlink -f "$0")")
top=$here/../../..
command -v python3 >/dev/null || {
	echo "skipped: python3 is not installed"
	exit 77
}
failed=0

ids()
{
	sed -n 's/^	{ "\([a-z0-9-]*\)", "\(local\|router\|dns\|stun\|turn\|ports\|alg\|quality\)", .*/\1/p' \
		"$top/src/model/finding_kinds.c"
}

tried=$(
	python3 "$here/../odd/odd.py" list ids &&
		sed -n 's/^finding \([a-z0-9-]*\) .*/\1/p' "$here"/../expected/*.txt
) || exit 1
[ "$(ids | wc -l)" -gt 30 ] || {
	echo "not ok - the findings cannot be read from src/model/finding_kinds.c"
	exit 1
}
for id in $(ids); do
	if echo "$tried" | grep -qx "$id"; then
		grep -q "^$id " "$here/elsewhere.txt" && {
			echo "not ok - $id has a lab and needs no line in elsewhere.txt"
			failed=1
		}
		continue
	fi
	if grep -q "^$id " "$here/later.txt"; then
		grep -rq "finding_new(\"$id\")" "$top/src" && {
			echo "not ok - $id is told by now and needs a lab, no line in later.txt"
			failed=1
		}
		continue
	fi
	test=$(sed -n "s/^$id \([^ ]*\) .*/\1/p" "$here/elsewhere.txt")
	if [ -z "$test" ]; then
		echo "not ok - no lab produces $id"
		failed=1
	elif [ "$test" != - ] && ! grep -rq "$id" "$top/$test"; then
		echo "not ok - $test does not test $id"
		failed=1
	fi
done
[ "$failed" -ne 0 ] || echo ok
exit "$failed"
