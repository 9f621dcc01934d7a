/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/dns_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum {
	TYPE_A = 1,
	TYPE_CNAME = 5,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_NAPTR = 35,
	HEADER = 12,
	UDP_MOST = 512,
};

struct entry {
	char *name;
	uint16_t type;
	struct buf data;
	struct entry *next;
};

struct rule {
	char *name;
	uint16_t type;
	enum dns_manner manner;
	struct rule *next;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

static void add(struct buf *buf, const void *data, size_t length)
{
	must(!buf_add(buf, data, length), "buffer");
}

static void add16(struct buf *buf, unsigned value)
{
	must(!buf_add_be16(buf, (uint16_t)value), "buffer");
}

static void add_string(struct buf *buf, const char *text, size_t length)
{
	must(length < 256 && !buf_add_be8(buf, (uint8_t)length), "string");
	add(buf, text, length);
}

static void add_name(struct buf *buf, const char *name)
{
	while (*name) {
		const size_t length = strcspn(name, ".");

		add_string(buf, name, length);
		name += length + (name[length] == '.');
	}
	add_string(buf, "", 0);
}

static struct buf *add_entry(struct dns_server *server, const char *name, uint16_t type)
{
	struct entry **end = &dns_server_script(server)->entries;

	while (*end)
		end = &(*end)->next;
	*end = mem_new(1, sizeof **end);
	(*end)->name = mem_text(name);
	(*end)->type = type;
	buf_init(&(*end)->data, DNS_MESSAGE_MAX);
	return &(*end)->data;
}

void dns_server_raw(struct dns_server *server, const char *name, uint16_t type, const void *data,
		    size_t length)
{
	add(add_entry(server, name, type), data, length);
}

void dns_server_address(struct dns_server *server, const char *name, const char *address)
{
	struct addr addr;
	size_t length;
	const uint8_t *bytes;

	must(!addr_parse(&addr, address, 0), "address");
	bytes = addr_bytes(&addr, &length);
	dns_server_raw(server, name, length == 4 ? TYPE_A : TYPE_AAAA, bytes, length);
}

void dns_server_cname(struct dns_server *server, const char *name, const char *target)
{
	add_name(add_entry(server, name, TYPE_CNAME), target);
}

void dns_server_srv(struct dns_server *server, const char *name, unsigned priority, unsigned weight,
		    unsigned port, const char *target)
{
	struct buf *data = add_entry(server, name, TYPE_SRV);

	add16(data, priority);
	add16(data, weight);
	add16(data, port);
	add_name(data, target);
}

void dns_server_naptr(struct dns_server *server, const char *name, unsigned order,
		      unsigned preference, const char *flags, const char *service,
		      const char *regexp, const char *replacement)
{
	struct buf *data = add_entry(server, name, TYPE_NAPTR);

	add16(data, order);
	add16(data, preference);
	add_string(data, flags, strlen(flags));
	add_string(data, service, strlen(service));
	add_string(data, regexp, strlen(regexp));
	add_name(data, replacement);
}

void dns_server_behave(struct dns_server *server, const char *name, uint16_t type,
		       enum dns_manner manner)
{
	struct dns_script *script = dns_server_script(server);
	struct rule *rule = mem_new(1, sizeof *rule);

