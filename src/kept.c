/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"

#include <string.h>

#include "base/mem.h"

enum err kept_begin(struct kept *kept, struct site *site, const char *path)
{
	enum err err;

	*kept = (struct kept){ 0 };
	err = file_draft_open(&kept->draft, path);
	if (err)
		return err;
	kept->open = true;
	mem_replace(&site->capture.file, kept->draft.temporary);
	return ERR_NONE;
}

void kept_hear(struct kept *kept, const json_t *event)
{
	const char *kind = json_string_value(json_object_get(event, "event"));
	const char *state = json_string_value(json_object_get(event, "state"));

	if (kind && !strcmp(kind, "input"))
		kept->whole =
			json_is_true(json_object_get(json_object_get(event, "input"), "kept"));
	else if (kind && !strcmp(kind, "end"))
		kept->done = state && !strcmp(state, "done");
}

enum err kept_end(struct kept *kept, bool *is_there)
{
	enum err err;

	*is_there = false;
	if (!kept->open)
		return ERR_NONE;
	kept->open = false;
	if (!kept->done || !kept->whole) {
		file_draft_drop(&kept->draft);
		return ERR_NONE;
	}
	err = file_draft_keep(&kept->draft);
	*is_there = !err;
	return err;
}
