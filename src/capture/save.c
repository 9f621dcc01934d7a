/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/save.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/pcap.h"
#include "capture/link.h"

enum { ROOM = 1 << 18 }; /* bytes written in one go */

struct capture_save {
	struct file_draft *draft;
	struct buf waiting;
	uint64_t bytes, most; /* so far, the file's header among them; the ceiling */
	enum packet_link link;
	bool begun, full;
	int failed; /* errno of a write that failed; 0: none did */
};

struct capture_save *capture_save_new(struct file_draft *draft, uint64_t most)
{
	struct capture_save *save = mem_new(1, sizeof *save);

	buf_init(&save->waiting, ROOM + sizeof(struct pcap_record) + PCAP_SNAPLEN_MAX);
	save->draft = draft;
	save->most = most ? most : UINT64_MAX;
	return save;
}

static enum err flush(struct capture_save *save)
{
	enum err err = file_draft_add(save->draft, save->waiting.data, save->waiting.length);

	if (err)
		save->failed = errno;
	buf_reset(&save->waiting);
	return err;
}

static enum err add(struct capture_save *save, const void *data, size_t length)
{
	enum err err = buf_add(&save->waiting, data, length);

	if (!err)
		save->bytes += length;
	return err;
}

static enum err begin(struct capture_save *save, enum packet_link link)
{
	const struct pcap_file header = {
		.magic = PCAP_MAGIC_NS,
		.major = PCAP_MAJOR,
		.minor = PCAP_MINOR,
		.snaplen = PCAP_SNAPLEN_MAX,
		.link = capture_link_number(link),
	};

	if (link == PACKET_OTHER)
		return ERR_UNSUPPORTED;
	save->begun = true;
	save->link = link;
	return add(save, &header, sizeof header);
}

static struct pcap_record record_of(const struct packet *packet, size_t keep)
{
	struct pcap_record record = { .captured = (uint32_t)keep, .wire = (uint32_t)packet->wire };

	if (packet->ns > 0) { /* the format knows no time before 1970 */
		record.seconds = (uint32_t)(packet->ns / PACKET_SECOND);
		record.nanoseconds = (uint32_t)(packet->ns % PACKET_SECOND);
	}
	return record;
}

enum err capture_save_add(struct capture_save *save, const struct packet *packet, size_t keep)
{
	struct pcap_record record;
	enum err err = ERR_NONE;

	if (keep > packet->captured)
		keep = packet->captured;
	if (keep > PCAP_SNAPLEN_MAX)
		keep = PCAP_SNAPLEN_MAX;
	if (!save->begun)
		err = begin(save, packet->link);
	if (err)
		return err;
	if (packet->link != save->link)
		return ERR_MISMATCH;
	record = record_of(packet, keep);
	if (save->full || save->most < save->bytes ||
	    save->most - save->bytes < sizeof record + keep) {
		save->full = true;
		return ERR_FULL;
	}
	err = add(save, &record, sizeof record);
	if (!err)
		err = add(save, packet->data, keep);
	return err || save->waiting.length < ROOM ? err : flush(save);
}

enum err capture_save_finish(struct capture_save *save)
{
	enum err err = ERR_NONE;

	if (save->failed) {
		errno = save->failed;
		return err_from_errno(errno);
	}
	/* A file without a packet is a capture all the same. */
	if (!save->begun)
		err = begin(save, PACKET_ETHERNET);
	return err ? err : flush(save);
}

void capture_save_free(struct capture_save *save)
{
	if (!save)
		return;
	buf_clear(&save->waiting);
	free(save);
}
