/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks are those of draft-ietf-opsawg-pcapng. */
#include "capture/pcapng.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
	BLOCK_MAX = 1 << 20, /* bytes; a longer one that is changed ends it */
	INTERFACES_MAX = 4096,
	HEADER = 8,  /* type, length */
	FRAME = 12,  /* these, and the length again at the end */
	FIXED = 28,  /* of a packet block up to its bytes */
	SIMPLE = 12, /* of a simple packet block up to its bytes */

	SECTION = 0x0a0d0d0a,
	INTERFACE = 1,
	PACKET_OLD = 2,
	PACKET_SIMPLE = 3,
	PACKET_ENHANCED = 6,
};

struct interface {
	uint16_t link;
	uint32_t snaplen;
};

struct pcapng {
	FILE *raw;
	bool big;  /* the section's byte order */
	bool over; /* nothing comes behind what waits */
	struct interface interface[INTERFACES_MAX];
	size_t interfaces;
	uint32_t passing; /* bytes still to come of a long block that stays as it is */
	size_t at, end;   /* of what waits in `block` */
	uint8_t block[BLOCK_MAX + PCAPNG_PREFIX + FIXED];
};

/* --- numbers in the section's byte order --- */

static uint32_t get(const struct pcapng *pcapng, size_t at, unsigned size)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value |= (uint32_t)pcapng->block[at + i] << 8 * (pcapng->big ? size - 1 - i : i);
	return value;
}

static void put(struct pcapng *pcapng, size_t at, unsigned size, uint32_t value)
{
	for (unsigned i = 0; i < size; i++)
		pcapng->block[at + i] = (uint8_t)(value >> 8 * (pcapng->big ? size - 1 - i : i));
}

static void put_length(struct pcapng *pcapng, size_t length)
{
	put(pcapng, 4, 4, (uint32_t)length);
	put(pcapng, length - 4, 4, (uint32_t)length);
	pcapng->end = length;
}

/* --- blocks; false: it makes no sense --- */

static bool change_interface(struct pcapng *pcapng)
{
	if (pcapng->end < FRAME + 8 || pcapng->interfaces == INTERFACES_MAX)
		return false;
	pcapng->interface[pcapng->interfaces++] = (struct interface){
		.link = (uint16_t)get(pcapng, 8, 2),
		.snaplen = get(pcapng, 12, 4),
	};
	put(pcapng, 8, 2, PCAPNG_LINK);
	put(pcapng, 12, 4, 0); /* no limit */
	return true;
}

/* Moves what stands from `from` on so that it begins at `to`. */
static void move(struct pcapng *pcapng, size_t to, size_t from)
{
	memmove(pcapng->block + to, pcapng->block + from, pcapng->end - from);
	pcapng->end = pcapng->end - from + to;
}

/* Puts the link layer of interface `index` before the bytes, of which there are `captured`. */
static bool add_prefix(struct pcapng *pcapng, uint32_t index, uint32_t captured)
{
	if (index >= pcapng->interfaces || captured > pcapng->end - FIXED - 4)
		return false;
	move(pcapng, FIXED + PCAPNG_PREFIX, FIXED);
	pcapng->block[FIXED] = pcapng->block[FIXED + 1] = 0;
	pcapng->block[FIXED + 2] = (uint8_t)(pcapng->interface[index].link >> 8);
	pcapng->block[FIXED + 3] = (uint8_t)pcapng->interface[index].link;
	put(pcapng, 20, 4, captured + PCAPNG_PREFIX);
	put_length(pcapng, pcapng->end);
	return true;
}

static bool change_packet(struct pcapng *pcapng, bool old)
{
	return pcapng->end >= FIXED + 4 &&
	       add_prefix(pcapng, get(pcapng, 8, old ? 2 : 4), get(pcapng, 20, 4));
}

/* A packet of the first interface, without a time, its length by that one's snap length: made an
 * enhanced one. */
