/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the ALG check alone, with the profile that is named or that EARSHOT_PROFILE names, and
 * prints its events. */
#include <stdio.h>
#include <stdlib.h>

#include "check/check.h"
#include "model/profile.h"

static void print_event(json_t *event, void *context)
{
	(void)context;
	json_dumpf(event, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(event);
}

int main(int argc, char **argv)
{
	const char *profile = argc > 1 ? argv[1] : getenv("EARSHOT_PROFILE");
	struct sink sink = { .event = print_event };
	struct complaint complaint = { 0 };
	struct site site;
	enum check_state state;

	site_init(&site);
	if (!profile || profile_load(&site, profile, &complaint)) {
		fprintf(stderr, "alg_probe: the profile cannot be read\n");
		return 2;
	}
	if (check_alg.why_not(&site)) {
		fprintf(stderr, "alg_probe: %s\n", check_alg.why_not(&site));
		return 2;
	}
	state = check_alg.run(&site, &sink);
	site_clear(&site);
	return state == CHECK_DONE ? 0 : 1;
}
