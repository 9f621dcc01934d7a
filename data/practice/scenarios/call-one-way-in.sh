# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A call of which only the far end's voice arrives: the phone sends none.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
phone_says=nothing

# The owner forwards the phone's ports by hand, else nothing would come in either.
router_extra()
{
	cat <<-END
	table ip forwarded {
		chain prerouting {
			type nat hook prerouting priority dstnat
			iifname "wan" udp dport $voice_ports dnat to 192.168.1.10
		}
	}
	END
}
