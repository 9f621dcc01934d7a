#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make bench: ratios against a baseline of the same run, for machines differ and are shared. Nothing passes or fails.
#   check         all checks side by side, against the slowest of them alone (bound: about 1)
#   stun          the same site in the same run, by the tools that come with coturn and stund, where they are installed
#   first screen  the wizard until its first words, against the program that only tells its version
#   analyze       captures of 300 MB and 1.5 GB against a bare libpcap loop over the same file (bound: 1.5), and
#                 the same memory for both; tshark and sngrep beside it, where they are installed: see captures.py
#   capture       a thousand calls live: packets dropped (bound: none), and the processors that it takes
# "bench.sh analyze" measures the captures alone; the rest needs what a practice site needs.
set -eu

earshot=${top_builddir:?is set by make bench}/src/earshot
site=${top_srcdir:?is set by make bench}/data/practice/site
RUNS=${RUNS:-5}

captures()
{
	if command -v python3 >/dev/null; then
		python3 -B "$top_srcdir/tests/bench/captures.py" "$@"
	else
		echo "analyze: not measured, python3 is not installed"
	fi
}
if [ "${1:-}" = analyze ]; then
	shift
	captures "$@"
	exit
fi

# Milliseconds that a command takes, the best of some runs: the machine's other work only ever adds.
best_ms()
{
	best=
	for _ in $(seq "$RUNS"); do
		begun=$(date +%s%N)
		"$@" >/dev/null 2>&1 </dev/null || true
		took=$((($(date +%s%N) - begun) / 1000000))
		[ -n "$best" ] && [ "$best" -le $took ] || best=$took
	done
	echo "$best"
}

# The seconds of a check alone, or of all together, by the program's own clock.
check_seconds()
{
	# shellcheck disable=SC2016 # the profile is known inside alone
	"$site" healthy -- sh -c '"$0" check "$@" -q --json --profile "$EARSHOT_PROFILE"' "$earshot" "$@" |
		jq .seconds
}

ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'
}

slowest=0
for check in local router dns stun turn ports alg quality; do
	alone=$(check_seconds $check)
	[ "$check" != stun ] || stun=$alone
	printf 'check %-7s alone  %6.2f s\n' $check "$alone"
	slowest=$(awk -v a="$slowest" -v b="$alone" 'BEGIN { print (a > b ? a : b) }')
done
together=$(check_seconds)
printf 'check together      %6.2f s   %s x the slowest alone\n' "$together" "$(ratio "$together" "$slowest")"

# rival PROGRAM ARGUMENT...: its milliseconds in the healthy site, and what it told, cut to one line.
rival()
{
	command -v "$1" >/dev/null || return 0
	# shellcheck disable=SC2016 # for the other shell
	told=$("$site" healthy -- sh -c 'begun=$(date +%s%N); timeout 60 "$@" >"$EARSHOT_PRACTICE_DIR/rival" 2>&1 </dev/null
		echo $((($(date +%s%N) - begun) / 1000000)) "$(grep -iE "nat|mapping|filtering|independent" "$EARSHOT_PRACTICE_DIR/rival" |
			tail -n 1 | cut -c 1-50)"' sh "$@") || return 0
	awk -v name="$1" -v ms="${told%% *}" -v told="${told#* }" -v own="$stun" 'BEGIN {
		printf "%s  %.2f s, check stun %.2f s  (%s)\n", name, ms / 1000, own, told }'
}
rival turnutils_natdiscovery -m -f 198.51.100.20
rival stun stun.example.com

HOME=$(mktemp -d)
export HOME
trap 'rm -rf "$HOME"' EXIT
version=$(best_ms "$earshot" --version)
first=$(best_ms "$earshot" --plain)
printf 'first screen        %6d ms  (--version: %d ms; bound: 50 ms)\n' "$first" "$version"
# shellcheck disable=SC2016 # for the other shell
if [ -x "$top_builddir/tests/ui/drive" ]; then
	"$site" healthy -- sh -c 'python3 "$@" -p "$EARSHOT_PROFILE"' sh \
		"$(dirname "$0")/keys.py" "$top_builddir/tests/ui/drive" "$earshot"
fi
captures
"$top_srcdir/tests/lab/capture/load-test.sh" bench || true
