/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <getopt.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/intl.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/profile.h"
#include "paths.h"
#include "report/mask.h"

enum { OPTION_FIRST_LONG = 256, BUDGET_MAX = 86400, LIFETIME_MAX = 3600, DURATION_MAX = 3600 };

/* One option: its name, what it takes, what it is for, and where its value goes. A long option
 * without a letter has its place in the table as its number. */
struct option_row {
	const char *name;
	char letter;     /* 0: none */
	const char *arg; /* NULL: takes none */
	const char *about;
	/* Where it goes: a flag or text of struct options, a key of the profile, or a setter of its
	 * own. */
	size_t flag, text;
	const char *section, *key;
	enum err (*set)(struct options *options, const char *value);
	const char *expected;
};

static enum err set_budget(struct options *options, const char *value)
{
	unsigned long seconds;
	enum err err = slice_number(&seconds, slice_of_text(value), BUDGET_MAX);

	if (err || !seconds)
		return ERR_RANGE;
	options->site.budget_seconds = (unsigned)seconds;
	return ERR_NONE;
}

static enum err set_lifetime(struct options *options, const char *value)
{
	unsigned long seconds;
	enum err err = slice_number(&seconds, slice_of_text(value), LIFETIME_MAX);

	if (err || !seconds)
		return ERR_RANGE;
	options->site.lifetime_seconds = (unsigned)seconds;
	return ERR_NONE;
}

static enum err set_duration(struct options *options, const char *value)
{
	unsigned long seconds;
	enum err err = slice_number(&seconds, slice_of_text(value), DURATION_MAX);

	if (err || !seconds)
		return ERR_RANGE;
	options->site.capture.seconds = (unsigned)seconds;
	return ERR_NONE;
}

static enum err set_interface(struct options *options, const char *value)
{
	if (!*value || strlen(value) > 15) /* IFNAMSIZ - 1 */
		return ERR_RANGE;
	mem_replace(&options->site.interface, value);
	return ERR_NONE;
}

static enum err set_vantage(struct options *options, const char *value)
{
	return vantage_parse(&options->analysis.at, value);
}

static enum err set_phone(struct options *options, const char *value)
{
	struct addr addr;
	enum err err = addr_parse(&addr, value, 0);

	if (!err)
		options->analysis.phone = endpoint_from_addr(&addr);
	return err;
}

static enum err set_v4(struct options *options, const char *value)
{
	(void)value;
	options->site.family = AF_INET;
	return ERR_NONE;
}

static enum err set_v6(struct options *options, const char *value)
{
	(void)value;
	options->site.family = AF_INET6;
	return ERR_NONE;
}

static enum err set_format(struct options *options, const char *value)
{
	if (strcmp(value, "text") != 0 && strcmp(value, "html") != 0 && strcmp(value, "json") != 0)
		return ERR_RANGE;
	options->format = value;
	return ERR_NONE;
}

static enum err set_masks(struct options *options, const char *value)
{
	return mask_parse(&options->masks, value);
}

/* Several --stun add up to one list. */
static enum err add_stun(struct options *options, const char *value)
{
	const char *expected;
	char *old = site_get(&options->site, "nat", "stun");
	char *list = old ? mem_printf("%s, %s", old, value) : mem_text(value);
	enum err err = site_set(&options->site, "nat", "stun", list, &expected);

	free(list);
	free(old);
	return err;
}

#define FLAG(member) .flag = offsetof(struct options, member)
#define TEXT(member) .text = offsetof(struct options, member)
#define KEY(in, is)  .section = (in), .key = (is)

