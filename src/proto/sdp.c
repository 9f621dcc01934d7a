/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sdp.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

enum { HOST_MAX = sizeof((struct sdp_media *)0)->host };

/* What has been read so far. What stands before the first m= is kept in `session`, and holds for
 * each stream that does not say otherwise (RFC 8866, 5). */
struct reader {
	struct sdp *out;
	struct sdp_media session;
	bool session_direction;
	struct sdp_media *now;   /* `session`, a stream of `out`, or `beyond` */
	struct sdp_media beyond; /* streams past SDP_MEDIA_MAX are read into this and forgotten */
	bool has_media;
	/* Of the stream that is being read. */
	bool own_direction, own_host;
	bool rtcp_said;
	struct endpoint rtcp_at; /* of a=rtcp; its address not set: that of c= */
};

static enum err keep_text(char *out, size_t size, struct slice text)
{
	return text_safe_into(out, size, text.at, text.left);
}

/* The next word; blanks more than one are passed over. Empty at the end. */
static struct slice next_word(struct slice *line)
{
	struct slice word;

	*line = slice_trim(*line);
	if (slice_until(&word, line, ' ')) {
		word = *line;
		line->left = 0;
	}
	return word;
}

static bool next_number(unsigned long *out, struct slice *line, unsigned long max)
{
	return !slice_number(out, next_word(line), max);
}

/* An address as a number; not set where it is a name. */
static struct endpoint read_endpoint(struct slice host, uint16_t port)
{
	char text[ADDR_TEXT];
	struct addr addr;
	struct endpoint at = { .port = port };

	if (!host.left || host.left >= sizeof text || memchr(host.at, 0, host.left))
		return at;
	memcpy(text, host.at, host.left);
	text[host.left] = 0;
	if (addr_parse(&addr, text, port))
		return at;
	return endpoint_from_addr(&addr);
}

/* "IN IP4 192.0.2.1/127/3": the address without TTL and count. */
static struct slice connection_host(struct slice *line)
{
	struct slice word, host;

	if (!slice_is_nocase(next_word(line), "IN"))
		return slice_of(line->at, 0);
	word = next_word(line);
	if (!slice_is_nocase(word, "IP4") && !slice_is_nocase(word, "IP6"))
		return slice_of(line->at, 0);
	word = next_word(line);
	return slice_until(&host, &word, '/') ? word : host;
}

static enum err read_connection(struct reader *reader, struct slice line)
{
	const struct slice host = connection_host(&line);
	struct sdp_media *media = reader->now;

	if (!host.left || reader->own_host) /* of several (layered encoding) the first */
		return ERR_NONE;
	if (media != &reader->session)
		reader->own_host = true;
	media->at = read_endpoint(host, media->at.port);
	return keep_text(media->host, HOST_MAX, host);
}

static enum err read_origin(struct reader *reader, struct slice line)
{
	struct slice rest = line;
	unsigned long version;

	next_word(&rest);
	next_word(&rest);
	if (next_number(&version, &rest, ULONG_MAX))
		reader->out->version = version;
	return keep_text(reader->out->origin, sizeof reader->out->origin, slice_trim(line));
}

static void add_payload_type(struct sdp_media *media, struct slice word)
{
	unsigned long number;
	struct sdp_codec *codec = &media->codec[media->codec_count];

	if (media->codec_count == SDP_CODECS_MAX || slice_number(&number, word, 127) ||
	    sdp_codec_find(media, (unsigned)number))
		return;
	if (sdp_static_codec(codec, (unsigned)number))
		*codec = (struct sdp_codec){ .payload_type = (uint8_t)number };
	media->codec_count++;
}

/* A stream is read to its end: what was said for all is filled in. */
static void end_media(struct reader *reader)
{
	struct sdp_media *media = reader->now;
	const uint16_t port = media->at.port;

	if (media == &reader->session)
		return;
	if (!reader->own_host) {
		memcpy(media->host, reader->session.host, HOST_MAX);
		media->at = reader->session.at;
		media->at.port = port;
	}
	if (!reader->own_direction && reader->session_direction)
		media->direction = reader->session.direction;
	if (!media->srtp)
		media->srtp = reader->session.srtp;
	if (!media->ptime)
		media->ptime = reader->session.ptime;
	media->ice |= reader->session.ice;
	if (media->rtcp_mux) {
		media->rtcp = media->at;
		return;
	}
	media->rtcp = reader->rtcp_at;
	if (!endpoint_is_set(&media->rtcp)) {
		media->rtcp = media->at;
		media->rtcp.port =
			reader->rtcp_said ? reader->rtcp_at.port : (uint16_t)(port ? port + 1 : 0);
	}
}

/* "audio 49170/2 RTP/AVP 0 8 97" */
static enum err begin_media(struct reader *reader, struct slice line)
{
	struct slice port_word, port_text, count;
	unsigned long port;
	struct sdp_media *media = &reader->beyond;
	enum err err;

	end_media(reader);
	if (reader->out->media_count < SDP_MEDIA_MAX)
		media = &reader->out->media[reader->out->media_count++];
	*media = (struct sdp_media){ 0 };
	reader->now = media;
	reader->has_media = true;
	reader->own_direction = reader->own_host = reader->rtcp_said = false;
	reader->rtcp_at = (struct endpoint){ 0 };
	err = keep_text(media->kind, sizeof media->kind, next_word(&line));
	count = port_word = next_word(&line);
	if (slice_until(&port_text, &count, '/'))
		port_text = port_word;
	if (!slice_number(&port, port_text, UINT16_MAX))
		media->at.port = (uint16_t)port;
	if (!err)
		err = keep_text(media->proto, sizeof media->proto, next_word(&line));
	while (line.left && slice_trim(line).left)
		add_payload_type(media, next_word(&line));
	return err;
}

