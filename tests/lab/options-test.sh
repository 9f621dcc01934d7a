#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# "check" and its options, in the healthy site.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

in_site healthy options.py
exit "$failed"