static const struct option_row rows[] = {
	{ "profile", 'p', "FILE", N_("the provider's profile, see earshot.conf(5)"),
	  TEXT(profile) },
	{ "json", 0, NULL, N_("print the result as JSON"), FLAG(json) },
	{ "plain", 0, NULL, N_("ask line by line instead of drawing screens"), FLAG(plain) },
	{ "ascii", 0, NULL, N_("use plain ASCII characters only"), FLAG(ascii) },
	{ "answers", 0, "FILE", N_("diagnose: people's answers, one 'question = value' a line"),
	  TEXT(answers) },
	{ "no-checks", 0, NULL, N_("diagnose: by the answers alone, nothing is measured"),
	  FLAG(no_checks) },
	{ "format", 0, "FORMAT", N_("of a report or of calls: text, html or json"),
	  .set = set_format, .expected = N_("expected text, html or json") },
	{ "mask", 0, "WHAT", N_("hide numbers, addresses or numbers,addresses in the result"),
	  .set = set_masks, .expected = N_("expected numbers, addresses or numbers,addresses") },
	{ "output", 'o', "FILE", N_("write the result to FILE instead of the terminal"),
	  TEXT(output) },
	{ "list", 0, NULL, N_("practice: name the sites that there are"), FLAG(list) },
	{ "interface", 'i', "IF", N_("measure through this network interface"),
	  .set = set_interface, .expected = N_("expected the name of an interface") },
	{ "ipv4", '4', NULL, N_("IPv4 only"), .set = set_v4 },
	{ "ipv6", '6', NULL, N_("IPv6 only"), .set = set_v6 },
	{ "timeout", 0, "SECONDS", N_("the whole run ends within this time"), .set = set_budget,
	  .expected = N_("expected a whole number of seconds from 1 to 86400") },
	{ "lifetime", 0, "SECONDS",
	  N_("watch for so long whether the router forgets an idle UDP mapping"),
	  .set = set_lifetime,
	  .expected = N_("expected a whole number of seconds from 1 to 3600") },
	{ "duration", 'd', "SECONDS", N_("capture: listen for so long; else until Ctrl-C"),
	  .set = set_duration,
	  .expected = N_("expected a whole number of seconds from 1 to 3600") },
	{ "write", 'w', "FILE", N_("capture: keep the packets in FILE (pcap)"), TEXT(write) },
	{ "snap-audio", 0, NULL, N_("capture: leave the voice out of what is kept"),
	  FLAG(snap_audio) },
	{ "at", 0, "PLACE", N_("analyze, capture: where it was: phone, inside, outside or server"),
	  .set = set_vantage,
	  .expected = N_("expected phone, inside, outside, server or unknown") },
	{ "phone", 0, "ADDR", N_("analyze, capture: the address of the phone"), .set = set_phone,
	  .expected = N_("expected an IPv4 or IPv6 address") },
	{ "domain", 0, "NAME", N_("SIP domain, or host[:port]"), KEY("provider", "domain") },
	{ "transport", 0, "WORD", N_("auto, udp, tcp or tls"), KEY("provider", "transport") },
	{ "stun", 0, "HOST[:PORT]", N_("STUN server; may be given several times"), .set = add_stun,
	  .expected = N_("expected host[:port], up to 8 servers") },
	{ "turn", 0, "URI", N_("TURN server, turn:host[:port][?transport=udp|tcp]"),
	  KEY("nat", "turn") },
	{ "responder", 0, "HOST[:PORT]", N_("a responder of earshot"), KEY("responder", "host") },
	{ "rtp-ports", 0, "A-B", N_("the provider's range of RTP ports"),
	  KEY("media", "rtp-ports") },
	{ "public-dns", 0, "ADDR[:PORT]", N_("a DNS server outside the site, to compare with"),
	  KEY("dns", "public-dns") },
	{ "quiet", 'q', NULL, N_("no progress, no summary"), FLAG(quiet) },
	{ "verbose", 'v', NULL, N_("say more on the way"), FLAG(verbose) },
	{ "help", 0, NULL, N_("this text"), FLAG(help) },
	{ "version", 0, NULL, N_("the version"), FLAG(version) },
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };
_Static_assert(ROW_COUNT <= 8 * sizeof(unsigned long), "struct options.given has a bit for each");

static int row_code(size_t i)
{
	return rows[i].letter ? rows[i].letter : OPTION_FIRST_LONG + (int)i;
}

/* What getopt_long() wants of the table. */
static void fill_getopt(struct option longs[static ROW_COUNT + 1],
			char shorts[static 2 * ROW_COUNT + 2])
{
	*shorts++ = ':'; /* a missing argument is told as ':' */
	for (size_t i = 0; i < ROW_COUNT; i++) {
		longs[i] = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    row_code(i) };
		if (!rows[i].letter)
			continue;
		*shorts++ = rows[i].letter;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	*shorts = 0;
	longs[ROW_COUNT] = (struct option){ 0 };
}

static enum err take_option(struct options *out, const struct option_row *row, const char *value,
			    struct complaint *complaint)
{
	const char *expected = row->expected;
	enum err err = ERR_NONE;

	out->given |= 1ul << (row - rows);
	if (row->set)
		err = row->set(out, value);
	else if (row->section)
		err = site_set(&out->site, row->section, row->key, value, &expected);
	else if (row->flag)
		*(bool *)((char *)out + row->flag) = true;
	else
		*(const char **)((char *)out + row->text) = value;
	return err ? complain(complaint, "earshot", 0, _("bad value '%s' for --%s; %s"), value,
			      row->name, _(expected))
		   : ERR_NONE;
}

static enum err parse_options(struct options *out, int argc, char **argv,
			      struct complaint *complaint)
{
	struct option longs[ROW_COUNT + 1];
	char shorts[2 * ROW_COUNT + 2];
	enum err err = ERR_NONE;
	int code;

	fill_getopt(longs, shorts);
	opterr = 0;
	while (!err && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		size_t i = 0;

		while (i < ROW_COUNT && row_code(i) != code)
			i++;
		if (code == ':')
			err = complain(complaint, "earshot", 0,
				       _("'%s' wants a value; see earshot --help"),
				       argv[optind - 1]);
		else if (i == ROW_COUNT)
			err = complain(complaint, "earshot", 0,
				       _("unknown option '%s'; see earshot --help"),
				       argv[optind - 1]);
		else
			err = take_option(out, &rows[i], optarg ? optarg : "", complaint);
	}
	return err;
}

