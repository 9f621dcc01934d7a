# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: The site's own DNS gives a private, wrong address for the SIP server.

router_dns()
{
	cat <<-END
	local=/sip.example.com/
	host-record=sip.example.com,10.20.0.5
	END
}
