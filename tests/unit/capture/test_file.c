/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "capture/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

enum { MOST = 1 << 23, LINK_ETHERNET = 1 };

static char folder[] = "/tmp/earshot-capture-XXXXXX";

/* --- a capture by hand --- */

struct writer {
	struct buf bytes;
	bool little;
};

static void number(struct writer *writer, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++) {
		const unsigned shift = 8 * (writer->little ? i : size - 1 - i);

		assert_int_equal(buf_add_be8(&writer->bytes, (uint8_t)(value >> shift)), ERR_NONE);
	}
}

static void text(struct writer *writer, const char *bytes, size_t length)
{
	assert_int_equal(buf_add(&writer->bytes, bytes, length), ERR_NONE);
}

static void pcap_header(struct writer *writer, bool little, uint32_t magic, uint32_t link)
{
	buf_init(&writer->bytes, MOST);
	writer->little = little;
	number(writer, magic, 4);
	number(writer, 2, 2);
	number(writer, 4, 2);
	number(writer, 0, 8);
	number(writer, 262144, 4);
	number(writer, link, 4);
}

static void pcap_packet(struct writer *writer, uint32_t fraction, uint32_t wire, const char *data)
{
	number(writer, 1700000000, 4);
	number(writer, fraction, 4);
	number(writer, strlen(data), 4);
	number(writer, wire, 4);
	text(writer, data, strlen(data));
}

/* draft-ietf-opsawg-pcapng: section header, interface in nanoseconds, enhanced packet. */
static void ng_section(struct writer *writer, bool little)
{
	buf_init(&writer->bytes, MOST);
	writer->little = little;
	number(writer, 0x0a0d0d0a, 4);
	number(writer, 28, 4);
	number(writer, 0x1a2b3c4d, 4);
	number(writer, 1, 2);
	number(writer, 0, 2);
	number(writer, UINT64_MAX, 8);
	number(writer, 28, 4);
}

static void ng_interface(struct writer *writer, uint16_t link, uint32_t snaplen)
{
	number(writer, 1, 4);
	number(writer, 32, 4);
	number(writer, link, 2);
	number(writer, 0, 2);
	number(writer, snaplen, 4);
	number(writer, 9, 2); /* if_tsresol */
	number(writer, 1, 2);
	text(writer, "\x09\0\0\0", 4);
	number(writer, 0, 4); /* end of options */
	number(writer, 32, 4);
}

static void ng_packet(struct writer *writer, uint32_t interface, uint64_t ns, const char *data)
{
	const size_t length = strlen(data), padded = (length + 3) & ~(size_t)3;

	number(writer, 6, 4);
	number(writer, 32 + padded, 4);
	number(writer, interface, 4);
	number(writer, ns >> 32, 4);
	number(writer, ns & UINT32_MAX, 4);
	number(writer, length, 4);
	number(writer, length, 4);
	text(writer, data, length);
	text(writer, "\0\0\0", padded - length);
	number(writer, 32 + padded, 4);
}

/* --- reading it --- */

struct seen {
	struct packet last;
	char bytes[64]; /* of the last one */
	unsigned count;
	unsigned stop_after; /* 0: never */
	struct capture_file *file;
};

static void look(const struct packet *packet, void *context)
{
	struct seen *seen = context;

	seen->count++;
	seen->last = *packet;
	assert_true(packet->captured < sizeof seen->bytes);
	memcpy(seen->bytes, packet->data, packet->captured);
	seen->bytes[packet->captured] = 0;
	if (seen->count == seen->stop_after)
		capture_file_stop(seen->file);
}

static char *put(const void *data, size_t length)
{
	char *path = mem_printf("%s/capture", folder);

	assert_int_equal(file_write(path, data, length), ERR_NONE);
	return path;
}

static enum err open_path(struct capture_file **out, const char *path, struct complaint *complaint)
{
	FILE *stream;
	enum err err = capture_file_stream(&stream, path, complaint);

	return err ? err : capture_file_open_take(out, stream, path, complaint);
}

