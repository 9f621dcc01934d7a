/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "check/check.h"

static const struct check *const checks[] = {
	&check_local, &check_router, &check_dns,     &check_stun,    &check_turn,
	&check_ports, &check_alg,    &check_quality, &check_capture, NULL,
};

const struct check *check_at(size_t index)
{
	return index < sizeof checks / sizeof *checks ? checks[index] : NULL;
}

const struct check *check_find(const char *name)
{
	for (size_t i = 0; checks[i]; i++)
		if (!strcmp(checks[i]->name, name))
			return checks[i];
	return NULL;
}
