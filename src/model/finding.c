/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"

static const char *const severities[] = { "note", "risk", "fault" };
static const char *const sides[] = { "unknown", "site", "phone", "provider" };
static const char *const directions[] = { "none", "out", "in", "both" };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The index of `text` in a list of words; `count` where it is none of them. */
static size_t word_index(const char *const *words, size_t count, const char *text)
{
	size_t i = 0;

	while (i < count && (!text || strcmp(words[i], text)))
		i++;
	return i;
}

const char *severity_text(enum severity severity)
{
	return severities[severity];
}

const char *side_text(enum side side)
{
	return sides[side];
}

const char *direction_text(enum direction direction)
{
	return directions[direction];
}

enum err severity_parse(enum severity *out, const char *text)
{
	size_t i = word_index(severities, COUNT(severities), text);

	if (i == COUNT(severities))
		return ERR_SYNTAX;
	*out = (enum severity)i;
	return ERR_NONE;
}

enum err side_parse(enum side *out, const char *text)
{
	size_t i = word_index(sides, COUNT(sides), text);

	if (i == COUNT(sides))
		return ERR_SYNTAX;
	*out = (enum side)i;
	return ERR_NONE;
}

enum err direction_parse(enum direction *out, const char *text)
{
	size_t i = word_index(directions, COUNT(directions), text);

	if (i == COUNT(directions))
		return ERR_SYNTAX;
	*out = (enum direction)i;
	return ERR_NONE;
}

struct finding *finding_new(const char *id)
{
	const struct finding_kind *kind = finding_kind_find(id);
	struct finding *finding;

	if (!kind) {
		fprintf(stderr, "earshot: no finding is called '%s'\n", id);
		abort();
	}
	finding = mem_new(1, sizeof *finding);
	finding->kind = kind;
	finding->severity = kind->severity;
	finding->side = kind->side;
	finding->direction = kind->direction;
	return finding;
}

struct finding *finding_copy(const struct finding *finding)
{
	struct finding *copy = mem_new(1, sizeof *copy);

	*copy = *finding;
	copy->address = mem_text(finding->address);
	for (size_t i = 0; i < finding->evidence_count; i++)
		copy->evidence[i] = mem_text(finding->evidence[i]);
	return copy;
}

void finding_free(struct finding *finding)
{
	if (!finding)
		return;
	for (size_t i = 0; i < finding->evidence_count; i++)
		free(finding->evidence[i]);
	free(finding->address);
	free(finding);
}

static void add_evidence(struct finding *finding, const char *text)
{
	if (finding->evidence_count < FINDING_EVIDENCE_MAX)
		finding->evidence[finding->evidence_count++] =
			text_safe(text, strlen(text), FINDING_TEXT_MAX);
}

void finding_evidence(struct finding *finding, const char *format, ...)
{
	char text[FINDING_TEXT_MAX * 2];
	va_list args;

	va_start(args, format);
	intl_vsnprintf(text, sizeof text, format, args);
	va_end(args);
	add_evidence(finding, text);
}

void finding_place(struct finding *finding, unsigned hop, const char *address)
{
	finding->hop = hop;
	mem_replace(&finding->address, address);
}

static json_t *place_to_json(const struct finding *finding)
{
	json_t *where = json_object();

	if (finding->hop)
		json_object_set_new(where, "hop", json_integer(finding->hop));
	if (finding->address)
		json_object_set_new(where, "address", json_string(finding->address));
	return where;
}

json_t *finding_to_json(const struct finding *finding)
{
	json_t *json = json_object(), *evidence = json_array();

	json_object_set_new(json, "id", json_string(finding->kind->id));
	json_object_set_new(json, "severity", json_string(severity_text(finding->severity)));
	json_object_set_new(json, "side", json_string(side_text(finding->side)));
	json_object_set_new(json, "direction", json_string(direction_text(finding->direction)));
	if (finding->hop || finding->address)
		json_object_set_new(json, "where", place_to_json(finding));
	json_object_set_new(json, "title", json_string(finding->kind->title));
	for (size_t i = 0; i < finding->evidence_count; i++)
		json_array_append_new(evidence, json_string(finding->evidence[i]));
	json_object_set_new(json, "evidence", evidence);
	json_object_set_new(json, "remedy", json_string(finding->kind->remedy));
	return json;
}

/* "where" may be absent; what is there must be right. */
static enum err place_from_json(struct finding *finding, const json_t *where)
{
	const json_t *hop = json_object_get(where, "hop");
	const json_t *address = json_object_get(where, "address");

	if (!where)
		return ERR_NONE;
	if (!json_is_object(where) || (hop && !json_is_integer(hop)) ||
	    (address && !json_is_string(address)))
		return ERR_SYNTAX;
	if (hop && (json_integer_value(hop) < 1 || json_integer_value(hop) > 255))
		return ERR_SYNTAX;
	finding->hop = (unsigned)json_integer_value(hop);
	finding->address = mem_text(json_string_value(address));
	return ERR_NONE;
}

static enum err evidence_from_json(struct finding *finding, const json_t *evidence)
{
	if (!json_is_array(evidence) || json_array_size(evidence) > FINDING_EVIDENCE_MAX)
		return ERR_SYNTAX;
	for (size_t i = 0; i < json_array_size(evidence); i++) {
		const char *text = json_string_value(json_array_get(evidence, i));

		if (!text)
			return ERR_SYNTAX;
		add_evidence(finding, text);
	}
	return ERR_NONE;
}

static const char *member(const json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

enum err finding_from_json(struct finding **out, const json_t *json)
{
	const char *id = member(json, "id");
	struct finding *finding;
	enum err err;

	if (!id || !finding_kind_find(id))
		return ERR_SYNTAX;
	finding = finding_new(id);
	err = severity_parse(&finding->severity, member(json, "severity"));
	if (!err)
		err = side_parse(&finding->side, member(json, "side"));
	if (!err)
		err = direction_parse(&finding->direction, member(json, "direction"));
	if (!err)
		err = place_from_json(finding, json_object_get(json, "where"));
	if (!err)
		err = evidence_from_json(finding, json_object_get(json, "evidence"));
	if (err)
		finding_free(finding);
	else
		*out = finding;
	return err;
}
