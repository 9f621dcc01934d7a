# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A whole site and its provider, each box a network namespace. Numbers are from
# the documentation ranges (RFC 5737, RFC 3849); nothing leads out of here.
#
#   laptop ──────── router ─────────── isp ─────────── core ─┬─ sip   198.51.100.10
#   eth0            lan    wan         cust   net      isp    │        kamailio
#   192.168.1.10    .1.1   203.0.113.2 .1     192.0.2.1    .2 ├─ turn  198.51.100.20, .21
#                   NAT,                                      │        coturn (STUN, TURN)
#                   firewall,                    br0          │        198.51.100.30
#                   DNS                          198.51.100.1 │        another coturn (STUN)
#                                                             │        198.51.100.40
#                                                             │        responder (some sites)
#                                                             └─ dns   198.51.100.53
#                                                                      dnsmasq (public)
#
# IPv6 goes the same way without NAT: 2001:db8:1::/64 is the site, 2001:db8:f::/64
# and 2001:db8:e::/64 the links, 2001:db8:100::/64 the servers, with the same last
# number as above.
# Hops from the laptop: router, isp, core, server. The laptop is the namespace
# the command runs in; the others have names, see ip-netns(8).
#
# A scenario is a file in scenarios/: a line "# description: ...", then only the
# variables and functions below that differ.
#
# shellcheck disable=SC2154 # "inside" sets dir, scenario and verbose

wan_router=203.0.113.2		# router's outside address
wan_isp=203.0.113.1		# the ISP's on that link, the router's way out
wan_prefix=30
public_net=203.0.113.0/24	# what the core sends to the ISP
site_resolver=192.168.1.1	# what the laptop is told by DHCP
public_dns=198.51.100.53
profile_transport=auto		# what the profile says of SIP
profile_turn="turn:turn.example.com:3478?transport=udp"
turn_password=practice		# what the TURN server wants for user "practice"
tls_names="sip.example.com example.com"	# whom the SIP server's certificate is for
tls_days=90			# how long it is good from now on; negative: was, until then
tls_issuer=ca			# "ca", which the laptop trusts, or "stranger"

# nft rules in the chain that translates source addresses on the router.
router_nat()
{
	echo 'oifname "wan" masquerade'
}

# nft rules that a packet from the site to the world meets before it is let out.
router_forward()
{
	:
}

# More nft tables for the router, and for the ISP.
router_extra()
{
	:
}

isp_extra()
{
	:
}

# dnsmasq settings of the router beside forwarding to the public server.
router_dns()
{
	:
}

# dnsmasq settings with what the provider has in the public DNS.
provider_zone()
{
	cat <<-END
	naptr-record=example.com,10,100,S,SIP+D2U,,_sip._udp.example.com
	naptr-record=example.com,20,100,S,SIP+D2T,,_sip._tcp.example.com
	naptr-record=example.com,30,100,S,SIPS+D2T,,_sips._tcp.example.com
	srv-host=_sip._udp.example.com,sip.example.com,5060,10,100
	srv-host=_sip._tcp.example.com,sip.example.com,5060,10,100
	srv-host=_sips._tcp.example.com,sip.example.com,5061,10,100
	srv-host=_stun._udp.example.com,stun.example.com,3478,10,100
	srv-host=_turn._udp.example.com,turn.example.com,3478,10,100
	srv-host=_turn._tcp.example.com,turn.example.com,3478,10,100
	srv-host=_turns._tcp.example.com,turn.example.com,5349,10,100
	host-record=sip.example.com,198.51.100.10,2001:db8:100::10
	host-record=stun.example.com,198.51.100.20,2001:db8:100::20
	host-record=stun2.example.com,198.51.100.30,2001:db8:100::30
	host-record=turn.example.com,198.51.100.20,2001:db8:100::20
	host-record=probe.example.com,198.51.100.40
	END
}

# What the SIP server does with a request: kamailio's routing language.
sip_route()
{
	cat <<-'END'
	force_rport();
	append_to_reply("Date: $timef(%a, %d %b %Y %H:%M:%S GMT)\r\n");
	if (method == "ACK")
		exit;
	if (method == "OPTIONS") {
		sl_send_reply("200", "OK");
		exit;
	}
	if (method == "REGISTER") {
		if (!pv_www_authenticate("example.com", "practice", "0") || $au != "2001") {
			www_challenge("example.com", "0");
			exit;
		}
		save("location");
		exit;
	}
	sl_send_reply("404", "Not Found");
	END
}

