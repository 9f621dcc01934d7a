# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router rewrites SIP messages on their way (SIP ALG is on).

scenario_check()
{
	need_module nf_nat_sip
}

# The same code that most home routers have: the kernel's own SIP helper.
router_extra()
{
	cat <<-END
	table ip alg {
		ct helper sip {
			type "sip" protocol udp
		}
		chain prerouting {
			type filter hook prerouting priority mangle
			iifname "lan" udp dport 5060 ct helper set "sip"
		}
	}
	END
}
