# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A call is put on hold by the far end, and stays there.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
far_does=hold
