#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Captures made packet by packet, and what "analyze" says of them: see case.py. One
# line a case; golden.py NAME looks at one alone.
: "${top_srcdir:?is set by make check}" "${top_builddir:?is set by make check}"
command -v python3 >/dev/null || {
	echo "skipped: python3 is not installed"
	exit 77
}
exec python3 "$top_srcdir/tests/pcap/golden.py" "$@"
