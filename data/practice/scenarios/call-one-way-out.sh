# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A call of which only the phone's voice arrives: a firewall at the ISP drops the other.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"

scenario_programs()
{
	echo sipp sip-tester
	echo python3 python3
}

profile_extra()
{
	responder_profile
}

site_extra()
{
	start_responder && start_calls
}

isp_extra()
{
	cat <<-END
	table inet voice {
		chain forward {
			type filter hook forward priority filter
			iifname "net" udp sport 10000-20000 drop
		}
	}
	END
}
