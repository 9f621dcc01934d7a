# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The Internet provider translates addresses once more (carrier-grade NAT).

# RFC 6598: 100.64.0.0/10 between the customers' routers and the provider's NAT.
wan_router=100.64.0.2
wan_isp=100.64.0.1

isp_extra()
{
	cat <<-END
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname "net" ip saddr 100.64.0.0/10 snat to 203.0.113.77
		}
	}
	END
}
