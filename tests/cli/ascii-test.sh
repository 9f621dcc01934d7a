#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where the locale is not UTF-8, nothing but ASCII comes out, in every command.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
LC_ALL=C
export LC_ALL

# ascii WHAT ARG...
ascii()
{
	what=$1
	shift
	run "$@"
	for stream in out err; do
		grep -n '[^ -~	]' "$work/$stream" >"$work/other" || continue
		fail "$what: characters that are not ASCII on std$stream"
		show other
	done
}

printf 'sip-alg = on\nsymptom = far-cannot-hear\n' >"$work/answers"
ascii "--help" --help
ascii "diagnose" diagnose --no-checks --answers "$work/answers"
expect_in out "SIP ALG" "diagnose"
ascii "diagnose with a name" diagnose --no-checks --domain example.com
ascii "report" report "$(dirname "$0")/session.journal"
expect_in out "TP-Link" "report"
ascii "a bad TURN server" diagnose --no-checks --turn x
printf '[provider]\nname = Caf\303\251\n[nat]\nturn = \303\251\n' >"$work/site.conf"
ascii "a bad profile" diagnose --no-checks -p "$work/site.conf"
expect_in err "site.conf:4:" "a bad profile"
printf '[provider]\nname = Caf\303\251 \342\202\254\n' >"$work/site.conf"
ascii "a profile with other letters" diagnose --no-checks -p "$work/site.conf"
expect_in out "Cafe" "a profile with other letters"
printf '\303\251 = on\n' >"$work/answers"
ascii "a bad answer" diagnose --no-checks --answers "$work/answers"
ascii "the list of sites" practice --list
printf '1\n1\nexample.com\n' >"$work/keys"
ascii "--plain" --plain <"$work/keys"
expect_in out "Whose telephone lines are these?" "--plain"
ascii "a tree" tree lint "$top_srcdir/data/tree.xml"

# In UTF-8 the same is said with its own letters.
LC_ALL=C.UTF-8
run diagnose --no-checks -p "$work/site.conf"
expect_in out "$(printf 'Caf\303\251 \342\202\254')" "other letters in UTF-8"

finish