/* Reads what was written up to `length` bytes; the caller frees *file. */
static enum err read_part(struct capture_file **file, struct seen *seen, struct writer *writer,
			  size_t length)
{
	struct complaint complaint = { "" };
	char *path = put(writer->bytes.data, length);
	enum err err = open_path(file, path, &complaint);

	assert_string_equal(complaint.text, "");
	assert_int_equal(err, ERR_NONE);
	*seen = (struct seen){ .file = *file };
	err = capture_file_each(*file, look, seen);
	assert_int_equal(err == ERR_SYNTAX, capture_file_damage(*file) != NULL);
	free(path);
	return err;
}

static enum err read_all(struct capture_file **file, struct seen *seen, struct writer *writer)
{
	return read_part(file, seen, writer, writer->bytes.length);
}

static void end(struct capture_file *file, struct writer *writer)
{
	capture_file_free(file);
	buf_clear(&writer->bytes);
}

static void pcap_of_both_orders_and_precisions(void **state)
{
	static const struct {
		bool little;
		uint32_t magic, fraction;
		int64_t ns;
	} kinds[] = {
		{ false, 0xa1b2c3d4, 5, 5000 },
		{ true, 0xa1b2c3d4, 999999, 999999000 },
		{ false, 0xa1b23c4d, 5, 5 },
		{ true, 0xa1b23c4d, 999999999, 999999999 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct capture_file *file;
		struct writer writer;
		struct seen seen;

		pcap_header(&writer, kinds[i].little, kinds[i].magic, LINK_ETHERNET);
		pcap_packet(&writer, 0, 3, "one");
		pcap_packet(&writer, kinds[i].fraction, 1000, "second");
		assert_int_equal(read_all(&file, &seen, &writer), ERR_NONE);
		assert_int_equal(seen.count, 2);
		assert_string_equal(seen.bytes, "second");
		assert_int_equal(seen.last.captured, 6);
		assert_int_equal(seen.last.wire, 1000);
		assert_int_equal(seen.last.link, PACKET_ETHERNET);
		assert_int_equal(seen.last.ns, 1700000000 * INT64_C(1000000000) + kinds[i].ns);
		end(file, &writer);
	}
}

static void link_layers_are_translated(void **state)
{
	/* https://www.tcpdump.org/linktypes.html */
	static const struct {
		uint32_t number;
		enum packet_link link;
	} links[] = {
		{ 0, PACKET_NULL },         { 1, PACKET_ETHERNET },    { 9, PACKET_PPP },
		{ 50, PACKET_PPP },         { 51, PACKET_PPPOE },      { 101, PACKET_RAW },
		{ 108, PACKET_NULL },       { 113, PACKET_LINUX_SLL }, { 127, PACKET_OTHER },
		{ 276, PACKET_LINUX_SLL2 }, { 228, PACKET_RAW },       { 229, PACKET_RAW },
		{ 12, PACKET_RAW },
	};

	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct capture_file *file;
		struct writer writer;
		struct seen seen;

		pcap_header(&writer, true, 0xa1b2c3d4, links[i].number);
		pcap_packet(&writer, 0, 3, "one");
		assert_int_equal(read_all(&file, &seen, &writer), ERR_NONE);
		assert_int_equal(seen.last.link, links[i].link);
		end(file, &writer);
	}
}

static void pcapng_of_both_orders(void **state)
{
	(void)state;
	for (int little = 0; little < 2; little++) {
		struct capture_file *file;
		struct writer writer;
		struct seen seen;

		ng_section(&writer, little);
		ng_interface(&writer, LINK_ETHERNET, 262144);
		ng_interface(&writer, LINK_ETHERNET, 262144);
		ng_packet(&writer, 0, 1, "first");
		ng_packet(&writer, 1, INT64_C(1700000000123456789), "second");
		assert_int_equal(read_all(&file, &seen, &writer), ERR_NONE);
		assert_int_equal(seen.count, 2);
		assert_string_equal(seen.bytes, "second");
		assert_true(seen.last.ns == INT64_C(1700000000123456789));
		end(file, &writer);
	}
}

