/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signalling part over TCP and TLS, against servers on loopback: what is said of honest ones
 * and of those that talk without end, slowly, or not at all, within the time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "check/ports_sip.h"
#include "mock/sip_server.h"
#include "mock/sip_stream.h"

static const char host[] = "sip.example.com";

static const struct {
	const char *name;
	struct sip_stream_plan tcp, tls;
	enum ports_state tcp_state, tls_state;
	bool shown, fits, expired, intercepted;
} cases[] = {
	{ .name = "honest servers",
	  .tcp = { .manner = STREAM_SERVES },
	  .tls = { .manner = STREAM_SERVES, .tls = true, .name = "sip.example.com" },
	  .tcp_state = PORTS_OPEN,
	  .tls_state = PORTS_OPEN,
	  .shown = true,
	  .fits = true },
	{ .name = "another name, silent over TCP",
	  .tcp = { .manner = STREAM_IS_SILENT },
	  .tls = { .manner = STREAM_SERVES, .tls = true, .name = "other.example.com" },
	  .tcp_state = PORTS_SILENT,
	  .tls_state = PORTS_OPEN,
	  .shown = true },
	{ .name = "expired, endless over TCP",
	  .tcp = { .manner = STREAM_ENDLESS },
	  .tls = { .manner = STREAM_SERVES,
		   .tls = true,
		   .name = "sip.example.com",
		   .expired = true },
	  .tcp_state = PORTS_SILENT,
	  .tls_state = PORTS_OPEN,
	  .shown = true,
	  .fits = true,
	  .expired = true },
	{ .name = "forged, slow over TCP",
	  .tcp = { .manner = STREAM_SLOW },
	  .tls = { .manner = STREAM_SERVES,
		   .tls = true,
		   .name = "box.example.com",
		   .forges = true },
	  .tcp_state = PORTS_SILENT,
	  .tls_state = PORTS_OPEN,
	  .shown = true,
	  .fits = true,
	  .intercepted = true },
	{ .name = "no TLS there, hanging up over TCP",
	  .tcp = { .manner = STREAM_CLOSES },
	  .tls = { .manner = STREAM_SPEAKS_PLAIN, .tls = true, .name = "sip.example.com" },
	  .tcp_state = PORTS_SILENT,
	  .tls_state = PORTS_SILENT },
	{ .name = "endless over TLS, another call's answer over TCP",
	  .tcp = { .manner = STREAM_WRONG_CALL },
	  .tls = { .manner = STREAM_ENDLESS, .tls = true, .name = "sip.example.com" },
	  .tcp_state = PORTS_SILENT,
	  .tls_state = PORTS_SILENT,
	  .shown = true,
	  .fits = true },
};

/* Two talks that say nothing, each to its end, and the rest. */
enum { LONGEST_MS = 20000 };

static int must(const char *name, const char *what, bool right)
{
	if (!right)
		fprintf(stderr, "not ok: %s: %s\n", name, what);
	return !right;
}

static int judge(size_t i, const struct ports_sip *sip)
{
	const char *name = cases[i].name;
	int failed = 0;

	failed |= must(name, "UDP", sip->way[SIP_UDP].state == PORTS_OPEN);
	failed |= must(name, "TCP", sip->way[SIP_TCP].state == cases[i].tcp_state);
	failed |= must(name, "TLS", sip->way[SIP_TLS].state == cases[i].tls_state);
	failed |=
		must(name, "connected", sip->way[SIP_TCP].connected && sip->way[SIP_TLS].connected);
	failed |= must(name, "the certificate", sip->certificate.shown == cases[i].shown);
	failed |= must(name, "trusted", !sip->certificate.trusted);
	failed |= must(name, "its name", sip->certificate.name_fits == cases[i].fits);
	failed |= must(name, "its dates", sip->certificate.expired == cases[i].expired);
	return failed | must(name, "intercepted", sip->intercepted == cases[i].intercepted);
}

static int run_case(size_t i)
{
	struct sip_server *udp = sip_server_new("127.0.0.1", SIP_SERVES);
	struct sip_stream *tcp = sip_stream_start(&cases[i].tcp);
	struct sip_stream *tls = sip_stream_start(&cases[i].tls);
	struct sip_target target[] = {
		{ .transport = SIP_UDP, .addr = sip_server_addr(udp) },
		{ .transport = SIP_TCP, .addr = sip_stream_addr(tcp) },
		{ .transport = SIP_TLS, .addr = sip_stream_addr(tls) },
	};
	const struct sip_targets found = { .target = target, .count = 3 };
	const int64_t begun = clock_ms();
	const char *expected;
	struct ports_sip sip;
	struct site site;
	int failed;

	site_init(&site);
	failed = !!site_set(&site, "provider", "domain", host, &expected);
	ports_sip_run(&sip, &site, &found);
	failed |= judge(i, &sip);
	failed |= must(cases[i].name, "in time", clock_ms() - begun < LONGEST_MS);
	site_clear(&site);
	/* One more over TLS asks for a name that there is not. */
	failed |= must(cases[i].name, "connections over TLS",
		       sip_stream_stop(tls) == (cases[i].shown ? 2 : 1));
	failed |= must(cases[i].name, "connections over TCP", sip_stream_stop(tcp) == 1);
	sip_server_free(udp);
	return failed;
}

int main(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		failed |= run_case(i);
	return failed;
}
