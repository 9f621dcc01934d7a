/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	const char *name;
	enum key_kind kind;
} names[] = {
	{ "up", PRESSED_UP },         { "down", PRESSED_DOWN },
	{ "left", PRESSED_LEFT },     { "right", PRESSED_RIGHT },
	{ "pgup", PRESSED_PAGE_UP },  { "pgdn", PRESSED_PAGE_DOWN },
	{ "home", PRESSED_HOME },     { "end", PRESSED_END },
	{ "enter", PRESSED_ENTER },   { "esc", PRESSED_ESCAPE },
	{ "tab", PRESSED_TAB },       { "backspace", PRESSED_BACKSPACE },
	{ "delete", PRESSED_DELETE }, { "clear", PRESSED_CLEAR_LINE },
};

static void press_one(struct app *app, const struct key *key)
{
	const struct intent intent = app_intent(app, key);

	app_do(app, &intent);
}

static void type(struct app *app, const char *text)
{
	for (; *text; text++) {
		struct key key = { .kind = PRESSED_CHARACTER, .text = { *text } };

		press_one(app, &key);
	}
}

static void press_named(struct app *app, const char *name)
{
	struct key key = { .kind = PRESSED_NOTHING };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i].name, name))
			key.kind = names[i].kind;
	if (name[0] == 'F' && name[1]) {
		key.kind = PRESSED_FUNCTION;
		key.number = (unsigned)atoi(name + 1);
	}
	if (key.kind == PRESSED_NOTHING) {
		fprintf(stderr, "press: no key '%s'\n", name);
		abort();
	}
	press_one(app, &key);
}

void press(struct app *app, const char *keys)
{
	char *all = mem_text(keys);
	char *rest = all, *word;

	while ((word = strsep(&rest, " "))) {
		if (word[0] == '\'')
			type(app, word + 1);
		else if (word[0] && !word[1])
			type(app, word);
		else if (word[0])
			press_named(app, word);
	}
	free(all);
}
