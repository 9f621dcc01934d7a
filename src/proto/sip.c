/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum sip_name name;
	const char *word;
	const char *compact;
} names[] = {
	{ SIP_VIA, "Via", "v" },
	{ SIP_CONTACT, "Contact", "m" },
	{ SIP_FROM, "From", "f" },
	{ SIP_TO, "To", "t" },
	{ SIP_CALL_ID, "Call-ID", "i" },
	{ SIP_CSEQ, "CSeq", NULL },
	{ SIP_MAX_FORWARDS, "Max-Forwards", NULL },
	{ SIP_CONTENT_TYPE, "Content-Type", "c" },
	{ SIP_CONTENT_LENGTH, "Content-Length", "l" },
	{ SIP_USER_AGENT, "User-Agent", NULL },
	{ SIP_SERVER, "Server", NULL },
};

static enum sip_name name_of(struct slice label)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is_nocase(label, names[i].word) ||
		    (names[i].compact && slice_is_nocase(label, names[i].compact)))
			return names[i].name;
	return SIP_OTHER;
}

/* The bytes up to the first that no SIP text holds. */
static struct slice text_part(struct slice bytes)
{
	size_t i = 0;

	while (i < bytes.left && bytes.at[i] != 0x7f &&
	       (bytes.at[i] >= ' ' || memchr("\t\r\n", bytes.at[i], 3)))
		i++;
	return slice_of(bytes.at, i);
}

/* The next line; *cut if its end is not there. ERR_NOT_FOUND at the end. */
static enum err read_line(struct slice *line, struct slice *rest, bool *cut)
{
	*cut = rest->left && !memchr(rest->at, '\n', rest->left);
	return slice_line(line, rest);
}

static bool is_start_line(struct slice line, bool cut)
{
	struct slice method, rest = line;

	if (slice_starts(line, "SIP/2.0 "))
		return true;
	if (slice_until(&method, &rest, ' ') || !method.left)
		return false;
	for (size_t i = 0; i < method.left; i++)
		if (method.at[i] < 'A' || method.at[i] > 'Z')
			return false;
	return cut || (rest.left > 8 && slice_is(slice_of(rest.at + rest.left - 8, 8), " SIP/2.0"));
}

/* A line that begins with white space goes on with the field before it (RFC 3261, 7.3.1). */
static void read_folds(struct slice *line, struct slice *rest, bool *cut)
{
	struct slice more;

	while (rest->left && (rest->at[0] == ' ' || rest->at[0] == '\t') &&
	       !read_line(&more, rest, cut))
		line->left = (size_t)(more.at + more.left - line->at);
}

static enum err add_header(struct sip_raw *out, struct slice line)
{
	struct slice label, value = line;
	struct sip_header *header;

	if (out->header_count == SIP_HEADERS_MAX)
		return ERR_FULL;
	if (slice_until(&label, &value, ':')) {
		label = line; /* no colon: cut before it, or no header field at all */
		value = slice_of(line.at + line.left, 0);
	}
	header = &out->header[out->header_count++];
	header->label = slice_trim(label);
	header->name = name_of(header->label);
	header->value = slice_trim(value);
	return ERR_NONE;
}

static enum err read_headers(struct sip_raw *out, struct slice *rest)
{
	struct slice line;
	bool cut;

	while (!read_line(&line, rest, &cut)) {
		enum err err;

		if (!line.left) {
			out->headers_complete = !cut;
			return ERR_NONE;
		}
		read_folds(&line, rest, &cut);
		err = add_header(out, line);
		if (err)
			return err;
	}
	return ERR_NONE;
}

static enum err read_body(struct sip_raw *out, struct slice rest)
{
	const struct sip_header *said = sip_raw_find(out, SIP_CONTENT_LENGTH);
	unsigned long length;

	if (said && !slice_number(&length, said->value, SIP_MESSAGE_MAX) && length <= rest.left) {
		out->whole = true;
		rest.left = length;
	}
	out->body = rest;
	while (rest.left) {
		struct slice line;

		if (out->sdp_count == SIP_SDP_MAX)
			return ERR_FULL;
		if (read_line(&line, &rest, &out->sdp_cut))
			break;
		out->sdp[out->sdp_count++] = line;
	}
	if (out->whole)
		out->sdp_cut = false;
	return ERR_NONE;
}

enum err sip_raw_read(struct sip_raw *out, struct slice bytes)
{
	struct slice rest = text_part(bytes);
	enum err err;

