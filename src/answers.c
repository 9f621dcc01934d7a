/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"

enum { ANSWERS_MAX = 64 * 1024, LINES_MAX = 256 };

struct pair {
	const struct tree_question *question; /* NULL: "fixed" */
	const struct tree_answer *answer;
};

struct reading {
	const struct tree *tree;
	const char *path;
	int line;
	struct pair pairs[LINES_MAX];
	size_t count;
	struct answers_fixed fixed;
	struct complaint *complaint;
};

static enum err bad(struct reading *reading, const char *what, const char *text,
		    const char *expected)
{
	return complain(reading->complaint, reading->path, reading->line, _("%s '%s'; expected %s"),
			what, text, expected);
}

/* "yes, no, unknown" */
static void list_values(char *out, size_t room, const struct tree_question *question)
{
	size_t used = (size_t)snprintf(out, room, _("one of: "));

	for (size_t i = 0; i < question->answer_count && used < room; i++)
		used += (size_t)snprintf(out + used, room - used, "%s%s", i ? ", " : "",
					 question->answers[i].value);
}

static enum err take_fixed(struct reading *reading, const char *value)
{
	struct answers_fixed *fixed = &reading->fixed;

	if (!strcmp(value, "unknown"))
		return ERR_NONE;
	if ((strcmp(value, "yes") && strcmp(value, "no")) ||
	    fixed->count == sizeof fixed->fixed / sizeof *fixed->fixed)
		return bad(reading, _("bad value"), value, _("one of: yes, no, unknown"));
	fixed->fixed[fixed->count++] = !strcmp(value, "yes");
	return ERR_NONE;
}

static enum err take_pair(struct reading *reading, const char *id, const char *value)
{
	const struct tree_question *question = tree_question_find(reading->tree, id);
	char expected[300];

	if (!strcmp(id, "fixed"))
		return take_fixed(reading, value);
	if (!question)
		return bad(reading, _("unknown question"), id,
			   _("a question of the tree, see earshot-tree(5)"));
	for (size_t i = 0; i < reading->count; i++)
		if (reading->pairs[i].question == question)
			return bad(reading, _("answered twice:"), id, _("each question once"));
	list_values(expected, sizeof expected, question);
	if (!tree_answer_find(question, value))
		return bad(reading, _("bad value"), value, expected);
	if (reading->count == LINES_MAX)
		return bad(reading, _("too many answers at"), id, _("at most 256"));
	reading->pairs[reading->count++] =
		(struct pair){ question, tree_answer_find(question, value) };
	return ERR_NONE;
}

static enum err take_line(struct reading *reading, struct slice line)
{
	struct slice name, comment = line;
	char *id, *value;
	enum err err;

	if (!slice_until(&comment, &line, '#'))
		line = comment;
	line = slice_trim(line);
	if (!line.left)
		return ERR_NONE;
	/* What stands behind a NUL would be passed over unseen. */
	if (memchr(line.at, 0, line.left) || slice_until(&name, &line, '=')) {
		char *text = mem_text_n((const char *)line.at, line.left);

		err = bad(reading, _("not an answer:"), text, _("question = value"));
		free(text);
		return err;
	}
	name = slice_trim(name);
	line = slice_trim(line);
	id = mem_text_n((const char *)name.at, name.left);
	value = mem_text_n((const char *)line.at, line.left);
	err = take_pair(reading, id, value);
	free(value);
	free(id);
	return err;
}

static enum err take_text(struct reading *reading, struct slice text)
{
	struct slice line;
	enum err err = ERR_NONE;

	while (!err && !slice_line(&line, &text)) {
		reading->line++;
		err = take_line(reading, line);
	}
	return err;
}

enum err answers_load(struct session *session, struct answers_fixed *fixed, const struct tree *tree,
		      const char *path, struct complaint *complaint)
{
	struct reading *reading = mem_new(1, sizeof *reading);
	char *text;
	size_t length;
	enum err err = file_read(&text, &length, path, ANSWERS_MAX);

	*reading = (struct reading){ .tree = tree, .path = path, .complaint = complaint };
	if (err)
		complain(complaint, path, 0, _("cannot be read (%s); expected a file of answers"),
			 err_text(err));
	else {
		err = take_text(reading, slice_of(text, length));
		free(text);
	}
	for (size_t i = 0; !err && i < reading->count; i++)
		session_answer(session, reading->pairs[i].question->id,
			       reading->pairs[i].answer->value);
	*fixed = reading->fixed;
	free(reading);
	return err;
}