static void a_time_beyond_all_bounds_does_not_overflow(void **state)
{
	struct capture_file *file;
	struct writer writer;
	struct seen seen;

	(void)state;
	ng_section(&writer, true);
	ng_interface(&writer, LINK_ETHERNET, 262144);
	writer.bytes.data[28 + 20] = 0; /* if_tsresol: whole seconds */
	ng_packet(&writer, 0, UINT64_MAX / 2, "future");
	assert_int_equal(read_all(&file, &seen, &writer), ERR_NONE);
	assert_true(seen.last.ns > INT64_C(9000000000000000000));
	end(file, &writer);
}

static void damage_is_told(struct writer *writer, unsigned packets, const char *words)
{
	struct capture_file *file;
	struct seen seen;

	assert_int_equal(read_all(&file, &seen, writer), ERR_SYNTAX);
	assert_int_equal(seen.count, packets);
	assert_non_null(strstr(capture_file_damage(file), words));
	end(file, writer);
}

/* Interfaces of three kinds, the third declared behind the first packets. */
static void ng_mixed(struct writer *writer, bool little)
{
	ng_section(writer, little);
	ng_interface(writer, LINK_ETHERNET, 262144);
	ng_packet(writer, 0, 1, "first");
	ng_packet(writer, 0, 2, "second");
	ng_interface(writer, 113, 262144);
	ng_packet(writer, 1, 3, "third");
	ng_packet(writer, 0, 4, "");
	ng_interface(writer, LINK_ETHERNET, 5);
	/* A simple packet block: of the first interface. */
	number(writer, 3, 4);
	number(writer, 20, 4);
	number(writer, 4, 4);
	text(writer, "four", 4);
	number(writer, 20, 4);
	/* The old packet block. */
	number(writer, 2, 4);
	number(writer, 36, 4);
	number(writer, 1, 2);
	number(writer, 0, 2);
	number(writer, 0, 4);
	number(writer, 7, 4);
	number(writer, 3, 4);
	number(writer, 900, 4);
	text(writer, "old\0", 4);
	number(writer, 36, 4);
	ng_packet(writer, 2, 8, "last");
}

struct expected_packet {
	const char *bytes;
	enum packet_link link;
	int64_t ns;
	size_t wire;
};

static void compare(const struct packet *packet, void *context)
{
	const struct expected_packet **next = context, *expected = (*next)++;

	assert_non_null(expected->bytes);
	assert_int_equal(packet->captured, strlen(expected->bytes));
	assert_memory_equal(packet->data, expected->bytes, packet->captured);
	assert_int_equal(packet->wire, expected->wire);
	assert_int_equal(packet->link, expected->link);
	assert_true(packet->ns == expected->ns);
}

static void interfaces_that_differ_are_read(void **state)
{
	static const struct expected_packet packets[] = {
		{ "first", PACKET_ETHERNET, 1, 5 },  { "second", PACKET_ETHERNET, 2, 6 },
		{ "third", PACKET_LINUX_SLL, 3, 5 }, { "", PACKET_ETHERNET, 4, 0 },
		{ "four", PACKET_ETHERNET, 0, 4 },   { "old", PACKET_LINUX_SLL, 7, 900 },
		{ "last", PACKET_ETHERNET, 8, 4 },   { NULL, PACKET_OTHER, 0, 0 },
	};

	(void)state;
	for (int little = 0; little < 2; little++) {
		const struct expected_packet *next = packets;
		struct complaint complaint = { "" };
		struct capture_file *file;
		struct writer writer;
		char *path;

		ng_mixed(&writer, little);
		path = put(writer.bytes.data, writer.bytes.length);
		assert_int_equal(open_path(&file, path, &complaint), ERR_NONE);
		assert_int_equal(capture_file_each(file, compare, &next), ERR_NONE);
		assert_null(next->bytes);
		end(file, &writer);
		free(path);
	}
}

/* A block that nobody here looks at, of more bytes than one that is looked at may have. */
static void ng_long(struct writer *writer)
{
	static const char secrets[3 << 20];

	number(writer, 10, 4); /* decryption secrets */
	number(writer, sizeof secrets + 12, 4);
	text(writer, secrets, sizeof secrets);
	number(writer, sizeof secrets + 12, 4);
}

