/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { LONGEST_SAFE = 8 }; /* bytes that text_safe() may make of one: \u{NNNN} of two or three */

static const char *const transports[] = { "auto", "udp", "tcp", "tls", NULL };

const struct form_field form_provider[] = {
	{ "provider", "domain", N_("SIP domain or server"),
	  N_("What the phone has as \"domain\", \"registrar\" or \"server\": example.com, or "
	     "host:port."),
	  NULL },
	{ "provider", "name", N_("Provider's name"), N_("As it should stand in the report."),
	  NULL },
	{ "provider", "transport", N_("Transport"),
	  N_("How the phone sends SIP: auto, udp, tcp or tls. With auto the provider's DNS "
	     "decides."),
	  transports },
	{ "provider", "proxy", N_("Outbound proxy"),
	  N_("Only where the phone has one set; else leave it empty."), NULL },
	{ "provider", "support", N_("Provider's support"),
	  N_("E-mail address or telephone number that the report will go to."), NULL },
	{ "nat", "stun", N_("STUN servers"),
	  N_("The provider's own, separated by commas. They tell what the router does to "
	     "addresses."),
	  NULL },
	{ "media", "rtp-ports", N_("RTP port range"),
	  N_("The UDP ports for voice, as 10000-20000; the provider or the phone's settings tell."),
	  NULL },
	{ "dns", "public-dns", N_("DNS server outside"),
	  N_("Address of a DNS server outside this site, to compare its answers with those here."),
	  NULL },
	{ 0 },
};

const struct form_field form_details[] = {
	{ NULL, "customer", N_("Site"), N_("Customer or place, as the provider knows it."), NULL },
	{ NULL, "contact", N_("Contact"), N_("Whom the provider may ask back, and how."), NULL },
	{ NULL, "phone", N_("Phone and firmware"),
	  N_("Maker, model and firmware version of the phone."), NULL },
	{ NULL, "system", N_("Phone system"),
	  N_("PBX or softphone with its version; for a softphone, the system it runs on too."),
	  NULL },
	{ NULL, "calls", N_("Calls affected"),
	  N_("How many of the test calls, when, to which numbers: 3 of 3, 14:05 to +49 30 1234."),
	  NULL },
	{ NULL, "traces", N_("Logs or captures"),
	  N_("Names of files that go with the report: the phone's log, a capture."), NULL },
	{ 0 },
};

static char *value_of(const struct form_field *field, const struct wizard *wizard)
{
	char *value = field->section
			      ? wizard_get(wizard, field->section, field->key)
			      : mem_text(session_detail_text(wizard_session(wizard), field->key));

	return value ? value : mem_text(field->options ? field->options[0] : "");
}

void form_open(struct form *form, const struct form_field *fields, const struct wizard *wizard)
{
	form_close(form);
	form->fields = fields;
	for (; fields[form->count].key && form->count < FORM_FIELDS_MAX; form->count++) {
		char *text = value_of(&fields[form->count], wizard);

		form->values[form->count].text = text;
		form->values[form->count].cursor = strlen(text);
	}
}

void form_close(struct form *form)
{
	for (size_t i = 0; i < form->count; i++)
		free(form->values[i].text);
	*form = (struct form){ 0 };
}

void form_put(struct form *form, size_t index, const char *text)
{
	/* A pipe may say anything; what it said is shown, so that it can be mended. */
	char *safe = text_safe(text, strlen(text), LONGEST_SAFE * strlen(text) + 1);

	mem_replace(&form->values[index].text, safe);
	form->values[index].cursor = strlen(safe);
	free(safe);
	form->values[index].touched = true;
	form->values[index].expected = NULL;
}

/* Bytes of the character before, or after, `at`. */
static size_t character_before(const char *text, size_t at)
{
	size_t start = at;

	while (start && ((unsigned char)text[--start] & 0xc0) == 0x80)
		;
	return at - start;
}