	*rule = (struct rule){
		.name = mem_text(name), .type = type, .manner = manner, .next = script->rules
	};
	script->rules = rule;
}

/* "*.example.com" fits every name that ends so; others fit themselves. */
static bool fits(const char *pattern, const char *name)
{
	const size_t all = strlen(name), rest = strlen(pattern) - (pattern[0] == '*');

	if (pattern[0] != '*')
		return !strcasecmp(pattern, name);
	return rest <= all && !strcasecmp(name + all - rest, pattern + 1);
}

enum dns_manner dns_script_manner(const struct dns_script *script,
				  const struct dns_question *question)
{
	for (const struct rule *rule = script->rules; rule; rule = rule->next)
		if ((!rule->name || fits(rule->name, question->name)) &&
		    (!rule->type || rule->type == question->type))
			return rule->manner;
	return DNS_SERVES;
}

bool dns_question_read(struct dns_question *question, struct slice message)
{
	struct slice rest = message, label;
	size_t used = 0;
	uint8_t length;

	if (slice_skip(&rest, HEADER))
		return false;
	while (!slice_be8(&length, &rest) && length) {
		if (slice_take(&label, &rest, length) || used + length + 2 > sizeof question->name)
			return false;
		if (used)
			question->name[used++] = '.';
		memcpy(question->name + used, label.at, length);
		used += length;
	}
	question->name[used] = 0;
	if (slice_be16(&question->type, &rest) || slice_skip(&rest, 2))
		return false;
	question->length = message.left - HEADER - rest.left;
	return true;
}

static void add_answer(struct buf *reply, const char *owner, const struct entry *entry)
{
	add_name(reply, owner);
	add16(reply, entry->type);
	add(reply, "\0\1\0\0\0\74", 6); /* class IN, 60 seconds */
	add16(reply, (unsigned)entry->data.length);
	add(reply, entry->data.data, entry->data.length);
}

/* The name of a CNAME's data, which is one without pointers. */
static void target_text(char text[static 256], const struct entry *entry)
{
	struct dns_question target;
	struct buf message;

	buf_init(&message, DNS_MESSAGE_MAX);
	add(&message, (char[HEADER]){ 0 }, HEADER);
	add(&message, entry->data.data, entry->data.length);
	add(&message, "\0\0\0\0", 4);
	must(dns_question_read(&target, slice_of(message.data, message.length)), "cname");
	strcpy(text, target.name);
	buf_clear(&message);
}

static bool add_wildcards(struct buf *reply, unsigned *count, const struct dns_script *script,
			  const struct dns_question *question)
{
	bool exists = false;

	for (const struct entry *entry = script->entries; entry; entry = entry->next) {
		if (entry->name[0] != '*' || !fits(entry->name, question->name))
			continue;
		exists = true;
		if (entry->type != question->type)
			continue;
		add_answer(reply, question->name, entry);
		++*count;
	}
	return exists;
}

/* Adds what there is for a name and follows aliases, as a resolver does; false: no such name. */
static bool add_answers(struct buf *reply, unsigned *count, const struct dns_script *script,
			const struct dns_question *question)
{
	char name[256], alias[256];
	bool exists = false;

	strcpy(name, question->name);
	for (int hops = 0; hops < 8; hops++) {
		alias[0] = 0;
		for (const struct entry *entry = script->entries; entry; entry = entry->next) {
			if (strcasecmp(entry->name, name))
				continue;
			exists = true;
			if (entry->type == TYPE_CNAME)
				target_text(alias, entry);
			if (entry->type != question->type && entry->type != TYPE_CNAME)
				continue;
			add_answer(reply, name, entry);
			++*count;
		}
		if (!alias[0])
			break;
		strcpy(name, alias);
	}
	return exists || add_wildcards(reply, count, script, question);
}

enum { CODE_FAILED = 2, CODE_NO_NAME = 3, CODE_REFUSED = 5, CODE_UNKNOWN = 11 };

static void add_header(struct buf *reply, struct slice asked, enum dns_manner manner, unsigned code,
		       bool cut, unsigned answers)
{
	const unsigned flags = 0x8180U | (cut ? 0x0200U : 0) | code;
	const uint8_t id[2] = { asked.at[0], (uint8_t)(asked.at[1] ^ (manner == DNS_WRONG_ID)) };

	add(reply, id, 2);
	add16(reply, flags);
	add16(reply, 1);
	add16(reply, answers);
	add16(reply, 0);
	add16(reply, 0);
}

static unsigned code_of(enum dns_manner manner, bool exists)
{
	switch (manner) {
	case DNS_REFUSES: return CODE_REFUSED;
	case DNS_FAILS: return CODE_FAILED;
	case DNS_UNKNOWN_CODE: return CODE_UNKNOWN;
	case DNS_RUBBISH:
	case DNS_LOOP: return 0;
	default: return exists ? 0 : CODE_NO_NAME;
	}
}

void dns_script_reply(struct buf *reply, const struct dns_script *script, struct slice asked,
		      const struct dns_question *question, enum dns_manner manner)
{
	struct buf answers;
	unsigned count = 0, code;
	bool cut;

	buf_init(&answers, DNS_MESSAGE_MAX - 512);
	code = code_of(manner, add_answers(&answers, &count, script, question));
	cut = !question->tcp &&
	      (manner == DNS_CUT || manner == DNS_CUT_FOR_GOOD || answers.length > UDP_MOST);
	if (cut || (code && code != CODE_NO_NAME))
		count = 0;
	if (manner == DNS_LOOP || manner == DNS_RUBBISH)
		count = 1;
	add_header(reply, asked, manner, code, cut, count);
	add(reply, asked.at + HEADER, question->length);
	if (manner == DNS_WRONG_QUESTION)
		reply->data[HEADER + 1] ^= 1;
	if (manner == DNS_LOOP) {
		const uint8_t pointer[2] = { (uint8_t)(0xc0 | reply->length >> 8),
					     (uint8_t)reply->length };

		add(reply, pointer, 2);
		add(reply, "\0\1\0\1\0\0\0\74\0\4\1\2\3\4", 14);
	} else if (manner == DNS_RUBBISH) {
		for (unsigned i = 0; i < 40; i++)
			add(reply, &(uint8_t){ (uint8_t)(i * 37) }, 1);
	} else if (count) {
		add(reply, answers.data, answers.length);
	}
	if (manner == DNS_HALF)
		reply->length -= answers.length / 2;
	buf_clear(&answers);
}

void dns_script_clear(struct dns_script *script)
{
	for (struct entry *entry = script->entries, *next; entry; entry = next) {
		next = entry->next;
		buf_clear(&entry->data);
		free(entry->name);
		free(entry);
	}
	for (struct rule *rule = script->rules, *next; rule; rule = next) {
		next = rule->next;
		free(rule->name);
		free(rule);
	}
}
