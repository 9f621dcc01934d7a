# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For the tests of the program in practice sites; sourced. Each runs a Python
# script in the laptop of a site, which tells what it finds wrong.
# shellcheck disable=SC2034 # for the tests
set -u

lab=$(dirname "$(readlink -f "$0")")
site=${top_srcdir:?is set by make check-lab}/data/practice/site
earshot=${top_builddir:?is set by make check-lab}/src/earshot
PATH=$PATH:/usr/sbin:/sbin
export PATH
# The folder of the source may be read only, or not ours.
export PYTHONDONTWRITEBYTECODE=1
# Where root is left on the way, the program would take the one behind sudo.
unset SUDO_UID PKEXEC_UID
failed=0

command -v python3 >/dev/null || {
	echo "skipped: python3 is not installed"
	exit 77
}
reason=$("$site" healthy true 2>&1)
case $? in
0) ;;
3)
	echo "skipped: $reason"
	exit 77 ;;
*)
	echo "not ok: the healthy site does not start: $reason"
	exit 1 ;;
esac

# in_site SCENARIO SCRIPT ARG...: a site that this machine cannot have is told and passed over.
in_site()
{
	scenario=$1
	script=$lab/$2
	shift 2
	echo "# $scenario: $(basename "$script") $*"
	if [ "$scenario" != healthy ] && ! reason=$(as "$site" "$scenario" true 2>&1); then
		echo "# not tried: $reason"
		return
	fi
	as "$site" "$scenario" python3 "$script" "$earshot" "$@" || failed=1
}

# as COMMAND...: as who tests, or as the ordinary user once again_as_user has said so.
as()
{
	# shellcheck disable=SC2086
	${user-} "$@"
}

# True if the same can be done once more as an ordinary user, who has to do with a user
# namespace; from then on it is done as that one.
again_as_user()
{
	[ "$(id -u)" -eq 0 ] || return
	user="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/ PATH=/usr/bin:/bin:/usr/sbin:/sbin"
	if ! as test -x "$site" || ! as test -x "$earshot"; then
		echo "# not tried as an ordinary user: the folders are not open to all"
		return 1
	fi
	reason=$(as "$site" healthy true 2>&1) && return
	echo "# not tried as an ordinary user: $reason"
	return 1
}

# Most of the time of a lab test is waiting, so several stand side by side, and other lab tests
# beside them: no more than so many of one test at once, or they are short of time.
said=$(mktemp -d) || exit 1
trap 'rm -rf "$said"' EXIT
places=${LAB_PLACES:-5}
mkfifo "$said/.places" || exit 1
exec 9<>"$said/.places"
while [ "$places" -gt 0 ]; do
	echo >&9
	places=$((places - 1))
done
running=

# beside NAME COMMAND...: in the background, once there is a place; what it says into a file, which
# await shows.
beside()
{
	beside_name=$1
	shift
	read -r _ <&9
	(
		trap 'echo >&9' EXIT
		"$@" 9>&-
		exit "$failed"
	) >"$said/$beside_name" 2>&1 </dev/null &
	running="$running $!:$beside_name"
}

# await: the end of all that were started.
await()
{
	for one in $running; do
		wait "${one%%:*}" || failed=1
		cat "$said/${one#*:}"
	done
	running=
}
