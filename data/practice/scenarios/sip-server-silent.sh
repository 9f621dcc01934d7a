# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The provider's SIP server takes every message and answers none.

sip_route()
{
	echo 'exit;'
}
