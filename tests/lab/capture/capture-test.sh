#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The live capture on a wire of its own, as root, as an ordinary user whose helper was given its
# right, and as root of a user namespace: every packet of 100,000 a second arrives, nothing
# privileged is left once packets come, and what goes wrong is told in plain words.
#
# shellcheck disable=SC2086,SC2317 # words that say as whom; what is to be done inside is a word too
#
#   near 192.0.2.1 ────────── far     one network namespace; what is sent to 192.0.2.2 is taken at far
set -u

helper=${top_builddir:?is set by make check-lab}/src/helper/earshot-capture
flood=$top_builddir/tests/lab/capture/flood
listen=$top_builddir/tests/lab/capture/listen
PATH=$PATH:/usr/sbin:/sbin
export PATH
failed=0
# Words, not a function: the process is then the program's own, for $!.
as_nobody="setpriv --reuid 65534 --regid 65534 --clear-groups"

fail()
{
	echo "not ok: $*"
	failed=1
}

make_wire()
{
	ip link set lo up && ip link add near type veth peer name far && ip address add 192.0.2.1/24 dev near &&
		ip link set near up && ip link set far up &&
		ip neighbour add 192.0.2.2 dev near lladdr "$(mac_of far)"
}

mac_of()
{
	ip -o link show "$1" | sed -n 's|.*link/ether \([0-9a-f:]*\).*|\1|p'
}

# hear COMMAND...: a listener's output as descriptor 5, once it is ready or has failed; what it said first is $first.
# COMMAND begins with the words that say as whom.
hear()
{
	rm -f "$work/heard"
	mkfifo -m 666 "$work/heard"
	# What it runs as may not know the folder of the listener's output, but has it open.
	"$@" >"$work/heard" 2>&1 </dev/null &
	exec 5<"$work/heard"
	read -r first <&5 || first=
}

# heard WHAT PATTERN: the listener's last line.
heard()
{
	last=$first
	while read -r line <&5; do
		last=$line
	done
	exec 5<&-
	# shellcheck disable=SC2254 # a pattern
	case $last in
	$2) echo "ok: $1 ($last)" ;;
	*) fail "$1: expected $2, got: $last" ;;
	esac
}

# every_packet WHAT COUNT COMMAND...: COMMAND listens for so many, which are sent in a flood.
every_packet()
{
	what=$1
	count=$2
	shift 2
	hear "$@"
	[ "$first" != ready ] || "$flood" 192.0.2.2 4000 "$count" 100000 || fail "$what: no flood"
	heard "$what" "packets=$count received=* dropped=0"
}

# told WHAT PATTERN COMMAND...
told()
{
	what=$1
	pattern=$2
	shift 2
	hear "$@"
	heard "$what" "$pattern"
}

# nothing_left WHAT HELPER AS...: what the kernel says of a helper that has sent its first bytes.
nothing_left()
{
	what=$1
	program=$2
	shift 2
	rm -f "$work/in" "$work/out"
	mkfifo -m 666 "$work/in" "$work/out"
	exec 6<>"$work/in"
	"$@" "$program" -i far -f udp <"$work/in" >"$work/out" 2>"$work/said" 6>&- &
	pid=$!
	exec 5<"$work/out"
	# In either byte order.
	case $(head -c 4 <&5 | od -An -tx1 | tr -d ' \n') in
	4d3cb2a1 | a1b23c4d) ;;
	*) fail "$what: no capture: $(cat "$work/said")" ;;
	esac
	status=$(cat "/proc/$pid/status")
	for wanted in 'CapInh:	0000000000000000' 'CapPrm:	0000000000000000' 'CapEff:	0000000000000000' \
		'CapAmb:	0000000000000000' 'NoNewPrivs:	1' 'Seccomp:	2' "${bound-CapBnd:	0000000000000000}" \
		"${ids-Uid:	65534	65534	65534	65534}"; do
		echo "$status" | grep -q "^$wanted" ||
			fail "$what: not \"$wanted\" but: $(echo "$status" | grep "^${wanted%%:*}")"
	done
	exec 6>&-
	wait "$pid" || fail "$what: ended with $?: $(cat "$work/said")"
	grep -q '^earshot-capture: counts: received=[0-9]* dropped=0$' "$work/said" ||
		fail "$what: no counts but: $(cat "$work/said")"
	exec 5<&-
	echo "ok: $what"
}

