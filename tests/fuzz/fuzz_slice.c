/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first half is a program of slice calls, the second half what they read: the cursor stays
 * inside and what fails moves nothing. */
#include <stdlib.h>

#include "base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte, so that a sanitizer sees one that is not ours. */
static unsigned sum(struct slice slice)
{
	unsigned total = 0;

	for (size_t i = 0; i < slice.left; i++)
		total += slice.at[i];
	return total;
}

static enum err run_call(uint8_t call, struct slice *text)
{
	struct slice part = { 0 };
	uint8_t bytes[16], one;
	uint16_t two;
	uint32_t four;
	unsigned long number;
	size_t at;
	enum err err;

	switch (call % 12) {
	case 0: return slice_be8(&one, text);
	case 1: return slice_be16(&two, text);
	case 2: return slice_be32(&four, text);
	case 3: return slice_skip(text, call / 12u);
	case 4: return slice_copy(bytes, call / 12u % sizeof bytes, text);
	case 5: *text = slice_trim(*text); return ERR_NONE;
	case 6: err = slice_line(&part, text); break;
	case 7: err = slice_until(&part, text, (char)call); break;
	case 8: err = slice_take(&part, text, call / 12u); break;
	case 9: return slice_number(&number, *text, call);
	case 10:
		return slice_find(&at, *text, "\r\n") || at + 2 <= text->left ? ERR_NONE
									      : ERR_RANGE;
	default:
		return slice_starts(*text, "Via") && !slice_starts_nocase(*text, "vIA") ? ERR_RANGE
											: ERR_NONE;
	}
	(void)sum(part);
	return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice calls = slice_of(data, size / 2),
		     text = slice_of(data + size / 2, size - size / 2);
	uint8_t call;

	while (!slice_be8(&call, &calls)) {
		const struct slice before = text;
		const enum err err = run_call(call, &text);

		if (err && (text.at != before.at || text.left != before.left))
			abort();
		if (text.left > before.left || (call % 12 >= 10 && err))
			abort();
		(void)sum(text);
	}
	return 0;
}
