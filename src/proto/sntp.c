/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sntp.h"

#include <ctype.h>
#include <string.h>

/* RFC 5905, 7.3. */
enum {
	VERSION = 4,
	MODE_CLIENT = 3,
	MODE_SERVER = 4,
	ALARM = 3, /* of the leap indicator: the server's clock is not set */
	STRATUM_MOST = 15,
	DISTANCE_MOST = 16, /* seconds, MAXDISP */
};

static const double era_seconds = 4294967296.0;
static const double unix_epoch = 2208988800.0; /* 1970 in seconds since 1900 */

void sntp_build(uint8_t out[static SNTP_LENGTH], uint64_t nonce)
{
	memset(out, 0, SNTP_LENGTH);
	out[0] = VERSION << 3 | MODE_CLIENT;
	for (int i = 0; i < 8; i++)
		out[40 + i] = (uint8_t)(nonce >> (56 - 8 * i));
}

static enum err take_be64(uint64_t *out, struct slice *slice)
{
	uint32_t high, low;
	enum err err = slice_be32(&high, slice);

	if (!err)
		err = slice_be32(&low, slice);
	if (!err)
		*out = (uint64_t)high << 32 | low;
	return err;
}

/* RFC 4330, 3: without its first bit it is a time after 2036. */
static double to_unix(uint64_t stamp)
{
	const double seconds = (double)(stamp >> 32) + (double)(uint32_t)stamp / era_seconds;

	return seconds - unix_epoch + (stamp >> 63 ? 0 : era_seconds);
}

static double short_seconds(uint32_t value)
{
	return (double)value / 65536;
}

static void take_kiss(struct sntp_answer *out, const uint8_t *code)
{
	size_t i = 0;

	while (i < SNTP_KISS - 1 && isupper(code[i]))
		i++;
	if (i < SNTP_KISS - 1)
		return;
	memcpy(out->kiss, code, SNTP_KISS - 1);
}

struct fields {
	uint8_t flags, stratum;
	uint32_t root_delay, root_dispersion;
	struct slice reference; /* 4 bytes */
	uint64_t originate, receive, transmit;
};

static enum err take_fields(struct fields *out, struct slice rest)
{
	enum err err = slice_be8(&out->flags, &rest);

	if (!err)
		err = slice_be8(&out->stratum, &rest);
	if (!err)
		err = slice_skip(&rest, 2); /* poll, precision */
	if (!err)
		err = slice_be32(&out->root_delay, &rest);
	if (!err)
		err = slice_be32(&out->root_dispersion, &rest);
	if (!err)
		err = slice_take(&out->reference, &rest, 4);
	if (!err)
		err = slice_skip(&rest, 8); /* when the server's clock was set last */
	if (!err)
		err = take_be64(&out->originate, &rest);
	if (!err)
		err = take_be64(&out->receive, &rest);
	if (!err)
		err = take_be64(&out->transmit, &rest);
	return err;
}

enum err sntp_read(struct sntp_answer *out, struct slice datagram, uint64_t nonce)
{
	struct fields fields;
	const enum err err = take_fields(&fields, datagram);

	if (err)
		return err;
	if ((fields.flags & 7) != MODE_SERVER || !(fields.flags >> 3 & 7) ||
	    (fields.flags >> 3 & 7) > VERSION || fields.originate != nonce)
		return ERR_MISMATCH;
	*out = (struct sntp_answer){ .stratum = fields.stratum };
	if (!fields.stratum) {
		take_kiss(out, fields.reference.at);
		return ERR_REFUSED;
	}
	out->root_distance =
		short_seconds(fields.root_delay) / 2 + short_seconds(fields.root_dispersion);
	if (fields.flags >> 6 == ALARM || fields.stratum > STRATUM_MOST || !fields.receive ||
	    !fields.transmit || out->root_distance >= DISTANCE_MOST)
		return ERR_UNSUPPORTED;
	out->received = to_unix(fields.receive);
	out->sent = to_unix(fields.transmit);
	return ERR_NONE;
}

double sntp_ahead(const struct sntp_answer *answer, double asked, double heard)
{
	return ((asked - answer->received) + (heard - answer->sent)) / 2;
}