	*out = (struct sip_raw){ 0 };
	if (bytes.left > SIP_MESSAGE_MAX)
		return ERR_FULL;
	while (rest.left && (rest.at[0] == '\r' || rest.at[0] == '\n')) { /* RFC 3261, 7.5 */
		rest.at++;
		rest.left--;
	}
	if (read_line(&out->start, &rest, &out->start_cut))
		return ERR_TRUNCATED;
	if (!is_start_line(out->start, out->start_cut))
		return ERR_SYNTAX;
	err = read_headers(out, &rest);
	return err || !out->headers_complete ? err : read_body(out, rest);
}

const struct sip_header *sip_raw_find(const struct sip_raw *raw, enum sip_name name)
{
	for (size_t i = 0; i < raw->header_count; i++)
		if (raw->header[i].name == name)
			return &raw->header[i];
	return NULL;
}

const char *sip_method_text(enum sip_method method)
{
	static const char *const texts[] = {
		[SIP_OPTIONS] = "OPTIONS",
		[SIP_REGISTER] = "REGISTER",
		[SIP_INVITE] = "INVITE",
	};

	return texts[method];
}

/* Letters, digits, and what else `more` holds. */
static enum err check_word(const char *word, size_t max, const char *more)
{
	const size_t length = strlen(word);

	if (!length || length > max)
		return ERR_RANGE;
	for (size_t i = 0; i < length; i++) {
		const char c = word[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      strchr(more, c)))
			return ERR_SYNTAX;
	}
	return ERR_NONE;
}

static enum err add_sdp(struct buf *out, const struct sip_request *request)
{
	const char *kind = addr_family(request->local) == AF_INET6 ? "IP6" : "IP4";
	char host[ADDR_TEXT];

	addr_host_text(host, request->local);
	return buf_printf(out,
			  "v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n"
			  "m=audio %u RTP/AVP 0\r\n",
			  kind, host, kind, host, (unsigned)request->media_port);
}

/* What all three methods share, down to Contact. */
static enum err add_head(struct buf *out, const struct sip_request *request)
{
	const char *method = sip_method_text(request->method);
	const bool v6 = addr_family(request->local) == AF_INET6;
	const bool literal = strchr(request->host, ':');
	const unsigned port = addr_port(request->local);
	char host[SIP_HOST_MAX + 3], own[ADDR_TEXT], address[ADDR_TEXT];

	snprintf(host, sizeof host, literal ? "[%s]" : "%s", request->host);
	addr_host_text(address, request->local);
	snprintf(own, sizeof own, v6 ? "[%.*s]" : "%.*s", ADDR_TEXT - 3, address);
	/* RFC 3261, 10.2: a REGISTER's request URI has no user. */
	return buf_printf(out,
			  "%s sip:%s%s%s SIP/2.0\r\n"
			  "Via: SIP/2.0/%s %s:%u;rport;branch=z9hG4bK%s\r\n"
			  "Max-Forwards: 70\r\n"
			  "From: <" SIP_OWN_CALLER "%s>;tag=%s\r\n"
			  "To: <sip:%s>\r\n"
			  "Call-ID: %s@%s\r\n"
			  "CSeq: 1 %s\r\n"
			  "Contact: <" SIP_OWN_CALLER "%s:%u>\r\n",
			  method, request->method == SIP_REGISTER ? "" : request->token,
			  request->method == SIP_REGISTER ? "" : "@", host,
			  request->transport ? request->transport : "UDP",
			  request->via_host ? request->via_host : own, port, request->token, own,
			  request->token, host, request->token, address, method, own, port);
}

static enum err add_tail(struct buf *out, const struct sip_request *request)
{
	struct buf sdp;
	enum err err = ERR_NONE;

	buf_init(&sdp, SIP_MESSAGE_MAX);
	if (request->method == SIP_INVITE)
		err = add_sdp(&sdp, request);
	else
		err = buf_add_text(out,
				   "User-Agent: earshot\r\n"); /* an INVITE has no byte to spare */
	if (!err && request->method == SIP_REGISTER)
		err = buf_add_text(out, "Expires: 0\r\n");
	if (!err)
		err = buf_printf(out, "%sContent-Length: %zu\r\n\r\n",
				 sdp.length ? "Content-Type: application/sdp\r\n" : "", sdp.length);
	if (!err)
		err = buf_add(out, sdp.data, sdp.length);
	buf_clear(&sdp);
	return err;
}

enum err sip_build(struct buf *out, const struct sip_request *request)
{
	enum err err = check_word(request->token, SIP_TOKEN_MAX, "");

	if (!err)
		err = check_word(request->host, SIP_HOST_MAX, ".-_:");
	if (!err && request->via_host)
		err = check_word(request->via_host, SIP_HOST_MAX, ".-");
	buf_reset(out);
	if (!err)
		err = add_head(out, request);
	return err ? err : add_tail(out, request);
}
