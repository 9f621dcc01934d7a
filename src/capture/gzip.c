/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "capture/gzip.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

#ifdef HAVE_ZLIB

#include <zlib.h>

enum {
	PACKED_ROOM = 65536,
	WINDOW_OF_GZIP = 15 + 16, /* zlib.h, inflateInit2(): the largest window, a gzip header */
};

struct gzip {
	FILE *packed;
	z_stream state;
	bool begun;   /* within a member */
	bool damaged; /* nothing more comes */
	unsigned char input[PACKED_ROOM];
};

/* True if there is input left. A file may hold several members, one after another, and an end that
 * is filled with zeros, as tapes had it. */
static bool fill(struct gzip *gzip)
{
	if (!gzip->state.avail_in) {
		gzip->state.next_in = gzip->input;
		gzip->state.avail_in =
			(uInt)fread(gzip->input, 1, sizeof gzip->input, gzip->packed);
	}
	while (!gzip->begun && gzip->state.avail_in && !*gzip->state.next_in) {
		gzip->state.next_in++;
		gzip->state.avail_in--;
	}
	return gzip->state.avail_in > 0;
}

/* One step of unpacking; false: no more comes. */
static bool step(struct gzip *gzip)
{
	int result;

	if (!fill(gzip)) {
		gzip->damaged = gzip->begun || ferror(gzip->packed);
		return !feof(gzip->packed) && !ferror(gzip->packed);
	}
	if (!gzip->begun && inflateReset(&gzip->state) != Z_OK)
		return false;
	gzip->begun = true;
	result = inflate(&gzip->state, Z_NO_FLUSH);
	if (result == Z_STREAM_END)
		gzip->begun = false;
	else if (result != Z_OK)
		gzip->damaged = true;
	return !gzip->damaged;
}

static ssize_t read_unpacked(void *context, char *out, size_t room)
{
	struct gzip *gzip = context;
	const uInt most = room > UINT16_MAX * 16 ? UINT16_MAX * 16 : (uInt)room;

	gzip->state.next_out = (unsigned char *)out;
	gzip->state.avail_out = most;
	while (gzip->state.avail_out && !gzip->damaged && step(gzip))
		;
	return (ssize_t)(most - gzip->state.avail_out);
}

static int close_packed(void *context)
{
	struct gzip *gzip = context;

	inflateEnd(&gzip->state);
	return fclose(gzip->packed);
}

enum err gzip_open(struct gzip **out, FILE **stream, FILE *packed)
{
	const cookie_io_functions_t functions = { .read = read_unpacked, .close = close_packed };
	struct gzip *gzip = mem_new(1, sizeof *gzip);
	FILE *unpacked;

	gzip->packed = packed;
	if (inflateInit2(&gzip->state, WINDOW_OF_GZIP) != Z_OK)
		abort(); /* no memory */
	unpacked = fopencookie(gzip, "r", functions);
	if (!unpacked)
		abort(); /* the same */
	*stream = unpacked;
	*out = gzip;
	return ERR_NONE;
}

bool gzip_damaged(const struct gzip *gzip)
{
	return gzip->damaged;
}

void gzip_free(struct gzip *gzip)
{
	free(gzip);
}

#else

enum err gzip_open(struct gzip **out, FILE **stream, FILE *packed)
{
	(void)out;
	(void)stream;
	(void)packed;
	return ERR_UNSUPPORTED;
}

bool gzip_damaged(const struct gzip *gzip)
{
	(void)gzip;
	return false;
}

void gzip_free(struct gzip *gzip)
{
	(void)gzip;
}

#endif
