#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --help and --version, and that the manual knows every option and command.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
manual=$top_srcdir/man/earshot.1

run --version
expect_status 0 "--version"
grep -qE '^earshot [0-9]+\.[0-9]+\.[0-9]+' "$work/out" || fail "--version says: $(cat "$work/out")"
run check --version
expect_status 0 "--version behind a command"

run check --help
expect_status 0 "--help behind a command"
run --help
expect_status 0 "--help"
[ ! -s "$work/err" ] || fail "--help: something stands on stderr"
[ "$(wc -L <"$work/out")" -le 80 ] || fail "--help: a line is $(wc -L <"$work/out") columns wide"
cp "$work/out" "$work/help"
for command in check diagnose analyze report practice tree; do
	grep -q "^  earshot $command" "$work/help" || fail "--help does not name the command $command"
done
for option in -p --profile --json --plain --ascii --answers --no-checks --format -o --output --list -i --interface --at --phone \
	-4 -6 --timeout --domain --transport --stun --turn --responder --rtp-ports --public-dns -q -v --help --version; do
	grep -qE -e "(^| )$option(,| |$)" "$work/help" || fail "--help does not name $option"
done

# The manual's words for an option: "Fl p", "Fl -profile".
grep -oE -e ' --?[a-z0-9][a-z0-9-]*' "$work/help" | sed 's/^ -//' | sort -u >"$work/options"
while read -r option; do
	grep -qE -e "(Fl|,) $option( |$)" "$manual" || fail "earshot.1 does not have -$option"
done <"$work/options"
[ "$(wc -l <"$work/options")" -gt 20 ] || fail "the test finds no options in --help: $(cat "$work/options")"
sed -n 's/^  earshot \([a-z]*\).*/\1/p' "$work/help" | grep . >"$work/commands"
while read -r command; do
	grep -qE "^.(It Nm )?Cm $command" "$manual" || fail "earshot.1 does not have the command $command"
done <"$work/commands"

# Where nobody reads, that is said.
if [ -e /dev/full ]; then
	"$earshot" diagnose --no-checks >/dev/full 2>"$work/err"
	status=$?
	expect_status 2 "a full disk behind stdout"
	expect_in err "cannot be written" "a full disk behind stdout"
fi

# What practice sites there are can be asked for by anybody.
run practice --list
expect_status 0 "practice --list"
for site in healthy sip-alg symmetric-nat udp-blocked split-horizon-dns cgnat; do
	grep -q "^$site" "$work/out" || fail "practice --list does not name $site"
done

finish
