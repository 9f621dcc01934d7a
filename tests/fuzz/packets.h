/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a fuzz target's input is a capture: for each packet its link layer (1 byte), 100 ms more or
 * less since the last (1 byte, signed), bytes on the line beyond those captured (1 byte), how many
 * were captured (2 bytes, big-endian), and these. The last one may be cut. */
#ifndef EARSHOT_TESTS_FUZZ_PACKETS_H
#define EARSHOT_TESTS_FUZZ_PACKETS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/packet.h"
#include "base/slice.h"

enum { PACKETS_HEADER = 5 };

/* The packet's bytes lie in a heap block of their size, which the caller frees. False: no more. */
static inline bool packets_next(struct packet *out, struct slice *input)
{
	const uint8_t *at = input->at;
	uint8_t *block;
	size_t length;

	if (input->left < PACKETS_HEADER)
		return false;
	length = (size_t)(at[3] << 8 | at[4]);
	if (length > input->left - PACKETS_HEADER)
		length = input->left - PACKETS_HEADER;
	block = malloc(length ? length : 1);
	if (!block)
		abort();
	memcpy(block, at + PACKETS_HEADER, length);
	out->link = (enum packet_link)(at[0] % (PACKET_PPPOE + 1));
	out->ns += (int8_t)at[1] * (int64_t)(PACKET_SECOND / 10);
	out->data = block;
	out->captured = length;
	out->wire = length + at[2];
	input->at += PACKETS_HEADER + length;
	input->left -= PACKETS_HEADER + length;
	return true;
}

#endif
