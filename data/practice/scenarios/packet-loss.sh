# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# description: One packet in twenty gets lost on the way, in each direction.

router_extra()
{
	cat <<-END
	table inet loss {
		chain forward {
			type filter hook forward priority filter - 1
			numgen random mod 100 < 5 drop
		}
	}
	END
}