static size_t character_at(const char *text, size_t at)
{
	size_t end = at;

	if (text[end])
		end++;
	while (((unsigned char)text[end] & 0xc0) == 0x80)
		end++;
	return end - at;
}

static void edit(struct form *form, size_t index, size_t from, size_t drop, const char *add)
{
	const char *old = form->values[index].text;
	char *text = mem_printf("%.*s%s%s", (int)from, old, add, old + from + drop);

	form_put(form, index, text);
	form->values[index].cursor = from + strlen(add);
	free(text);
}

/* Left and right go through the options; a letter takes the first that begins so. */
static bool choose_option(struct form *form, size_t index, const struct key *key)
{
	const char *const *options = form->fields[index].options;
	size_t count = 0, now = 0;

	for (; options[count]; count++)
		if (!strcmp(options[count], form->values[index].text))
			now = count;
	if (key->kind == PRESSED_LEFT)
		now = (now + count - 1) % count;
	else if (key->kind == PRESSED_RIGHT || !strcmp(key->text, " "))
		now = (now + 1) % count;
	else if (key->kind != PRESSED_CHARACTER)
		return false;
	for (size_t i = 0; key->kind == PRESSED_CHARACTER && i < count; i++)
		if (!strncmp(options[(now + 1 + i) % count], key->text, strlen(key->text))) {
			now = (now + 1 + i) % count;
			break;
		}
	form_put(form, index, options[now]);
	return true;
}

bool form_key(struct form *form, size_t index, const struct key *key)
{
	const char *text = form->values[index].text;
	size_t *cursor = &form->values[index].cursor;

	if (form->fields[index].options)
		return choose_option(form, index, key);
	switch (key->kind) {
	case PRESSED_CHARACTER:
		if (strlen(text) + strlen(key->text) > FORM_TEXT_MAX)
			return false;
		edit(form, index, *cursor, 0, key->text);
		return true;
	case PRESSED_BACKSPACE:
		edit(form, index, *cursor - character_before(text, *cursor),
		     character_before(text, *cursor), "");
		return true;
	case PRESSED_DELETE:
		edit(form, index, *cursor, character_at(text, *cursor), "");
		return true;
	case PRESSED_CLEAR_LINE: form_put(form, index, ""); return true;
	case PRESSED_LEFT: *cursor -= character_before(text, *cursor); return true;
	case PRESSED_RIGHT: *cursor += character_at(text, *cursor); return true;
	case PRESSED_HOME: *cursor = 0; return true;
	case PRESSED_END: *cursor = strlen(text); return true;
	default: return false;
	}
}

/* Without blanks at both ends, as it will be kept. */
static char *trimmed(const char *text)
{
	size_t length;

	text += strspn(text, " ");
	length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	return mem_text_n(text, length);
}

/* What the provider's servers are looked up by. */
static bool is_name(const struct form_field *field)
{
	return !strcmp(field->section, "provider") &&
	       (!strcmp(field->key, "domain") || !strcmp(field->key, "proxy"));
}

bool form_commit(struct form *form, size_t index, struct wizard *wizard)
{
	const struct form_field *field = &form->fields[index];
	const char *expected = NULL;
	char *value;
	bool fine = true;

	if (!form->values[index].touched)
		return !form->values[index].expected;
	value = trimmed(form->values[index].text);
	if (field->section)
		fine = wizard_set(wizard, field->section, field->key, value, &expected);
	else
		wizard_detail(wizard, field->key, value);
	if (fine)
		form_put(form, index, value);
	if (fine && field->section && *value && is_name(field))
		wizard_try_name(wizard);
	form->values[index].touched = !fine;
	form->values[index].expected = fine ? NULL : expected ? expected : "";
	free(value);
	return fine;
}

bool form_commit_all(struct form *form, struct wizard *wizard, size_t *bad)
{
	for (size_t i = form->count; i-- > 0;)
		if (!form_commit(form, i, wizard))
			*bad = i;
	for (size_t i = 0; i < form->count; i++)
		if (form->values[i].expected)
			return false;
	return true;
}
