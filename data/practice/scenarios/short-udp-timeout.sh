# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router forgets a UDP connection after five idle seconds.

scenario_check()
{
	need_module nf_conntrack
}

# Both clocks of Linux: before and after traffic went both ways for a while.
site_extra()
{
	at router sh -c '
		for clock in udp_timeout udp_timeout_stream; do
			echo 5 >/proc/sys/net/netfilter/nf_conntrack_$clock || exit
		done'
}
