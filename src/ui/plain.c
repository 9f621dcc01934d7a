/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wizard line by line: for screen readers, serial consoles and scripts. Nothing is drawn and
 * nothing moves. */
#include <ctype.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/app.h"
#include "ui/intl.h"
#include "ui/screen.h"
#include "ui/ui.h"
#include "ui/words.h"

enum { COLUMNS = 78, CHECKS_MAX = 16, FDS_MAX = 64, LINE_MAX_BYTES = 1000 };

struct plain {
	struct app app;
	FILE *out;
	size_t columns;
	int in;
	bool person;                   /* somebody types; else a file or a pipe answers */
	bool ended;                    /* no more input */
	char line[LINE_MAX_BYTES + 1]; /* the last line heard, without blanks at its end */
	char waiting[LINE_MAX_BYTES];  /* read, not yet handed out */
	size_t waiting_length;
	bool told[CHECKS_MAX];       /* the end of this check was said */
	const struct screen *read;   /* the long text that was said last */
	const struct screen *filled; /* the form whose fields were all asked for */
};

static void tell(struct plain *plain, const char *text)
{
	struct page page;

	page_init(&page, plain->app.charset);
	page_add(&page, PAGE_TEXT, text);
	page_print(plain->out, &page, plain->columns);
	page_clear(&page);
}

static void prompt(struct plain *plain, const char *text)
{
	char *ascii = plain->app.charset == CHARSET_ASCII ? text_ascii(text) : NULL;

	fprintf(plain->out, "%s ", ascii ? ascii : text);
	fflush(plain->out);
	free(ascii);
}

static void tell_check(struct plain *plain, const struct wizard_check *check)
{
	const struct session *session = wizard_session(plain->app.wizard);
	char *state = words_check(check);
	char *line = mem_printf("%s: %s%s%s", say(check->check->title), state,
				check->now ? ". " : "", check->now ? say(check->now) : "");

	tell(plain, line);
	free(line);
	free(state);
	for (size_t i = 0; i < session->finding_count; i++) {
		if (strcmp(session->finding_checks[i], check->check->name) != 0)
			continue;
		line = words_finding(session->findings[i]);
		tell(plain, line);
		free(line);
	}
}

/* One line for each check that has ended since the last look; true if there was one. */
static bool tell_ended(struct plain *plain, const char *before)
{
	struct wizard_check checks[CHECKS_MAX];
	size_t count = wizard_checks(plain->app.wizard, checks, CHECKS_MAX);
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const bool ended = checks[i].stage == WIZARD_CHECK_ENDED;

		if (ended && !plain->told[i]) {
			fputs(any ? "" : before, plain->out);
			tell_check(plain, &checks[i]);
			any = true;
		}
		plain->told[i] = ended;
	}
	return any;
}

/* Byte by byte: where the person starts anew, what follows is for the next wizard. */
static void read_input(struct plain *plain)
{
	ssize_t got = read(plain->in, plain->waiting + plain->waiting_length, 1);

	if (got > 0)
		plain->waiting_length++;
	else if (!got || (errno != EINTR && errno != EAGAIN))
		plain->ended = true;
}

/* Waits for input (where `listen`) and for checks, and lets these have their say. */
static void wait_for_news(struct plain *plain, bool listen)
{
	const struct wizard_host *host = wizard_host(plain->app.wizard);
	struct pollfd fds[FDS_MAX] = { { .fd = listen ? plain->in : -1, .events = POLLIN } };
	int timeout = -1;
	size_t count = 1 + host->poll_fds(fds + 1, FDS_MAX - 1, &timeout, host->context);

	if (poll(fds, count, timeout) < 0)
		return;
	if (fds[0].revents)
		read_input(plain);
	host->step(host->context);
	wizard_tick(plain->app.wizard);
}

/* Takes the next whole line, or what is left at the end, or what is too long to be an answer. */
static bool take_line(struct plain *plain)
{
	const char *newline = memchr(plain->waiting, '\n', plain->waiting_length);
	size_t length = newline ? (size_t)(newline - plain->waiting) : plain->waiting_length;
	size_t used = newline ? length + 1 : length;

	if (!newline && !(plain->ended && length) && length < sizeof plain->waiting)
		return false;
	memcpy(plain->line, plain->waiting, length);
	while (length && isspace((unsigned char)plain->line[length - 1]))
		length--;
	plain->line[length] = 0;
	plain->waiting_length -= used;
	memmove(plain->waiting, plain->waiting + used, plain->waiting_length);
	return true;
}

enum heard { HEARD_LINE, HEARD_END, HEARD_MOVED };

/* What a script answers stands in what it gets back, as it would on a terminal. */
static void echo_line(struct plain *plain)
{
	char *safe = text_safe(plain->line, strlen(plain->line), LINE_MAX_BYTES);

	fprintf(plain->out, "%s\n", safe);
	free(safe);
}

