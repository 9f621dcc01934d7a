# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The TURN server gives an address, but nothing gets through it.

# Its own firewall: what comes to a relayed address from outside or from another
# relayed address is lost.
site_extra()
{
	at turn nft -f - <<-END
	table inet filter {
		chain input {
			type filter hook input priority filter
			udp dport 50000-50999 drop
		}
	}
	END
}
