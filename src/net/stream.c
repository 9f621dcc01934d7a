/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/tcp.h"

struct stream {
	int fd;
	SSL_CTX *context; /* NULL without TLS */
	SSL *ssl;
	X509 *peer; /* NULL where none was shown */
	struct stream_certificate certificate;
};

static enum err wait_for(int fd, short events, const struct deadline *until)
{
	struct pollfd one = { .fd = fd, .events = events };
	int ready;

	do
		ready = poll(&one, 1, deadline_left_ms(until));
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return ERR_IO;
	return ready ? ERR_NONE : ERR_TIMEOUT;
}

/* --- the connection ---------------------------------------------------------------------------*/

static enum err connect_to(struct stream *stream, const struct stream_plan *plan,
			   const struct deadline *until)
{
	enum err err = tcp_connect(&stream->fd, &plan->to, plan->device);

	if (!err)
		err = wait_for(stream->fd, POLLOUT, until);
	return err ? err : tcp_connected(stream->fd);
}

/* --- what the far side shows ------------------------------------------------------------------*/

static void copy_safe(char *out, size_t room, const void *bytes, size_t length)
{
	char *safe = text_safe(bytes, length, room - 1);

	snprintf(out, room, "%s", safe);
	free(safe);
}

static void append_safe(char *out, size_t room, const ASN1_STRING *string)
{
	const size_t used = strlen(out), gap = used ? 2 : 0;

	if (used + gap + 4 >= room)
		return;
	memcpy(out + used, ", ", gap);
	copy_safe(out + used + gap, room - used - gap, ASN1_STRING_get0_data(string),
		  (size_t)ASN1_STRING_length(string));
}

static void name_text(char *out, size_t room, const X509_NAME *name, int part)
{
	const int at = X509_NAME_get_index_by_NID(name, part, -1);
	unsigned char *utf8 = NULL;
	int length;

	if (at < 0)
		return;
	length =
		ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (length > 0)
		copy_safe(out, room, utf8, (size_t)length);
	OPENSSL_free(utf8);
}

/* The host of "sip:host;parameters" if it is one without a user; NULL: it is none. */
static const char *sip_host(size_t *length, const ASN1_STRING *uri)
{
	const char *text = (const char *)ASN1_STRING_get0_data(uri);
	const size_t all = (size_t)ASN1_STRING_length(uri);

	if (all < 5 || strncasecmp(text, "sip:", 4) || memchr(text, '@', all))
		return NULL;
	*length = 4;
	while (*length < all && !memchr(":;?", text[*length], 3))
		++*length;
	*length -= 4;
	return text + 4;
}

static void take_names(struct stream_certificate *out, X509 *peer)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(peer, NID_subject_alt_name, NULL, NULL);
	const int count = names ? sk_GENERAL_NAME_num(names) : 0;
	size_t unused;

	for (int i = 0; i < count; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS) {
			append_safe(out->names, sizeof out->names, name->d.dNSName);
			if (!out->subject[0])
				append_safe(out->subject, sizeof out->subject, name->d.dNSName);
		} else if (name->type == GEN_URI &&
			   sip_host(&unused, name->d.uniformResourceIdentifier)) {
			append_safe(out->names, sizeof out->names,
				    name->d.uniformResourceIdentifier);
		}
	}
	GENERAL_NAMES_free(names);
}

/* RFC 5922, 7.1: where there are sip URIs, only they tell the domain. 1: one fits; 0: none of
 * them; -1: there are none. */
static int uri_fits(X509 *peer, const char *domain)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(peer, NID_subject_alt_name, NULL, NULL);
	const int count = names ? sk_GENERAL_NAME_num(names) : 0;
	int fits = -1;

	for (int i = 0; i < count && fits < 1; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		size_t length;
		const char *host = name->type == GEN_URI
					   ? sip_host(&length, name->d.uniformResourceIdentifier)
					   : NULL;

		if (host)
			fits = length == strlen(domain) && !strncasecmp(host, domain, length);
	}
	GENERAL_NAMES_free(names);
	return fits;
}

