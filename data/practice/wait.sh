# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For a process that stands between a terminal and a command: the signals of the
# terminal's keys are the command's, SIGTERM and SIGHUP are passed on to it.

child=
stop()
{
	[ -n "$child" ] || exit 143
	again=yes
	kill -TERM "$child" 2>/dev/null
}
trap stop TERM HUP

# run COMMAND...: runs it and sets status to its exit status. In the background,
# or no trap would run meanwhile; stdin and the signals of the keys, which a shell
# takes from a background command, are given back. Uses descriptor 9.
run()
{
	trap 'again=yes' INT QUIT
	exec 9<&0
	env --default-signal=INT,QUIT "$@" <&9 9<&- &
	child=$!
	status=
	again=yes
	while [ -n "$again" ]; do
		again=
		wait "$child"
		# A trap ends the wait early, or comes just after it: then 127 says
		# that there is nothing more to wait for.
		waited=$?
		[ -n "$status" ] && [ "$waited" -eq 127 ] || status=$waited
	done
}
