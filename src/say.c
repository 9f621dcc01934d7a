/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "say.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "paths.h"
#include "report/mask.h"
#include "report/redact.h"

enum {
	REPORT_COLUMNS = 78,
	LIST_MAX = WALK_CAUSES_MAX + 1,
	STEPS_MAX = 64,
	JSON_DIGITS = 10,
	SAY_MAX = 8192
};

/* One line on stderr, in what letters the terminal has. */
static void say_line(const char *before, const char *text)
{
	char *ascii = say_is_utf8() ? NULL : text_ascii(text);

	fprintf(stderr, "%s%s\n", before, ascii ? ascii : text);
	free(ascii);
}

/* Paths and words of the command line may hold anything. */
void say(const char *format, ...)
{
	char text[SAY_MAX];
	char *safe;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	safe = text_safe(text, strlen(text), SAY_MAX);
	say_line("earshot: ", safe);
	free(safe);
}

int say_complaint(const struct complaint *complaint)
{
	say_line("", complaint->text);
	return EXIT_WRONG;
}

int say_result(const char *path, const char *text)
{
	if (path && strcmp(path, "-") != 0) {
		if (!file_write(path, text, strlen(text)))
			return EXIT_CLEAN;
		say(_("%s cannot be written: %s"), path, strerror(errno));
		return EXIT_WRONG;
	}
	if (fputs(text, stdout) >= 0 && !fflush(stdout))
		return EXIT_CLEAN;
	say(_("the result cannot be written: %s"), strerror(errno));
	return EXIT_WRONG;
}

char *say_json_text_take(json_t *json)
{
	char *dump = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(JSON_DIGITS));
	char *text = mem_printf("%s\n", dump ? dump : "{}");

	free(dump);
	json_decref(json);
	return text;
}

json_t *say_masked_take(json_t *json, unsigned masks)
{
	struct mask mask;
	json_t *masked;

	if (!masks)
		return json;
	mask_init(&mask, masks);
	masked = redact_json(json, &mask);
	mask_clear(&mask);
	json_decref(json);
	return masked;
}

int say_json_take(const char *path, json_t *json)
{
	char *text = say_json_text_take(json);
	int status = say_result(path, text);

	free(text);
	return status;
}

/* The tree's words for the causes of a list of ids, translated; NULL-terminated. */
static void fill_titles(const char *titles[static LIST_MAX], const struct tree *tree,
			const json_t *ids)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(ids) && count < LIST_MAX - 1; i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const struct tree_cause *cause = id ? tree_cause_find(tree, id) : NULL;

		if (cause)
			titles[count++] = gettext(cause->title);
	}
	titles[count] = NULL;
}

static void add_steps(const char *out[static STEPS_MAX], const char *const *steps)
{
	size_t count = 0;

	while (out[count])
		count++;
	for (; steps && *steps && count < STEPS_MAX - 1; steps++)
		out[count++] = gettext(*steps);
	out[count] = NULL;
}

/* The cause's steps; on a known router its own way first. */
static void fill_steps(const char *out[static STEPS_MAX], const struct tree_cause *cause,
		       const struct tree_router *router)
{
	const char *const caveat[] = { router ? router->caveat : NULL, NULL };

	out[0] = NULL;
	if (router) {
		add_steps(out, router->steps);
		add_steps(out, caveat);
	} else
		add_steps(out, cause->steps);
}

/* "TP-Link: Advanced > …", a line for each maker. free_places() frees. */
static char **make_places(const struct tree *tree)
{
	char **places = mem_new(1, sizeof *places);
	const struct tree_router *router;

	for (size_t i = 0; (router = tree_router_at(tree, i)); i++) {
		places = mem_resize(places, i + 2, sizeof *places);
		places[i] = mem_printf("%s: %s", router->vendor, gettext(router->where));
		places[i + 1] = NULL;
	}
	return places;
}

static void free_places(char **places)
{
	for (size_t i = 0; places && places[i]; i++)
		free(places[i]);
	free(places);
}