# Lines for the profile beside the usual ones; sections may be opened again.
profile_extra()
{
	:
}

# Anything else: runs when all boxes are wired and the daemons answer.
site_extra()
{
	:
}

# Runs first; fails with a word where the fault cannot be had on this machine.
scenario_check()
{
	:
}

# More "program package" lines.
scenario_programs()
{
	:
}

# --- from here on nothing for a scenario to change --------------------------

required_programs()
{
	cat <<-END
	unshare util-linux
	nsenter util-linux
	setpriv util-linux
	setsid util-linux
	mount mount
	ip iproute2
	ss iproute2
	nft nftables
	dnsmasq dnsmasq-base
	turnserver coturn
	kamailio kamailio
	openssl openssl
	END
	scenario_programs
}

say()
{
	[ "$verbose" -eq 0 ] || echo "practice: $*" >&2
}

fail()
{
	echo "practice: $*" >&2
	return 1
}

# at NAMESPACE COMMAND...
# Not "ip netns exec": that mounts /sys anew, which containers often forbid.
at()
{
	at_name=$1
	shift
	nsenter --net="/run/netns/$at_name" "$@"
}

# need_module NAME: nft does not load the NAT part of a helper by itself. Where
# the system keeps no modules (a container), there is no way to know; go on.
need_module()
{
	modules=/lib/modules/$(uname -r)
	if [ ! -d "$modules" ] || grep -qs "^$1 " /proc/modules ||
		grep -qs "/$1\." "$modules/modules.builtin"; then
		return
	fi
	modprobe "$1" 2>/dev/null ||
		fail "the kernel's module $1 is not loaded; load it with: sudo modprobe $1"
}

# cover FILE: stdin takes the place of FILE, for this site alone.
# No program works its name out: Ctrl-C ends that one too, and an empty name is a folder.
cover()
{
	[ -n "$1" ] || return
	cat >"$dir/${1##*/}"
	case $1 in
	/run/*)
		mkdir -p "${1%/*}"
		cp "$dir/${1##*/}" "$1" ;;
	*)
		mount --bind "$dir/${1##*/}" "$1" ;;
	esac
}

# A /run, /proc, /sys and name service of our own. What a container forbids of
# /proc and /sys is left as it is: only programs that look there notice.
private_files()
{
	start_dir=$PWD
	resolv_conf=$(readlink -f /etc/resolv.conf)
	cd /run && mount -t tmpfs -o mode=755 practice /run || return
	# Removable disks are mounted there on some systems, this file maybe on one.
	if [ -d media ]; then
		mkdir /run/media
		mount --rbind media /run/media
	fi
	cd "$start_dir" || cd /
	mount -t proc proc /proc 2>/dev/null
	mount -t sysfs sysfs /sys 2>/dev/null
	mkdir -p "$dir" /run/netns
	hostname laptop 2>/dev/null || { echo laptop >/proc/sys/kernel/hostname; } 2>/dev/null
	echo "nameserver $site_resolver" | cover "$resolv_conf" || return
	printf '127.0.0.1 localhost laptop\n::1 localhost\n' | cover "$(readlink -f /etc/hosts)"
	if [ -e /etc/nsswitch.conf ]; then
		sed 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf |
			cover "$(readlink -f /etc/nsswitch.conf)" || return
	fi
}

build_site()
{
	[ -d /proc/sys/net/ipv6 ] || fail "this kernel has IPv6 switched off" || return
	scenario_check || return
	say "wiring the boxes"
	wire || fail "the network namespaces could not be set up" || return
	say "firewall and NAT"
	load_rules || fail "the router's rules could not be loaded; see above" || return
	say "daemons"
	write_profile
	make_certificates || fail "no certificates: $(last_words openssl)" || return
	start_dns
	start_turn
	start_sip
	await_all || return
	site_extra || fail "the scenario could not be set up" || return
	say "ready"
}

