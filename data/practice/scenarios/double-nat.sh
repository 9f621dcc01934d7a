# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The router stands behind the Internet provider's box, which does NAT too.

wan_router=10.0.0.2
wan_isp=10.0.0.1

isp_extra()
{
	cat <<-END
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "net" ip saddr 10.0.0.0/8 snat to 203.0.113.77
		}
	}
	END
}

# shellcheck source=data/practice/scenarios/upnp-router.sh
. "$here/scenarios/upnp-router.sh"