/* The tree's words for the report's ids. */
static const char *words_of(const char *id, const char *value, void *context)
{
	const struct tree *tree = context;
	const struct tree_question *question = tree_question_find(tree, id);
	const struct tree_answer *answer =
		question && value ? tree_answer_find(question, value) : NULL;

	if (value)
		return answer ? gettext(answer->text) : NULL;
	return question ? gettext(question->ask) : NULL;
}

static const char *title_of(const char *cause, void *context)
{
	const struct tree_cause *found = tree_cause_find(context, cause);

	return found ? gettext(found->title) : NULL;
}

static const char *translated(const char *text)
{
	return text && *text ? gettext(text) : NULL;
}

static char *written(const struct session *session, const struct report_options *options,
		     const struct say_form *form)
{
	return strcmp(form->format, "html") ? report_text(session, options)
					    : report_html(session, options);
}

struct say_form say_form_of(const struct options *options)
{
	return (struct say_form){
		.format = options->json     ? "json"
			  : options->format ? options->format
					    : "text",
		.masks = options->masks,
		.utf8 = say_is_utf8() && !options->ascii,
	};
}

/* With the cause's words where there is one. */
static char *say_with_tree(const struct session *session, struct tree *tree,
			   const struct say_form *form)
{
	const char *id = json_string_value(json_object_get(session->verdict, "cause"));
	const struct tree_cause *cause = id ? tree_cause_find(tree, id) : NULL;
	const struct tree_router *router =
		cause && cause->by_router ? tree_router_of(tree, session) : NULL;
	char **places = cause && cause->by_router && !router ? make_places(tree) : NULL;
	const char *steps[STEPS_MAX], *also[LIST_MAX], *ruled_out[LIST_MAX];
	struct report_options options = { .utf8 = form->utf8,
					  .columns = form->columns ? form->columns : REPORT_COLUMNS,
					  .masks = form->masks,
					  .now = time(NULL),
					  .words = words_of,
					  .title = title_of,
					  .context = tree };
	struct walk walk;
	char *text;

	if (!cause)
		return written(session, &options, form);
	fill_steps(steps, cause, router);
	fill_titles(also, tree, json_object_get(session->verdict, "also"));
	tree_walk(&walk, tree, session, WALK_ALONE);
	for (size_t i = 0; i <= walk.ruled_out_count; i++)
		ruled_out[i] = i < walk.ruled_out_count ? gettext(walk.ruled_out[i]->title) : NULL;
	options.advice = (struct report_advice){
		.title = translated(cause->title),
		.means = translated(cause->means),
		.who = translated(cause->who),
		.verify = translated(cause->verify),
		.ask = translated(cause->ask),
		.steps = steps,
		.places = (const char *const *)places,
		.also = also,
		.ruled_out = ruled_out,
		.side = cause->side,
	};
	text = written(session, &options, form);
	free_places(places);
	return text;
}

char *say_report(const struct session *session, struct tree *tree, const struct say_form *form)
{
	if (!strcmp(form->format, "json"))
		return say_json_text_take(report_json_masked(session, form->masks));
	return say_with_tree(session, tree, form);
}

const char *say_step(const struct finding_kind *kind, size_t number, void *tree)
{
	const struct tree_cause *cause, *found = tree_cause_find(tree, kind->id);

	for (size_t i = 0; !found && kind->remedy[0] && (cause = tree_cause_at(tree, i)); i++)
		if (!strcmp(cause->remedy, kind->remedy))
			found = cause;
	for (size_t i = 0; found && found->steps[i]; i++)
		if (i == number)
			return gettext(found->steps[i]);
	return NULL;
}

struct tree *say_load_tree(void)
{
	char *tree_path = paths_data("tree.xml"), *routers_path = paths_data("routers.xml");
	struct complaint complaint = { "" };
	struct tree *tree = NULL;

	if (tree_load(&tree, tree_path, routers_path, &complaint)) {
		say_complaint(&complaint);
		tree = NULL;
	}
	free(routers_path);
	free(tree_path);
	return tree;
}

bool say_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}
