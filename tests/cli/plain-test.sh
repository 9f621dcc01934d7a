#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The wizard line by line with input from a pipe: whatever it reads and wherever
# it writes, it says what is so and ends. Measuring is done in an empty network.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
need jq unshare

# wizard LINE...: at most ten seconds with these lines as input.
wizard()
{
	printf '%s\n' "$@" | timeout 10 "$earshot" --plain >"$work/out" 2>"$work/err"
	status=$?
}

journals()
{
	find "$XDG_STATE_HOME" -name '*.journal' 2>/dev/null
}

# Nothing to read at all.
timeout 10 "$earshot" --plain </dev/null >"$work/out" 2>"$work/err"
status=$?
expect_status 0 "no input"
expect_in out "The call connects, but somebody hears nothing?" "no input"
expect_in out "Stopped. All is kept" "no input"
timeout 10 "$earshot" --plain <&- >"$work/out" 2>"$work/err"
status=$?
expect_status 0 "a closed stdin"

# Input that ends in the middle of a line, and one that is no text.
printf '1\nexample.com' | timeout 10 "$earshot" --plain >"$work/out" 2>"$work/err"
status=$?
expect_status 0 "a last line without its end"
wizard frob 99 -1 0 1.5 '' 'q ' yes '2' more
[ "$status" -ne 124 ] || fail "answers that mean nothing: it does not end"
expect_in out "Please answer with one of the numbers" "answers that mean nothing"
head -c 200000 "$earshot" | timeout 10 "$earshot" --plain >"$work/out" 2>"$work/err"
status=$?
expect_status 0 "a program for input"
tr -d '\n\t' <"$work/out" | LC_ALL=C grep -q '[[:cntrl:]]' && fail "what was typed is said with control characters"
head -c 100000 /dev/zero | tr '\0' 'x' | timeout 10 "$earshot" --plain >"$work/out" 2>"$work/err"
status=$?
expect_status 0 "a line of 100,000 characters"

# The form tells what is wrong with a value, and asks once more.
wizard 1 'not a name' example.com '' nonsense
expect_in out "This is not right yet: expected a name or address, host[:port]." "a wrong domain"
wizard 1 example.com '' sctp udp
expect_in out "This is not right yet: expected auto, udp, tcp or tls." "a wrong transport"

# Nobody who listens.
(
	wizard_end=0
	printf '1\nexample.com\n' | timeout 10 "$earshot" --plain 2>/dev/null || wizard_end=$?
	echo "$wizard_end" >"$work/ended"
) | head -n 1 >/dev/null
[ "$(cat "$work/ended")" -ne 124 ] || fail "stdout that was closed: it does not end"

# Now with answers, in a network where nothing answers.
alone=$(empty_network)
if [ -z "$alone" ]; then
	echo "# without measuring: an empty network cannot be made here"
	finish
fi
rm -rf "$XDG_STATE_HOME"

# site LINE...: the wizard there, with a profile.
printf '[provider]\nname = Example Telecom\ndomain = 192.0.2.10\n' >"$work/site.conf"
site()
{
	# shellcheck disable=SC2086
	printf '%s\n' "$@" | timeout 20 unshare $alone "$earshot" --plain -p "$work/site.conf" >"$work/out" 2>"$work/err"
	status=$?
}

# One answer, and the input ends: it is kept, and offered again.
site 1 9 near-cannot-hear
expect_status 0 "one answer"
expect_in out "This computer has no way to the Internet." "what was found is said"
journal=$(journals)
[ "$(stat -c %a "$journal")" = 600 ] || fail "the journal's mode is $(stat -c %a "$journal")"
[ "$(stat -c %a "$XDG_STATE_HOME/earshot")" = 700 ] || fail "the folder's mode is not 700"
jq -es 'map(select(.kind == "answer")) | length == 1 and .[0].value == "near-cannot-hear"' "$journal" >/dev/null ||
	fail "the answer is not in the journal"
cd "$work" || exit 1
site
expect_in out "There is an unfinished session, begun " "it is offered again"
expect_in out "Go on with it" "it is offered again"
site 1 q 1
expect_in out "Stop here?" "going on, and leaving"
[ "$(journals)" = "$journal" ] || fail "going on began another session"
jq -es 'map(select(.kind == "answer")) | length == 1' "$journal" >/dev/null || fail "going on lost the answer"

# A damaged end of it is told; the session is still offered.
printf '{"kind":"answ' >>"$journal"
site
expect_in err "the last line of the session was damaged and is left out" "a session cut off"
expect_in out "There is an unfinished session" "a session cut off"
site 1
jq -es 'map(select(.kind == "answer")) | length == 1' "$journal" >/dev/null ||
	fail "a session cut off: the journal does not read any more"

# Start anew: another session, and the old one is not offered any more.
site 2 1 9 far-cannot-hear
[ "$(journals | wc -l)" -eq 2 ] || fail "starting anew made no other session: $(journals)"
rm -rf "$XDG_STATE_HOME"

# Answers taken back really are.
site 1 9 near-cannot-hear b far-cannot-hear
"$earshot" report --json "$(journals)" >"$work/out" 2>/dev/null
expect_json '.verdict.direction == "out"' "back, and another answer"
rm -rf "$XDG_STATE_HOME"