static void a_long_block_between_does_not_end_it(void **state)
{
	struct capture_file *file;
	struct writer writer;
	struct seen seen;

	(void)state;
	ng_section(&writer, true);
	ng_interface(&writer, LINK_ETHERNET, 262144);
	ng_long(&writer);
	ng_interface(&writer, 113, 262144);
	ng_packet(&writer, 1, 3, "first");
	ng_long(&writer);
	ng_packet(&writer, 0, 3, "last");
	assert_int_equal(read_all(&file, &seen, &writer), ERR_NONE);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.bytes, "last");
	capture_file_free(file);
	/* In the midst of a long one. */
	assert_int_equal(read_part(&file, &seen, &writer, (4 << 20)), ERR_SYNTAX);
	assert_int_equal(seen.count, 1);
	end(file, &writer);
}

/* Cut anywhere behind the first interface, it gives no more packets than there are whole, never
 * one that is not, and ends. */
static void interfaces_that_differ_are_read_up_to_the_cut(void **state)
{
	struct writer writer;
	unsigned before = 0;

	(void)state;
	ng_mixed(&writer, true);
	for (size_t length = 60; length <= writer.bytes.length; length++) {
		struct capture_file *file;
		struct seen seen;
		enum err err = read_part(&file, &seen, &writer, length);

		assert_true(seen.count >= before && seen.count <= before + 1);
		assert_true(err == ERR_NONE || err == ERR_SYNTAX);
		before = seen.count;
		capture_file_free(file);
	}
	assert_int_equal(before, 7);
	buf_clear(&writer.bytes);
}

static void interfaces_that_differ_are_told_of_in_a_pipe(void **state)
{
	struct complaint complaint = { "" };
	struct seen seen = { 0 };
	struct writer writer;
	int pipes[2];

	(void)state;
	ng_mixed(&writer, true);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], writer.bytes.data, writer.bytes.length),
			 (ssize_t)writer.bytes.length);
	close(pipes[1]);
	assert_int_equal(dup2(pipes[0], STDIN_FILENO), STDIN_FILENO);
	close(pipes[0]);
	assert_int_equal(open_path(&seen.file, "-", &complaint), ERR_NONE);
	assert_int_equal(capture_file_each(seen.file, look, &seen), ERR_SYNTAX);
	assert_int_equal(seen.count, 2);
	assert_non_null(strstr(capture_file_damage(seen.file), "from a file, not from a pipe"));
	end(seen.file, &writer);
}

/* Cut anywhere, the whole packets before the cut are given, and only a cut between two is fine. */
static void what_is_cut_off_is_read_up_to_there(void **state)
{
	struct writer writer;
	size_t first, second;

	(void)state;
	pcap_header(&writer, true, 0xa1b2c3d4, LINK_ETHERNET);
	first = writer.bytes.length;
	pcap_packet(&writer, 0, 3, "one");
	second = writer.bytes.length;
	pcap_packet(&writer, 0, 3, "two");
	for (size_t length = first; length <= writer.bytes.length; length++) {
		const bool whole =
			length == first || length == second || length == writer.bytes.length;
		struct capture_file *file;
		struct seen seen;
		enum err err = read_part(&file, &seen, &writer, length);

		assert_int_equal(err, whole ? ERR_NONE : ERR_SYNTAX);
		assert_int_equal(seen.count, length < second                ? 0
					     : length < writer.bytes.length ? 1
									    : 2);
		if (!whole)
			assert_string_equal(capture_file_damage(file),
					    length < second ? "ends in the middle of packet 1"
							    : "ends in the middle of packet 2");
		capture_file_free(file);
	}
	buf_clear(&writer.bytes);
}

static void a_length_that_lies_ends_it(void **state)
{
	struct writer writer;

	(void)state;
	pcap_header(&writer, true, 0xa1b2c3d4, LINK_ETHERNET);
	pcap_packet(&writer, 0, 3, "one");
	number(&writer, 0, 8);
	number(&writer, 0x7fffffff, 4);
	number(&writer, 0x7fffffff, 4);
	text(&writer, "abc", 3);
	damage_is_told(&writer, 1, "is damaged at packet 2: ");
}