static bool name_fits(X509 *peer, const char *name)
{
	struct addr literal;
	int uri;

	if (!addr_parse(&literal, name, 0))
		return X509_check_ip_asc(peer, name, 0) == 1;
	uri = uri_fits(peer, name);
	if (uri >= 0)
		return uri == 1;
	return X509_check_host(peer, name, 0, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

static time_t moment(const ASN1_TIME *when)
{
	struct tm parts;

	return ASN1_TIME_to_tm(when, &parts) == 1 ? timegm(&parts) : (time_t)-1;
}

static void take_certificate(struct stream *stream, const struct stream_plan *plan)
{
	struct stream_certificate *out = &stream->certificate;
	char host[ADDR_TEXT];
	const time_t now = time(NULL);

	snprintf(out->version, sizeof out->version, "%s", SSL_get_version(stream->ssl));
	stream->peer = SSL_get1_peer_certificate(stream->ssl);
	if (!stream->peer)
		return;
	out->shown = true;
	name_text(out->subject, sizeof out->subject, X509_get_subject_name(stream->peer),
		  NID_commonName);
	take_names(out, stream->peer);
	name_text(out->issuer, sizeof out->issuer, X509_get_issuer_name(stream->peer),
		  NID_commonName);
	if (!out->issuer[0])
		name_text(out->issuer, sizeof out->issuer, X509_get_issuer_name(stream->peer),
			  NID_organizationName);
	out->not_before = moment(X509_get0_notBefore(stream->peer));
	out->not_after = moment(X509_get0_notAfter(stream->peer));
	out->expired |= out->not_after < now;
	out->not_yet |= out->not_before > now;
	out->trusted = !out->why_not[0];
	out->name_fits = name_fits(stream->peer, plan->tls_name ? plan->tls_name
								: addr_host_text(host, &plan->to));
}

/* Never ends the handshake: what is wrong is noted. Dates are kept apart from trust. */
static int note_fault(int fine, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct stream_certificate *out = ssl ? SSL_get_app_data(ssl) : NULL;
	const int error = X509_STORE_CTX_get_error(store);

	if (fine || !out)
		return 1;
	if (error == X509_V_ERR_CERT_HAS_EXPIRED)
		out->expired = true;
	else if (error == X509_V_ERR_CERT_NOT_YET_VALID)
		out->not_yet = true;
	else if (!out->why_not[0])
		snprintf(out->why_not, sizeof out->why_not, "%s",
			 X509_verify_cert_error_string(error));
	return 1;
}

/* --- TLS --------------------------------------------------------------------------------------*/

/* What became of a step of OpenSSL; ERR_NONE: it is worth another try. */
static enum err after_step(const struct stream *stream, int result, const struct deadline *until)
{
	const unsigned long error = ERR_peek_error();

	switch (SSL_get_error(stream->ssl, result)) {
	case SSL_ERROR_WANT_READ: return wait_for(stream->fd, POLLIN, until);
	case SSL_ERROR_WANT_WRITE: return wait_for(stream->fd, POLLOUT, until);
	case SSL_ERROR_ZERO_RETURN: return ERR_NOT_FOUND;
	case SSL_ERROR_SSL: break;
	default: return ERR_IO;
	}
	/* An alert is TLS, though not one that agrees with us. */
	return ERR_GET_REASON(error) > SSL_AD_REASON_OFFSET ? ERR_MISMATCH : ERR_SYNTAX;
}

static enum err prepare_tls(struct stream *stream, const struct stream_plan *plan)
{
	struct addr literal;

	stream->context = SSL_CTX_new(TLS_client_method());
	if (!stream->context)
		return ERR_MEMORY;
	/* An old server is to be told of, not missed. */
	SSL_CTX_set_security_level(stream->context, 0);
	SSL_CTX_set_min_proto_version(stream->context, TLS1_VERSION);
	SSL_CTX_set_options(stream->context, SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_verify(stream->context, SSL_VERIFY_NONE, note_fault);
	SSL_CTX_set_default_verify_paths(stream->context);
	stream->ssl = SSL_new(stream->context);
	if (!stream->ssl || !SSL_set_fd(stream->ssl, stream->fd))
		return ERR_MEMORY;
	SSL_set_app_data(stream->ssl, &stream->certificate);
	if (plan->tls_name && addr_parse(&literal, plan->tls_name, 0) &&
	    !SSL_set_tlsext_host_name(stream->ssl, plan->tls_name))
		return ERR_RANGE;
	return ERR_NONE;
}

static enum err shake_hands(struct stream *stream, const struct stream_plan *plan,
			    const struct deadline *until)
{
	enum err err = prepare_tls(stream, plan);
	int result = 0;

	while (!err) {
		if (deadline_passed(until))
			return ERR_TIMEOUT;
		ERR_clear_error();
		result = SSL_connect(stream->ssl);
		if (result == 1)
			break;
		err = after_step(stream, result, until);
	}
	if (!err)
		take_certificate(stream, plan);
	return err == ERR_NOT_FOUND ? ERR_IO : err;
}

/* --- for others -------------------------------------------------------------------------------*/

enum err stream_open(struct stream **out, const struct stream_plan *plan,
		     const struct deadline *until)
{
	struct stream *stream = mem_new(1, sizeof *stream);
	enum err err;

	*out = NULL;
	stream->fd = -1;
	if (plan->connected)
		stream->fd = plan->fd;
	err = plan->connected ? ERR_NONE : connect_to(stream, plan, until);
	if (!err && plan->tls)
		err = shake_hands(stream, plan, until);
	if (err)
		stream_free(stream);
	else
		*out = stream;
	return err;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->ssl && SSL_is_init_finished(stream->ssl))
		SSL_shutdown(stream->ssl);
	X509_free(stream->peer);
	SSL_free(stream->ssl);
	SSL_CTX_free(stream->context);
	ERR_clear_error();
	if (stream->fd >= 0)
		close(stream->fd);
	free(stream);
}

static enum err step_plain(const struct stream *stream, ssize_t result, short events,
			   const struct deadline *until)
{
	if (!result)
		return ERR_NOT_FOUND;
	if (errno == EINTR)
		return ERR_NONE;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return wait_for(stream->fd, events, until);
	return ERR_IO;
}

enum err stream_write(struct stream *stream, const void *data, size_t length,
		      const struct deadline *until)
{
	const uint8_t *at = data;
	enum err err = ERR_NONE;

	while (length && !err) {
		size_t done = 0;
		ssize_t sent;
		int result;

		if (deadline_passed(until))
			return ERR_TIMEOUT;
		if (stream->ssl) {
			ERR_clear_error();
			result = SSL_write_ex(stream->ssl, at, length, &done);
			err = result == 1 ? ERR_NONE : after_step(stream, result, until);
		} else {
			sent = send(stream->fd, at, length, MSG_NOSIGNAL);
			done = sent > 0 ? (size_t)sent : 0;
			err = sent > 0 ? ERR_NONE : step_plain(stream, sent, POLLOUT, until);
		}
		at += done;
		length -= done;
	}
	return err && err != ERR_TIMEOUT ? ERR_IO : err;
}

enum err stream_read(void *data, size_t room, size_t *length, struct stream *stream,
		     const struct deadline *until)
{
	enum err err = ERR_NONE;

	*length = 0;
	while (!err) {
		ssize_t got;
		int result;

		if (deadline_passed(until))
			return ERR_TIMEOUT;
		if (stream->ssl) {
			ERR_clear_error();
			result = SSL_read_ex(stream->ssl, data, room, length);
			if (result == 1)
				return ERR_NONE;
			err = after_step(stream, result, until);
		} else {
			got = recv(stream->fd, data, room, 0);
			*length = got > 0 ? (size_t)got : 0;
			if (got > 0)
				return ERR_NONE;
			err = step_plain(stream, got, POLLIN, until);
		}
	}
	return err == ERR_TIMEOUT || err == ERR_NOT_FOUND ? err : ERR_IO;
}

enum err stream_local(struct addr *out, const struct stream *stream)
{
	socklen_t length = sizeof out->sa;

	*out = (struct addr){ 0 };
	return getsockname(stream->fd, &out->sa.any, &length) ? err_from_errno(errno) : ERR_NONE;
}

const struct stream_certificate *stream_certificate(const struct stream *stream)
{
	return &stream->certificate;
}

bool stream_name_fits(const struct stream *stream, const char *name)
{
	return stream->peer && name_fits(stream->peer, name);
}
