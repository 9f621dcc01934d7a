/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock/sip_stream.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "mock/sip_server.h"

enum { TALKS_MAX = 32, SLOW_MS = 100, NAME_MAX_BYTES = 200, NINE_DAYS = 9 * 86400 };

struct talk {
	struct sip_stream *stream;
	int fd;
	SSL *ssl; /* NULL: plain */
	pthread_t thread;
};

struct sip_stream {
	struct sip_stream_plan plan;
	struct addr addr;
	int listening, stop; /* stop: an eventfd, readable for good at the end */
	SSL_CTX *context;
	EVP_PKEY *key;
	struct talk talk[TALKS_MAX];
	size_t talks;
	pthread_t thread;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	perror(what);
	abort();
}

/* Of one issuer, whatever the name. */
static X509 *make_certificate(EVP_PKEY *key, const char *host, bool expired)
{
	X509 *made = X509_new();
	X509_NAME *issuer = X509_NAME_new();
	char names[NAME_MAX_BYTES];
	X509_EXTENSION *more;

	snprintf(names, sizeof names, "DNS:%s", host);
	must(made && issuer, "certificate");
	X509_set_version(made, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
	X509_gmtime_adj(X509_getm_notBefore(made), -NINE_DAYS);
	X509_gmtime_adj(X509_getm_notAfter(made), expired ? -1000 : NINE_DAYS);
	X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_UTF8, (const uint8_t *)"Mock CA", -1, -1,
				   0);
	X509_set_issuer_name(made, issuer);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
				   (const uint8_t *)host, -1, -1, 0);
	X509_set_pubkey(made, key);
	more = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
	must(more && X509_add_ext(made, more, -1) && X509_sign(made, key, EVP_sha256()) > 0,
	     "certificate");
	X509_EXTENSION_free(more);
	X509_NAME_free(issuer);
	return made;
}

static int forge(SSL *ssl, int *alert, void *context)
{
	const struct sip_stream *stream = context;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	X509 *made;

	(void)alert;
	if (!name)
		return SSL_TLSEXT_ERR_NOACK;
	made = make_certificate(stream->key, name, false);
	must(SSL_use_certificate(ssl, made) == 1, "forging");
	X509_free(made);
	return SSL_TLSEXT_ERR_OK;
}

static void set_up_tls(struct sip_stream *stream)
{
	X509 *made;

	stream->context = SSL_CTX_new(TLS_server_method());
	stream->key = EVP_EC_gen("P-256");
	must(stream->context && stream->key, "TLS");
	made = make_certificate(stream->key, stream->plan.name, stream->plan.expired);
	must(SSL_CTX_use_certificate(stream->context, made) == 1 &&
		     SSL_CTX_use_PrivateKey(stream->context, stream->key) == 1,
	     "TLS");
	X509_free(made);
	if (!stream->plan.forges)
		return;
	SSL_CTX_set_tlsext_servername_callback(stream->context, forge);
	SSL_CTX_set_tlsext_servername_arg(stream->context, stream);
}

static int take(const struct talk *talk, char *data, size_t room)
{
	return talk->ssl ? SSL_read(talk->ssl, data, (int)room)
			 : (int)recv(talk->fd, data, room, 0);
}

static bool give(const struct talk *talk, const void *data, size_t length)
{
	return talk->ssl ? SSL_write(talk->ssl, data, (int)length) > 0
			 : send(talk->fd, data, length, MSG_NOSIGNAL) > 0;
}

/* True once the server is stopped, or the time is over. */
static bool is_stopped(const struct talk *talk, int ms)
{
	struct pollfd polled = { .fd = talk->stream->stop, .events = POLLIN };

	return poll(&polled, 1, ms) > 0;
}

static void give_slowly(const struct talk *talk, const struct buf *answer)
{
	for (size_t i = 0; i < answer->length && !is_stopped(talk, SLOW_MS); i++)
		if (!give(talk, answer->data + i, 1))
			return;
}

static void give_endlessly(const struct talk *talk)
{
	static const char more[] = "X-More: and more and more and more\r\n";

	if (!give(talk, "SIP/2.0 200 OK\r\n", 16))
		return;
	while (!is_stopped(talk, 0) && give(talk, more, sizeof more - 1))
		continue;
}

static void spoil_call_id(struct buf *answer)
{
	char *call_id = strstr((char *)answer->data, "Call-ID: ");

	must(call_id != NULL, "Call-ID");
	call_id[9] = '!';
}

