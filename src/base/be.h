/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Big-endian numbers at a place whose length was checked beforehand: for what runs once a packet.
 * Elsewhere slice_be16() and its like check by themselves. */
#ifndef EARSHOT_BASE_BE_H
#define EARSHOT_BASE_BE_H

#include <stdint.h>

static inline uint16_t be_16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t be_32(const uint8_t *at)
{
	return (uint32_t)be_16(at) << 16 | be_16(at + 2);
}

static inline uint64_t be_64(const uint8_t *at)
{
	return (uint64_t)be_32(at) << 32 | be_32(at + 4);
}

#endif
