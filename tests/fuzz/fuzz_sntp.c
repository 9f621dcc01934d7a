/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a time server's answer, its nonce the one that stands there, and as a Date: what is
 * taken is a time that there can be, and safe to print. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "proto/date.h"
#include "proto/sntp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t nonce_of(const uint8_t *data, size_t size)
{
	uint64_t nonce = 0;

	for (size_t i = 24; i < 32 && i < size; i++)
		nonce = nonce << 8 | data[i];
	return nonce;
}

static void must_be_a_time(double seconds)
{
	/* RFC 4330, 3: from 1968 to 2104. */
	if (!(seconds > -62000000.0 && seconds < 4300000000.0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sntp_answer answer;
	int64_t when;
	const enum err err = sntp_read(&answer, slice_of(data, size), nonce_of(data, size));

	if (err == ERR_NONE) {
		must_be_a_time(answer.received);
		must_be_a_time(answer.sent);
		if (answer.stratum < 1 || answer.stratum > 15 || !(answer.root_distance < 16))
			abort();
	}
	if (err == ERR_REFUSED)
		for (size_t i = 0; i < strlen(answer.kiss); i++)
			if (!isupper((unsigned char)answer.kiss[i]))
				abort();
	if (!date_parse(&when, slice_of(data, size)) && (when < 0 || when > 253402300800))
		abort();
	return 0;
}