static void the_handler_can_end_it(void **state)
{
	struct complaint complaint = { "" };
	struct seen seen = { .stop_after = 1 };
	struct writer writer;
	char *path;

	(void)state;
	pcap_header(&writer, true, 0xa1b2c3d4, LINK_ETHERNET);
	pcap_packet(&writer, 0, 3, "one");
	pcap_packet(&writer, 0, 3, "two");
	path = put(writer.bytes.data, writer.bytes.length);
	assert_int_equal(open_path(&seen.file, path, &complaint), ERR_NONE);
	assert_int_equal(capture_file_each(seen.file, look, &seen), ERR_CANCELLED);
	assert_int_equal(seen.count, 1);
	assert_null(capture_file_damage(seen.file));
	end(seen.file, &writer);
	free(path);
}

/* --- packed --- */

#ifdef HAVE_ZLIB

/* The bytes of a file, packed with gzip(1). The caller frees. */
static char *packed(size_t *length, struct writer *writer)
{
	char *path = put(writer->bytes.data, writer->bytes.length), *data;
	char *name = mem_printf("%s.gz", path);
	pid_t gzip = fork();
	int status;

	if (!gzip) {
		execlp("gzip", "gzip", "-f", path, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(gzip, &status, 0), gzip);
	assert_int_equal(status, 0);
	assert_int_equal(file_read(&data, length, name, MOST), ERR_NONE);
	unlink(name);
	free(name);
	free(path);
	return data;
}

static void packed_ones_are_read_whole_cut_or_one_after_another(void **state)
{
	struct writer writer, half = { 0 }, twice;
	struct capture_file *file;
	struct seen seen;
	size_t length, halved;
	char *data, *rest;

	(void)state;
	pcap_header(&writer, true, 0xa1b2c3d4, LINK_ETHERNET);
	for (uint32_t i = 0; i < 5000; i++) /* no two alike, so that it does not pack to nothing */
		pcap_packet(&writer, i * 7919 % 1000000, i, "some packet");
	data = packed(&length, &writer);

	buf_init(&half.bytes, MOST);
	text(&half, data, length);
	assert_int_equal(read_all(&file, &seen, &half), ERR_NONE);
	assert_int_equal(seen.count, 5000);
	capture_file_free(file);

	assert_int_equal(read_part(&file, &seen, &half, length / 2), ERR_SYNTAX);
	assert_true(seen.count > 100 && seen.count < 5000);
	assert_non_null(strstr(capture_file_damage(file), "gzip packing is damaged or cut off"));
	capture_file_free(file);

	half.bytes.data[length / 2] ^= 0x55;
	assert_int_equal(read_all(&file, &seen, &half), ERR_SYNTAX);
	assert_true(seen.count > 100);
	end(file, &half);

	/* RFC 1952, 2.2: members one after another are one file. */
	twice = writer;
	buf_init(&twice.bytes, MOST);
	pcap_packet(&twice, 1, 4, "last");
	rest = packed(&halved, &twice);
	buf_init(&half.bytes, MOST);
	text(&half, data, length);
	text(&half, rest, halved);
	assert_int_equal(read_all(&file, &seen, &half), ERR_NONE);
	assert_int_equal(seen.count, 5001);
	assert_string_equal(seen.bytes, "last");
	end(file, &half);
	buf_clear(&twice.bytes);
	buf_clear(&writer.bytes);
	free(data);
	free(rest);
}

static void packed_and_on_stdin(void **state)
{
	struct complaint complaint = { "" };
	struct seen seen = { 0 };
	struct writer writer;
	size_t length;
	int pipes[2];
	char *data;

	(void)state;
	pcap_header(&writer, true, 0xa1b2c3d4, LINK_ETHERNET);
	pcap_packet(&writer, 0, 3, "one");
	data = packed(&length, &writer);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], data, length), (ssize_t)length);
	close(pipes[1]);
	assert_int_equal(dup2(pipes[0], STDIN_FILENO), STDIN_FILENO);
	close(pipes[0]);
	assert_int_equal(open_path(&seen.file, "-", &complaint), ERR_NONE);
	assert_int_equal(capture_file_each(seen.file, look, &seen), ERR_NONE);
	assert_string_equal(seen.bytes, "one");
	end(seen.file, &writer);
	free(data);
}

#endif

/* --- what is no capture --- */

