/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the part of the ports check that looks at the voice ports alone, and prints its events.
 * media_probe TARGET [PROFILE]; else the profile that EARSHOT_PROFILE names. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "check/ports_back.h"
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
	const char *profile = argc > 2 ? argv[2] : getenv("EARSHOT_PROFILE");
	const struct deadline until = deadline_in(30000);
	struct sink sink = { .event = print_event };
	struct complaint complaint = { 0 };
	const struct ports_back none = { .err = ERR_NOT_FOUND };
	struct ports_media media;
	struct addr target;
	struct site site;
	char *words;

	site_init(&site);
	if (argc < 2 || addr_parse_port(&target, argv[1], 5060) || !profile ||
	    profile_load(&site, profile, &complaint)) {
		fprintf(stderr, "media_probe: no target, or the profile cannot be read\n");
		return 2;
	}
	ports_media_run(&media, &site, &target, &sink, &until);
	ports_back_report(&none, &media, &sink);
	words = ports_media_words(&media);
	sink_summary(&sink, "%s", words);
	free(words);
	site_clear(&site);
	return 0;
}
