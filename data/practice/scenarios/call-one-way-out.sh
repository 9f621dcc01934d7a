# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A call of which only the phone's voice arrives: a firewall at the ISP drops the other.

# shellcheck source=../call.sh
. "$here/call.sh"

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