static void refused(const char *path, enum err expected, const char *words)
{
	struct complaint complaint = { "" };
	struct capture_file *file = NULL;

	assert_int_equal(open_path(&file, path, &complaint), expected);
	assert_null(file);
	assert_non_null(strstr(complaint.text, path));
	assert_non_null(strstr(complaint.text, words));
}

static void refused_bytes(const char *bytes, size_t length, enum err expected, const char *words)
{
	char *path = put(bytes, length);

	refused(path, expected, words);
	free(path);
}

static void what_is_no_capture_is_refused_by_name(void **state)
{
	char *missing = mem_printf("%s/missing", folder);

	(void)state;
	refused(missing, ERR_NOT_FOUND, "No such file or directory; expected a capture");
	refused(folder, ERR_IO, "is a folder; expected a capture");
	refused("/proc/self/mem", ERR_IO, "cannot be read: Input/output error; expected a capture");
	refused_bytes("", 0, ERR_SYNTAX, "is empty; expected a capture");
	refused_bytes("\n", 1, ERR_SYNTAX, "is no capture; expected a capture (pcap or pcapng");
	refused_bytes("hello, world", 12, ERR_SYNTAX, "is no capture");
	refused_bytes("\xa1\xb2\xc3\xd4", 4, ERR_SYNTAX, "cannot be read: ");
	refused_bytes("\xa1\xb2\xc3\xd4\0\1\0\0aaaaaaaaaaaaaaaa", 24, ERR_SYNTAX,
		      "cannot be read: ");
	refused_bytes("\x28\xb5\x2f\xfd....", 8, ERR_UNSUPPORTED, "zstd -d");
	refused_bytes("snoop\0\0\0", 8, ERR_UNSUPPORTED, "editcap");
	free(missing);
}

#ifdef HAVE_ZLIB
static void packing_without_a_capture_is_refused(void **state)
{
	/* RFC 1952, 2.3: a member's header; behind it stored bytes, none of them or "abcd" of
	 * which two are there (RFC 1951, 3.2.4). */
	static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\0\3\1";

	(void)state;
	refused_bytes(packed, 2, ERR_SYNTAX, "has a damaged or cut off gzip packing; expected");
	refused_bytes(packed, 10, ERR_SYNTAX, "has a damaged or cut off gzip packing; expected");
	refused_bytes("\x1f\x8b\x08\0\0\0\0\0\0\3\1\4\0\xfb\xff"
		      "ab",
		      17, ERR_SYNTAX, "has a damaged or cut off gzip packing; expected");
	refused_bytes("\x1f\x8b\x08\0\0\0\0\0\0\3\1\0\0\xff\xff\0\0\0\0\0\0\0\0", 23, ERR_SYNTAX,
		      "is empty; expected");
}
#else
static void packed_ones_are_refused(void **state)
{
	(void)state;
	refused_bytes("\x1f\x8b\x08\0\0\0\0\0", 8, ERR_UNSUPPORTED, "unpack it with gunzip -k");
}
#endif

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char *path = mem_printf("%s/capture", folder);

	(void)state;
	unlink(path);
	free(path);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_of_both_orders_and_precisions),
		cmocka_unit_test(link_layers_are_translated),
		cmocka_unit_test(pcapng_of_both_orders),
		cmocka_unit_test(a_time_beyond_all_bounds_does_not_overflow),
		cmocka_unit_test(interfaces_that_differ_are_read),
		cmocka_unit_test(interfaces_that_differ_are_read_up_to_the_cut),
		cmocka_unit_test(a_long_block_between_does_not_end_it),
		cmocka_unit_test(interfaces_that_differ_are_told_of_in_a_pipe),
		cmocka_unit_test(what_is_cut_off_is_read_up_to_there),
		cmocka_unit_test(a_length_that_lies_ends_it),
		cmocka_unit_test(the_handler_can_end_it),
#ifdef HAVE_ZLIB
		cmocka_unit_test(packed_ones_are_read_whole_cut_or_one_after_another),
		cmocka_unit_test(packed_and_on_stdin),
		cmocka_unit_test(packing_without_a_capture_is_refused),
#else
		cmocka_unit_test(packed_ones_are_refused),
#endif
		cmocka_unit_test(what_is_no_capture_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
