# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A phone calls, and both sides hear each other: nothing is wrong.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
