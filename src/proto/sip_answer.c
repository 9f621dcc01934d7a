/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_answer.h"

#include <osipparser2/osip_message.h>
#include <osipparser2/osip_parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "proto/sip.h"
#include "proto/sip_library.h"

enum { SIP_FIELD_LENGTH_MAX = 1024 }; /* of one header field that is parsed */

static void keep_text(char out[static SIP_TEXT_MAX], const char *text)
{
	char *safe = text ? text_safe(text, strlen(text), SIP_TEXT_MAX - 1) : NULL;

	snprintf(out, SIP_TEXT_MAX, "%s", safe ? safe : "");
	free(safe);
}

/* Adds a header field on one line: libosip2 need not unfold. */
static enum err add_field(struct buf *out, const char *label, struct slice value)
{
	enum err err =
		value.left > SIP_FIELD_LENGTH_MAX ? ERR_FULL : buf_printf(out, "%s: ", label);

	for (size_t i = 0; i < value.left && !err; i++)
		err = buf_add_be8(out, value.at[i] < ' ' ? ' ' : value.at[i]);
	return err ? err : buf_add_text(out, "\r\n");
}

/* The answer again with nothing but the fields that are read, and a start line that libosip2 takes
 * (it wants a reason, RFC 3261 does not): the less it gets to see, the better. */
static enum err reduce(struct buf *out, const struct sip_raw *raw)
{
	static const struct {
		enum sip_name name;
		const char *label;
		bool needed;
	} wanted[] = {
		{ SIP_VIA, "Via", true },
		{ SIP_CALL_ID, "Call-ID", true },
		{ SIP_CSEQ, "CSeq", true },
		{ SIP_SERVER, "Server", false },
		{ SIP_USER_AGENT, "User-Agent", false },
	};
	enum err err = buf_add_text(out, "SIP/2.0 200 OK\r\n");

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted && !err; i++) {
		const struct sip_header *header = sip_raw_find(raw, wanted[i].name);

		if (header)
			err = add_field(out, wanted[i].label, header->value);
		else if (wanted[i].needed)
			err = ERR_SYNTAX;
	}
	return err ? err : buf_add_text(out, "\r\n");
}

static const char *via_parameter(osip_via_t *via, const char *name)
{
	osip_generic_param_t *parameter = NULL;
	char writable[16];

	snprintf(writable, sizeof writable, "%s", name);
	if (osip_via_param_get_byname(via, writable, &parameter) || !parameter)
		return NULL;
	return parameter->gvalue;
}

static uint16_t port_of(const char *text)
{
	unsigned long port;

	return text && !slice_number(&port, slice_of_text(text), UINT16_MAX) ? (uint16_t)port : 0;
}

static void read_via(struct sip_answer *out, osip_via_t *via)
{
	const char *received = via_parameter(via, "received");
	const char *port = osip_via_get_port(via);

	keep_text(out->via_host, osip_via_get_host(via));
	keep_text(out->branch, via_parameter(via, "branch"));
	out->via_port = port ? port_of(port) : 5060;
	out->rport = port_of(via_parameter(via, "rport"));
	if (!received || addr_parse(&out->received, received, 0))
		out->received = (struct addr){ 0 };
}

static enum err read_cseq(struct sip_answer *out, const osip_cseq_t *cseq)
{
	unsigned long number;

	if (!cseq || !cseq->number || !cseq->method ||
	    slice_number(&number, slice_of_text(cseq->number), UINT32_MAX))
		return ERR_SYNTAX;
	out->cseq = (uint32_t)number;
	keep_text(out->method, cseq->method);
	return ERR_NONE;
}

static void read_call_id(struct sip_answer *out, const osip_call_id_t *call_id)
{
	char text[2 * SIP_TEXT_MAX];

	if (!call_id || !call_id->number)
		return;
	snprintf(text, sizeof text, "%s%s%s", call_id->number, call_id->host ? "@" : "",
		 call_id->host ? call_id->host : "");
	keep_text(out->call_id, text);
}

static void read_server(struct sip_answer *out, const osip_message_t *message)
{
	osip_header_t *header = NULL;

	if (osip_message_get_server(message, 0, &header) < 0 || !header || !header->hvalue)
		header = NULL;
	if (!header && (osip_message_get_user_agent(message, 0, &header) < 0 || !header))
		return;
	keep_text(out->server, header->hvalue);
}

static enum err read_message(struct sip_answer *out, const osip_message_t *message)
{
	osip_via_t *via = osip_list_get(&message->vias, 0);

	if (!via || !osip_via_get_host(via))
		return ERR_SYNTAX;
	read_via(out, via);
	read_call_id(out, message->call_id);
	read_server(out, message);
	return read_cseq(out, message->cseq);
}

/* "SIP/2.0 404 Not Found" */
static enum err read_start(struct sip_answer *out, struct slice line)
{
	struct slice version, word, reason = line;
	unsigned long status;
	char text[SIP_TEXT_MAX];

	if (slice_until(&version, &reason, ' ') || !slice_is(version, "SIP/2.0"))
		return ERR_SYNTAX;
	if (slice_until(&word, &reason, ' ')) {
		word = reason;
		reason.left = 0;
	}
	if (word.left != 3 || slice_number(&status, word, 699) || status < 100)
		return ERR_SYNTAX;
	out->status = (int)status;
	snprintf(text, sizeof text, "%.*s", (int)reason.left, (const char *)reason.at);
	keep_text(out->reason, text);
	return ERR_NONE;
}

static enum err parse_reduced(struct sip_answer *out, const struct buf *reduced)
{
	osip_message_t *message = NULL;
	enum err err = ERR_SYNTAX;

	sip_library_prepare();
	if (osip_message_init(&message))
		return ERR_MEMORY;
	if (!osip_message_parse(message, buf_text(reduced), reduced->length))
		err = read_message(out, message);
	osip_message_free(message);
	return err;
}

static void read_date(struct sip_answer *out, const struct sip_raw *raw)
{
	char text[SIP_TEXT_MAX];

	for (size_t i = 0; i < raw->header_count; i++)
		if (slice_is_nocase(raw->header[i].label, "Date")) {
			snprintf(text, sizeof text, "%.*s", (int)raw->header[i].value.left,
				 (const char *)raw->header[i].value.at);
			keep_text(out->date, text);
			return;
		}
}

enum err sip_answer_parse(struct sip_answer *out, struct slice bytes)
{
	struct sip_raw raw;
	struct buf reduced;
	enum err err = sip_raw_read(&raw, bytes);

	*out = (struct sip_answer){ 0 };
	if (err)
		return err == ERR_TRUNCATED ? ERR_SYNTAX : err;
	err = raw.headers_complete ? read_start(out, raw.start) : ERR_SYNTAX;
	if (err)
		return err;
	buf_init(&reduced, SIP_MESSAGE_MAX);
	err = reduce(&reduced, &raw);
	if (!err)
		err = parse_reduced(out, &reduced);
	if (!err)
		read_date(out, &raw);
	buf_clear(&reduced);
	return err;
}

bool sip_answer_fits(const struct sip_answer *answer, enum sip_method method, const char *token)
{
	const size_t length = strlen(token);
	char branch[SIP_TEXT_MAX];

	snprintf(branch, sizeof branch, "z9hG4bK%s", token);
	return answer->cseq == 1 && !strcmp(answer->method, sip_method_text(method)) &&
	       !strncmp(answer->call_id, token, length) && answer->call_id[length] == '@' &&
	       !strcmp(answer->branch, branch);
}
