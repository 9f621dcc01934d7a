/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include <ctype.h>
#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

/* How a program tells gettext that LANGUAGE has changed (its manual, "Being a gettext grok"). */
extern int _nl_msg_cat_cntr;

void language_use(const char *name)
{
	const char *top = getenv("top_builddir");
	char *folder = mem_printf("%s/tests/ui/locale", top ? top : ".");
	char *path = mem_printf("%s/%s/LC_MESSAGES/earshot.mo", folder, name ? name : "de");

	if (access(path, R_OK)) {
		fprintf(stderr, "%s is missing; make tests/ui/locale/stamp makes it\n", path);
		abort();
	}
	setlocale(LC_ALL, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	bindtextdomain("earshot", folder);
	textdomain("earshot");
	if (setenv("LANGUAGE", name ? name : "", 1))
		abort();
	_nl_msg_cat_cntr++;
	free(path);
	free(folder);
}

/* Names, addresses and keys are the same in every language. */
static bool is_data(const char *word, size_t length)
{
	static const char *const data[] = {
		"earshot", "Enter",         "Esc",
		"PgUp",    "PgDn",          "Example",
		"Telecom", "Dental",        "practice",
		"auto",    "udp",           "tcp",
		"tls",     "NETGEAR",       "ASUS",
		"jsonl",   "ten-to-twenty", "port-restricted-cone",
		"via",     "contact",       "sdp-connection",
	};

	if (strstr(word, "…") == word + length || memchr(word, '.', length) ||
	    memchr(word, '@', length) || memchr(word, '/', length))
		return true;
	for (size_t i = 0; i < sizeof data / sizeof *data; i++)
		if (strlen(data[i]) == length && !strncmp(data[i], word, length))
			return true;
	return false;
}

char *language_missed(const char *screen)
{
	struct buf missed;

	buf_init(&missed, 1 << 20);
	while (*screen) {
		/* The banner of a practice site, as the host words it. */
		const size_t banner =
			!strncmp(screen, "\n───", 10) ? strcspn(screen + 1, "\n") + 1 : 0;
		const size_t gap = banner ? banner
					  : strcspn(screen, "\nabcdefghijklmnopqrstuvwxyz"
							    "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		size_t length;

		screen += gap;
		if (*screen == '\n') {
			screen += gap ? 0 : 1;
			continue;
		}
		length = strcspn(screen, " \n,;()\"'⟧");
		while (length && ispunct((unsigned char)screen[length - 1]))
			length--;
		if (length > 1 && isalpha((unsigned char)screen[1]) && !is_data(screen, length) &&
		    buf_printf(&missed, "%.*s ", (int)length, screen))
			abort();
		screen += length ? length : *screen != 0;
	}
	char *text = buf_take(&missed);

	return text ? text : mem_text("");
}
