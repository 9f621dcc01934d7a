#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The wizard by keys in a terminal, in each practice site.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

[ -x "$top_builddir/tests/ui/drive" ] || {
	echo "skipped: no libvterm here to see the screen with"
	exit 77
}
for scenario in $("$site" --list | cut -f 1); do
	beside "$scenario" in_site "$scenario" journey.py "$lab/expected/$scenario.txt"
done
await
exit "$failed"
