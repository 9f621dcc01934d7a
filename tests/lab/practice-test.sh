#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "earshot practice": what ./quickstart opens, with and without a terminal.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

on_machine()
{
	if ! reason=$(as "$site" sip-alg true 2>&1); then
		echo "# not tried: $reason"
		return
	fi
	as python3 "$lab/practice.py" "$earshot" || failed=1
}
on_machine
again_as_user && on_machine
exit "$failed"
