# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2154 # "inside" sets here and dir
# description: The laptop's way to the provider goes through a VPN.

scenario_programs()
{
	echo python3 python3
}

# Its far end is at the core, as if it ran through the Internet; it has no IPv6.
site_extra()
{
	ip tuntap add dev tun0 mode tun && at core ip tuntap add dev vpn mode tun || return
	(exec setsid python3 "$here/tunnel.py" tun0 core vpn </dev/null >"$dir/tunnel.log" 2>&1) &
	ip -batch - <<-END || return
	link set dev tun0 mtu 1400 up
	addr add 10.8.0.2/24 dev tun0
	route add 198.51.100.0/24 via 10.8.0.1
	END
	ip -6 route del default || return
	# It has a carrier once the program holds it: a moment.
	for _ in $(seq 500); do
		[ "$(cat /sys/class/net/tun0/carrier 2>/dev/null)" = 1 ] && break
		sleep 0.01
	done
	at core ip -batch - <<-END || return
	link set dev vpn mtu 1400 up
	addr add 10.8.0.1/24 dev vpn
	END
	at core nft -f - <<-END
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			ip saddr 10.8.0.0/24 masquerade
		}
	}
	END
}