static const struct command *find_command(const struct command *commands, const char *name)
{
	for (const struct command *command = commands; command->run; command++)
		if (!strcmp(command->name, name))
			return command;
	return NULL;
}

static enum err take_command(struct options *out, const struct command *commands,
			     struct complaint *complaint)
{
	const char *name = out->arg_count ? out->args[0] : "";

	out->command = find_command(commands, name);
	if (!out->command)
		return complain(complaint, "earshot", 0,
				_("unknown command '%s'; see earshot --help"), name);
	if (out->arg_count) {
		out->args++;
		out->arg_count--;
	}
	if (out->arg_count < out->command->args_min || out->arg_count > out->command->args_max)
		return complain(complaint, "earshot", 0,
				_("wrong number of arguments; expected earshot %s %s"),
				out->command->name, out->command->args);
	return ERR_NONE;
}

enum err options_parse(struct options *out, int argc, char **argv, const struct command *commands,
		       struct complaint *complaint)
{
	enum err err;

	*out = (struct options){ 0 };
	site_init(&out->site);
	err = parse_options(out, argc, argv, complaint);
	if (err)
		return err;
	out->args = argv + optind;
	out->arg_count = (size_t)(argc - optind);
	return out->help || out->version ? ERR_NONE : take_command(out, commands, complaint);
}

void options_clear(struct options *options)
{
	site_clear(&options->site);
}

/* What an option gave wins over the profile. */
static enum err put_options_over(struct site *site, const struct options *options)
{
	enum err err = ERR_NONE;
	const char *expected;

	for (size_t i = 0; !err && i < ROW_COUNT; i++) {
		const char *section = rows[i].set == add_stun ? "nat" : rows[i].section;
		const char *key = rows[i].set == add_stun ? "stun" : rows[i].key;
		char *value;

		if (!section || !(options->given >> i & 1))
			continue;
		value = site_get(&options->site, section, key);
		/* "auto" is how a transport reads that is not set. */
		err = site_set(site, section, key,
			       value                      ? value
			       : strcmp(key, "transport") ? ""
							  : "auto",
			       &expected);
		free(value);
	}
	site->family = options->site.family;
	site->budget_seconds = options->site.budget_seconds;
	site->lifetime_seconds = options->site.lifetime_seconds;
	site->capture.seconds = options->site.capture.seconds;
	mem_replace(&site->interface, options->site.interface);
	return err;
}

/* Not where the option is read: a practice site has interfaces of its own. */
static enum err check_interface(const struct site *site, struct complaint *complaint)
{
	if (!site->interface || if_nametoindex(site->interface))
		return ERR_NONE;
	return complain(
		complaint, "earshot", 0,
		_("bad value '%s' for --interface; expected an interface that this computer has"),
		site->interface);
}

enum err options_site(struct site *site, const struct options *options, struct complaint *complaint)
{
	char *path = options->profile ? paths_profile(options->profile) : paths_default_profile();
	enum err err;

	site_init(site);
	err = path ? profile_load(site, path, complaint) : ERR_NONE;
	if (!err)
		err = put_options_over(site, options);
	if (!err)
		err = check_interface(site, complaint);
	if (err)
		site_clear(site);
	free(path);
	return err;
}

enum { HELP_COLUMNS = 80 };

/* What is said of it goes on below itself where it is too long for a terminal. */
static void help_line(FILE *out, const char *left, int cells, const char *about)
{
	struct text_lines lines = text_wrap(about, (size_t)(HELP_COLUMNS - cells - 3));

	for (size_t i = 0; i < lines.count; i++)
		fprintf(out, "  %-*s %s\n", cells, i ? "" : left, lines.line[i]);
	text_free_lines(&lines);
}

static void help_row(FILE *out, const struct option_row *row)
{
	char left[64];

	if (row->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", row->letter, row->name,
			 row->arg ? " " : "", row->arg ? row->arg : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", row->name, row->arg ? " " : "",
			 row->arg ? row->arg : "");
	help_line(out, left, 28, _(row->about));
}

void options_help(FILE *out, const struct command *commands)
{
	fprintf(out, "%s\n\n", _("earshot: finds out why they can't hear you."));
	for (const struct command *command = commands; command->run; command++) {
		char left[64];

		snprintf(left, sizeof left, "earshot %s%s%s", command->name,
			 *command->name ? " " : "", command->args);
		help_line(out, left, 30, _(command->about));
	}
	fprintf(out, "\n%s\n", _("Options:"));
	for (size_t i = 0; i < ROW_COUNT; i++)
		help_row(out, &rows[i]);
	fprintf(out, "\n%s\n",
		_("Exit status: 0 no fault found, 1 a fault found, 2 wrong usage or input,\n"
		  "3 nothing could be checked, 130 interrupted. See earshot(1)."));
}
