/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/profile.h"

#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "model/site_key.h"

enum {
	PROFILE_MAX = 256 * 1024, /* bytes */
	LIST_MAX = 150,           /* bytes of a list in one line; inih takes lines of 198 */
};

/* A secret never stands in a profile: say where it belongs instead of "unknown key". */
static const char secret_hint[] = N_(
	"expected 'password-file' or 'turn-password-file' with the path of a file that holds it");

/* The lines of a profile on their way through inih, which tells the handler no line numbers: the
 * reader counts. */
struct reading {
	struct slice rest;
	int line;
	const char *path;
	struct site *site;
	bool seen[SITE_KEYS];
	struct complaint *complaint;
};

static char *read_line(char *out, int room, void *stream)
{
	struct reading *reading = stream;
	struct slice line;

	if (reading->complaint->text[0] || slice_line(&line, &reading->rest))
		return NULL;
	reading->line++;
	/* An indented key is a key; inih would take it for more of the value above. */
	line = slice_trim(line);
	if (slice_starts(line, ";") || slice_starts(line, "#"))
		line.left = 0; /* a comment may be as long as it likes */
	if (line.left + 2 > (size_t)room || memchr(line.at, 0, line.left)) {
		complain(reading->complaint, reading->path, reading->line,
			 _("the line is too long or not text; expected 'key = value' of at most %d "
			   "characters"),
			 room - 2);
		return NULL;
	}
	memcpy(out, line.at, line.left);
	memcpy(out + line.left, "\n", 2);
	return out;
}

/* "a, b, c": the sections, or the keys of one. */
static void list_names(char *out, size_t room, const char *section)
{
	const struct site_key *before = NULL, *key;
	size_t used = 0;

	out[0] = 0;
	for (size_t i = 0; (key = site_key_at(i)) && used < room; i++) {
		const bool wanted = section ? !strcmp(key->section, section)
					    : !before || strcmp(key->section, before->section) != 0;

		if (wanted)
			used += (size_t)snprintf(out + used, room - used, "%s%s", used ? ", " : "",
						 section ? key->name : key->section);
		before = key;
	}
}

static void complain_unknown(struct reading *reading, const char *section, const char *name)
{
	char known[256];

	list_names(known, sizeof known, section);
	if (strstr(name, "password") || strstr(name, "secret"))
		complain(reading->complaint, reading->path, reading->line,
			 _("a secret never stands in a profile ('%s'); %s"), name, _(secret_hint));
	else if (known[0])
		complain(reading->complaint, reading->path, reading->line,
			 _("unknown key '%s' in [%s]; expected one of: %s"), name, section, known);
	else {
		list_names(known, sizeof known, NULL);
		complain(reading->complaint, reading->path, reading->line,
			 section[0]
				 ? _("unknown section [%s]; expected one of: %s")
				 : _("a key before any section%s; expected one of these first: %s"),
			 section, known);
	}
}

/* What stood there already, and this: a list may not fit into one line. The caller frees. */
static char *joined(const struct reading *reading, const struct site_key *key, const char *value)
{
	char *before = key->get(reading->site, key->offset);
	char *all = before ? mem_printf("%s, %s", before, value) : mem_text(value);

	free(before);
	return all;
}

static int take_key(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	const struct site_key *key = site_key_find(section, name);
	bool *seen;
	char *all;
	enum err err;

	if (!key) {
		complain_unknown(reading, section, name);
		return 0;
	}
	seen = &reading->seen[key - site_key_at(0)];
	if (*seen && !site_key_is_list(key)) {
		complain(reading->complaint, reading->path, reading->line,
			 _("'%s' in [%s] is given twice; expected it once, on one line"), name,
			 section);
		return 0;
	}
	*seen = true;
	all = site_key_is_list(key) ? joined(reading, key, value) : mem_text(value);
	err = key->set(reading->site, key->offset, all);
	free(all);
	if (err) {
		complain(reading->complaint, reading->path, reading->line,
			 _("bad value '%s' for '%s' in [%s]; %s"), value, name, section,
			 _(key->expected));
		return 0;
	}
	return 1;
}

