/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/live_words.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct capture_live_plan plan = { .helper = "/opt/earshot-capture",
					       .interface = "eth7",
					       .filter = "udp frob" };

static void says(const char *line, bool has_right, const char *words)
{
	struct capture_counts counts = { 0 };
	char *text = live_words_read(&counts, &plan, slice_of_text(line), has_right);

	assert_non_null(text);
	assert_string_equal(text, words);
	assert_false(counts.known);
	free(text);
}

static void each_key_has_its_words(void **state)
{
	(void)state;
	says("earshot-capture: permission: socket: Operation not permitted\n", false,
	     "this user may not capture; as root run once: "
	     "setcap cap_net_raw+ep /opt/earshot-capture");
	says("earshot-capture: permission: socket: Operation not permitted\n", true,
	     "/opt/earshot-capture has the right to capture, but cannot use it here: this is a "
	     "container, a file system mounted nosuid, or a process that may gain nothing; "
	     "start earshot outside of it");
	says("earshot-capture: no-device: eth7\n", false,
	     "there is no network interface eth7; ip link lists them");
	says("earshot-capture: not-up: That device is not up\n", false,
	     "the network interface eth7 is down; as root: ip link set eth7 up");
	says("earshot-capture: filter: syntax error\n", false,
	     "the filter 'udp frob' is not understood: syntax error");
	says("earshot-capture: gone: it\x1b[2J vanished\n", false,
	     "the network interface eth7 gives no more packets: it\\x1b[2J vanished");
	says("earshot-capture: privileges: setresuid: a reason\n", false,
	     "capturing on eth7 failed: setresuid: a reason");
	says("words of others\nearshot-capture: device: a: b", false,
	     "capturing on eth7 failed: a: b");
	says("earshot-capture: device: first\nearshot-capture: device: second\n", false,
	     "capturing on eth7 failed: first");
}

static void counts_are_read(void **state)
{
	struct capture_counts counts = { 0 };

	(void)state;
	assert_null(live_words_read(
		&counts, &plan, slice_of_text("earshot-capture: counts: received=10 dropped=3\n"),
		false));
	assert_true(counts.known);
	assert_int_equal(counts.received, 10);
	assert_int_equal(counts.dropped, 3);
}

static void counts_that_are_none_are_not_known(void **state)
{
	static const char *const lines[] = {
		"",
		"counts: received=10 dropped=3\n",
		"earshot-capture: counts:\n",
		"earshot-capture: counts: received=10\n",
		"earshot-capture: counts: received=-1 dropped=3\n",
		"earshot-capture: counts: dropped=3 received=10\n",
		"earshot-capture: counts: received=10 dropped=99999999999\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct capture_counts counts = { 0 };

		assert_null(live_words_read(&counts, &plan, slice_of_text(lines[i]), false));
		assert_false(counts.known);
	}
}

static void what_cannot_be_started_is_told(void **state)
{
	static const struct {
		int number;
		const char *words;
	} reasons[] = {
		{ ENOENT, "the capture helper is not installed: there is no /opt/earshot-capture" },
		{ EACCES, "usermod -aG earshot" },
		{ EAGAIN, "/opt/earshot-capture cannot be started: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		char *text = live_words_start(&plan, reasons[i].number);

		assert_non_null(strstr(text, reasons[i].words));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_key_has_its_words),
		cmocka_unit_test(counts_are_read),
		cmocka_unit_test(counts_that_are_none_are_not_known),
		cmocka_unit_test(what_cannot_be_started_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