# Through to the end: the report is there, as text and JSON, for nobody else's eyes.
site 1 9 no-connection 3 1 5
expect_status 0 "to the end"
expect_in out "The report is saved:" "to the end"
text=$(find . -maxdepth 1 -name 'earshot-*.txt')
json=${text%.txt}.json
for file in "$text" "$json"; do
	[ "$(stat -c %a "$file")" = 600 ] || fail "the report $file: mode $(stat -c %a "$file")"
done
grep -q "no way to the Internet" "$text" || fail "the report does not say what was found"
jq -e '.findings | map(.id) | index("no-default-route")' "$json" >/dev/null || fail "the report as JSON: no finding"
site
expect_not_in out "There is an unfinished session" "a session that was finished is not offered"
rm -rf "$XDG_STATE_HOME" earshot-*

# The report read first, searched, saved as a page in which addresses are hidden; the JSON beside it hides them too.
site 1 9 no-connection 3 3 /examined 3 1 4 b 5
expect_status 0 "a report as wanted"
expect_in out "  Examined on  " "a report as wanted"
expect_in out "Public addresses: hidden" "a report as wanted"
expect_in out "Saved: " "a report as wanted"
page=$(find . -maxdepth 1 -name 'earshot-*.html')
json=${page%.html}.json
[ ! -e "${page%.html}.txt" ] || fail "a report as wanted: there is a text too"
for file in "$page" "$json"; do
	[ "$(stat -c %a "$file")" = 600 ] || fail "the report $file: mode $(stat -c %a "$file")"
	grep -q "public-A" "$file" || fail "$file: no address is hidden"
	grep -q "192[.]0[.]2[.]10" "$file" && fail "$file: an address is not hidden"
done
grep -q "</html>" "$page" || fail "the page has no end"
rm -rf "$XDG_STATE_HOME" earshot-*

# expect_said TEXT WHAT: wherever the lines are broken.
expect_said()
{
	tr '\n' ' ' <"$work/out" >"$work/flat"
	expect_in flat "$1" "$2"
}

# What was found is not said to be gone while it is there.
printf '[provider]\ndomain = example.com\n' >"$work/name.conf"
mv "$work/site.conf" "$work/kept.conf" && mv "$work/name.conf" "$work/site.conf"
site 1 9 no-connection 1
expect_in out "Is it fixed?" "measured again"
expect_not_in out "does not find it any more" "measured again, and still so"
mv "$work/kept.conf" "$work/site.conf"
rm -rf "$XDG_STATE_HOME"

# Nowhere to keep it: that is said, and it goes on.
says_so()
{
	expect_status 0 "$1"
	expect_said "$2" "$1"
	expect_in out "What happens on the call?" "$1: it goes on"
	expect_in out "The report is saved:" "$1: the report is written all the same"
	rm -f earshot-*
}
: >"$work/file"
kept=$XDG_STATE_HOME
XDG_STATE_HOME=$work/file
site 1 9 no-connection 3 1 5
says_so "a file in the folder's place" "Not a directory"
XDG_STATE_HOME=$kept

# A disk that is full after some records: what fits is kept and still reads.
# shellcheck disable=SC2016 # for the other shell
disk='
	mount -t tmpfs -o "$1" tmpfs "$XDG_STATE_HOME" || exit 99
	shift
	"$@"
	status=$?
	cp "$XDG_STATE_HOME"/earshot/*.journal . 2>/dev/null
	exit $status'

# on_disk OPTIONS LINE...: sessions are kept on a file system that is mounted so.
mkdir "$XDG_STATE_HOME"
on_disk()
{
	options=$1
	shift
	# shellcheck disable=SC2086
	printf '%s\n' "$@" | timeout 20 unshare $alone --mount sh -c "$disk" sh "$options" \
		"$earshot" --plain -p "$work/site.conf" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -ne 99 ] || echo "# mounted with $options: not tried, for that is not allowed here"
}
on_disk ro,size=4k 1 9 no-connection 3 1 5
[ "$status" -eq 99 ] || says_so "a disk that is read only" "Read-only file system"
turns=$(printf 'no-connection\nb\nstops\nb\n%.0s' 1 2 3 4 5 6 7 8 9)
on_disk size=4k 1 9 "$turns" no-connection 3 1 5
if [ "$status" -ne 99 ]; then
	says_so "a full disk" "No space left on device"
	run report --json ./*.journal
	expect_status 0 "what a full disk kept" && expect_json '.schema == "earshot/1"' "what a full disk kept"
fi
rm -f ./*.journal

# The report has no place either.
# shellcheck disable=SC2016
limited='
	trap "" XFSZ
	ulimit -f 4
	"$@"'
# shellcheck disable=SC2086
{
	printf '%s\n' 1 9 no-connection 3 1 5 | timeout 20 unshare $alone sh -c "$limited" sh \
		"$earshot" --plain -p "$work/site.conf" 2>"$work/err"
	echo $? >"$work/ended"
} | cat >"$work/out"
status=$(cat "$work/ended")
expect_status 0 "files that may not grow"
expect_said "The report could not be saved: " "files that may not grow"
find . -maxdepth 1 -name 'earshot-*' | grep . && fail "files that may not grow: a part of the report is left behind"

finish