/* inih passes over a section without keys: look at the headers ourselves. */
static void check_sections(struct reading *reading)
{
	struct slice rest = reading->rest, line;
	char name[64], known[256];
	int number = 0;

	while (!slice_line(&line, &rest)) {
		size_t end;

		number++;
		line = slice_trim(line);
		if (!slice_starts(line, "["))
			continue;
		if (slice_find(&end, line, "]"))
			complain(reading->complaint, reading->path, number,
				 _("a section that does not end; expected '[section]'"));
		else if (end > sizeof name)
			complain(reading->complaint, reading->path, number,
				 _("a section's name is too long; expected '[section]'"));
		if (reading->complaint->text[0])
			return;
		memcpy(name, line.at + 1, end - 1);
		name[end - 1] = 0;
		list_names(known, sizeof known, name);
		if (known[0])
			continue;
		list_names(known, sizeof known, NULL);
		complain(reading->complaint, reading->path, number,
			 _("unknown section [%s]; expected one of: %s"), name, known);
	}
}

static enum err parse_profile(struct site *fresh, const char *path, struct slice text,
			      struct complaint *complaint)
{
	struct reading reading = {
		.rest = text, .path = path, .site = fresh, .complaint = complaint
	};
	int bad_line;

	check_sections(&reading);
	bad_line = ini_parse_stream(read_line, &reading, take_key, &reading);
	if (bad_line && !complaint->text[0])
		complain(complaint, path, bad_line,
			 _("not a line of a profile; expected '[section]' or 'key = value'"));
	return complaint->text[0] ? ERR_SYNTAX : ERR_NONE;
}

/* Sets in `site` all that is set in `from`: what was read once is read again. */
static enum err add_all(struct site *site, const struct site *from)
{
	const struct site_key *key;
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && (key = site_key_at(i)); i++) {
		char *value = key->get(from, key->offset);

		if (value)
			err = key->set(site, key->offset, value);
		free(value);
	}
	return err;
}

enum err profile_load(struct site *site, const char *path, struct complaint *complaint)
{
	struct site fresh;
	char *text;
	size_t length;
	enum err err = file_read(&text, &length, path, PROFILE_MAX);

	if (err) {
		complain(complaint, path, 0,
			 _("cannot be read (%s); expected a profile, see earshot.conf(5)"),
			 err_text(err));
		return err;
	}
	site_init(&fresh);
	err = parse_profile(&fresh, path, slice_of(text, length), complaint);
	if (!err)
		err = add_all(site, &fresh);
	site_clear(&fresh);
	free(text);
	return err;
}

/* Adds a line "key = value", and before it the section where that is another one. Takes `all`. */
static char *with_line(char *all, const char **section, const struct site_key *key,
		       const char *value)
{
	char *longer =
		!strcmp(*section, key->section)
			? mem_printf("%s%s = %s\n", all, key->name, value)
			: mem_printf("%s\n[%s]\n%s = %s\n", all, key->section, key->name, value);

	*section = key->section;
	free(all);
	return longer;
}

/* One line for each item. */
static char *with_items(char *all, const char **section, const struct site_key *key,
			const char *value)
{
	struct slice rest = slice_of_text(value), item;

	while (rest.left) {
		char *text;

		if (slice_until(&item, &rest, ',')) {
			item = rest;
			rest.left = 0;
		}
		item = slice_trim(item);
		text = mem_text_n((const char *)item.at, item.left);
		all = with_line(all, section, key, text);
		free(text);
	}
	return all;
}

char *profile_text(const struct site *site)
{
	const char *section = "";
	const struct site_key *key;
	char *all =
		mem_text("; earshot profile, see earshot.conf(5). No secret ever stands here.\n");

	for (size_t i = 0; (key = site_key_at(i)); i++) {
		char *value = key->get(site, key->offset);

		if (value && site_key_is_list(key) && strlen(value) > LIST_MAX)
			all = with_items(all, &section, key, value);
		else if (value)
			all = with_line(all, &section, key, value);
		free(value);
	}
	return all;
}
