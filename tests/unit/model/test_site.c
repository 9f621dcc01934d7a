/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profiles: what is read, what is refused and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/profile.h"
#include "model/site.h"

static char path[] = "/tmp/earshot-site-XXXXXX";

static int make_path(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static enum err load(struct site *site, struct complaint *complaint, const char *text,
		     size_t length)
{
	complaint->text[0] = 0;
	site_init(site);
	assert_int_equal(file_write(path, text, length), ERR_NONE);
	return profile_load(site, path, complaint);
}

static const char full[] = "; a comment\n"
			   "[provider]\n"
			   "name = Example Telecom\n"
			   "domain = example.com          ; SIP domain\n"
			   "transport = tls\n"
			   "proxy = sbc.example.com:5070\n"
			   "support = support@example.com\n"
			   "[account]\n"
			   "user = 2001\n"
			   "auth-user = 2001a\n"
			   "password-file = ~/.config/earshot/2001.secret\n"
			   "echo-number = *43\n"
			   "[nat]\n"
			   "stun = stun.example.com:3479, [2001:db8::1], 192.0.2.1\n"
			   "turn = turn:turn.example.com:3478?transport=udp\n"
			   "turn-user = alice\n"
			   "turn-password-file = /run/secret\n"
			   "keep-alive = 25\n"
			   "[media]\n"
			   "host = media.example.com\n"
			   "rtp-ports = 10000-20000\n"
			   "codecs = PCMU, PCMA, G722, opus\n"
			   "[dns]\n"
			   "public-dns = 192.0.2.53:5353\n"
			   "[responder]\n"
			   "host = probe.example.com:3478\n"
			   "[clock]\n"
			   "ntp = time.example.com\n";

static void reads_every_key(void **state)
{
	struct site site;
	struct complaint complaint;

	(void)state;
	assert_int_equal(load(&site, &complaint, full, strlen(full)), ERR_NONE);
	assert_string_equal(site.name, "Example Telecom");
	assert_string_equal(site.domain.host, "example.com");
	assert_int_equal(site.domain.port, 0);
	assert_int_equal(site.transport, TRANSPORT_TLS);
	assert_string_equal(site.proxy.host, "sbc.example.com");
	assert_int_equal(site.proxy.port, 5070);
	assert_string_equal(site.support, "support@example.com");
	assert_string_equal(site.auth_user, "2001a");
	assert_string_equal(site.echo_number, "*43");
	assert_int_equal(site.stun_count, 3);
	assert_int_equal(site.stun[0].port, 3479);
	assert_string_equal(site.stun[1].host, "2001:db8::1");
	assert_int_equal(site.stun[1].port, 3478);
	assert_string_equal(site.stun[2].host, "192.0.2.1");
	assert_int_equal(site.rtp_first, 10000);
	assert_int_equal(site.rtp_last, 20000);
	assert_string_equal(site.public_dns, "192.0.2.53:5353");
	assert_string_equal(site.responder.host, "probe.example.com");
	assert_int_equal(site.keep_alive_seconds, 25);
	assert_string_equal(site.media.host, "media.example.com");
	assert_string_equal(site.ntp.host, "time.example.com");
	assert_int_equal(site.ntp.port, 123);
	site_clear(&site);
}

static void writes_what_it_reads(void **state)
{
	struct site site, again;
	struct complaint complaint;
	char *first, *second;

	(void)state;
	assert_int_equal(load(&site, &complaint, full, strlen(full)), ERR_NONE);
	first = profile_text(&site);
	assert_int_equal(load(&again, &complaint, first, strlen(first)), ERR_NONE);
	second = profile_text(&again);
	assert_string_equal(first, second);
	assert_non_null(strstr(
		first, "stun = stun.example.com:3479, [2001:db8::1]:3478, 192.0.2.1:3478\n"));
	free(first);
	free(second);
	site_clear(&again);
	site_clear(&site);
}

static void refuses_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "[provider]\ndoman = x\n",
		  ":2: unknown key 'doman' in [provider]; expected one of: name, domain" },
		{ "[provider]\n\n[stun]\nhost = x\n",
		  ":3: unknown section [stun]; expected one of: provider" },
		{ "[nowhere]\n", ":1: unknown section [nowhere]" },
		{ "domain = x\n", ":1: a key before any section" },
		{ "[provider]\ndomain = exa mple\n", ":2: bad value 'exa mple' for 'domain'" },
		{ "[provider]\ndomain = 300.1.1.1\n", ":2: bad value" },
		{ "[provider]\ndomain = x:99999\n", ":2: bad value" },
		{ "[provider]\ntransport = sctp\n", "expected auto, udp, tcp or tls" },
		{ "[media]\nrtp-ports = 20000-10000\n", ":2: bad value '20000-10000'" },
		{ "[media]\nrtp-ports = 0-70000\n", ":2: bad value" },
		{ "[nat]\nstun = a,,b\n", ":2: bad value 'a,,b'" },
		{ "[nat]\nstun = a,b,c,d,e,f,g,h,i\n", ":2: bad value" },
		{ "[nat]\nturn = turn.example.com\n", "expected turn:host" },
		{ "[nat]\nturn = turn:user:secret@host\n", ":2: bad value" },
		{ "[nat]\nkeep-alive = 0\n", "expected a whole number of seconds" },
		{ "[nat]\nkeep-alive = soon\n", ":2: bad value 'soon' for 'keep-alive'" },
		{ "[clock]\nntp = a b\n", ":2: bad value 'a b' for 'ntp'" },
		{ "[dns]\npublic-dns = dns.example.com\n", "expected an address" },
		{ "[account]\npassword = hunter2\n", ":2: a secret never stands in a profile" },
		{ "[provider]\nname = a\nname = b\n", ":3: 'name' in [provider] is given twice" },
		{ "[provider]\nthis is no line\n", ":2: not a line of a profile" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct site site;
		struct complaint complaint;

		assert_int_equal(load(&site, &complaint, cases[i].text, strlen(cases[i].text)),
				 ERR_SYNTAX);
		assert_memory_equal(complaint.text, path, strlen(path));
		if (!strstr(complaint.text, cases[i].says))
			fail_msg("%s: says '%s'", cases[i].text, complaint.text);
		assert_null(site.name);
		assert_null(site.domain.host);
		site_clear(&site);
	}
}

