/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a pcapng file whose interfaces differ: libpcap reads what is made of it, and every
 * packet has its link layer before its bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "capture/file.h"
#include "capture/pcapng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct packet *packet, void *context)
{
	unsigned *sum = context;

	if (packet->captured < PCAPNG_PREFIX || packet->data[0] || packet->data[1])
		abort();
	for (size_t i = 0; i < packet->captured; i++)
		*sum += packet->data[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaint complaint = { "" };
	struct capture_file *file;
	volatile unsigned kept;
	unsigned sum = 0;
	FILE *raw = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	FILE *stream;

	if (!raw || pcapng_open(&stream, raw))
		return 0;
	/* Nothing but pcapng is ever given to it. */
	if (capture_file_open_take(&file, stream, "input", &complaint))
		return 0;
	if (data[0] == 0x0a && (capture_file_each(file, look, &sum) != ERR_NONE) !=
				       (capture_file_damage(file) != NULL))
		abort();
	kept = sum;
	(void)kept;
	capture_file_free(file);
	return 0;
}
