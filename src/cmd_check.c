/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/check.h"
#include "config.h"
#include "engine.h"
#include "report/mask.h"
#include "report/redact.h"
#include "say.h"

enum { TEXT_MAX = 1024 * 1024, COLUMNS = 78 };

/* Every name must be known before anything is sent. */
static enum err check_names(const struct options *options, struct complaint *complaint)
{
	for (size_t i = 0; i < options->arg_count; i++) {
		char known[256] = "";
		size_t used = 0;
		const struct check *check;

		if (check_find(options->args[i]))
			continue;
		for (size_t k = 0; (check = check_at(k)) && used < sizeof known; k++)
			used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
						 k ? ", " : "", check->name);
		return complain(complaint, "earshot", 0,
				_("unknown check '%s'; expected one of: %s"), options->args[i],
				known);
	}
	return ERR_NONE;
}

/* `begin` stands before the first line, blanks as wide before the others. */
static enum err add_wrapped(struct buf *out, const char *begin, const char *text)
{
	const size_t indent = strlen(begin);
	struct text_lines lines = text_wrap(text, COLUMNS - indent);
	enum err err = ERR_NONE;

	for (size_t i = 0; !err && i < lines.count; i++)
		err = buf_printf(out, "%*s%s\n", (int)indent, i ? "" : begin, lines.line[i]);
	text_free_lines(&lines);
	return err;
}

static enum err add_check(struct buf *out, const struct check_run *run)
{
	const struct check *check = check_find(run->name);
	const char *words = run->why ? run->why : run->summary;
	enum err err = buf_printf(out, "%-8s %-8s %6.1f s  %s\n", run->name, run->state,
				  run->seconds, check ? _(check->title) : "");

	return err || !words ? err : add_wrapped(out, "         ", words);
}

static enum err add_finding(struct buf *out, const struct finding *finding)
{
	enum err err =
		buf_printf(out, "\n%s  %s", severity_text(finding->severity), finding->kind->id);

	if (!err && finding->hop)
		err = buf_printf(out, ", hop %u", finding->hop);
	if (!err && finding->address)
		err = buf_printf(out, ", %s", finding->address);
	if (!err)
		err = buf_add_text(out, "\n");
	if (!err)
		err = add_wrapped(out, "  ", _(finding->kind->title));
	if (!err)
		err = add_wrapped(out, "  ", _(finding->kind->meaning));
	for (size_t i = 0; !err && i < finding->evidence_count; i++)
		err = add_wrapped(out, "  - ", finding->evidence[i]);
	return err;
}

/* All is well only where something could be measured. */
static const char *nothing_found(const struct session *session)
{
	return report_exit_status(session) == EXIT_NOTHING ? _("Nothing could be checked.")
							   : _("Nothing was found that is wrong.");
}

/* What was measured, for a person at a terminal. */
static char *check_text(const struct session *session)
{
	struct buf out;
	char *text;
	enum err err = ERR_NONE;

	buf_init(&out, TEXT_MAX);
	for (size_t i = 0; !err && i < session->check_count; i++)
		err = add_check(&out, &session->checks[i]);
	if (!err && !session->finding_count)
		err = buf_printf(&out, "\n%s\n", nothing_found(session));
	for (size_t i = 0; !err && i < session->finding_count; i++)
		err = add_finding(&out, session->findings[i]);
	text = err ? mem_printf("%s\n%s\n", buf_text(&out), err_text(err))
		   : mem_text(buf_text(&out));
	buf_clear(&out);
	return text;
}

static char *masked_take(char *text, unsigned masks)
{
	struct mask mask;
	char *masked;

	mask_init(&mask, masks);
	masked = redact_safe(text, &mask);
	mask_clear(&mask);
	free(text);
	return masked;
}

static int print_session(const struct options *options, const struct session *session)
{
	const int found = report_exit_status(session);
	char *text, *ascii;
	int status;

	if (options->json)
		status =
			say_json_take(options->output, report_json_masked(session, options->masks));
	else {
		text = check_text(session);
		if (options->masks)
			text = masked_take(text, options->masks);
		ascii = options->ascii || !say_is_utf8() ? text_ascii(text) : NULL;
		status = say_result(options->output, ascii ? ascii : text);
		free(ascii);
		free(text);
	}
	return status ? status : found;
}

int cmd_check(struct options *options)
{
	struct complaint complaint = { "" };
	struct session session;
	struct site site;
	int status;

	if (check_names(options, &complaint) || options_site(&site, options, &complaint))
		return say_complaint(&complaint);
	session_init(&session, PACKAGE_VERSION);
	engine_run(&session, &site, options->args, options->arg_count, options->quiet);
	status = print_session(options, &session);
	session_clear(&session);
	site_clear(&site);
	return status;
}
