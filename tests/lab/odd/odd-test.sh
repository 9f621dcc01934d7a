#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "check" where things are odd: other NATs, half a firewall, resolvers that are
# dead, a computer with two ways out. What it tells must be so, nothing else may
# be told, and it may not take long. Most of the time is waiting: a few at once.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab.sh"
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT

python3 "$lab/odd.py" list >"$said/list" || exit 1
tests=

# await: the end of all that were started.
await()
{
	for test in $tests; do
		wait "${test%%:*}" || failed=1
		cat "$said/${test#*:}"
	done
	tests=
	count=0
}

count=0
while read -r name; do
	(
		in_site healthy odd.py "$name" </dev/null
		exit "$failed"
	) >"$said/$name" 2>&1 &
	tests="$tests $!:$name"
	count=$((count + 1))
	[ "$count" -lt 6 ] || await
done <"$said/list"
await
exit "$failed"
