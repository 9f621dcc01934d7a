/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/pcap.h"

enum { MOST = 4 << 20 };

static void add(struct buf *out, const void *data, size_t length)
{
	assert_int_equal(buf_add(out, data, length), ERR_NONE);
}

static struct pcap_file header(void)
{
	return (struct pcap_file){ .magic = PCAP_MAGIC_NS,
				   .major = PCAP_MAJOR,
				   .minor = PCAP_MINOR,
				   .snaplen = PCAP_SNAPLEN_MAX,
				   .link = 1 };
}

/* A packet of `length` bytes, each its number. */
static void add_packet(struct buf *out, uint8_t number, uint32_t length)
{
	const struct pcap_record record = {
		.seconds = 7, .nanoseconds = number, .captured = length, .wire = length + number
	};

	add(out, &record, sizeof record);
	for (uint32_t i = 0; i < length; i++)
		assert_int_equal(buf_add_be8(out, number), ERR_NONE);
}

struct seen {
	unsigned count;
	size_t bytes;
};

static void look(const struct packet *packet, void *context)
{
	struct seen *seen = context;

	seen->count++;
	seen->bytes += packet->captured;
	assert_true(packet->ns == INT64_C(7000000000) + seen->count);
	assert_int_equal(packet->wire, packet->captured + seen->count);
	assert_int_equal(packet->link, PACKET_ETHERNET);
	for (size_t i = 0; i < packet->captured; i++)
		assert_int_equal(packet->data[i], seen->count);
}

/* In pieces of `step` bytes. */
static enum err put_all(struct seen *seen, struct capture_stream *stream, const struct buf *in,
			size_t step)
{
	enum err err = ERR_NONE;
	size_t at = 0;

	while (!err && at < in->length) {
		size_t room, length = in->length - at < step ? in->length - at : step;
		uint8_t *to = capture_stream_room(&room, stream);

		assert_true(room > 0);
		length = length < room ? length : room;
		memcpy(to, in->data + at, length);
		err = capture_stream_put(stream, length, look, seen);
		at += length;
	}
	return err;
}

static void pieces_of_any_size_give_the_same(void **state)
{
	static const size_t steps[] = { 1, 2, 3, 15, 16, 17, 25, 1000, 65536, MOST };
	const struct pcap_file head = header();
	struct buf in;

	(void)state;
	buf_init(&in, MOST);
	add(&in, &head, sizeof head);
	add_packet(&in, 1, 10);
	add_packet(&in, 2, 0);
	add_packet(&in, 3, PCAP_SNAPLEN_MAX);
	for (uint8_t i = 4; i < 200; i++)
		add_packet(&in, i, (uint32_t)i * 60);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct capture_stream *stream = capture_stream_new();
		struct seen seen = { 0 };

		assert_false(capture_stream_begun(stream));
		assert_int_equal(put_all(&seen, stream, &in, steps[i]), ERR_NONE);
		assert_true(capture_stream_begun(stream));
		assert_int_equal(seen.count, 199);
		assert_int_equal(seen.bytes, 10 + PCAP_SNAPLEN_MAX + 60 * (199 * 200 / 2 - 6));
		capture_stream_free(stream);
	}
	buf_clear(&in);
}

static void refused(const struct pcap_file *head, const struct pcap_record *record)
{
	struct capture_stream *stream = capture_stream_new();
	struct seen seen = { 0 };
	struct buf in;

	buf_init(&in, MOST);
	add(&in, head, sizeof *head);
	add_packet(&in, 1, 5);
	if (record)
		add(&in, record, sizeof *record);
	add_packet(&in, 2, 5);
	assert_int_equal(put_all(&seen, stream, &in, MOST), ERR_SYNTAX);
	assert_int_equal(seen.count, record ? 1 : 0);
	/* Broken it stays, and does not fill up. */
	for (int i = 0; i < 100; i++)
		assert_int_equal(put_all(&seen, stream, &in, MOST), ERR_SYNTAX);
	assert_int_equal(seen.count, record ? 1 : 0);
	capture_stream_free(stream);
	buf_clear(&in);
}

static void lies_end_it(void **state)
{
	struct pcap_file head = header();

	(void)state;
	refused(&head,
		&(struct pcap_record){ .captured = PCAP_SNAPLEN_MAX + 1, .wire = UINT32_MAX });
	refused(&head, &(struct pcap_record){ .captured = UINT32_MAX, .wire = UINT32_MAX });
	refused(&head, &(struct pcap_record){ .captured = 6, .wire = 5 });
	refused(&head,
		&(struct pcap_record){ .nanoseconds = 1000000000, .captured = 1, .wire = 1 });
	head.snaplen = 5;
	refused(&head, &(struct pcap_record){ .captured = 6, .wire = 6 });
	head.snaplen = PCAP_SNAPLEN_MAX + 1;
	refused(&head, NULL);
	head = header();
	head.magic = 0xa1b2c3d4; /* microseconds */
	refused(&head, NULL);
	head = header();
	head.minor = 3;
	refused(&head, NULL);
}

static void a_part_of_a_packet_is_not_given(void **state)
{
	const struct pcap_file head = header();
	struct capture_stream *stream = capture_stream_new();
	struct seen seen = { 0 };
	struct buf in;

	(void)state;
	buf_init(&in, MOST);
	add(&in, &head, sizeof head);
	add_packet(&in, 1, 5);
	in.length--;
	assert_int_equal(put_all(&seen, stream, &in, MOST), ERR_NONE);
	assert_int_equal(seen.count, 0);
	capture_stream_free(stream);
	buf_clear(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(lies_end_it),
		cmocka_unit_test(a_part_of_a_packet_is_not_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
