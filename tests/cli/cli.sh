# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For the tests that look at the program from outside; sourced. The program finds
# a home of its own in $work, and is never let loose on the machine's network.
# shellcheck disable=SC2034 # for the tests
set -u

top_srcdir=${top_srcdir:?is set by make check}
earshot=${top_builddir:?is set by make check}/src/earshot
unset SUDO_UID PKEXEC_UID EARSHOT_PRACTICE EARSHOT_PROFILE NO_COLOR LANGUAGE
work=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export HOME="$work/home" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
mkdir "$HOME"

# Noted in a file, for a test may fail in a subshell.
fail()
{
	echo "not ok: $*"
	: >"$work/failed"
}

skip()
{
	echo "skipped: $*"
	exit 77
}

# finish: the end of every test.
finish()
{
	[ ! -e "$work/failed" ] || exit 1
	echo "all as expected"
	exit 0
}

need()
{
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# run ARG...: the program's exit status in $status, what it says in $work/out and
# $work/err. That root is not needed is said before anything else, and not of interest.
run()
{
	"$earshot" "$@" >"$work/out" 2>"$work/all-err"
	status=$?
	sed '/^earshot: running as root is not needed;/d' "$work/all-err" >"$work/err"
}

# show FILE: its end, which is what one wants to read.
show()
{
	tail -n 20 "$work/$1" | sed "s/^/    $1: /"
}

# expect_status STATUS WHAT...
expect_status()
{
	wanted=$1
	shift
	[ "$status" -eq "$wanted" ] && return
	fail "$*: exit status $status instead of $wanted"
	show err
	return 1
}

# expect_in FILE TEXT WHAT...: the text stands in out, err or another file in $work.
expect_in()
{
	in=$1
	text=$2
	shift 2
	grep -qF -e "$text" "$work/$in" && return
	fail "$*: \"$text\" is missing in"
	show "$in"
	return 1
}

expect_not_in()
{
	in=$1
	text=$2
	shift 2
	grep -qF -e "$text" "$work/$in" || return 0
	fail "$*: \"$text\" should not stand in"
	show "$in"
	return 1
}

# expect_refused WHAT TEXT...: the last run ended with 2, said nothing on stdout and one
# line on stderr, with all the texts.
expect_refused()
{
	what=$1
	shift
	expect_status 2 "$what" || return
	if [ -s "$work/out" ]; then
		fail "$what: refused, yet something stands on stdout"
		show out
	fi
	if [ "$(wc -l <"$work/err")" -ne 1 ]; then
		fail "$what: not one line on stderr"
		show err
	fi
	if LC_ALL=C grep -q '[[:cntrl:]]' "$work/err"; then
		fail "$what: control characters on stderr"
		cat -v "$work/err"
	fi
	for text in "$@"; do
		expect_in err "$text" "$what"
	done
}

# expect_json EXPRESSION WHAT...: jq says true of stdout.
expect_json()
{
	expression=$1
	shift
	jq -e "$expression" "$work/out" >/dev/null 2>"$work/jq" && return
	fail "$*: not so: $expression"
	show jq
	show out
	return 1
}

# diagnose ANSWERS...: by these lines alone, as JSON.
diagnose()
{
	printf '%s\n' "$@" >"$work/answers"
	run diagnose --no-checks --json --answers "$work/answers"
}

# The options that make an empty network: "" where it cannot be had here.
empty_network()
{
	for options in --net "--net --map-root-user"; do
		# shellcheck disable=SC2086
		if unshare $options true 2>/dev/null; then
			echo "$options"
			return
		fi
	done
}
