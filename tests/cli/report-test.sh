#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "report": the text, the JSON, where it is written, and what is wrong with a
# session. session.journal is one that found a SIP ALG.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
need jq
session=$(dirname "$0")/session.journal

# line TEXT: the number of the line of $work/out that begins with the text; 0 if none does.
line()
{
	grep -nF -e "$1" "$work/out" | while IFS=: read -r number found; do
		case $found in
		"$1"*)
			echo "$number"
			break ;;
		esac
	done | grep . || echo 0
}

# in_order TEXT...: they begin lines of the report, one after the other.
in_order()
{
	last=0
	for text in "$@"; do
		now=$(line "$text")
		[ "$now" -gt "$last" ] || fail "the report: \"$text\" is missing or stands too early"
		last=$now
	done
}

# The text.
run report "$session"
expect_status 0 "the report as text"
[ ! -s "$work/err" ] || fail "something stands on stderr: $(cat "$work/err")"
[ "$(wc -L <"$work/out")" -le 78 ] || fail "a line of the report is $(wc -L <"$work/out") columns wide"
in_order "EARSHOT REPORT" "WHAT IS WRONG" "SUPPORT CHECKLIST" "  1 Phone" "  2 System" "  3 Network" \
	"  4 NAT type" "  5 STUN / TURN" "  6 Traces" "  7 How often" "  8 Done so far" "EVIDENCE" \
	"WHAT THE SITE CAN MEND" "WHAT WE ASK THE PROVIDER" "STEPS TAKEN" "MEASURED" "RECORD FOR LATER"
for text in "Example Telecom" "Dental practice" "Yealink T46S, firmware 66.86.0.15" "(SIP ALG)" \
	"port-restricted cone" "203.0.113.2" "stun2.example.com" "every call" "hop 1" "192.168.1.1" \
	"10:01:30" "They cannot hear me. I hear"; do
	expect_in out "$text" "the report as text"
done
run report --ascii "$session"
expect_status 0 "the report in ASCII"
LC_ALL=C grep -n '[^ -~]' "$work/out" && fail "the report in ASCII holds other characters"
[ "$(wc -L <"$work/out")" -le 78 ] || fail "a line of the report in ASCII is too wide"

# The JSON.
run report --format json "$session"
expect_status 0 "the report as JSON"
expect_json '.schema == "earshot/1" and .started == "2026-03-05T10:00:00Z"' "JSON"
expect_json '[.checks[] | .name] | sort == ["alg","dns","local","stun"]' "JSON, checks"
expect_json 'all(.checks[]; (.state | IN("done","skipped","failed","timeout")) and (.seconds | type) == "number")' \
	"JSON, checks"
expect_json '.facts | ."sip-alg" == "yes" and ."sip-alg.hop" == 1 and (."sip-alg.changed" | index("via"))' "JSON, facts"
expect_json '.findings | length == 1 and .[0].id == "sip-alg"' "JSON, findings"
expect_json '.findings[0] | .severity == "fault" and .side == "site" and .direction == "both" and
	.where == {"hop":1,"address":"192.168.1.1"} and .remedy == "disable-sip-alg" and
	(.title | length > 0) and (.evidence | length > 0)' "JSON, a finding"
expect_json '.verdict.cause == "sip-alg" and .verdict.direction == "out"' "JSON, the verdict"
cp "$work/out" "$work/one.json"
run report --json "$session"
cmp -s "$work/out" "$work/one.json" || fail "--json and --format json are not the same"

# The page of HTML: well-formed, nothing runs, nothing comes from elsewhere, and all that the text has.
run report --format html "$session"
expect_status 0 "the report as HTML"
expect_in out '<html lang="en">' "HTML"
for text in "EARSHOT REPORT" "Example Telecom" "Dental practice" "port-restricted cone" "203.0.113.2" "10:01:30"; do
	expect_in out "$text" "the report as HTML"
done
if command -v xmllint >/dev/null; then
	xmllint --noout --nonet "$work/out" 2>"$work/xml" || {
		fail "HTML: not well-formed"
		show xml
	}
	for path in '//script' '//@src' '//@href' '//link' '//form'; do
		[ "$(xmllint --xpath "count($path)" "$work/out")" = 0 ] || fail "HTML: $path"
	done
else
	echo "    HTML: no xmllint here; test_html reads it with libxml2"
fi
run report --format pdf "$session"
expect_refused "a format that is not there" "--format" "text, html or json"

# Numbers and public addresses hidden, in all forms.
for format in text html json; do
	run report --format $format --mask numbers,addresses "$session"
	expect_status 0 "masked, as $format"
	expect_not_in out "203.0.113.2" "masked, as $format"
	expect_in out "public-A" "masked, as $format"
	expect_in out "192.168.1.1" "masked, as $format"
	run report --format $format --mask numbers "$session"
	expect_in out "203.0.113.2" "numbers alone masked, as $format"
done
run report --mask everything "$session"
expect_refused "a mask that is not there" "--mask" "numbers, addresses"

