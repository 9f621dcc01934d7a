/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/rtcp.h"

enum {
	VERSION = 2,
	FIRST_TYPE = 192, /* RFC 5761, 4: the second byte of no RTP packet beside it */
	LAST_TYPE = 223,
	SENDER_REPORT = 200,
	RECEIVER_REPORT = 201,
	BYE = 203,
	SENDER_INFO = 20,
	REPORT = 24,
};

bool rtcp_looks_so(struct slice bytes)
{
	return bytes.left >= 8 && bytes.at[0] >> 6 == VERSION && bytes.at[1] >= FIRST_TYPE &&
	       bytes.at[1] <= LAST_TYPE;
}

/* 24 bits, two's complement. */
static int32_t signed24(uint32_t value)
{
	return value & 0x800000 ? (int32_t)value - 0x1000000 : (int32_t)value;
}

static enum err read_report(struct rtcp_report *out, struct slice *body)
{
	uint32_t lost = 0;
	enum err err = slice_be32(&out->about, body);

	if (!err)
		err = slice_be32(&lost, body);
	if (!err)
		err = slice_be32(&out->highest_seq, body);
	if (!err)
		err = slice_be32(&out->jitter, body);
	if (!err)
		err = slice_skip(body, 8); /* LSR, DLSR */
	out->fraction = (uint8_t)(lost >> 24);
	out->lost = signed24(lost & 0xffffff);
	return err;
}

/* NTP and RTP timestamps, packets, octets. */
static enum err read_sender_info(struct rtcp *out, struct slice *body)
{
	struct slice info;
	enum err err = slice_take(&info, body, SENDER_INFO);

	if (!err)
		err = slice_skip(&info, 12);
	if (!err)
		err = slice_be32(&out->sent_packets, &info);
	out->sender_report = true;
	return err;
}

static enum err read_reports(struct rtcp *out, struct slice body, unsigned type, unsigned count)
{
	enum err err = slice_skip(&body, 4); /* the SSRC */

	if (!err && type == SENDER_REPORT)
		err = read_sender_info(out, &body);
	for (unsigned i = 0; !err && i < count && out->report_count < RTCP_REPORTS_MAX; i++) {
		err = read_report(&out->report[out->report_count], &body);
		if (!err)
			out->report_count++;
	}
	/* The length that the packet gives has no room for what it counts. */
	return err ? ERR_SYNTAX : ERR_NONE;
}

/* One packet of the compound. ERR_TRUNCATED: it ends behind what there is. */
static enum err read_packet(struct rtcp *out, struct slice *bytes, bool first)
{
	const struct slice whole = *bytes;
	struct slice body;
	uint8_t head, type;
	uint16_t words;
	enum err err = slice_be8(&head, bytes);

	if (!err)
		err = slice_be8(&type, bytes);
	if (!err)
		err = slice_be16(&words, bytes);
	if (err)
		return err;
	if (head >> 6 != VERSION)
		return ERR_SYNTAX;
	err = slice_take(&body, bytes, 4 * (size_t)words);
	if (err)
		return err;
	if (first) {
		struct slice at = body;

		/* RFC 3550, A.2: a report begins it, without padding. Reduced size (RFC 5506) lets
		 * others begin. */
		if ((head & 0x20 && bytes->left) || !rtcp_looks_so(whole) ||
		    slice_be32(&out->sender, &at))
			return ERR_SYNTAX;
	}
	if (type == BYE)
		out->bye = true;
	if (type == SENDER_REPORT || type == RECEIVER_REPORT)
		return read_reports(out, body, type, head & 31);
	return ERR_NONE;
}

enum err rtcp_read(struct rtcp *out, struct slice bytes)
{
	enum err err;

	*out = (struct rtcp){ 0 };
	err = read_packet(out, &bytes, true);
	while (!err && bytes.left) {
		err = read_packet(out, &bytes, false);
		if (err == ERR_TRUNCATED)
			return ERR_NONE;
	}
	return err;
}
