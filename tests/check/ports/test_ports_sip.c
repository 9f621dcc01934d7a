/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signalling part against a SIP server on loopback that has UDP alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "check/ports_sip.h"
#include "check/target.h"
#include "mock/sip_server.h"

static const struct {
	const char *name;
	enum sip_manner manner;
	enum ports_state udp;
} cases[] = {
	{ "honest server", SIP_SERVES, PORTS_OPEN },
	{ "silent server", SIP_IS_SILENT, PORTS_SILENT },
	{ "rubbish", SIP_RUBBISH, PORTS_SILENT },
};

static int run_case(size_t i)
{
	struct sip_server *server = sip_server_new("127.0.0.1", cases[i].manner);
	struct addr addr = sip_server_addr(server);
	struct sip_target target = { .transport = SIP_UDP, .addr = addr };
	const struct sip_targets found = { .target = &target, .count = 1 };
	const int64_t begun = clock_ms();
	const char *expected;
	struct ports_sip sip;
	char text[ADDR_TEXT];
	struct site site;
	int failed;

	site_init(&site);
	failed = !!site_set(&site, "provider", "domain", addr_text(text, &addr), &expected);
	ports_sip_run(&sip, &site, &found);
	if (sip.way[SIP_UDP].state != cases[i].udp)
		failed = 1;
	if (sip.way[SIP_TCP].state != PORTS_REFUSED || sip.certificate.shown || sip.large_lost)
		failed = 1;
	if (cases[i].udp == PORTS_OPEN && strcmp(sip.answer.server, "mock") != 0)
		failed = 1;
	if (clock_ms() - begun > 9000)
		failed = 1;
	if (failed)
		fprintf(stderr, "not ok: %s\n", cases[i].name);
	site_clear(&site);
	sip_server_free(server);
	return failed;
}

int main(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		failed |= run_case(i);
	return failed;
}
