/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the provider's ports can be reached from here, and where on the way the others stop. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/intl.h"
#include "check/check.h"
#include "check/ports_back.h"
#include "check/ports_sip.h"
#include "check/target.h"
#include "net/resolver.h"

enum {
	NAMES_MS = 5500,  /* three look-ups in a row, by a slow resolver */
	MEDIA_MS = 60000, /* with the others' turns */
};

static const char *why_not(const struct site *site)
{
	return target_server(site)->host ? NULL
					 : N_("no SIP domain or server is named in the profile");
}

static void measure(const struct sip_targets *targets, const struct site *site, struct sink *sink)
{
	struct deadline until;
	struct ports_media media;
	struct ports_back back;
	struct ports_sip sip;
	char *words, *sip_words, *back_words;

	sink_progress(sink, 0.1, N_("asking the SIP servers"));
	ports_sip_run(&sip, site, targets);
	ports_sip_report(&sip, site, sink);
	sip_words = ports_sip_words(&sip);
	until = deadline_in(MEDIA_MS);
	sink_progress(sink, 0.4, N_("trying the ports for the voice"));
	ports_media_run(&media, site, target_address(targets), sink, &until);
	ports_back_run(&back, site, &media, sink, &until);
	ports_back_report(&back, &media, sink);
	words = ports_media_words(&media);
	back_words = ports_back_words(&back);
	if (back_words)
		sink_summary(sink, _("%s; %s; %s"), sip_words, words, back_words);
	else
		sink_summary(sink, _("%s; %s"), sip_words, words);
	free(back_words);
	free(words);
	free(sip_words);
}

static enum check_state fail(struct sink *sink, const struct site *site, enum err err)
{
	const char *host = target_server(site)->host;

	if (err == ERR_NOT_FOUND)
		sink_why(sink, _("the name %s gives no address of a SIP server"), host);
	else
		sink_why(sink, _("the name %s could not be looked up: %s"), host, err_text(err));
	return CHECK_FAILED;
}

static enum check_state run(const struct site *site, struct sink *sink)
{
	const struct deadline names = deadline_in(NAMES_MS);
	const struct sip_query query = target_query(site);
	struct sip_targets targets = { 0 };
	enum err err;

	sink_progress(sink, 0.05, N_("looking up the provider's SIP servers"));
	err = resolver_sip(&targets, &query, &names);
	if (!err)
		measure(&targets, site, sink);
	sip_targets_clear(&targets);
	sink_progress(sink, 1, NULL);
	return err ? fail(sink, site, err) : CHECK_DONE;
}

static const char *const facts[] = {
	"sip.udp",           "sip.tcp",         "sip.tls",    "sip.server", "tls.version",
	"tls.subject",       "tls.expires",     "tls.verify", "rtp.out",    "rtp.in",
	"rtp.blocked-ports", "rtp.blocked-hop", NULL,
};

const struct check check_ports = {
	.name = "ports",
	.title = N_("Ports"),
	.about = N_("Tries the provider's ports for SIP and for the voice, and finds the router at "
		    "which they stop."),
	.seconds = 130,
	.facts = facts,
	.why_not = why_not,
	.run = run,
};