# Into a file, whole and for nobody else's eyes.
(umask 0 && "$earshot" report -o "$work/report.txt" "$session" >"$work/out" 2>"$work/err")
[ ! -s "$work/out" ] || fail "-o: something stands on stdout"
run report "$session"
cmp -s "$work/out" "$work/report.txt" || {
	# The time of making stands in the first line.
	sed 1d "$work/out" >"$work/a"
	sed 1d "$work/report.txt" | cmp -s - "$work/a" || fail "-o FILE is not what stdout gets"
}
[ "$(stat -c %a "$work/report.txt")" = 600 ] || fail "-o: mode $(stat -c %a "$work/report.txt") instead of 600"
run report --json -o "$work/report.txt" "$session"
expect_status 0 "-o over a file that is there"
jq -e .schema "$work/report.txt" >/dev/null || fail "-o: the old file was not replaced as a whole"
run report -o - "$session"
expect_status 0 "-o -"
expect_in out "EARSHOT REPORT" "-o -"
run report -o "$work/no/such/folder/report.txt" "$session"
expect_refused "-o in a folder that is not there" "report.txt" "No such file or directory"
run report -o "$work" "$session"
expect_refused "-o onto a folder" "$work"
run report -o '' "$session"
expect_refused "-o without a name" "cannot be written"
before=$(ls -A "$work")
(
	trap '' XFSZ
	ulimit -f 4
	"$earshot" report -o "$work/cut.txt" "$session" 2>"$work/err"
)
status=$?
expect_status 2 "a file that may not grow" && expect_in err "cannot be written: File too large" "a file that may not grow"
[ "$before" = "$(ls -A "$work")" ] || fail "a file that may not grow: something is left behind: $(ls -A "$work")"
if [ -e /dev/full ]; then
	"$earshot" report "$session" >/dev/full 2>"$work/err"
	status=$?
	expect_status 2 "stdout that is full" && expect_in err "cannot be written" "stdout that is full"
fi

# By its name, from where sessions are kept.
mkdir -p "$XDG_STATE_HOME/earshot"
cp "$session" "$XDG_STATE_HOME/earshot/2026-03-05T100000Z-c0de.journal"
run report 2026-03-05T100000Z-c0de
expect_status 0 "a session by its name"
run report 2026-03-05T100000Z-beef
expect_refused "a session that is not there" "2026-03-05T100000Z-beef: cannot be read"

# Secrets that came in nevertheless, and hostile text.
{
	cat "$session"
	cat <<-'END'
	{"kind":"detail","key":"traces","value":"Proxy-Authorization: Digest username=\"2001\", response=\"6629fae49393a05397450978507c4ef1\"","at":"2026-03-05T10:02:00Z"}
	{"kind":"detail","key":"calls","value":"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj","at":"2026-03-05T10:02:01Z"}
	{"kind":"detail","key":"contact","value":"\u001b[2J\u0007evil\u202etxt\u009b31m\u007f","at":"2026-03-05T10:02:02Z"}
	{"kind":"check","check":"alg","event":{"event":"fact","name":"sip.server","value":"\u001b]0;owned\u0007 password=hunter2"},"at":"2026-03-05T10:02:03Z"}
	END
} >"$work/hostile.journal"
for format in text html json; do
	run report --format $format "$work/hostile.journal"
	expect_status 0 "hostile text, as $format"
	for secret in 6629fae49393a05397450978507c4ef1 d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj hunter2; do
		expect_not_in out "$secret" "a secret, as $format"
	done
	if tr -d '\n' <"$work/out" | LC_ALL=C grep -q '[[:cntrl:]]'; then
		fail "control characters, as $format"
	fi
	expect_not_in out "$(printf '\342\200\256')" "text that runs backwards, as $format"
	expect_not_in out "$(printf '\302\233')" "a C1 control character, as $format"
done
run report "$work/hostile.journal"
expect_in out 'evil' "hostile text is shown, made visible"
[ "$(wc -L <"$work/out")" -le 78 ] || fail "a line of the report of hostile text is too wide"

# A last line that was cut is left out, with a word; the session stays.
for cut in 1 7 40; do
	head -c -$cut "$session" >"$work/cut.journal"
	run report --json "$work/cut.journal"
	expect_status 0 "cut by $cut bytes" &&
		expect_in err "the last line was damaged and is left out" "cut by $cut bytes" &&
		expect_json '.verdict.cause == "sip-alg"' "cut by $cut bytes"
done
{
	cat "$session"
	echo '{"kind":"answ'
} >"$work/cut.journal"
run report "$work/cut.journal"
expect_status 0 "half a record as the last line"
expect_in err "the last line was damaged" "half a record as the last line"
[ "$(tail -n 1 "$work/cut.journal")" = '{"kind":"answ' ] || fail "reading a damaged session changed its file"

# Damage anywhere else is told with its line.
sed '5s/.*/rubbish/' "$session" >"$work/bad.journal"
run report "$work/bad.journal"
expect_refused "damage in line 5" "$work/bad.journal:5: "
sed '7s/}$//' "$session" >"$work/bad.journal"
run report -o "$work/never" "$work/bad.journal"
expect_refused "damage in line 7" "$work/bad.journal:7: "
[ ! -e "$work/never" ] || fail "damage in line 7: a report was written all the same"
sed 1d "$session" >"$work/bad.journal"
run report "$work/bad.journal"
expect_refused "the beginning is missing" "$work/bad.journal:1: "
: >"$work/bad.journal"
run report "$work/bad.journal"
expect_refused "an empty session" "$work/bad.journal: "
head -c 100000 "$earshot" >"$work/bad.journal"
run report "$work/bad.journal"
expect_refused "a program for a session" "$work/bad.journal:1: "
printf '{"kind":"start","id":"../../x","version":"0.1.0","at":"2026-03-05T10:00:00Z"}\n[1,2]\n{}\n' >"$work/bad.journal"
run report "$work/bad.journal"
expect_refused "JSON that is no record" "$work/bad.journal:2: "
echo '{"kind":"from-the-future","at":"2026-03-05T10:00:00Z","x":1}' >"$work/line"
sed "3r $work/line" "$session" >"$work/future.journal"
run report "$work/future.journal"
[ "$status" -eq 0 ] || expect_refused "a record of a later version" "$work/future.journal:4: "

finish
