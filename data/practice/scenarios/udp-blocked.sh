# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The router lets no UDP out of the site; web and names go on working.

# The router's own questions to the DNS do not pass this chain.
router_forward()
{
	echo 'meta l4proto udp drop'
}