/* The next line of input. HEARD_MOVED: a measurement has answered what was asked. */
static enum heard hear(struct plain *plain, const char *question)
{
	prompt(plain, question);
	while (!take_line(plain)) {
		bool told;

		if (plain->ended)
			return HEARD_END;
		wait_for_news(plain, true);
		told = tell_ended(plain, "\n");
		if (app_look(&plain->app))
			return HEARD_MOVED;
		if (told)
			prompt(plain, question);
	}
	if (!plain->person)
		echo_line(plain);
	return HEARD_LINE;
}

/* But for what a person began and ends. */
static bool is_measuring(const struct plain *plain)
{
	struct wizard_check checks[CHECKS_MAX];
	const size_t count = wizard_checks(plain->app.wizard, checks, CHECKS_MAX);

	for (size_t i = 0; i < count; i++)
		if (checks[i].stage == WIZARD_CHECK_RUNNING && !checks[i].check->on_demand)
			return true;
	return false;
}

/* A script shall meet the same questions each time, whatever checks take. */
static void await_checks(struct plain *plain)
{
	bool told = tell_ended(plain, "");

	while (is_measuring(plain)) {
		wait_for_news(plain, false);
		told |= tell_ended(plain, "");
	}
	if (told)
		fputc('\n', plain->out);
	app_look(&plain->app);
}

static void do_kind(struct plain *plain, enum intent_kind kind, unsigned number)
{
	const struct intent intent = { .kind = kind, .number = number };

	app_do(&plain->app, &intent);
	if (plain->app.notice)
		tell(plain, plain->app.notice);
}

/* One letter that is a command everywhere. */
static enum intent_kind command_of(const char *line)
{
	if (!line[0] || line[1])
		return INTENT_NONE;
	switch (line[0]) {
	case '?': return INTENT_HELP;
	case 'b': return INTENT_BACK;
	case 'm': return INTENT_CHECKS;
	case 'c': return INTENT_LISTEN;
	case 'q': return INTENT_QUIT;
	default: return INTENT_NONE;
	}
}

/* What is wrong with a value stands on the page below the fields. */
static bool take_value(struct plain *plain, size_t field)
{
	struct form *form = &plain->app.form;
	char *text;

	if (plain->line[0])
		form_put(form, field, strcmp(plain->line, "-") ? plain->line : "");
	if (form_commit(form, field, plain->app.wizard))
		return true;
	text = mem_printf(_("This is not right yet: %s."), say(form->values[field].expected));
	tell(plain, text);
	free(text);
	return false;
}

/* Asks until the value is right. Anything but HEARD_LINE ends the form. */
static enum heard ask_field(struct plain *plain, size_t field)
{
	const struct form *form = &plain->app.form;
	enum heard heard;

	do {
		enum intent_kind command;
		char *question = mem_printf("%s [%s]:", say(form->fields[field].label),
					    form->values[field].text);

		tell(plain, say(form->fields[field].about));
		heard = hear(plain, question);
		free(question);
		if (heard != HEARD_LINE)
			return heard;
		command = command_of(plain->line);
		if (command) {
			do_kind(plain, command, 0);
			return HEARD_MOVED;
		}
	} while (!take_value(plain, field));
	return HEARD_LINE;
}

static bool ask_fields(struct plain *plain)
{
	tell(plain, _("Enter alone leaves a line as it is; - empties it."));
	for (size_t i = 0; i < plain->app.form.count; i++)
		if (ask_field(plain, i) != HEARD_LINE)
			return false;
	return true;
}

/* The choice whose answer has this value; 0: none. */
static unsigned number_of_value(const struct plain *plain, const char *value)
{
	const struct tree_question *question = wizard_walk(plain->app.wizard)->question;

	if (app_screen(&plain->app) != &screen_question)
		return 0;
	for (size_t i = 0; i < question->answer_count; i++)
		if (!strcmp(question->answers[i].value, value))
			return (unsigned)i + 1;
	return 0;
}

static unsigned number_of(const struct plain *plain, const char *line)
{
	char *end;
	unsigned long number = strtoul(line, &end, 10);

	if (isdigit((unsigned char)line[0]) && !*end)
		return number > 1000 ? 0 : (unsigned)number;
	return number_of_value(plain, line);
}

/* What Enter alone does: nothing where a question is to be answered. */
static unsigned usual_number(struct plain *plain)
{
	return app_screen(&plain->app)->usual ? app_view(&plain->app)->selected : 0;
}

static char *question_text(struct plain *plain, const struct page *page)
{
	const struct page_item *usual = page_choice_at(page, usual_number(plain));

	if (usual)
		return mem_printf(_("1 to %u, or ? b m q [Enter: %s]:"), page->choices,
				  usual->text);
	/* As the foot of the screens, where a call can be listened to. */
	if (app_screen(&plain->app) == &screen_question)
		return mem_printf(_("1 to %u, or ? b m c q:"), page->choices);
	return mem_printf(_("1 to %u, or ? b m q:"), page->choices);
}

/* "/word": the lines of a long text that have it. */
static void tell_matches(struct plain *plain, const struct page *page)
{
	const char *word = plain->line + 1;
	bool any = false;

	for (size_t i = 0; *word && i < page->count; i++) {
		if (page->items[i].kind != PAGE_VERBATIM || !strcasestr(page->items[i].text, word))
			continue;
		tell(plain, page->items[i].text);
		any = true;
	}
	if (!any)
		tell(plain, _("No line has that."));
}

