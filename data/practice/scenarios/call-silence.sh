# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A phone sends its packets, but its microphone is dead: they carry silence.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
phone_says=silence
call_seconds=10	# for less, a person may only be listening