wire()
{
	for name in router isp core sip turn dns; do
		ip netns add "$name" || return
	done
	ip -batch - <<-END || return
	link add eth0 type veth peer name lan netns router
	link add wan netns router type veth peer name cust netns isp
	link add net netns isp type veth peer name isp netns core
	link add eth0 netns sip type veth peer name sip netns core
	link add eth0 netns turn type veth peer name turn netns core
	link add eth0 netns dns type veth peer name dns netns core
	END
	# Addresses are good at once: a router asks for its neighbours from its
	# link-local address, so a second of looking for its double is a second lost.
	# shellcheck disable=SC2016 # for the other shell to expand
	host='
		for conf in /proc/sys/net/ipv6/conf/*; do
			echo 0 >$conf/disable_ipv6
			echo 0 >$conf/accept_dad
			echo 0 >$conf/accept_ra
		done'
	router="$host
		echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding"
	laptop_addresses | sh -c "$host; ip -batch -" &&
		router_addresses | at router sh -c "$router; ip -batch -" &&
		isp_addresses | at isp sh -c "$router; ip -batch -" &&
		core_addresses | at core sh -c "$router; ip -batch -" &&
		server_addresses 10 | at sip sh -c "$host; ip -batch -" &&
		server_addresses 20 21 30 | at turn sh -c "$host; ip -batch -" &&
		server_addresses 53 | at dns sh -c "$host; ip -batch -"
}

laptop_addresses()
{
	cat <<-END
	link set dev lo up
	link set dev eth0 up
	addr add 192.168.1.10/24 dev eth0
	addr add 2001:db8:1::10/64 dev eth0 nodad
	route add default via 192.168.1.1
	route add default via 2001:db8:1::1
	END
}

router_addresses()
{
	cat <<-END
	link set dev lo up
	link set dev lan up
	link set dev wan up
	addr add 192.168.1.1/24 dev lan
	addr add 2001:db8:1::1/64 dev lan nodad
	addr add $wan_router/$wan_prefix dev wan
	addr add 2001:db8:f::2/64 dev wan nodad
	route add default via $wan_isp
	route add default via 2001:db8:f::1
	END
}

isp_addresses()
{
	cat <<-END
	link set dev lo up
	link set dev cust up
	link set dev net up
	addr add $wan_isp/$wan_prefix dev cust
	addr add 2001:db8:f::1/64 dev cust nodad
	addr add 192.0.2.1/30 dev net
	addr add 2001:db8:e::1/64 dev net nodad
	route add 198.51.100.0/24 via 192.0.2.2
	route add 2001:db8:1::/64 via 2001:db8:f::2
	route add 2001:db8:100::/64 via 2001:db8:e::2
	END
}

core_addresses()
{
	cat <<-END
	link add br0 type bridge forward_delay 0 mcast_snooping 0
	link set dev lo up
	link set dev isp up
	link set dev sip up master br0
	link set dev turn up master br0
	link set dev dns up master br0
	link set dev br0 up
	addr add 192.0.2.2/30 dev isp
	addr add 2001:db8:e::2/64 dev isp nodad
	addr add 198.51.100.1/24 dev br0
	addr add 2001:db8:100::1/64 dev br0 nodad
	route add $public_net via 192.0.2.1
	route add 2001:db8:f::/64 via 2001:db8:e::1
	route add 2001:db8:1::/64 via 2001:db8:e::1
	END
}

# server_addresses NUMBER...
server_addresses()
{
	echo link set dev lo up
	echo link set dev eth0 up
	for number in "$@"; do
		echo "addr add 198.51.100.$number/24 dev eth0"
		echo "addr add 2001:db8:100::$number/64 dev eth0 nodad"
	done
	echo route add default via 198.51.100.1
	echo route add default via 2001:db8:100::1
}

# As home routers do: out is free, in only what belongs to something sent out.
load_rules()
{
	at router nft -f - <<-END || return
	table ip nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			$(router_nat)
		}
	}
	table inet filter {
		chain forward {
			type filter hook forward priority filter; policy drop
			iifname "lan" jump out
			ct state established,related accept
			iifname "lan" accept
			ct status dnat accept
			meta l4proto ipv6-icmp icmpv6 type echo-request accept
		}
		chain out {
			$(router_forward)
		}
		chain input {
			type filter hook input priority filter
			iifname != "wan" accept
			ct state established,related accept
			meta l4proto ipv6-icmp accept
			icmp type echo-request accept
			drop
		}
	}
	$(router_extra)
	END
	extra=$(isp_extra)
	[ -z "$extra" ] || echo "$extra" | at isp nft -f -
}

write_profile()
{
	echo practice >"$dir/password"
	cat >"$dir/profile.conf" <<-END
	; Practice site "$scenario": nothing in here exists outside of this machine.
	[provider]
	name = Example Telecom
	domain = example.com
	transport = $profile_transport
	support = support@example.com
	[account]
	user = 2001
	auth-user = 2001
	password-file = $dir/password
	[nat]
	stun = stun.example.com:3478, stun2.example.com:3478
	turn = $profile_turn
	turn-user = practice
	turn-password-file = $dir/password
	[media]
	rtp-ports = 10000-20000
	[dns]
	public-dns = $public_dns
	END
	profile_extra >>"$dir/profile.conf"
}

# One root for all, made anew for every site. The laptop knows it in the place of
# the system's, where OpenSSL looks by itself: its file and its folder.
make_certificates()
{
	root_certificate ca "Practice Root" && certificate ca turn 90 turn.example.com || return
	[ "$tls_issuer" = ca ] || root_certificate "$tls_issuer" "Unheard-of Root" || return
	# shellcheck disable=SC2086
	certificate "$tls_issuer" sip "$tls_days" $tls_names || return
	openssl_dir=$(openssl version -d | sed 's/.*"\(.*\)"/\1/')
	roots=$(readlink -f "$openssl_dir/cert.pem")
	[ ! -f "$roots" ] || cover "$roots" <"$dir/ca.pem" || return
	[ ! -d "$openssl_dir/certs/." ] || [ -f "$roots" ] || {
		mkdir "$dir/roots" && cp "$dir/ca.pem" \
			"$dir/roots/$(openssl x509 -noout -subject_hash -in "$dir/ca.pem").0" &&
			mount --bind "$dir/roots" "$(readlink -f "$openssl_dir/certs")"
	}
}

# root_certificate FILE NAME
root_certificate()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 \
		-subj "/O=Practice/CN=$2" -keyout "$dir/$1.key" -out "$dir/$1.pem" \
		2>>"$dir/openssl.log"
}

# certificate ISSUER FILE DAYS HOST...
certificate()
{
	issuer=$1
	file=$2
	days=$3
	shift 3
	echo "subjectAltName=$(printf ',DNS:%s' "$@" | cut -c 2-)" >"$dir/$file.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/O=Practice/CN=$1" -keyout "$dir/$file.key" -out "$dir/$file.csr" \
		2>>"$dir/openssl.log" &&
		openssl x509 -req -in "$dir/$file.csr" -days "$days" -extfile "$dir/$file.ext" \
			-CA "$dir/$issuer.pem" -CAkey "$dir/$issuer.key" -set_serial "0x$(date +%s)" \
			-out "$dir/$file.pem" 2>>"$dir/openssl.log"
}

# daemon NAMESPACE NAME PROTOCOL ADDRESS:PORT COMMAND...
# In a session of its own, so that the terminal's keys do not reach it. It is up
# when the socket named, the last that it opens, is there (protocol u or t).
daemon()
{
	daemon_at=$1
	daemon_name=$2
	daemon_socket="$3 $4"
	shift 4
	exec_at="nsenter --net=/run/netns/$daemon_at setsid"
	# shellcheck disable=SC2086
	(exec $exec_at "$@" </dev/null >"$dir/$daemon_name.log" 2>&1) &
	daemons="${daemons-}$daemon_at $daemon_name $! $daemon_socket
"
}

start_dns()
{
	{
		echo address=/#/
		provider_zone
	} >"$dir/dns.conf"
	{
		echo "server=$public_dns"
		router_dns
	} >"$dir/router-dns.conf"
	options="--keep-in-foreground --user=root --group= --bind-interfaces --no-resolv
		--no-hosts --pid-file= --log-facility=-"
	# shellcheck disable=SC2086
	daemon dns dns u "$public_dns:53" dnsmasq $options --conf-file="$dir/dns.conf" \
		--listen-address="$public_dns" --listen-address=2001:db8:100::53
	# shellcheck disable=SC2086
	daemon router router-dns u 192.168.1.1:53 dnsmasq $options \
		--conf-file="$dir/router-dns.conf" --interface=lan
}

# stun_server NAME ADDRESS ADDRESS6 LAST-SOCKET, more settings on stdin
stun_server()
{
	cat >"$dir/$1.conf" <<-END
	listening-ip=$2
	listening-ip=$3
	relay-ip=$2
	relay-ip=$3
	listening-port=3478
	userdb=$dir/$1.db
	pidfile=$dir/$1.pid
	log-file=stdout
	simple-log
	no-cli
	no-dtls
	END
	cat >>"$dir/$1.conf"
	daemon turn "$1" u "$4" turnserver -c "$dir/$1.conf"
}

# The first server has two addresses and two ports each, as RFC 5780 wants it.
# coturn's OTHER-ADDRESS is right at the first of them alone, so only that has a
# name. The second server is another one, without RFC 5780. Older versions do
# RFC 5780 unless told not to, newer ones if told; neither knows the other's word.
start_turn()
{
	with=
	without=no-rfc5780
	if turnserver -h 2>&1 | grep -q -- '[[:blank:]]--rfc5780'; then
		with=rfc5780
		without=
	fi
	stun_server turn 198.51.100.20 2001:db8:100::20 "[2001:db8:100::21]:3479" <<-END
	listening-ip=198.51.100.21
	listening-ip=2001:db8:100::21
	alt-listening-port=3479
	min-port=50000
	max-port=50999
	realm=example.com
	lt-cred-mech
	user=practice:$turn_password
	cert=$dir/turn.pem
	pkey=$dir/turn.key
	tls-listening-port=5349
	alt-tls-listening-port=5350
	$with
	END
	stun_server stun2 198.51.100.30 2001:db8:100::30 "[2001:db8:100::30]:3478" <<-END
	stun-only
	no-tls
	$without
	END
}

# For a scenario: the far end that sends RTP back, beside the STUN servers. start_responder [bare]
# Python is needed. What the range gets goes to one port behind it.
start_responder()
{
	at turn ip addr add 198.51.100.40/24 dev eth0 && at turn nft -f - <<-END || return
	table ip responder {
		chain prerouting {
			type nat hook prerouting priority dstnat
			ip daddr 198.51.100.40 udp dport 10000-20000 dnat to 198.51.100.40:5004
		}
	}
	END
	daemon turn responder u 198.51.100.40:5004 \
		python3 "$here/responder.py" 198.51.100.40 3478 5004 "$@"
	await_all
}

responder_profile()
{
	printf '[responder]\nhost = probe.example.com:3478\n'
}

start_sip()
{
	cat >"$dir/sip.conf" <<-END
	debug=1
	log_stderror=yes
	auto_aliases=no
	children=1
	tcp_children=1
	listen=udp:198.51.100.10:5060
	listen=tcp:198.51.100.10:5060
	listen=udp:[2001:db8:100::10]:5060
	listen=tcp:[2001:db8:100::10]:5060
	listen=tls:198.51.100.10:5061
	listen=tls:[2001:db8:100::10]:5061
	enable_tls=yes
	alias=example.com
	loadmodule "tls.so"
	modparam("tls", "tls_method", "TLSv1.2+")
	modparam("tls", "certificate", "$dir/sip.pem")
	modparam("tls", "private_key", "$dir/sip.key")
	loadmodule "sl.so"
	loadmodule "textops.so"
	loadmodule "pv.so"
	loadmodule "auth.so"
	loadmodule "usrloc.so"
	loadmodule "registrar.so"
	request_route {
		$(sip_route)
	}
	END
	daemon sip sip t "[2001:db8:100::10]:5061" \
		kamailio -DD -E -m 16 -M 4 -f "$dir/sip.conf" -Y "$dir" -w "$dir"
}

last_words()
{
	tail -n 2 "$dir/$1.log" | tr '\n' ' '
}

# Waits until every daemon has its socket; ten seconds mean that one hangs.
await_all()
{
	deadline=$(($(cut -d . -f 1 /proc/uptime) + 10))
	printf %s "$daemons" 2>/dev/null | while read -r name log pid protocol socket; do
		until [ -n "$(at "$name" ss -Hnl"$protocol" src "$socket")" ]; do
			kill -0 "$pid" 2>/dev/null ||
				fail "$log did not start: $(last_words "$log")" || exit
			[ "$(cut -d . -f 1 /proc/uptime)" -lt "$deadline" ] ||
				fail "$log does not answer: $(last_words "$log")" || exit
			sleep 0.01
		done
		say "$log is up"
	done
}
