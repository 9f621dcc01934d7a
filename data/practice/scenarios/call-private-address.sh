# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A phone gives its private address to the far end, whose voice then goes nowhere.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
phone_address=192.168.1.10
