#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ./quickstart on systems that are not this one: made-up package managers say what is missing. Nothing is
# built, and nobody is root here, so nothing is changed either.
# shellcheck source=cli.sh
. "$(dirname "$0")/cli.sh"

bin=$work/bin

# A folder of programs: those that quickstart itself needs, and no package manager.
new_system()
{
	rm -rf "${bin:?}"
	mkdir "$bin"
	for program in cat dirname env find grep nproc sed sh; do
		ln -s "$(command -v $program)" "$bin/$program"
	done
	add_program id 'echo 1000'
	# shellcheck disable=SC2016 # for the made-up program
	add_program sudo 'case $1 in env) exec "$@" ;; *) echo "as root: $*"; exit 100 ;; esac'
}

# A made-up program $1 of that system with the body $2.
add_program()
{
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod 755 "$bin/$1"
}

quickstart()
{
	status=0
	env -i PATH="$bin" HOME="$work" "$top_srcdir/quickstart" "$@" >"$work/said" 2>&1 </dev/null || status=$?
}

says()
{
	grep -q -- "$1" "$work/said"
}

new_system
quickstart
[ $status = 1 ] || fail "an unknown system ends with $status, not 1"
for library in ncursesw c-ares OpenSSL libxml2 jansson inih libosip2 libunistring libseccomp libpcap libcap zlib kamailio; do
	says "$library" || fail "an unknown system is not told of $library"
done

quickstart chekc
[ $status = 2 ] || fail "a wrong word ends with $status, not 2"
says 'usage:' || fail "a wrong word gets no word on the usage"

# What tells whether a package is there, and what installs: all but ncurses is there, and nothing can be installed.
for manager in apt-get:dpkg-query dnf:rpm pacman:pacman apk:apk zypper:rpm; do
	new_system
	# shellcheck disable=SC2016 # for the made-up program
	add_program "${manager#*:}" 'case $* in *ncurses*) exit 1 ;; esac; echo installed'
	manager=${manager%:*}
	[ -e "$bin/$manager" ] || add_program "$manager" 'exit 100'
	quickstart
	[ $status != 0 ] || fail "$manager refuses, and quickstart goes on"
	says "will install with $manager:.*ncurses" || fail "$manager: not said what will be installed"
	! says "will install with.*jansson" || fail "$manager: what is there is named as missing"
	! says building || fail "$manager: builds without what is missing"
done

finish
