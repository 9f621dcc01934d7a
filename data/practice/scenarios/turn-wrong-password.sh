# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2034
# description: The TURN server does not know the password that the phone has.

turn_password=changed-last-week
