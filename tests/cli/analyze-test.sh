#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "analyze": in which forms, where it is written, what is hidden, and that it says what to do.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
need jq
capture=$top_srcdir/tests/pcap/recorded/no-echo-inside.pcap.gz

run analyze "$capture"
expect_status 1 "a call of one way"
expect_in out "2001@198.51.100.10" "a call of one way"
expect_in out "WHAT TO DO" "a call of one way"
expect_in out "Record one call at two places" "a call of one way: where it is lost"
expect_in out "Ask the provider to switch on \"symmetric RTP\"" "a call of one way: the private address"
[ "$(wc -L <"$work/out")" -le 78 ] || fail "a line is $(wc -L <"$work/out") columns wide"
run analyze "$top_srcdir/tests/pcap/recorded/turn-inside.pcap.gz"
expect_status 0 "a call that is well"
! grep -q "WHAT TO DO" "$work/out" || fail "there is something to do about a call that is well"

# Every form goes into a file, and nothing beside it.
for form in text html json; do
	run analyze --format "$form" -o "$work/result" "$capture"
	expect_status 1 "$form into a file"
	[ ! -s "$work/out" ] || fail "$form into a file: something stands on stdout"
	mv "$work/result" "$work/$form"
done
expect_in text "WHAT TO DO" "text into a file"
expect_in html "<h2" "HTML into a file"
jq -e '.calls | length == 1' "$work/json" >"$work/err" || fail "JSON into a file: $(cat "$work/err")"
run analyze --json -o "$work" "$capture"
expect_status 2 "a folder in place of the file"
expect_in err "Is a directory" "a folder in place of the file"

# What is to be hidden is hidden in every form.
for form in text html json; do
	run analyze --format "$form" --mask numbers,addresses "$capture"
	expect_status 1 "$form, masked"
	expect_in out "public-A" "$form, masked"
	! grep -qE '2001@|198\.51\.100' "$work/out" || fail "$form, masked, holds a number or a public address"
done

finish
