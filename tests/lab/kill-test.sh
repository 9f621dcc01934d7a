#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The wizard is killed at random moments, line by line and on the screen.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

in_site healthy kill.py "$@"
exit "$failed"
