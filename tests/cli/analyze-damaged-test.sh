#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What "analyze" says of files that are not whole.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"

grep -q '^#define HAVE_ZLIB 1' "$top_builddir/config.h" || skip "built without zlib"
recorded=$top_srcdir/tests/pcap/recorded
gzip -dc "$recorded/healthy-inside.pcap.gz" >"$work/inside.pcap" || fail "no capture to begin with"
gzip -dc "$recorded/healthy-outside.pcap.gz" >"$work/outside.pcap" || fail "no capture to begin with"
for side in inside outside; do
	head -c -5 "$work/$side.pcap" >"$work/$side-cut.pcap"
done

# damaged TEXT FILE...: this stands on stderr, and as input.damaged; it is analysed all the same.
damaged()
{
	text=$1
	shift
	run analyze "$@"
	expect_status 0 "$*"
	grep -q "^earshot: $text; what came before it was analysed$" "$work/err" || {
		fail "$*: not named on stderr"
		show err
	}
	[ "$(wc -l <"$work/err")" -eq 1 ] || fail "$*: more than one line on stderr"
}

cut="ends in the middle of packet [0-9]*"
damaged "$work/inside-cut.pcap: $cut" "$work/inside-cut.pcap"
damaged "$work/inside-cut.pcap: $cut" "$work/inside-cut.pcap" "$work/outside.pcap"
damaged "$work/outside-cut.pcap: $cut" "$work/inside.pcap" "$work/outside-cut.pcap"
damaged "$work/inside-cut.pcap: $cut; $work/outside-cut.pcap: $cut" "$work/inside-cut.pcap" "$work/outside-cut.pcap"

# Each of two has its own beside that.
run analyze --json "$work/inside.pcap" "$work/outside-cut.pcap"
grep -q "\"damaged\": \"$work/outside-cut.pcap: $cut\"" "$work/out" || fail "two files: not named in the JSON"
[ "$(grep -c '"damaged": null' "$work/out")" -eq 1 ] || fail "two files: the whole one is not told to be whole"
[ "$(grep -c "\"damaged\": \"$cut\"" "$work/out")" -eq 1 ] || fail "two files: the cut one does not say so by itself"
finish
