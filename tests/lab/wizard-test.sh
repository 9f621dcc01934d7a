#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The wizard from the first question to the mended site: line by line past a router, and with a
# phone that is listened to while it calls.
# shellcheck source=lab.sh
. "$(dirname "$0")/lab.sh"

beside alg in_site sip-alg wizard.py
beside plain in_site call-one-way-in wizard_call.py plain
if command -v tmux >/dev/null; then
	beside screen in_site call-private-address wizard_call.py screen
else
	echo "# not tried on a whole screen: tmux is not installed"
fi
await
exit "$failed"
