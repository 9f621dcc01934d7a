# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router's firewall drops the ports that carry the voice.

router_forward()
{
	echo 'udp dport 10000-20000 drop'
}
