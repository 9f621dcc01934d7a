#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The program speaks the person's language from where it was built, and writes numbers as that person does; what
# programs read stays as it is.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
session=$(dirname "$0")/session.journal
[ -f "$top_builddir/share/locale/de/LC_MESSAGES/earshot.mo" ] || skip "built without gettext's msgfmt"

# says LANGUAGE TEXT ARG...: in that language the program says TEXT, on stdout or stderr.
says()
{
	language=$1
	text=$2
	shift 2
	LANGUAGE=$language LC_ALL=C.UTF-8 run "$@"
	cat "$work/out" "$work/err" | grep -qF -- "$text" || fail "$language: $* does not say: $text"
}

says de 'Optionen:' --help
says es 'Opciones:' --help
says zh_CN '选项：' --help
says xx:de 'Optionen:' --help
says en 'Options:' --help
says de "unbekannte Option '--nonsense'" --nonsense
says es "opción desconocida '--nonsense'" --nonsense
says zh_CN "未知的选项 '--nonsense'" --nonsense

LANGUAGE=de LC_ALL=C.UTF-8 run report "$session"
expect_status 0 "a report in German"
grep -q '^BERICHT\|^EARSHOT-BERICHT\|^BEFUND\|BELEGE' "$work/out" || fail "the report is not in German"

# A locale with a decimal comma is made here, for the system may have none.
command -v localedef >/dev/null && localedef -i de_DE -f UTF-8 "$work/de_DE.UTF-8" 2>/dev/null ||
	skip "numbers: localedef has no de_DE to make; the languages are as expected"
export LOCPATH="$work"
# The C library never frees what it makes of LOCPATH.
export ASAN_OPTIONS=detect_leaks=0
LANGUAGE=de LC_ALL=de_DE.UTF-8 run report "$session"
grep -q '2,01 s' "$work/out" || fail "no decimal comma in German: $(grep -m1 '2.01 s' "$work/out")"
LANGUAGE=de LC_ALL=de_DE.UTF-8 run report --json "$session"
expect_status 0 "the report as JSON"
grep -q '2\.01' "$work/out" || fail "no decimal point in JSON"
! grep -q '[0-9],[0-9]*[,}]$' "$work/out" || fail "a comma in a number of JSON: $(grep -m1 '[0-9],[0-9]*[,}]$' "$work/out")"
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/out" || fail "no JSON with a decimal comma about"
LANGUAGE=de LC_ALL=de_DE.UTF-8 run report --format html "$session"
! grep -qE '(width|height|font-size|margin|padding):[0-9]+,[0-9]' "$work/out" || fail "a decimal comma in a style sheet"

finish