/* The call is over: what it was is told before anything else is asked. */
static void end_listening(struct plain *plain, unsigned number)
{
	do_kind(plain, INTENT_NUMBER, number);
	while (wizard_listens(plain->app.wizard))
		wait_for_news(plain, false);
	tell_ended(plain, "");
	app_look(&plain->app);
}

/* One line for a page that stands there; false if it meant nothing. */
static bool obey(struct plain *plain, const struct page *page)
{
	const unsigned number =
		plain->line[0] ? number_of(plain, plain->line) : usual_number(plain);
	const struct page_item *item = page_choice_at(page, number);

	if (plain->line[0] == '/' && app_screen(&plain->app)->reads) {
		tell_matches(plain, page);
		return false;
	}
	if (command_of(plain->line)) {
		do_kind(plain, command_of(plain->line), 0);
	} else if (item && item->kind == PAGE_FIELD) {
		ask_field(plain, (size_t)item->id);
	} else if (item && app_screen(&plain->app) == &screen_capture &&
		   wizard_listens(plain->app.wizard)) {
		end_listening(plain, number);
	} else if (item) {
		do_kind(plain, INTENT_NUMBER, number);
	} else {
		tell(plain, _("Please answer with one of the numbers; ? explains, b goes back, m "
			      "tells what was "
			      "measured, c listens to a call, q stops and keeps all."));
		return false;
	}
	return true;
}

/* Says a page and does what is answered. */
static void ask_page(struct plain *plain)
{
	const struct screen *screen = app_screen(&plain->app);
	struct page page;
	char *question;
	enum heard heard;

	page_init(&page, plain->app.charset);
	screen->build(&page, &plain->app);
	/* Nobody wants to hear all of it again for each choice. */
	page.read_before = screen->reads && plain->read == screen;
	plain->read = screen;
	page_print(plain->out, &page, plain->columns);
	if (!page.choices) {
		app_close(&plain->app);
		page_clear(&page);
		return;
	}
	question = question_text(plain, &page);
	do
		heard = hear(plain, question);
	while (heard == HEARD_LINE && !obey(plain, &page));
	free(question);
	page_clear(&page);
}

/* A form is asked for line by line the first time; a profile's needs it no more. */
static bool has_lines_to_ask(const struct plain *plain)
{
	const struct screen *screen = app_screen(&plain->app);

	if (screen == &screen_details)
		return true;
	return screen == &screen_provider && plain->filled != screen &&
	       !plain->app.form.values[0].text[0];
}

static void ask_form(struct plain *plain)
{
	const struct screen *screen = app_screen(&plain->app);
	struct page page;

	page_init(&page, plain->app.charset);
	screen->build(&page, &plain->app);
	tell(plain, page.items[0].text);
	page_clear(&page);
	plain->filled = screen;
	if (ask_fields(plain) && screen == &screen_details)
		app_close(&plain->app);
	if (screen == &screen_provider && plain->app.form.values[0].text[0])
		app_view(&plain->app)->selected = (unsigned)plain->app.form.count + 1;
}

static const char *trouble_of(const struct plain *plain)
{
	const struct wizard_host *host = wizard_host(plain->app.wizard);

	return host->trouble ? host->trouble(host->context) : NULL;
}

static void tell_trouble(struct plain *plain)
{
	const char *trouble = trouble_of(plain);

	if (trouble)
		tell(plain, trouble);
}

static void take_turn(struct plain *plain)
{
	fputc('\n', plain->out);
	if (!plain->person)
		await_checks(plain);
	tell_trouble(plain);
	if (has_lines_to_ask(plain))
		ask_form(plain);
	else
		ask_page(plain);
}

int plain_run(struct wizard *wizard, const struct plain_options *options)
{
	const bool utf8 = !options->ui.ascii && !strcmp(nl_langinfo(CODESET), "UTF-8");
	struct plain plain = { .out = options->out,
			       .columns = options->columns ? options->columns : COLUMNS,
			       .in = fileno(options->in),
			       .person = isatty(fileno(options->in)) };
	enum app_end end;

	/* No drawing characters, for they are read aloud; letters as they are. */
	app_init(&plain.app, wizard, &options->ui, utf8 ? CHARSET_LETTERS : CHARSET_ASCII);
	if (options->ui.practice)
		tell(&plain, options->ui.practice);
	while (plain.app.end == APP_GOES_ON && !(plain.ended && !plain.waiting_length))
		take_turn(&plain);
	end = plain.app.end;
	if (plain.ended)
		fputc('\n', plain.out); /* behind a prompt that nobody answered */
	if (end == APP_GOES_ON || end == APP_LEFT)
		tell(&plain, trouble_of(&plain)
				     ? _("Stopped. This session could not be kept.")
				     : _("Stopped. All is kept; earshot goes on there next time."));
	fflush(plain.out);
	app_clear(&plain.app);
	return end == APP_ANEW ? UI_ANEW : UI_FINISHED;
}
