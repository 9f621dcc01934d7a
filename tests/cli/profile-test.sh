#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Profiles: what is wrong in one is refused with file, line and what was expected;
# what an option says wins. Read by "diagnose --no-checks": nothing is sent.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"

profile=$work/site.conf

# refused LINE TEXT: the profile on stdin is refused because of that line.
refused()
{
	cat >"$profile"
	run diagnose --no-checks --profile "$profile"
	expect_refused "profile: $(tr '\n' '|' <"$profile" | cut -c 1-70 | cat -v)" "$profile:$1: $2"
}

# bad SECTION KEY EXPECTED VALUE...: refused in the third line of a profile.
bad()
{
	section=$1
	key=$2
	expected=$3
	shift 3
	for value in "$@"; do
		printf '; a profile\n[%s]\n%s = %s\n' "$section" "$key" "$value" |
			refused 3 "bad value '$value' for '$key' in [$section]; $expected"
	done
}

# A whole one is read, and its "auto" leaves nothing to complain of.
cat >"$profile" <<-'END'
	; a comment
	# another
	[provider]
	name = Example Telecom      ; behind a value
	domain = example.com:5080
	transport = auto
	proxy = [2001:db8::1]:5060
	support = support@example.com
	[account]
	user = 2001
	auth-user = 2001
	password-file = ~/2001.secret
	echo-number = *43
	[nat]
	stun = stun.example.com:3478, stun2.example.com, stun:192.0.2.3
	turn = turns:turn.example.com:443?transport=tcp
	turn-user = alice
	turn-password-file = ~/turn.secret
	[media]
	rtp-ports = 10000-20000
	codecs = PCMU, PCMA, G722, opus
	[dns]
	public-dns = [2001:db8::53]:5353
	[responder]
	host = probe.example.com:3478
	[provider]
	END
run diagnose --no-checks -p "$profile"
expect_status 0 "a whole profile"
expect_in out "Example Telecom" "a whole profile"
expect_in out "example.com:5080" "a whole profile"
expect_in out "support@example.com" "a whole profile"
expect_not_in out "alice" "accounts stay out of the report"
expect_not_in out "secret" "accounts stay out of the report"

# Every key that can be wrong.
long=$(printf 'x%.0s' $(seq 1100))
bad provider domain "expected a name or address, host[:port]" 'a b' 300.1.1.1 example.com:0 sip:example.com
bad provider transport "expected auto, udp, tcp or tls" sctp UDP
bad provider proxy "expected a name or address, host[:port]" 'a b' sbc.example.com:99999
bad nat stun "expected up to 8 servers, host[:port], parted by commas" 'a b' a.ex,,b.ex \
	1.ex,2.ex,3.ex,4.ex,5.ex,6.ex,7.ex,8.ex,9.ex
bad nat turn "expected turn:host[:port][?transport=udp|tcp] or turns:" turn.example.com 'turn:a?transport=x' turn:
bad media rtp-ports "expected A-B with 1 <= A <= B <= 65535" 10000 2-1 0-1 1-65536
bad dns public-dns "expected an address, ADDR[:PORT]" dns.example.com 192.0.2.53:x
bad responder host "expected a name or address, host[:port]" 'a b'
for key in provider/name provider/support account/user account/auth-user account/password-file \
	account/echo-number nat/turn-user nat/turn-password-file media/codecs; do
	printf '[%s]\n%s = %s\n' "${key%/*}" "${key#*/}" "$long" |
		refused 2 "the line is too long"
	printf '[%s]\n%s = a\033[31mb\n' "${key%/*}" "${key#*/}" |
		refused 2 "bad value"
done

# Sections and keys.
printf '[provider]\nname = x\n[providr]\nname = y\n' |
	refused 3 "unknown section [providr]; expected one of: provider, account, nat, media, dns, responder"
printf '[provider]\ndoman = example.com\n' |
	refused 2 "unknown key 'doman' in [provider]; expected one of: name, domain, transport, proxy, support"
printf '[nat]\ndomain = example.com\n' |
	refused 2 "unknown key 'domain' in [nat]; expected one of: stun, turn, turn-user, turn-password-file"
printf '\n\nname = x\n' | refused 3 "a key before any section"
printf '[provider]\nname = x\n\nname = y\n' | refused 4 "'name' in [provider] is given twice"
printf '[provider]\nname = x\n[nat]\n[provider]\nname = y\n' | refused 5 "'name' in [provider] is given twice"
printf '[provider]\nname\n' | refused 2 "not a line of a profile"
printf '[provider]\n= x\n' | refused 2 "unknown key ''"
printf '[%s]\nname = x\n' "$long" | refused 1 "a section's name is too long"
printf '[provider\nname = x\n' | refused 1 "a section that does not end"

