/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an encoder of G.722 made of sound whose level is known. */
#ifndef EARSHOT_TESTS_UNIT_PROTO_G722_H
#define EARSHOT_TESTS_UNIT_PROTO_G722_H

#include <stdint.h>

enum { G722_BYTES = 800 };

extern const uint8_t g722_tone[G722_BYTES], g722_noise[G722_BYTES], g722_hiss[G722_BYTES],
	g722_nothing[G722_BYTES];

#endif
