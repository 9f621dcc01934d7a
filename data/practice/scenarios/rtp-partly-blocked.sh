# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router's firewall drops half of the ports that carry the voice.

router_forward()
{
	echo 'udp dport 15000-20000 drop'
}
