#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is asked for wrongly is refused before anything is done: exit status 2, one
# line that says what was expected, nothing on stdout.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"

# refused TEXT ARG...
refused()
{
	text=$1
	shift
	run "$@" </dev/null
	expect_refused "earshot $*" "$text"
}

# Commands and their arguments.
refused "unknown command 'frobnicate'" frobnicate
refused "unknown command 'Check'" Check
refused "unknown command '-'" -
refused "unknown check 'frob'; expected one of: " check frob
refused "dns" check frob
refused "unknown check ''" check ''
refused "unknown check 'frob'" check dns frob
refused "wrong number of arguments; expected earshot report SESSION" report
refused "expected earshot report SESSION" report one two
refused "expected earshot diagnose" diagnose now
refused "expected earshot practice [SITE]" practice one two
refused "expected earshot tree lint FILE" tree
refused "expected earshot tree lint FILE" tree lint
refused "expected earshot tree lint FILE" tree lint one two
refused "expected earshot tree lint FILE" tree prune "$top_srcdir/data/tree.xml"
refused "there is no scenario \"frob\"" practice frob
refused "there is no scenario \"../healthy\"" practice ../healthy

# Options that there are not.
refused "unknown option '--frob'; see earshot --help" --frob
refused "unknown option '--frob'" check --frob
refused "unknown option '--frob=1'" check --frob=1
refused "unknown option" -x
refused "unknown option" -qx
refused "unknown option" --json=yes diagnose --no-checks

# Values that are missing.
for option in -p --profile --answers --format --mask -o --output -i --interface --timeout --domain --transport \
	--stun --turn --responder --rtp-ports --public-dns; do
	refused "'$option' wants a value" diagnose --no-checks "$option"
done

# Values that cannot be. By the answers alone: should one be taken, nothing is sent.
bad()
{
	option=$1
	expected=$2
	shift 2
	for value in "$@"; do
		refused "bad value '$value' for $option; $expected" diagnose --no-checks "$option" "$value"
	done
}
bad --timeout "expected a whole number of seconds from 1 to 86400" 0 -1 1.5 2s '' ' 1' 86401 99999999999999999999 0x10
bad --interface "expected the name of an interface" '' an-interface-with-a-name-too-long
bad --interface "expected an interface that this computer has" nosuch0
bad --domain "expected a name or address, host[:port]" 'a b' .example.com -x example..com 300.1.1.1 1.2.3 \
	example.com: example.com:0 example.com:65536 example.com:sip 'sip:example.com' 'a/b' '[::1' 'exa;mple.com'
bad --transport "expected auto, udp, tcp or tls" '' UDP sctp 'udp '
bad --stun "expected host[:port], up to 8 servers" 'a b' stun.example.com:x 'a.example,,b.example' \
	a.ex,b.ex,c.ex,d.ex,e.ex,f.ex,g.ex,h.ex,i.ex
bad --turn "expected turn:host[:port][?transport=udp|tcp]" turn.example.com turn: 'turn:a b' \
	'turn:turn.example.com?transport=sctp' 'turn:turn.example.com?x' stun:turn.example.com
bad --responder "expected a name or address, host[:port]" 'a b' probe.example.com:70000
bad --rtp-ports "expected A-B with 1 <= A <= B <= 65535" 10000 10000- -20000 20000-10000 0-10 1-65536 a-b 1-2-3
bad --public-dns "expected an address, ADDR[:PORT]" dns.example.com 192.0.2 192.0.2.53: 192.0.2.53:0 192.0.2.53:x
refused "--stun" diagnose --no-checks --stun a.ex,b.ex,c.ex,d.ex --stun e.ex,f.ex,g.ex,h.ex --stun i.ex
bad --domain "expected a name or address" "$(printf 'a%.0s' $(seq 300))"

# What a person typed is shown harmlessly.
escape=$(printf '\033[31mred')
refused "for --domain" diagnose --no-checks --domain "$escape"
refused "unknown command" "$escape"
refused "unknown check" check "$escape"
refused "unknown option" --"$escape"
refused "bad value" report --format "$escape" x
refused "expected earshot tree lint FILE" tree "$escape" x
refused "$(printf 'cannot be read')" report "$work/$escape"

# Formats.
refused "bad value 'xml' for --format; expected text, html or json" report --format xml "$work/none"
refused "bad value 'HTML' for --format; expected text, html or json" report --format HTML "$work/none"
refused "bad value '' for --format; expected text, html or json" report --format '' "$work/none"

# Files that are not there.
refused "$work/none: cannot be read" diagnose --no-checks -p "$work/none"
refused "$work/none: cannot be read" check -p "$work/none"
refused "$work/none: cannot be read" --plain -p "$work/none"
refused "$work/none: cannot be read" diagnose --no-checks --answers "$work/none"
refused "$work: cannot be read" diagnose --no-checks --answers "$work"
refused "$work/none: cannot be read" report "$work/none"
refused "$work/none: cannot be read: No such file or directory; expected a capture" analyze "$work/none"
refused "$work: is a folder; expected a capture" analyze "$work"
refused "cannot be read" report ''

# The wizard that draws wants a terminal, and says what does without.
run </dev/null
expect_status 2 "earshot without a terminal"
expect_in err "--plain" "earshot without a terminal"

# Where nothing was measured all is not well. No server is named, so nothing is sent.
export XDG_CONFIG_HOME="$work/none"
run check stun -q
[ "$status" = 3 ] || fail "nothing to check: ends with $status, not 3"
grep -q "Nothing could be checked" "$work/out" || fail "nothing to check: said to be well"

finish