/* "97 opus/48000/2" */
static enum err read_rtpmap(struct sdp_media *media, struct slice line)
{
	struct slice name, clock_text, more;
	unsigned long type, clock;

	if (!next_number(&type, &line, 127))
		return ERR_NONE;
	for (size_t i = 0; i < media->codec_count; i++) {
		if (media->codec[i].payload_type != type)
			continue;
		line = next_word(&line);
		if (slice_until(&name, &line, '/'))
			return ERR_NONE;
		clock_text = more = line;
		if (slice_until(&clock_text, &more, '/'))
			clock_text = line;
		if (!name.left || slice_number(&clock, clock_text, UINT32_MAX) || !clock)
			return ERR_NONE;
		media->codec[i].clock = (uint32_t)clock;
		return keep_text(media->codec[i].name, sizeof media->codec[i].name, name);
	}
	return ERR_NONE;
}

/* "1 1 UDP 2130706431 192.0.2.1 49203 typ host …" */
static enum err read_candidate(struct sdp_media *media, struct slice line)
{
	struct sdp_candidate *candidate = &media->candidate[media->candidate_count];
	unsigned long component, port;
	struct slice host;

	if (media->candidate_count == SDP_CANDIDATES_MAX)
		return ERR_NONE;
	next_word(&line); /* foundation */
	if (!next_number(&component, &line, 255))
		return ERR_NONE;
	if (!slice_is_nocase(next_word(&line), "UDP"))
		return ERR_NONE;
	next_word(&line); /* priority */
	host = next_word(&line);
	if (!next_number(&port, &line, UINT16_MAX) || !slice_is_nocase(next_word(&line), "typ"))
		return ERR_NONE;
	*candidate = (struct sdp_candidate){ .at = read_endpoint(host, (uint16_t)port),
					     .component = (uint8_t)component };
	if (!endpoint_is_set(&candidate->at)) /* a name (RFC 8839, mDNS): no use to a bystander */
		return ERR_NONE;
	media->candidate_count++;
	return keep_text(candidate->type, sizeof candidate->type, next_word(&line));
}

/* "49171 IN IP4 192.0.2.1", the address may be missing (RFC 3605, 2.1) */
static void read_rtcp(struct reader *reader, struct slice line)
{
	unsigned long port;
	struct slice host;

	if (!next_number(&port, &line, UINT16_MAX))
		return;
	host = connection_host(&line);
	reader->rtcp_said = true;
	reader->rtcp_at = read_endpoint(host, (uint16_t)port);
}

static bool read_direction(struct reader *reader, struct slice name)
{
	for (enum sdp_direction i = SDP_SENDRECV; i <= SDP_INACTIVE; i++) {
		if (!slice_is(name, sdp_direction_text(i)))
			continue;
		reader->now->direction = i;
		if (reader->now == &reader->session)
			reader->session_direction = true;
		else
			reader->own_direction = true;
		return true;
	}
	return false;
}

static enum err read_attribute(struct reader *reader, struct slice line)
{
	struct slice name, value = line;
	struct sdp_media *media = reader->now;
	unsigned long number;

	if (slice_until(&name, &value, ':'))
		name = line;
	name = slice_trim(name);
	if (read_direction(reader, name))
		return ERR_NONE;
	if (slice_is(name, "rtpmap"))
		return read_rtpmap(media, value);
	if (slice_is(name, "candidate"))
		return read_candidate(media, value);
	if (slice_is(name, "rtcp"))
		read_rtcp(reader, value);
	else if (slice_is(name, "rtcp-mux"))
		media->rtcp_mux = true;
	else if (slice_is(name, "crypto"))
		media->srtp = media->srtp ? media->srtp : SDP_SRTP_SDES;
	else if (slice_is(name, "fingerprint"))
		media->srtp = SDP_SRTP_DTLS;
	else if (slice_is(name, "ice-ufrag"))
		media->ice = true;
	else if (slice_is(name, "ptime") && next_number(&number, &value, 10000))
		media->ptime = (unsigned)number;
	return ERR_NONE;
}

static enum err read_line(struct reader *reader, struct slice line)
{
	if (line.left < 2 || line.at[1] != '=')
		return ERR_NONE;
	switch (line.at[0]) {
	case 'o':
		return reader->out->origin[0]
			       ? ERR_NONE
			       : read_origin(reader, slice_of(line.at + 2, line.left - 2));
	case 'c': return read_connection(reader, slice_of(line.at + 2, line.left - 2));
	case 'm': return begin_media(reader, slice_of(line.at + 2, line.left - 2));
	case 'a': return read_attribute(reader, slice_of(line.at + 2, line.left - 2));
	default: return ERR_NONE;
	}
}

enum err sdp_read(struct sdp *out, struct slice body)
{
	struct reader reader = { .out = out };
	struct slice line;
	enum err err = ERR_NONE;

	/* Each stream is emptied as it begins: 24 KB for the two that most have would be much. */
	out->origin[0] = 0;
	out->version = 0;
	out->media_count = 0;
	reader.now = &reader.session;
	if (body.left > SDP_BODY_MAX)
		body.left = SDP_BODY_MAX;
	while (body.left && (body.at[0] == '\r' || body.at[0] == '\n'))
		body = slice_of(body.at + 1, body.left - 1);
	if (!slice_starts(body, "v="))
		return ERR_SYNTAX;
	while (!err && !slice_line(&line, &body))
		err = read_line(&reader, line);
	end_media(&reader);
	if (err)
		return err;
	return reader.has_media ? ERR_NONE : ERR_SYNTAX;
}
