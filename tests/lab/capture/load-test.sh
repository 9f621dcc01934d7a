#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A thousand calls at once, G.711, 100,000 packets a second on a wire of its own: "earshot capture"
# analyses every packet of them. Fewer first, so that what is wrong is not taken for a want of speed.
#
# Other work on the machine only ever takes packets away, so the best of three counts. With "bench"
# as argument it tells the figures of one run instead.
#
#   near ─────── far     one network namespace; what is replayed into near is taken at far
set -u

top_builddir=${top_builddir:?is set by make check-lab}
earshot=$top_builddir/src/earshot
PATH=$PATH:/usr/sbin:/sbin
PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONDONTWRITEBYTECODE top_builddir
unset SUDO_UID PKEXEC_UID

if [ "${1-}" = inside ]; then
	work=$(mktemp -d) || exit 1
	trap 'rm -rf "$work"' EXIT
	# Nothing else is on the wire.
	for name in near far; do
		[ $name = far ] || ip link add near type veth peer name far
		echo 1 >/proc/sys/net/ipv6/conf/$name/disable_ipv6
		ip link set $name up || exit 1
	done
	python3 "$(dirname "$0")/load.py" "$earshot" "$work" "$2"
	exit $?
fi
command -v python3 >/dev/null || {
	echo "skipped: python3 is not installed"
	exit 77
}
namespaces=--net
[ "$(id -u)" -eq 0 ] || namespaces="--user --map-root-user $namespaces"
# shellcheck disable=SC2086 # words
unshare $namespaces true 2>/dev/null || {
	echo "skipped: neither root nor user namespaces"
	exit 77
}
# shellcheck disable=SC2086
exec unshare $namespaces sh "$0" inside "${1:-check}"
