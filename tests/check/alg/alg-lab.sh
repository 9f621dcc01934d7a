#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The ALG check in practice sites with real routers, as they are and made worse: routers that say nothing, a silent
# server, SIP swallowed, SIP taken by a proxy. What it says is compared, and no INVITE may reach the provider.
# shellcheck source=tests/lab/lab.sh
. "$(dirname "$0")/../../lab/lab.sh"
probe=$top_builddir/tests/check/alg/alg_probe

[ -x "$probe" ] || {
	echo "not ok: $probe is not built"
	exit 1
}

# Most of the time goes into waiting for routers that say nothing: a few cases at once.
# shellcheck disable=SC2016 # for the other shell to expand
python3 "$lab/alg-lab.py" list | xargs -P 4 -L 1 sh -c '
	exec "$1" "$4" -- python3 "$0" run "$3" "$2" </dev/null' "$lab/alg-lab.py" "$site" "$probe"
