# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The line is slow upwards, and its long queue makes voice late while it is busy.

scenario_check()
{
	tc qdisc add dev lo root tbf rate 2mbit burst 5kb latency 800ms 2>/dev/null ||
		fail "this kernel has no token bucket filter (sch_tbf)" || return
	tc qdisc del dev lo root
}

scenario_programs()
{
	echo tc iproute2
	echo python3 python3
}

profile_extra()
{
	responder_profile
}

site_extra()
{
	start_responder && at router tc qdisc add dev wan root tbf rate 2mbit burst 5kb latency 800ms
}
