# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router takes another outside port for every destination.

router_nat()
{
	echo 'oifname "wan" masquerade random,fully-random'
}
