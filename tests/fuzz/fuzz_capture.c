/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a capture file: whatever they are, it ends, and what is given holds its own bytes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "capture/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte, so that a sanitizer sees one that is not there. */
static void look(const struct packet *packet, void *context)
{
	unsigned *sum = context;

	for (size_t i = 0; i < packet->captured; i++)
		*sum += packet->data[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaint complaint = { "" };
	struct capture_file *file;
	volatile unsigned kept;
	unsigned sum = 0;
	FILE *stream = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;

	if (!stream)
		return 0;
	if (capture_file_open_take(&file, stream, "input", &complaint)) {
		if (!complaint.text[0])
			abort();
		return 0;
	}
	if ((capture_file_each(file, look, &sum) != ERR_NONE) !=
	    (capture_file_damage(file) != NULL))
		abort();
	kept = sum;
	(void)kept;
	capture_file_free(file);
	return 0;
}
