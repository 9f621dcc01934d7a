/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pcapng file whose interfaces differ in link layer or snap length, which libpcap refuses, made
 * into one that it reads: all interfaces alike, and the link layer before each packet's bytes. */
#ifndef EARSHOT_CAPTURE_PCAPNG_H
#define EARSHOT_CAPTURE_PCAPNG_H

#include <stdio.h>

#include "base/err.h"

enum {
	PCAPNG_LINK = 147, /* DLT_USER0, of every interface then */
	PCAPNG_PREFIX = 4, /* bytes before each packet's: its LINKTYPE_ value, big-endian */
};

/* A stream of that, made of the file in `raw`, which it takes over on success: fclose(*stream)
 * closes and frees all. It ends with the first block that makes no sense. ERR_MEMORY. */
enum err pcapng_open(FILE **stream, FILE *raw) MUST_USE;

#endif
