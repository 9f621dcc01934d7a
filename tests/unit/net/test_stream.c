/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against servers on loopback, in threads; the certificates are made here. */
#include "net/stream.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum manner { ECHOES, STAYS_SILENT, SPEAKS_PLAIN, CLOSES };

struct far_side {
	struct addr addr;
	int listening;
	enum manner manner;
	SSL_CTX *context; /* NULL: plain */
	pthread_t thread;
};

static void talk(const struct far_side *side, int fd, SSL *ssl)
{
	char data[256];
	int got;

	if (side->manner == ECHOES && ssl) {
		if (SSL_accept(ssl) == 1 && (got = SSL_read(ssl, data, sizeof data)) > 0)
			SSL_write(ssl, data, got);
	} else if (side->manner == ECHOES) {
		got = (int)recv(fd, data, sizeof data, 0);
		send(fd, data, got > 0 ? (size_t)got : 0, MSG_NOSIGNAL);
	} else if (side->manner == SPEAKS_PLAIN) {
		send(fd, "SSH-2.0-mock\r\n", 14, MSG_NOSIGNAL);
		recv(fd, data, sizeof data, 0);
		recv(fd, data, sizeof data, 0);
	} else if (side->manner == STAYS_SILENT) {
		while (recv(fd, data, sizeof data, 0) > 0)
			continue;
	}
}

static void *serve(void *context)
{
	struct far_side *side = context;
	const int fd = accept(side->listening, NULL, NULL);
	SSL *ssl = side->context ? SSL_new(side->context) : NULL;

	if (ssl)
		SSL_set_fd(ssl, fd);
	talk(side, fd, ssl);
	SSL_free(ssl);
	close(fd);
	return NULL;
}

static void start(struct far_side *side, enum manner manner, SSL_CTX *context)
{
	socklen_t length = sizeof side->addr.sa;

	*side = (struct far_side){ .manner = manner, .context = context };
	assert_int_equal(addr_parse(&side->addr, "127.0.0.1", 0), ERR_NONE);
	side->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(side->listening, &side->addr.sa.any, addr_length(&side->addr)), 0);
	assert_int_equal(getsockname(side->listening, &side->addr.sa.any, &length), 0);
	assert_int_equal(listen(side->listening, 4), 0);
	assert_int_equal(pthread_create(&side->thread, NULL, serve, side), 0);
}

static void stop(struct far_side *side)
{
	pthread_join(side->thread, NULL);
	close(side->listening);
	SSL_CTX_free(side->context);
}

struct paper {
	const char *common, *names; /* names: as OpenSSL's subjectAltName */
	long from, till;            /* seconds from now */
};

static SSL_CTX *context_with(const struct paper *paper)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *made = X509_new();
	X509_NAME *name = X509_get_subject_name(made);

	X509_set_version(made, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
	X509_gmtime_adj(X509_getm_notBefore(made), paper->from);
	X509_gmtime_adj(X509_getm_notAfter(made), paper->till);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)paper->common, -1,
				   -1, 0);
	X509_set_issuer_name(made, name);
	X509_set_pubkey(made, key);
	if (paper->names) {
		X509_EXTENSION *more =
			X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, paper->names);

		X509_add_ext(made, more, -1);
		X509_EXTENSION_free(more);
	}
	assert_true(X509_sign(made, key, EVP_sha256()) > 0);
	assert_int_equal(SSL_CTX_use_certificate(context, made), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
	X509_free(made);
	EVP_PKEY_free(key);
	return context;
}

static void echo(struct stream *stream)
{
	const struct deadline until = deadline_in(5000), soon = deadline_in(0);
	char got[16];
	size_t length;

	assert_int_equal(stream_read(got, sizeof got, &length, stream, &soon), ERR_TIMEOUT);
	assert_int_equal(stream_write(stream, "hello", 5, &until), ERR_NONE);
	assert_int_equal(stream_read(got, sizeof got, &length, stream, &until), ERR_NONE);
	assert_int_equal(length, 5);
	assert_memory_equal(got, "hello", 5);
	assert_int_equal(stream_read(got, sizeof got, &length, stream, &until), ERR_NOT_FOUND);
}

static void test_plain(void **state)
{
	const struct deadline until = deadline_in(5000);
	struct stream *stream;
	struct far_side side;
	struct addr local;

	(void)state;
	start(&side, ECHOES, NULL);
	assert_int_equal(stream_open(&stream, &(struct stream_plan){ .to = side.addr }, &until),
			 ERR_NONE);
	assert_int_equal(stream_local(&local, stream), ERR_NONE);
	assert_true(addr_same_host(&local, &side.addr) && addr_port(&local));
	assert_false(stream_certificate(stream)->shown);
	assert_false(stream_name_fits(stream, "pbx.example"));
	echo(stream);
	stream_free(stream);
	stop(&side);
	/* Nobody listens there any more. */
	assert_int_equal(stream_open(&stream, &(struct stream_plan){ .to = side.addr }, &until),
			 ERR_REFUSED);
	assert_null(stream);
	stream_free(NULL);
}

