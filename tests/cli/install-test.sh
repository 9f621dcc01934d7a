#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "make install" with DESTDIR, and the program run from there: it finds its files
# beside itself, wherever it was put.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"
need jq make

# The make that runs us has its own idea of what to do.
unset MAKEFLAGS MFLAGS MAKELEVEL
make -C "$top_builddir" install DESTDIR="$work/root" >"$work/out" 2>&1 || {
	fail "make install"
	tail -n 20 "$work/out"
	finish
}
installed=$(find "$work/root" -name earshot -type f -path '*/bin/*')
[ -x "$installed" ] || fail "no program was installed"
prefix=${installed%/bin/earshot}
for file in share/earshot/tree.xml share/earshot/routers.xml share/earshot/practice/site \
	share/earshot/practice/scenarios/sip-alg.sh share/man/man1/earshot.1 share/man/man5/earshot.conf.5 \
	share/man/man7/earshot-findings.7 share/man/man8/earshot-capture.8; do
	[ -f "$prefix/$file" ] || fail "$file was not installed"
done
[ -x "$prefix/share/earshot/practice/site" ] || fail "the practice site's script cannot be run"
[ -n "$(find "$work/root" -name earshot-capture -path '*/earshot/*' -type f -perm -u+x)" ] ||
	fail "the capture helper was not installed"
find "$work/root" -type f -perm /022 | grep . && fail "these files may be written by all"

# Moved elsewhere, so that nothing can be found but what stands beside it.
mv "$prefix" "$work/elsewhere"
earshot=$work/elsewhere/bin/earshot
run tree lint "$work/elsewhere/share/earshot/tree.xml"
expect_status 0 "the installed tree"
echo "sip-alg = on" >"$work/answers"
run diagnose --no-checks --json --answers "$work/answers"
expect_status 0 "the installed program" && expect_json '.verdict.cause == "sip-alg"' "the installed program"
run practice --list
expect_status 0 "the installed practice sites" && expect_in out "sip-alg" "the installed practice sites"

# Its own files and no others.
mv "$work/elsewhere/share/earshot/tree.xml" "$work/tree.xml"
sed 's/<tree version="1">/<tree version="1"><frob\/>/' "$work/tree.xml" >"$work/elsewhere/share/earshot/tree.xml"
run diagnose --no-checks
expect_refused "a broken tree beside the program" "/share/earshot/tree.xml"

# What was installed can be taken away again.
make -C "$top_builddir" install DESTDIR="$work/again" >"$work/out" 2>&1 || fail "make install once more"
make -C "$top_builddir" uninstall DESTDIR="$work/again" >"$work/out" 2>&1 || fail "make uninstall"
find "$work/again" -type f | grep . && fail "make uninstall leaves these files behind"

finish
