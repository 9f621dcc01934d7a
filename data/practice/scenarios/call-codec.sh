# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: A phone offers one codec alone, which the provider does not take.

# shellcheck source=data/practice/call.sh disable=SC2034,SC2154
. "$here/call.sh"
phone_codec="18 G729/8000"
far_does=refuse
