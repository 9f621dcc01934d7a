#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The practice sites themselves: each is built and looked at from within and from
# the provider's side (observe.py), then killed in many ways (lifecycle.py).
set -u

here=$(dirname "$(readlink -f "$0")")
site=$here/../../../data/practice/site
PATH=$PATH:/usr/sbin:/sbin
export PATH

command -v python3 >/dev/null || {
	echo "skipped: python3 is not installed"
	exit 77
}
reason=$("$site" healthy true 2>&1)
case $? in
0) ;;
3)
	echo "skipped: $reason"
	exit 77 ;;
*)
	echo "not ok: the healthy site does not start: $reason"
	exit 1 ;;
esac

failed=0
run()
{
	echo "# $*"
	"$@" || failed=1
}

# Side by side, six at once: most of the time they wait.
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT
tests=

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
for scenario in $("$site" --list | cut -f 1); do
	(run "$site" "$scenario" python3 "$here/observe.py" "$(date +%s%N)"; exit "$failed") >"$said/$scenario" 2>&1 &
	tests="$tests $!:$scenario"
	count=$((count + 1))
	[ "$count" -lt 6 ] || await
done
await
run python3 "$here/lifecycle.py" "$site"

# Once more as an ordinary user, who has to do with a user namespace.
if [ "$(id -u)" -eq 0 ]; then
	user="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/ PATH=/usr/bin:/bin:/usr/sbin:/sbin"
	# shellcheck disable=SC2086
	if ! $user test -x "$site"; then
		echo "# not tried as an ordinary user: the folder is not open to all"
	elif ! reason=$($user "$site" healthy true 2>&1) && [ $? -eq 3 ]; then
		echo "# not tried as an ordinary user: $reason"
	else
		run $user "$site" sip-alg python3 "$here/observe.py" "$(date +%s%N)"
		run $user python3 "$here/lifecycle.py" "$site"
	fi
fi
exit "$failed"