# What holds for whoever may capture on the wire, with the helper at $1, run by the words after it.
common()
{
	program=$1
	shift
	every_packet "a flood" 300000 "$@" "$listen" "$program" far 300000
	every_packet "a flood through a filter" 100000 "$@" "$listen" "$program" far 100000 "udp dst port 4000"
	nothing_left "nothing privileged is left" "$program" "$@"
	told "no such interface" "there is no network interface earshot-none*" "$@" "$listen" "$program" earshot-none 1
	told "a filter that is none" "the filter 'udp frob' is not understood: *" "$@" "$listen" "$program" far 1 "udp frob"
	told "a name in a filter is not looked up" "the filter 'host localhost.example' is not understood: *" \
		"$@" "$listen" "$program" far 1 "host localhost.example"
}

# Only who rules over the namespace can take the wire away.
wire_goes()
{
	ip link set far down
	told "an interface that is down" "the network interface far is down*" "$listen" "$helper" far 1
	ip link set far up
	hear "$listen" "$helper" far 1
	ip link delete near
	heard "an interface that goes away" "the network interface far gives no more packets: The interface disappeared"
}

# As root: also an ordinary user, without and with the right.
as_root()
{
	common "$helper"
	if ! $as_nobody test -x "$listen" || ! $as_nobody test -x "$helper"; then
		echo "# not tried as an ordinary user: the folders are not open to all"
	else
		told "a user without the right" "this user may not capture; as root run once: setcap cap_net_raw+ep $helper" \
			$as_nobody "$listen" "$helper" far 1
		with_right
	fi
	wire_goes
}

with_right()
{
	cp "$helper" "$work/earshot-capture"
	if ! command -v setcap >/dev/null || ! setcap cap_net_raw+ep "$work/earshot-capture" 2>"$work/said"; then
		echo "# not tried with the right: setcap: $(cat "$work/said")"
		return
	fi
	hear $as_nobody "$listen" "$work/earshot-capture" far 1
	case $first in
	*"cannot use it here"*)
		echo "# not tried with the right: $first"
		exec 5<&-
		return ;;
	esac
	"$flood" 192.0.2.2 4000 1 1000
	heard "a user with the right" "packets=1 received=* dropped=0"
	# What bounds a whole session is not the helper's to change; no_new_privs does that.
	bound=CapBnd: common "$work/earshot-capture" $as_nobody
	chmod 000 "$work/earshot-capture"
	told "a user outside of the group" "this user may not start $work/earshot-capture; *usermod -aG earshot*" \
		$as_nobody "$listen" "$work/earshot-capture" far 1
}

# As root of a user namespace, where there is nobody else to become.
as_only_user()
{
	ids="Uid:	0" common "$helper"
	wire_goes
}

inside()
{
	work=$(mktemp -d) || exit 1
	trap 'rm -rf "$work"' EXIT
	chmod 755 "$work"
	make_wire || {
		echo "not ok: the wire cannot be made"
		exit 1
	}
	"$1"
	exit "$failed"
}

case ${1-} in
inside) inside "$2" ;;
esac
[ -x "$listen" ] || {
	echo "not ok: make $listen first"
	exit 1
}
done=0
if [ "$(id -u)" -eq 0 ] && unshare --net true 2>/dev/null; then
	echo "# as root"
	unshare --net sh "$0" inside as_root || failed=1
	done=1
	user="$as_nobody env HOME=/"
else
	user=
fi
# shellcheck disable=SC2086 # words
if $user unshare --user --map-root-user --net true 2>/dev/null && $user test -r "$0" -a -x "$listen"; then
	echo "# as root of a user namespace"
	$user unshare --user --map-root-user --net sh "$0" inside as_only_user || failed=1
	done=1
else
	echo "# not tried in a user namespace: it cannot be made here, or the folders are not open to all"
fi
[ "$done" = 1 ] || {
	echo "skipped: neither root nor user namespaces"
	exit 77
}
exit "$failed"
