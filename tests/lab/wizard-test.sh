#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The wizard, line by line, from the first question to the mended router.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

in_site sip-alg wizard.py
exit "$failed"
