#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "diagnose" by people's answers alone: which are taken, what follows from them
# (causes.txt), and what is refused.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
need jq
here=$(dirname "$0")
rows()
{
	sed '/^#/d; /^$/d' "$here/$1"
}

# Every question takes every value, and "unknown".
rows questions.txt >"$work/questions"
while read -r question values; do
	for value in $values unknown; do
		diagnose "$question = $value"
		expect_status 0 "$question = $value" &&
			expect_json '.verdict.cause | length > 0' "$question = $value"
	done
	diagnose "$question = frob"
	expect_refused "$question = frob" "$work/answers:1: bad value 'frob'; expected one of: "
	for value in $values unknown; do
		grep -qE " $value(,|$)" "$work/err" ||
			fail "$question = frob: the value $value is not among those expected: $(cat "$work/err")"
	done
done <"$work/questions"

# And the other way round: nothing in the tree is missing in questions.txt.
sed -n 's/^.*<question id="\([^"]*\)".*/\1/p' "$top_srcdir/data/tree.xml" | sort >"$work/in-tree"
cut -d ' ' -f 1 "$work/questions" | sort >"$work/in-table"
diff "$work/in-tree" "$work/in-table" || fail "questions.txt and data/tree.xml have other questions"

# What follows from them.
rows causes.txt >"$work/causes"
while read -r cause confidence answers; do
	# shellcheck disable=SC2086
	diagnose $answers
	expect_status 0 "$answers" || continue
	got=$(jq -r '"\(.verdict.cause) \(.verdict.confidence)"' "$work/out")
	[ "$got" = "$cause $confidence" ] || fail "answers \"$answers\": $got instead of $cause $confidence"
done <"$work/causes"

# The order of the lines does not matter.
diagnose "udp = no" "sip-alg = on"
one=$(jq -c .verdict "$work/out")
diagnose "sip-alg = on" "udp = no"
[ "$one" = "$(jq -c .verdict "$work/out")" ] || fail "another order of lines gives another verdict"
expect_json '.verdict.cause == "sip-alg" and (.verdict.also | index("udp-blocked"))' \
	"another cause that was not ruled out stands in \"also\""

# The direction comes from what happens on the call.
for row in far-cannot-hear/out near-cannot-hear/in nobody-hears/both unknown/none; do
	diagnose "symptom = ${row%/*}" "sip-alg = on"
	expect_json ".verdict.direction == \"${row#*/}\"" "the direction of ${row%/*}"
done

# The object is whole.
diagnose "symptom = near-cannot-hear" "sip-alg = on"
expect_json '.schema == "earshot/1"' "JSON"
expect_json '.started | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")' "JSON"
expect_json '(.version | type) == "string" and (.seconds | type) == "number"' "JSON"
expect_json '.checks == [] and .facts == {} and .findings == [] and .calls == []' "nothing was measured"
expect_json '.verdict | .side == "site" and .remedy == "disable-sip-alg" and .direction == "in"' "the verdict"
expect_json '.verdict | keys == ["also","cause","confidence","direction","path","remedy","side"]' "the verdict"
expect_json '.verdict.path | index("symptom") == 0 and index("sip-alg")' "the verdict's path"
expect_json '.verdict.also | type == "array"' "the verdict"
[ ! -s "$work/err" ] || fail "something stands on stderr: $(cat "$work/err")"

# The same as text.
run diagnose --no-checks --answers "$work/answers"
expect_status 0 "as text"
expect_in out "SIP ALG" "as text"

# How lines may be written.
taken()
{
	# shellcheck disable=SC2059
	printf "$1" >"$work/answers"
	run diagnose --no-checks --json --answers "$work/answers"
	expect_status 0 "$1" && expect_json '.verdict.cause == "sip-alg"' "$1"
}
taken 'sip-alg=on'
taken '  sip-alg\t =  on  \n\n'
taken '# all that follows\nsip-alg = on # in the router\n#udp = no\n'
taken 'sip-alg = on\r\nstun = set\r\n'
taken 'sip-alg = on\nfixed = unknown\n'
echo "sip-alg = on" | "$earshot" diagnose --no-checks --json --answers - >"$work/out" 2>"$work/err"
expect_json '.verdict.cause == "sip-alg"' "answers from stdin"
: >"$work/answers"
run diagnose --no-checks --json --answers "$work/answers"
expect_json '.verdict.cause == "undetermined"' "an empty file"
run diagnose --no-checks --json
expect_json '.verdict.cause == "undetermined"' "no file"

# What is refused, and in which line.
refused()
{
	line=$1
	text=$2
	# shellcheck disable=SC2059
	printf "$3" >"$work/answers"
	run diagnose --no-checks --json -o "$work/never" --answers "$work/answers"
	expect_refused "$(printf %s "$3" | cut -c 1-60)" "$work/answers:$line: $text"
	[ ! -e "$work/never" ] || fail "$3: refused, yet a file was written"
}
refused 1 "unknown question 'frob'" 'frob = yes\n'
refused 3 "unknown question 'sip_alg'" '# one\nudp = no\nsip_alg = on\n'
refused 1 "unknown question 'SIP-ALG'" 'SIP-ALG = on\n'
refused 2 "bad value 'ON'" 'udp = no\nsip-alg = ON\n'
refused 1 "bad value ''" 'sip-alg =\n'
refused 1 "bad value 'on off'" 'sip-alg = on off\n'
refused 1 "unknown question ''" '= on\n'
refused 1 "not an answer: 'sip-alg'; expected question = value" 'sip-alg\n'
refused 2 "not an answer" '\nsip-alg: on\n'
refused 3 "answered twice: 'sip-alg'" 'sip-alg = on\nudp = no\nsip-alg = on\n'
refused 1 "bad value 'maybe'; expected one of: yes, no, unknown" 'fixed = maybe\n'
refused 1 "bad value" 'sip-alg = \033[31mon\n'
refused 1 "not an answer: " '\377\376s\000i\000p\000\n'
refused 1 "not an answer: " 'sip-alg = on\000\n'
head -c 200000 "$earshot" >"$work/answers"
run diagnose --no-checks --answers "$work/answers"
expect_refused "a program for answers" "$work/answers"
yes "# a comment" | head -c 100000 >"$work/answers"
run diagnose --no-checks --answers "$work/answers"
expect_refused "100,000 bytes of comments" "$work/answers: cannot be read"

finish
