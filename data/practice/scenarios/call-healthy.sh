# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A phone calls, and both sides hear each other: nothing is wrong.

# shellcheck source=../call.sh
. "$here/call.sh"