static bool change_simple(struct pcapng *pcapng)
{
	uint32_t captured, wire, snaplen;

	if (pcapng->end < SIMPLE + 4 || !pcapng->interfaces)
		return false;
	captured = wire = get(pcapng, 8, 4);
	snaplen = pcapng->interface[0].snaplen;
	if (snaplen && captured > snaplen)
		captured = snaplen;
	move(pcapng, FIXED, SIMPLE);
	put(pcapng, 0, 4, PACKET_ENHANCED);
	memset(pcapng->block + 8, 0, 12); /* interface, time */
	put(pcapng, 20, 4, captured);
	put(pcapng, 24, 4, wire);
	return add_prefix(pcapng, 0, captured);
}

static bool change(struct pcapng *pcapng)
{
	switch (get(pcapng, 0, 4)) {
	case SECTION: pcapng->interfaces = 0; return true;
	case INTERFACE: return change_interface(pcapng);
	case PACKET_OLD: return change_packet(pcapng, true);
	case PACKET_ENHANCED: return change_packet(pcapng, false);
	case PACKET_SIMPLE: return change_simple(pcapng);
	default: return true;
	}
}

/* --- reading --- */

static bool fetch(struct pcapng *pcapng, size_t length)
{
	const size_t got = fread(pcapng->block + pcapng->end, 1, length, pcapng->raw);

	pcapng->end += got;
	return got == length;
}

/* The section's header says its byte order before its length can be read. */
static bool read_order(struct pcapng *pcapng)
{
	static const uint8_t big[] = { 0x1a, 0x2b, 0x3c, 0x4d };

	if (!fetch(pcapng, sizeof big))
		return false;
	pcapng->big = !memcmp(pcapng->block + HEADER, big, sizeof big);
	return true;
}

/* Blocks of other kinds may be longer than what is kept here at once: names, secrets. */
static bool is_changed(uint32_t type)
{
	return type == SECTION || type == INTERFACE || type == PACKET_OLD ||
	       type == PACKET_SIMPLE || type == PACKET_ENHANCED;
}

static void pass_on(struct pcapng *pcapng)
{
	const uint32_t length = pcapng->passing < BLOCK_MAX ? pcapng->passing : BLOCK_MAX;

	pcapng->passing -= length;
	pcapng->over = !fetch(pcapng, length);
}

static void begin_block(struct pcapng *pcapng)
{
	uint32_t length;

	pcapng->over =
		!fetch(pcapng, HEADER) || (get(pcapng, 0, 4) == SECTION && !read_order(pcapng));
	if (pcapng->over)
		return;
	length = get(pcapng, 4, 4);
	if (length > BLOCK_MAX && length % 4 == 0 && !is_changed(get(pcapng, 0, 4)))
		pcapng->passing = length - HEADER;
	else
		pcapng->over = length % 4 || length < FRAME || length < pcapng->end ||
			       length > BLOCK_MAX || !fetch(pcapng, length - pcapng->end) ||
			       !change(pcapng);
}

/* The next block, changed, or the next part of one. What breaks off or makes no sense is the last,
 * as it is: libpcap ends there too, with words for it. */
static void next(struct pcapng *pcapng)
{
	pcapng->at = pcapng->end = 0;
	if (pcapng->over)
		return;
	if (pcapng->passing)
		pass_on(pcapng);
	else
		begin_block(pcapng);
}

static ssize_t read_changed(void *context, char *out, size_t room)
{
	struct pcapng *pcapng = context;
	size_t length;

	if (pcapng->at == pcapng->end)
		next(pcapng);
	length = pcapng->end - pcapng->at;
	length = length < room ? length : room;
	memcpy(out, pcapng->block + pcapng->at, length);
	pcapng->at += length;
	return (ssize_t)length;
}

static int close_raw(void *context)
{
	struct pcapng *pcapng = context;
	int result = fclose(pcapng->raw);

	free(pcapng);
	return result;
}

enum err pcapng_open(FILE **stream, FILE *raw)
{
	const cookie_io_functions_t functions = { .read = read_changed, .close = close_raw };
	struct pcapng *pcapng = mem_new(1, sizeof *pcapng);
	FILE *changed;

	pcapng->raw = raw;
	changed = fopencookie(pcapng, "r", functions);
	if (!changed) {
		free(pcapng);
		return ERR_MEMORY;
	}
	*stream = changed;
	return ERR_NONE;
}
