# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: An ordinary router that says by UPnP and NAT-PMP what it is.

scenario_programs()
{
	echo miniupnpd miniupnpd-nftables
	echo python3 python3
}

site_extra()
{
	cat >"$dir/upnp.conf" <<-END
	ext_ifname=wan
	listening_ip=lan
	enable_natpmp=no
	enable_upnp=yes
	secure_mode=yes
	uuid=7a7c6a5e-2d3e-4a57-9d4b-0123456789ab
	manufacturer_name=NETGEAR, Inc.
	model_name=R7000
	model_description=A router of the practice sites
	friendly_name=Practice router
	allow 1024-65535 192.168.1.0/24 1024-65535
	deny 0-65535 0.0.0.0/0 0-65535
	END
	daemon router upnp u ":1900" miniupnpd -d -f "$dir/upnp.conf" -P "$dir/upnp.pid"
	daemon router natpmp u "192.168.1.1:5351" python3 "$here/natpmp.py" 192.168.1.1 "$wan_router"
	await_all
}
