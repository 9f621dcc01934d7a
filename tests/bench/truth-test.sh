#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A capture of 30 MB, of which is known what was put in: each stream's packets, losses, duplicates and late ones are told
# as they were sent, and no stream is told that was not.
set -eu

if ! command -v python3 >/dev/null; then
	echo "python3 is not installed"
	exit 77
fi
exec python3 -B "${top_srcdir:?is set by make check}/tests/bench/captures.py" --check 30
