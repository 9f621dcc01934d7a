#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The voice ports in the practice site with real routers, blocked in many ways: what is said of them is compared.
set -u

here=$(dirname "$(readlink -f "$0")")
site=$here/../../../data/practice/site
probe=${top_builddir:-.}/tests/check/ports/media_probe
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
[ -x "$probe" ] || {
	echo "not ok: $probe is not built"
	exit 1
}

# Most of the time goes into waiting for routers that say nothing: a few cases at once.
# shellcheck disable=SC2016 # for the other shell to expand
python3 "$here/media-lab.py" list | xargs -P 4 -L 1 sh -c '
	exec "$1" healthy -- python3 "$0" run "$3" "$2" </dev/null' "$here/media-lab.py" "$site" "$probe"
