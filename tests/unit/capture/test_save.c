/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/save.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/mem.h"
#include "capture/file.h"

static char folder[] = "/tmp/earshot-save-XXXXXX";
static char path[64];

static const struct packet packet = {
	.ns = INT64_C(1700000000123456789),
	.link = PACKET_LINUX_SLL2,
	.data = (const uint8_t *)"0123456789",
	.captured = 10,
	.wire = 200,
};

static unsigned count_files(void)
{
	DIR *directory = opendir(folder);
	unsigned count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2; /* "." and ".." */
}

struct expected {
	size_t captured[8];
	unsigned count;
};

static void compare(const struct packet *read, void *context)
{
	struct expected *expected = context;

	assert_int_equal(read->captured, expected->captured[expected->count++]);
	assert_int_equal(read->wire, packet.wire);
	assert_true(read->ns == packet.ns);
	assert_int_equal(read->link, packet.link);
	assert_memory_equal(read->data, packet.data, read->captured);
}

static void read_back(struct expected expected, unsigned count)
{
	struct complaint complaint = { "" };
	struct capture_file *file;
	FILE *stream;

	assert_int_equal(capture_file_stream(&stream, path, &complaint), ERR_NONE);
	assert_int_equal(capture_file_open_take(&file, stream, path, &complaint), ERR_NONE);
	assert_int_equal(capture_file_each(file, compare, &expected), ERR_NONE);
	assert_int_equal(expected.count, count);
	capture_file_free(file);
}

static void keep(struct capture_save *save, struct file_draft *draft)
{
	assert_int_equal(capture_save_finish(save), ERR_NONE);
	capture_save_free(save);
	assert_int_equal(file_draft_keep(draft), ERR_NONE);
}

static void what_is_kept_is_read_back(void **state)
{
	struct capture_save *save;
	struct file_draft draft;
	struct stat there;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 0);
	assert_int_equal(capture_save_add(save, &packet, SIZE_MAX), ERR_NONE);
	assert_int_equal(capture_save_add(save, &packet, 4), ERR_NONE); /* the voice left out */
	assert_int_equal(capture_save_add(save, &packet, 0), ERR_NONE);
	assert_int_equal(access(path, F_OK), -1); /* not before it is whole */
	keep(save, &draft);
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 07777, 0600);
	assert_int_equal(there.st_size, 24 + 3 * 16 + 10 + 4);
	assert_int_equal(count_files(), 1);
	read_back((struct expected){ .captured = { 10, 4, 0 } }, 3);
	unlink(path);
}

static void many_packets_pass_through(void **state)
{
	struct capture_save *save;
	struct file_draft draft;
	struct stat there;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 0);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	keep(save, &draft);
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_size, 24 + 100000 * 26);
	unlink(path);
}

static void the_ceiling_keeps_what_is_there(void **state)
{
	struct capture_save *save;
	struct file_draft draft;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 24 + 2 * 26);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_FULL);
	assert_int_equal(capture_save_add(save, &packet, 0), ERR_FULL);
	keep(save, &draft);
	read_back((struct expected){ .captured = { 10, 10 } }, 2);
	unlink(path);

	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 60);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	assert_int_equal(capture_save_add(save, &packet, 0), ERR_FULL);
	assert_int_equal(capture_save_add(save, &packet, 0), ERR_FULL); /* full it stays */
	capture_save_free(save);
	file_draft_drop(&draft);
	assert_int_equal(count_files(), 0);
}

static void link_layers_do_not_mix(void **state)
{
	struct packet other = packet;
	struct capture_save *save;
	struct file_draft draft;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 0);
	other.link = PACKET_OTHER;
	assert_int_equal(capture_save_add(save, &other, 10), ERR_UNSUPPORTED);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	other.link = PACKET_ETHERNET;
	assert_int_equal(capture_save_add(save, &other, 10), ERR_MISMATCH);
	keep(save, &draft);
	read_back((struct expected){ .captured = { 10 } }, 1);
	unlink(path);
}

static void no_packet_is_a_capture_too(void **state)
{
	struct capture_save *save;
	struct file_draft draft;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 0);
	keep(save, &draft);
	read_back((struct expected){ .count = 0 }, 0);
	unlink(path);
}

static void what_is_given_up_leaves_nothing(void **state)
{
	struct capture_save *save;
	struct file_draft draft;

	(void)state;
	assert_int_equal(file_draft_open(&draft, path), ERR_NONE);
	save = capture_save_new(&draft, 0);
	assert_int_equal(capture_save_add(save, &packet, 10), ERR_NONE);
	capture_save_free(save);
	file_draft_drop(&draft);
	assert_int_equal(count_files(), 0);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/kept.pcap", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_read_back),
		cmocka_unit_test(many_packets_pass_through),
		cmocka_unit_test(the_ceiling_keeps_what_is_there),
		cmocka_unit_test(link_layers_do_not_mix),
		cmocka_unit_test(no_packet_is_a_capture_too),
		cmocka_unit_test(what_is_given_up_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
