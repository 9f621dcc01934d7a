#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The practice sites themselves: each is built and looked at from within and from
# the provider's side (observe.py), then killed in many ways (lifecycle.py).
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab.sh"

run()
{
	echo "# $*"
	"$@" || failed=1
}

for scenario in $("$site" --list | cut -f 1); do
	beside "$scenario" run "$site" "$scenario" python3 "$lab/observe.py" "$(date +%s%N)"
done
beside lifecycle run python3 "$lab/lifecycle.py" "$site"
await

# Once more as an ordinary user, who has to do with a user namespace.
if [ "$(id -u)" -eq 0 ]; then
	user="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/ PATH=/usr/bin:/bin:/usr/sbin:/sbin"
	# shellcheck disable=SC2086
	if ! $user test -x "$site"; then
		echo "# not tried as an ordinary user: the folder is not open to all"
	elif ! reason=$($user "$site" healthy true 2>&1) && [ $? -eq 3 ]; then
		echo "# not tried as an ordinary user: $reason"
	else
		run $user "$site" sip-alg python3 "$lab/observe.py" "$(date +%s%N)"
		run $user python3 "$lab/lifecycle.py" "$site"
	fi
fi
exit "$failed"
