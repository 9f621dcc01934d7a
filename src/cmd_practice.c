/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/intl.h"
#include "base/mem.h"
#include "paths.h"
#include "say.h"

static const char default_site[] = "sip-alg";

/* Becomes the site's script; only comes back when that failed. */
static int become(const char *const *argv)
{
	/* What is ignored here would be so there, and a shell tells of each broken pipe. */
	signal(SIGPIPE, SIG_DFL);
	execv(argv[0], (char *const *)argv);
	say(_("%s cannot be run: %s"), argv[0], strerror(errno));
	return EXIT_WRONG;
}

/* The profile's path is known inside the site alone, so a shell there puts it into the command.
 * Sessions of practice stay inside too: nobody wants to go on with one at a customer's. */
static const char inside[] = "XDG_STATE_HOME=\"$EARSHOT_PRACTICE_DIR/state\" exec \"$0\" --profile "
			     "\"$EARSHOT_PROFILE\" \"$@\"";

int cmd_practice(struct options *options)
{
	const bool people = options->plain || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
	const char *site = options->arg_count ? options->args[0] : default_site;
	char *script = paths_data("practice/site"), *self = file_self();
	const char *argv[24] = { script };
	size_t count = 1;

	if (!self) {
		say(_("/proc is needed to start the practice site"));
		free(script);
		return EXIT_WRONG;
	}
	if (options->list)
		argv[count++] = "--list";
	else {
		const char *const front[] = { site, "--", "sh", "-c", inside, self };

		memcpy(argv + count, front, sizeof front);
		count += sizeof front / sizeof *front;
		if (options->plain)
			argv[count++] = "--plain";
		if (options->ascii)
			argv[count++] = "--ascii";
		if (options->json)
			argv[count++] = "--json";
		if (options->quiet)
			argv[count++] = "--quiet";
		if (options->answers) {
			argv[count++] = "--answers";
			argv[count++] = options->answers;
		}
		if (!people)
			argv[count++] = "diagnose";
	}
	return become(argv);
}