static void answer(const struct talk *talk, const struct sip_raw *request)
{
	const enum sip_stream_manner manner = talk->stream->plan.manner;
	struct addr from = { 0 };
	socklen_t size = sizeof from.sa;
	struct buf out;

	must(!getpeername(talk->fd, &from.sa.any, &size), "getpeername");
	buf_init(&out, SIP_MESSAGE_MAX);
	sip_server_answer(&out, request, &from, SIP_SERVES);
	if (manner == STREAM_WRONG_CALL)
		spoil_call_id(&out);
	if (manner == STREAM_SERVES || manner == STREAM_WRONG_CALL)
		give(talk, out.data, out.length);
	else if (manner == STREAM_SLOW)
		give_slowly(talk, &out);
	else if (manner == STREAM_ENDLESS)
		give_endlessly(talk);
	buf_clear(&out);
}

/* A request may come in parts. */
static void serve_request(const struct talk *talk)
{
	char data[SIP_MESSAGE_MAX];
	struct sip_raw request;
	size_t length = 0;
	int got;

	while (length < sizeof data &&
	       (got = take(talk, data + length, sizeof data - length)) > 0) {
		length += (size_t)got;
		if (sip_raw_read(&request, slice_of(data, length)))
			continue;
		answer(talk, &request);
		if (talk->stream->plan.manner == STREAM_CLOSES)
			return;
	}
}

static void *talk_to(void *context)
{
	struct talk *talk = context;
	const struct sip_stream_plan *plan = &talk->stream->plan;

	if (plan->tls && plan->manner == STREAM_SPEAKS_PLAIN) {
		give(talk, "220 mock ready\r\n", 16);
		is_stopped(talk, -1);
		return NULL;
	}
	if (talk->stream->context) {
		talk->ssl = SSL_new(talk->stream->context);
		must(talk->ssl && SSL_set_fd(talk->ssl, talk->fd), "TLS");
	}
	if (!talk->ssl || SSL_accept(talk->ssl) == 1)
		serve_request(talk);
	shutdown(talk->fd, SHUT_RDWR);
	return NULL;
}

static void *serve(void *context)
{
	struct sip_stream *stream = context;
	struct pollfd polls[] = { { .fd = stream->listening, .events = POLLIN },
				  { .fd = stream->stop, .events = POLLIN } };

	while (poll(polls, 2, -1) > 0 && !polls[1].revents) {
		struct talk *talk = &stream->talk[stream->talks];

		must(stream->talks < TALKS_MAX, "talks");
		*talk = (struct talk){ .stream = stream,
				       .fd = accept(stream->listening, NULL, NULL) };
		if (talk->fd < 0)
			continue;
		must(!pthread_create(&talk->thread, NULL, talk_to, talk), "thread");
		stream->talks++;
	}
	return NULL;
}

struct sip_stream *sip_stream_start(const struct sip_stream_plan *plan)
{
	struct sip_stream *stream = mem_new(1, sizeof *stream);
	socklen_t length = sizeof stream->addr.sa;

	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes where nobody may be left */
	stream->plan = *plan;
	if (plan->tls && plan->manner != STREAM_SPEAKS_PLAIN)
		set_up_tls(stream);
	must(!addr_parse(&stream->addr, "127.0.0.1", 0), "address");
	stream->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(stream->listening >= 0, "socket");
	must(!bind(stream->listening, &stream->addr.sa.any, addr_length(&stream->addr)), "bind");
	must(!getsockname(stream->listening, &stream->addr.sa.any, &length), "getsockname");
	must(!listen(stream->listening, 8), "listen");
	stream->stop = eventfd(0, EFD_CLOEXEC);
	must(stream->stop >= 0, "eventfd");
	must(!pthread_create(&stream->thread, NULL, serve, stream), "thread");
	return stream;
}

size_t sip_stream_stop(struct sip_stream *stream)
{
	size_t talks;

	must(!eventfd_write(stream->stop, 1), "eventfd");
	pthread_join(stream->thread, NULL);
	talks = stream->talks;
	for (size_t i = 0; i < stream->talks; i++)
		shutdown(stream->talk[i].fd, SHUT_RDWR);
	for (size_t i = 0; i < stream->talks; i++) {
		pthread_join(stream->talk[i].thread, NULL);
		SSL_free(stream->talk[i].ssl);
		close(stream->talk[i].fd);
	}
	SSL_CTX_free(stream->context);
	EVP_PKEY_free(stream->key);
	close(stream->listening);
	close(stream->stop);
	free(stream);
	return talks;
}

struct addr sip_stream_addr(const struct sip_stream *stream)
{
	return stream->addr;
}
