#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What earshot-capture(8) says where it is started wrongly; nobody needs a right for that.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"

helper=$top_builddir/src/helper/earshot-capture

# started_wrongly WHAT ARGUMENT...
started_wrongly()
{
	what=$1
	shift
	status=0
	"$helper" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ $status = 2 ] || fail "$what: ended with $status, not 2"
	grep -q '^earshot-capture: usage: ' "$work/err" || fail "$what: said: $(cat "$work/err")"
	[ ! -s "$work/out" ] || fail "$what: wrote a capture"
}

started_wrongly "no interface"
started_wrongly "no interface but a filter" -f udp
started_wrongly "an interface without a name" -i
started_wrongly "one word too many" -i lo udp
started_wrongly "an unknown option" -i lo -w file
for bytes in 0 -1 262145 12x '' 99999999999999999999; do
	started_wrongly "a length of '$bytes'" -i lo -s "$bytes"
done

status=0
"$helper" -i earshot-none -f 'udp frob' >"$work/out" 2>"$work/err" </dev/null || status=$?
[ $status = 1 ] || fail "no such interface: ended with $status, not 1"
[ "$(cat "$work/err")" = "earshot-capture: no-device: earshot-none" ] ||
	fail "no such interface: said: $(cat "$work/err")"

# libpcap would take these names for USB, D-Bus and the kernel's log of packets.
for other in usbmon0 usbmon1 dbus-session dbus-system nflog nfqueue bluetooth0 netmap:lo; do
	"$helper" -i $other >"$work/out" 2>"$work/err" </dev/null && fail "$other is opened"
	[ "$(cat "$work/err")" = "earshot-capture: no-device: $other" ] || fail "$other: said: $(cat "$work/err")"
done

# Nothing may come to lie where the pipes belong.
status=0
"$helper" -i lo >&- 2>"$work/err" </dev/null || status=$?
[ $status = 2 ] || fail "without standard output: ended with $status, not 2"
status=0
"$helper" -i lo >"$work/out" 2>"$work/err" <&- || status=$?
[ $status = 2 ] || fail "without standard input: ended with $status, not 2"

finish
