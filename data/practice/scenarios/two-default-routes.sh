# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The laptop has two ways to the Internet, a cable and a Wi-Fi card.

# Both lead to the same router; the second is the worse one, as a Wi-Fi card is.
site_extra()
{
	ip -batch - <<-END || return
	link add eth1 type veth peer name lan2 netns router
	link set dev eth1 up
	addr add 192.168.2.10/24 dev eth1
	route add default via 192.168.2.1 dev eth1 metric 600
	END
	at router ip -batch - <<-END || return
	link set dev lan2 up
	addr add 192.168.2.1/24 dev lan2
	END
	echo 'insert rule inet filter forward iifname "lan2" accept' | at router nft -f -
}