static const struct {
	struct paper paper;
	const char *name;
	bool fits, expired, not_yet;
} papers[] = {
	{ { "pbx.example", NULL, -60, 3600 }, "pbx.example", true, false, false },
	{ { "other.example", NULL, -60, 3600 }, "pbx.example", false, false, false },
	{ { "x", "DNS:a.example,DNS:PBX.example", -60, 3600 }, "pbx.example", true, false, false },
	{ { "x", "DNS:*.example.net", -60, 3600 }, "pbx.example.net", true, false, false },
	{ { "x", "URI:sip:example.net", -60, 3600 }, "example.net", true, false, false },
	{ { "x", "URI:sip:example.net:5061;a=b,DNS:b.example", -60, 3600 },
	  "b.example",
	  false,
	  false,
	  false },
	{ { "x", "URI:sip:u@example.net", -60, 3600 }, "example.net", false, false, false },
	{ { "x", "URI:https://example.net,DNS:example.net", -60, 3600 },
	  "example.net",
	  true,
	  false,
	  false },
	{ { "x", "IP:127.0.0.1", -60, 3600 }, "127.0.0.1", true, false, false },
	{ { "x", "IP:127.0.0.1", -60, 3600 }, NULL, true, false, false },
	{ { "pbx.example", NULL, -7200, -3600 }, "pbx.example", true, true, false },
	{ { "pbx.example", NULL, 3600, 7200 }, "pbx.example", true, false, true },
};

static void try_paper(size_t i)
{
	const struct deadline until = deadline_in(5000);
	const struct stream_certificate *shown;
	struct stream *stream;
	struct far_side side;

	start(&side, ECHOES, context_with(&papers[i].paper));
	assert_int_equal(stream_open(&stream,
				     &(struct stream_plan){ .to = side.addr,
							    .tls = true,
							    .tls_name = papers[i].name },
				     &until),
			 ERR_NONE);
	shown = stream_certificate(stream);
	assert_true(shown->shown);
	assert_string_equal(shown->version, "TLSv1.3");
	assert_string_equal(shown->subject, papers[i].paper.common);
	assert_string_equal(shown->issuer, papers[i].paper.common);
	assert_int_equal(shown->name_fits, papers[i].fits);
	assert_int_equal(shown->expired, papers[i].expired);
	assert_int_equal(shown->not_yet, papers[i].not_yet);
	assert_int_equal(shown->not_after - shown->not_before,
			 papers[i].paper.till - papers[i].paper.from);
	assert_false(shown->trusted);
	assert_non_null(strstr(shown->why_not, "self-signed"));
	assert_false(stream_name_fits(stream, "else.example"));
	echo(stream);
	stream_free(stream);
	stop(&side);
}

static void test_certificates(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof papers / sizeof *papers; i++)
		try_paper(i);
}

static void test_names_told(void **state)
{
	const struct paper paper = { "a\tb", "DNS:a.example,URI:sip:example.net,email:x@y.example",
				     -60, 3600 };
	const struct deadline until = deadline_in(5000);
	struct stream *stream;
	struct far_side side;

	(void)state;
	start(&side, ECHOES, context_with(&paper));
	assert_int_equal(
		stream_open(&stream, &(struct stream_plan){ .to = side.addr, .tls = true }, &until),
		ERR_NONE);
	assert_string_equal(stream_certificate(stream)->subject, "a\\tb");
	assert_string_equal(stream_certificate(stream)->names, "a.example, sip:example.net");
	echo(stream);
	stream_free(stream);
	stop(&side);
}

static void fails_with(enum manner manner, enum err expected)
{
	const struct deadline until = deadline_in(manner == STAYS_SILENT ? 200 : 5000);
	struct stream *stream;
	struct far_side side;

	start(&side, manner, NULL);
	assert_int_equal(
		stream_open(&stream, &(struct stream_plan){ .to = side.addr, .tls = true }, &until),
		expected);
	assert_null(stream);
	stop(&side);
}

static void test_no_tls(void **state)
{
	(void)state;
	fails_with(SPEAKS_PLAIN, ERR_SYNTAX);
	fails_with(CLOSES, ERR_IO);
	fails_with(STAYS_SILENT, ERR_TIMEOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_names_told),
		cmocka_unit_test(test_no_tls),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
