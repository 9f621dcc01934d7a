# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: A strict firewall lets out TCP alone; SIP and TURN are set to use it.

profile_transport=tls
profile_turn="turn:turn.example.com:3478?transport=tcp"

router_forward()
{
	echo 'meta l4proto udp drop'
}
