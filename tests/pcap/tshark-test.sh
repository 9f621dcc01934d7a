#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Packets, loss and jitter of the same captures, against tshark's: see tshark.py.
: "${top_srcdir:?is set by make check}" "${top_builddir:?is set by make check}"
for program in python3 tshark; do
	command -v "$program" >/dev/null || {
		echo "skipped: $program is not installed"
		exit 77
	}
done
exec python3 -B "$top_srcdir/tests/pcap/tshark.py" "$@"
