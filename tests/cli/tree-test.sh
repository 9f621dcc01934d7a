#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "tree lint": our own tree is clean, broken ones are refused with file and line.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
tree=$top_srcdir/data/tree.xml
broken=$work/tree.xml

run tree lint "$tree"
expect_status 0 "our own tree"
expect_in out "nothing to complain of (25 questions" "our own tree"
[ ! -s "$work/err" ] || fail "our own tree: $(cat "$work/err")"

# refused WHAT TEXT: the lint of $broken says the text, with the file's name and a line.
refused()
{
	cmp -s "$tree" "$broken" && fail "$1: the test changes nothing"
	run tree lint "$broken"
	expect_status 2 "$1" || return
	[ ! -s "$work/out" ] || fail "$1: refused, yet something stands on stdout"
	expect_in err "$2" "$1"
	grep -q "^$broken:[0-9]*: " "$work/err" || fail "$1: no line is named: $(cat "$work/err")"
	# A complaint that stands behind another tree's name or is not shown harmlessly.
	grep -qv "^$broken" "$work/err" && fail "$1: more than complaints: $(cat "$work/err")"
}

# line TEXT: the first line of the tree with the text.
line()
{
	grep -nF -e "$1" "$tree" | head -n 1 | cut -d : -f 1
}

sed '$d' "$tree" >"$broken"
refused "a tree without its end" ""
sed 's/<ask>Who is affected?<\/ask>//' "$tree" >"$broken"
refused "a question that asks nothing" ""
sed 's/<cause id="on-hold"/<cause id="on-hld"/' "$tree" >"$broken"
refused "a cause that is tried but not there" "on-hold"
sed 's/<question id="codec"/<question id="codek"/' "$tree" >"$broken"
refused "a question that is asked but not there" "codec"
sed 's/<go branch="quality"/<go branch="kwality"/' "$tree" >"$broken"
refused "a branch that is not there" "kwality"
sed 's/question="sip-alg" is="on" from/question="sip-alg" is="onn" from/' "$tree" >"$broken"
refused "an answer that is not there" "onn"
sed 's/<question id="connects" checks="ports call"/<question id="connects" checks="ports frob"/' "$tree" >"$broken"
refused "a check that is not there" "frob"
sed 's/fact="udp.open" is="no"/fact="udp.opened" is="no"/' "$tree" >"$broken"
refused "a fact that is not there" "udp.opened"
sed 's/finding="udp-blocked" severity="fault"/finding="udp-blokked" severity="fault"/' "$tree" >"$broken"
refused "a finding that is not there" "udp-blokked"
sed 's/<cause id="udp-blocked"/<cause id="sip-alg"/' "$tree" >"$broken"
refused "a cause that is there twice" "sip-alg"
sed 's/confidence="likely" question="sip-alg"/confidence="sure" question="sip-alg"/' "$tree" >"$broken"
refused "a confidence that is none" ""
sed 's/<question id="scope">/<question id="scope" colour="red">/' "$tree" >"$broken"
refused "an attribute that is not known" "colour"
sed '/<question id="scope">/,/<\/question>/{/value="unknown"/d}' "$tree" >"$broken"
refused "a question without \"I don't know\"" ""
number=$(line '<branch id="ports">')
sed "$((number + 1))s/^.*\$/<go branch=\"ports\"\\/>/" "$tree" >"$broken"
refused "a branch that goes in a circle" "ports"

# Nothing is read from elsewhere, and nothing grows without end.
{
	echo '<?xml version="1.0"?>'
	echo "<!DOCTYPE tree [<!ENTITY own SYSTEM \"file://$tree\">]>"
	echo '<tree version="1">&own;</tree>'
} >"$broken"
refused "an entity from another file" ""
{
	echo '<?xml version="1.0"?>'
	echo '<!DOCTYPE tree [<!ENTITY a0 "ha">'
	for i in 1 2 3 4 5 6 7 8 9; do
		j=$((i - 1))
		echo "<!ENTITY a$i \"&a$j;&a$j;&a$j;&a$j;&a$j;&a$j;&a$j;&a$j;&a$j;&a$j;\">"
	done
	echo ']><tree version="1"><question id="q"><ask>&a9;</ask></question></tree>'
} >"$broken"
refused "a thousand million laughs" ""

# No tree at all.
for what in "an empty file:" "not XML:hello" "another document:<html/>" "another version:<tree version=\"2\"/>"; do
	printf '%s' "${what#*:}" >"$broken"
	run tree lint "$broken"
	expect_status 2 "${what%%:*}"
	expect_in err "$broken" "${what%%:*}"
done
run tree lint "$work/none.xml"
expect_refused "a tree that is not there" "$work/none.xml"
run tree lint "$work"
expect_refused "a folder for a tree" "$work"
head -c 100000 "$earshot" >"$broken"
run tree lint "$broken"
expect_status 2 "a program for a tree"
expect_in err "$broken" "a program for a tree"

finish
