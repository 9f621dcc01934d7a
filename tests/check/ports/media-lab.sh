#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The voice ports in the practice site with real routers, blocked in many ways: what is said of them is compared.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../../lab/lab.sh"
probe=$top_builddir/tests/check/ports/media_probe

[ -x "$probe" ] || {
	echo "not ok: $probe is not built"
	exit 1
}

# Most of the time goes into waiting for routers that say nothing: a few cases at once.
# shellcheck disable=SC2016 # for the other shell to expand
python3 "$lab/media-lab.py" list | xargs -P 4 -L 1 sh -c '
	exec "$1" healthy -- python3 "$0" run "$3" "$2" </dev/null' "$lab/media-lab.py" "$site" "$probe"
