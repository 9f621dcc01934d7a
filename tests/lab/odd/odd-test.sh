#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "check" where things are odd: other NATs, half a firewall, resolvers that are
# dead, a computer with two ways out. What it tells must be so, nothing else may
# be told, and it may not take long. Most of the time is waiting: a few at once.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../lab.sh"

python3 "$lab/odd.py" list >"$said/list" || exit 1
while read -r name; do
	beside "$name" in_site healthy odd.py "$name"
done <"$said/list"
await
exit "$failed"
