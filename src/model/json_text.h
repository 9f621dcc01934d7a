/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON (RFC 8259) written straight as text, each member where it is to stand. Elsewhere jansson's
 * trees are used; this is for what is told by the thousand, where making such a tree, printing and
 * freeing it takes ten times as long. */
#ifndef EARSHOT_MODEL_JSON_TEXT_H
#define EARSHOT_MODEL_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* All 0 at first. `text` ends in 0 after each call below, and is whole once all is closed. */
struct json_text {
	char *text;
	size_t length, room; /* bytes, without the 0; bytes there are */
};

/* Empty again, with the memory it has. */
void json_text_reset(struct json_text *json);
void json_text_free(struct json_text *json);

/* `bracket` is '{' or '[', and to close '}' or ']'. In all of these `key` is NULL for a member of a
 * list and for the outermost value, else plain ASCII that needs no escape. */
void json_text_open(struct json_text *json, const char *key, char bracket);
void json_text_close(struct json_text *json, char bracket);

/* NULL gives null. Must be UTF-8, as what text_safe() returns is. */
void json_text_string(struct json_text *json, const char *key, const char *utf8);
void json_text_integer(struct json_text *json, const char *key, int64_t value);
/* Rounded to three digits behind the point; null for what is not finite. */
void json_text_number(struct json_text *json, const char *key, double value);
void json_text_boolean(struct json_text *json, const char *key, bool value);
void json_text_null(struct json_text *json, const char *key);
void json_text_tree(struct json_text *json, const char *key, const json_t *tree);

/* A member of a tree that is a text; "" where there is none, or it is none. Borrowed. */
const char *json_text_at(const json_t *object, const char *key);

/* What was written, as a tree; the caller owns the reference. Never NULL. */
json_t *json_text_parse(const struct json_text *json) MUST_USE;

#endif
