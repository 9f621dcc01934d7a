#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "earshot capture" beside a real call (SIPp) on the loopback of a network of its own: what it shows
# while the call is under way, what it tells at the end, what it keeps, and how it ends.
set -u

top=$(readlink -f "${top_srcdir:?is set by make check-lab}")
earshot=$(readlink -f "${top_builddir:?is set by make check-lab}")/src/earshot
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONDONTWRITEBYTECODE
unset SUDO_UID PKEXEC_UID

# The telephone of the practice sites, at home on the loopback.
# shellcheck disable=SC2034,SC2317 # call.sh uses them
prepare_call()
{
	dir=$work
	wan_router=127.0.0.1
	# shellcheck source=data/practice/call.sh
	. "$top/data/practice/call.sh"
	voice_box=127.0.0.2
	phone_host=127.0.0.1
	call_seconds=4
	make_sounds && far_script >"$work/far.xml" && phone_script >"$work/phone.xml" || return
	sipp="sipp -nostdin -f 3600"
	# shellcheck disable=SC2046,SC2086 # words
	setsid $sipp $(ports_option 16384) -sf "$work/far.xml" -i $voice_box -mi $voice_box -p 5060 \
		</dev/null >"$work/far.log" 2>&1 &
	CALL="$sipp $(ports_option 16384) -sf $work/phone.xml -m 1 -i $phone_host -mi $phone_host
		-cid_str %u@phone -p 5070 $voice_box:5060"
	export CALL
}

inside()
{
	work=$(mktemp -d) || exit 1
	trap 'umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT
	if ! ip link set lo up || ! prepare_call || ! mkdir "$work/small" ||
		! mount -t tmpfs -o size=64k small "$work/small"; then
		echo "not ok: the call could not be prepared"
		exit 1
	fi
	export SMALL="$work/small" VOICE="$work/voice.ulaw"
	python3 "$top/tests/lab/capture/command.py" "$earshot"
	exit $?
}

[ "${1-}" != inside ] || inside
for program in python3 sipp; do
	command -v "$program" >/dev/null || {
		echo "skipped: $program is not installed"
		exit 77
	}
done
namespaces="--net --mount --pid --fork --mount-proc --kill-child"
[ "$(id -u)" -eq 0 ] || namespaces="--user --map-root-user $namespaces"
# shellcheck disable=SC2086 # words
unshare $namespaces true 2>/dev/null || {
	echo "skipped: neither root nor user namespaces"
	exit 77
}
# shellcheck disable=SC2086
exec unshare $namespaces sh "$0" inside
