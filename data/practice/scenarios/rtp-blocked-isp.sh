# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The Internet provider refuses the ports that carry the voice.

# With a word to the sender, as RFC 1812 has it: the place is exact.
# The first rule is for its side effect: conntrack puts fragments together. Without, nft takes the
# middle of a long SIP message for ports, and now and then rejects it.
isp_extra()
{
	cat <<-END
	table inet filter {
		chain forward {
			type filter hook forward priority filter
			ct state invalid counter
			udp dport 10000-20000 reject with icmpx admin-prohibited
		}
	}
	END
}
