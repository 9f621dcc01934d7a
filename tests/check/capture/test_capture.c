/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the check says where capturing or keeping goes wrong. The helper stands beside this program,
 * where the check looks for it first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/pcap.h"
#include "check/check.h"

enum {
	LINK_ETHERNET = 1,
	LINK_RADIOTAP = 127,
	PATIENCE_SECONDS = 120, /* then it would wait for the hour that was asked for */
};

static char *helpers, *helper, *packets, *kept;

/* What the check told; each text owned by `events`. */
struct told {
	json_t *events;
	const char *why, *summary;
	const json_t *input;
};

static void keep(json_t *event_take, void *context)
{
	struct told *told = context;
	const char *kind = json_string_value(json_object_get(event_take, "event"));
	const char *text = json_string_value(json_object_get(event_take, "text"));

	json_array_append_new(told->events, event_take);
	if (!strcmp(kind, "why"))
		told->why = text;
	else if (!strcmp(kind, "summary"))
		told->summary = text;
	else if (!strcmp(kind, "input"))
		told->input = json_object_get(event_take, "input");
}

static enum check_state run_check(struct told *told, bool keeps)
{
	struct sink sink = { .event = keep, .context = told };
	struct site site;
	enum check_state state;

	*told = (struct told){ .events = json_array() };
	site_init(&site);
	mem_replace(&site.interface, "lo");
	if (keeps)
		mem_replace(&site.capture.file, kept);
	site.capture.seconds = 3600;
	alarm(PATIENCE_SECONDS);
	state = check_capture.run(&site, &sink);
	alarm(0);
	site_clear(&site);
	return state;
}

/* A helper that gives one packet of that link layer, then does `last`. */
static void write_helper(uint32_t link, const char *last)
{
	const struct pcap_file head = { .magic = PCAP_MAGIC_NS,
					.major = PCAP_MAJOR,
					.minor = PCAP_MINOR,
					.snaplen = PCAP_SNAPLEN_MAX,
					.link = link };
	const struct pcap_record record = { .seconds = 1, .captured = 4, .wire = 4 };
	char bytes[sizeof head + sizeof record + 4] = { 0 };
	char *script = mem_printf("#!/bin/sh\nPATH=/usr/bin:/bin\ncat '%s'; %s\n", packets, last);

	memcpy(bytes, &head, sizeof head);
	memcpy(bytes + sizeof head, &record, sizeof record);
	assert_int_equal(file_write(packets, bytes, sizeof bytes), ERR_NONE);
	assert_int_equal(file_write(helper, script, strlen(script)), ERR_NONE);
	assert_int_equal(chmod(helper, 0700), 0);
	free(script);
}

static void an_early_end_is_told(void **state)
{
	static const char gone[] = "the network interface lo gives no more packets: it is down";
	struct told told;

	(void)state;
	write_helper(LINK_ETHERNET, "echo 'earshot-capture: gone: it is down' >&2; exit 1");
	assert_int_equal(run_check(&told, false), CHECK_DONE);
	assert_null(told.why);
	assert_non_null(strstr(told.summary, "1 packets, no call among them; it ended early: "));
	assert_non_null(strstr(told.summary, gone));
	assert_string_equal(json_string_value(json_object_get(told.input, "damaged")), gone);
	json_decref(told.events);
}

/* That errno has nothing to do with it must show: reading left EAGAIN there. */
static void why_nothing_can_be_kept_is_told(void **state)
{
	struct told told;

	(void)state;
	assert_int_equal(file_write(kept, "", 0), ERR_NONE);
	write_helper(LINK_RADIOTAP, "exit 1");
	errno = EAGAIN;
	(void)run_check(&told, true);
	assert_true(json_is_false(json_object_get(told.input, "kept")));
	assert_string_equal(json_string_value(json_object_get(told.input, "not_kept")),
			    err_text(ERR_UNSUPPORTED));
	json_decref(told.events);
}

static void without_descriptors_it_ends_at_once(void **state)
{
	struct rlimit before, none;
	struct told told;
	int next;
	enum check_state end;

	(void)state;
	write_helper(LINK_ETHERNET, "exit 1");
	next = open("/dev/null", O_RDONLY);
	assert_true(next >= 0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	end = run_check(&told, false);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(end, CHECK_FAILED);
	assert_non_null(strstr(told.why, "cannot be started: Too many open files"));
	json_decref(told.events);
}

static int make_folder(void **state)
{
	char *self = file_self();
	char *slash = self ? strrchr(self, '/') : NULL;

	(void)state;
	if (!slash)
		return -1;
	*slash = 0;
	helpers = mem_printf("%s/helper", self);
	helper = mem_printf("%s/earshot-capture", helpers);
	packets = mem_printf("%s/packets", helpers);
	kept = mem_printf("%s/kept", helpers);
	free(self);
	return file_make_folder(helpers) ? -1 : 0;
}

static int remove_folder(void **state)
{
	int left;

	(void)state;
	unlink(helper);
	unlink(packets);
	unlink(kept);
	left = rmdir(helpers);
	free(helpers);
	free(helper);
	free(packets);
	free(kept);
	return left;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_early_end_is_told),
		cmocka_unit_test(why_nothing_can_be_kept_is_told),
		cmocka_unit_test(without_descriptors_it_ends_at_once),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
