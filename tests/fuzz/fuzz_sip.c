/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP from the network: as an answer, and as what a router quotes of a request. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/sip.h"
#include "proto/sip_answer.h"
#include "proto/sip_diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char invite[] =
	"INVITE sip:t@example.com SIP/2.0\r\nVia: SIP/2.0/UDP "
	"192.0.2.1:5060;rport;branch=z9hG4bKt\r\n"
	"Max-Forwards: 70\r\nFrom: <sip:e@192.0.2.1>;tag=t\r\nTo: <sip:example.com>\r\n"
	"Call-ID: t@192.0.2.1\r\nCSeq: 1 INVITE\r\nContact: <sip:e@192.0.2.1:5060>\r\n"
	"Content-Type: application/sdp\r\nContent-Length: 85\r\n\r\n"
	"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 40000 "
	"RTP/AVP 0\r\n";

static int lies_within(struct slice part, const uint8_t *data, size_t size)
{
	return !part.left || (part.at >= data && part.at + part.left <= data + size);
}

static void check_slices(const struct sip_raw *raw, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < raw->header_count; i++)
		if (!lies_within(raw->header[i].label, data, size) ||
		    !lies_within(raw->header[i].value, data, size))
			abort();
	for (size_t i = 0; i < raw->sdp_count; i++)
		if (!lies_within(raw->sdp[i], data, size))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice bytes = slice_of(data, size);
	struct sip_raw raw;
	struct sip_answer answer;
	struct sip_diff diff;

	if (!sip_raw_read(&raw, bytes))
		check_slices(&raw, data, size);
	if (!sip_answer_parse(&answer, bytes) && (answer.status < 100 || answer.status > 699))
		abort();
	if (!sip_diff(&diff, slice_of_text(invite), bytes) && !diff.changed != !diff.change_count)
		abort();
	/* Nothing differs from itself. */
	if (!sip_diff(&diff, bytes, bytes) && diff.changed)
		abort();
	return 0;
}