static void never_repeats_a_secret(void **state)
{
	struct site site;
	struct complaint complaint;
	const char text[] = "[account]\npassword = hunter2\n";

	(void)state;
	assert_int_equal(load(&site, &complaint, text, strlen(text)), ERR_SYNTAX);
	assert_null(strstr(complaint.text, "hunter2"));
	site_clear(&site);
}

static void refuses_rubbish(void **state)
{
	struct site site;
	struct complaint complaint;
	char text[4096];

	(void)state;
	memset(text, 'x', sizeof text);
	assert_int_equal(load(&site, &complaint, text, sizeof text), ERR_SYNTAX);
	assert_non_null(strstr(complaint.text, ":1: the line is too long"));
	site_clear(&site);
	memcpy(text, "[provider]\nname = a\0b\n", 22);
	assert_int_equal(load(&site, &complaint, text, 22), ERR_SYNTAX);
	assert_non_null(strstr(complaint.text, ":2: "));
	site_clear(&site);
	site_init(&site);
	complaint.text[0] = 0;
	assert_int_equal(profile_load(&site, "/nonexistent/my.conf", &complaint), ERR_NOT_FOUND);
	assert_non_null(strstr(complaint.text, "/nonexistent/my.conf: cannot be read"));
	site_clear(&site);
}

static void keeps_what_the_profile_does_not_name(void **state)
{
	struct site site;
	struct complaint complaint = { "" };
	const char *expected;
	const char text[] = "[provider]\ndomain = example.com\nproxy =\n";

	(void)state;
	site_init(&site);
	assert_int_equal(site_set(&site, "provider", "name", "Kept", &expected), ERR_NONE);
	assert_int_equal(file_write(path, text, strlen(text)), ERR_NONE);
	assert_int_equal(profile_load(&site, path, &complaint), ERR_NONE);
	assert_string_equal(site.name, "Kept");
	assert_string_equal(site.domain.host, "example.com");
	assert_null(site.proxy.host);
	assert_int_equal(site_set(&site, "nat", "nothing", "x", &expected), ERR_NOT_FOUND);
	site_clear(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(refuses_with_file_and_line),
		cmocka_unit_test(never_repeats_a_secret),
		cmocka_unit_test(refuses_rubbish),
		cmocka_unit_test(keeps_what_the_profile_does_not_name),
	};

	return cmocka_run_group_tests_name("site", tests, make_path, remove_path);
}