# No secrets.
for key in password secret turn-password auth-password; do
	printf '[account]\n%s = hunter2\n' "$key" | refused 2 "a secret never stands in a profile"
	expect_not_in err hunter2 "the secret itself is not repeated"
done

# Not text at all.
printf '[provider]\nname = a\000b\n' | refused 2 "the line is too long or not text"
printf '[provider]\nname = \377\376\n' | refused 2 "bad value"
head -c 4096 "$earshot" >"$profile"
run diagnose --no-checks -p "$profile"
expect_refused "a program for a profile" "$profile:1: "
head -c 300000 /dev/zero | tr '\0' '\n' >"$profile"
run diagnose --no-checks -p "$profile"
expect_refused "a profile of 300,000 bytes" "$profile"
run diagnose --no-checks -p "$work"
expect_refused "a folder for a profile" "$work: cannot be read"

# Windows line ends, a mark of byte order, an empty file, no last newline: all right.
printf '\357\273\277[provider]\r\nname = Windows Telecom\r\ndomain = example.com\r\n' >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "a profile from Windows" && expect_in out "Windows Telecom" "a profile from Windows"
: >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "an empty profile"
printf '[provider]\nname = Last Line' >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "no newline at the end" && expect_in out "Last Line" "no newline at the end"
printf '[provider]\nname =\ntransport = tcp\n[nat]\nstun =\n' >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "keys without values"

# Indented, as one finds it in a manual; and STUN servers on a line each.
printf '    [provider]\n    name = Example Telecom\n    domain = example.com\n' >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "an indented profile" && expect_in out "example.com" "an indented profile"
{
	echo "[nat]"
	for i in 1 2 3 4 5 6 7 8; do
		echo "stun = stun-server-$i.voice.example.com:3478"
	done
} >"$profile"
run diagnose --no-checks -p "$profile"
expect_status 0 "eight STUN servers on a line each"
expect_in out "stun-server-1.voice" "eight STUN servers on a line each"
expect_in out "stun-server-8.voice" "eight STUN servers on a line each"
echo "stun = stun9.example.com" >>"$profile"
run diagnose --no-checks -p "$profile"
expect_refused "a ninth STUN server" "$profile:10: bad value 'stun9.example.com' for 'stun' in [nat]; expected up to 8"

# What the wizard keeps as a profile can be read again, however long.
printf '%s\n' 1 example.com "Example Telecom" tcp '' '' "$(seq -f 'stun-server-%g.voice.example.com' -s ', ' 8)" \
	10000-20000 192.0.2.53 13 q 1 | timeout 10 "$earshot" --plain >"$work/out" 2>"$work/err"
kept=$XDG_CONFIG_HOME/earshot/earshot.conf
if [ -f "$kept" ]; then
	[ "$(stat -c %a "$kept")" = 600 ] || fail "the profile that was kept has mode $(stat -c %a "$kept")"
	run diagnose --no-checks
	expect_status 0 "the profile that was kept" && expect_in out "stun-server-8.voice" "the profile that was kept"
	rm "$kept"
else
	fail "no profile was kept"
	show out
fi

# What an option says wins over the profile; what it does not say stays.
printf '[provider]\nname = Example Telecom\ndomain = profile.example\n[nat]\nstun = one.example, two.example\n' >"$profile"
run diagnose --no-checks -p "$profile"
expect_in out "profile.example" "the profile's domain"
expect_in out "one.example" "the profile's STUN server"
run diagnose --no-checks -p "$profile" --domain option.example --stun three.example --stun four.example:3479
expect_status 0 "options over a profile"
expect_in out "option.example" "the option's domain wins"
expect_not_in out "profile.example" "the option's domain wins"
expect_in out "three.example" "the first --stun"
expect_in out "four.example:3479" "the second --stun"
expect_not_in out "one.example" "the option's STUN servers win"
expect_in out "Example Telecom" "what no option says stays"
run diagnose --no-checks --domain option.example -p "$profile"
expect_in out "option.example" "the order does not matter"

# The default profile is used, and one that is named takes its place.
mkdir -p "$XDG_CONFIG_HOME/earshot"
printf '[provider]\nname = Default Telecom\n' >"$XDG_CONFIG_HOME/earshot/earshot.conf"
run diagnose --no-checks
expect_in out "Default Telecom" "the default profile"
run diagnose --no-checks -p "$profile"
expect_in out "Example Telecom" "a profile that is named"
expect_not_in out "Default Telecom" "a profile that is named"
printf '[provider]\nnam = x\n' >"$XDG_CONFIG_HOME/earshot/earshot.conf"
run diagnose --no-checks
expect_refused "an error in the default profile" "$XDG_CONFIG_HOME/earshot/earshot.conf:2: unknown key 'nam'"

finish
