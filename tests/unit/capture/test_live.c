/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live capture beside the real helper where nobody needs a right, and beside made-up ones. */
#include "capture/live.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

/* A header of little-endian machines, or of the others; printf(1) writes it. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HEADER                                                                                     \
	"'\\115\\074\\262\\241\\002\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\000"        \
	"\\000\\000\\004\\000\\001\\000\\000\\000'"
#define PACKET                                                                                     \
	"'\\001\\000\\000\\000\\002\\000\\000\\000\\003\\000\\000\\000\\004\\000\\000\\000abc'"
#else
#define HEADER                                                                                     \
	"'\\241\\262\\074\\115\\000\\002\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000"        \
	"\\000\\004\\000\\000\\000\\000\\000\\001'"
#define PACKET                                                                                     \
	"'\\000\\000\\000\\001\\000\\000\\000\\002\\000\\000\\000\\003\\000\\000\\000\\004abc'"
#endif

static char folder[] = "/tmp/earshot-live-XXXXXX";
static char helper[64];

static void write_helper(const char *script)
{
	char *text = mem_printf("#!/bin/sh\nPATH=/usr/bin:/bin\n%s\n", script);

	assert_int_equal(file_write(helper, text, strlen(text)), ERR_NONE);
	assert_int_equal(chmod(helper, 0700), 0);
	free(text);
}

static void count(const struct packet *packet, void *context)
{
	unsigned *packets = context;

	assert_int_equal(packet->captured, 3);
	assert_int_equal(packet->wire, 4);
	assert_true(packet->ns == INT64_C(1000000002));
	assert_memory_equal(packet->data, "abc", 3);
	++*packets;
}

/* Reads until it has ended or, with `packets`, until so many have come. */
static unsigned read_live(struct capture_live *live, unsigned packets)
{
	const struct deadline until = deadline_in(20000);
	unsigned seen = 0;

	while ((!packets || seen < packets) && capture_live_read(live, count, &seen)) {
		struct pollfd polled = { .fd = capture_live_fd(live), .events = POLLIN };

		assert_false(deadline_passed(&until));
		poll(&polled, 1, deadline_left_ms(&until));
	}
	return seen;
}

static struct capture_live *start(const char *path, const char *interface)
{
	const struct capture_live_plan plan = { .helper = path, .interface = interface };
	struct capture_live *live;

	assert_int_equal(capture_live_start(&live, &plan), ERR_NONE);
	return live;
}

static void ends_with(const char *script, unsigned packets, const char *words)
{
	struct capture_live *live;

	write_helper(script);
	live = start(helper, "lo");
	assert_int_equal(read_live(live, 0), packets);
	assert_non_null(strstr(capture_live_trouble(live), words));
	assert_false(capture_live_runs(live));
	assert_false(capture_live_counts(live).known);
	/* Over is over. */
	assert_int_equal(read_live(live, 0), 0);
	capture_live_free(live);
}

static void packets_come_and_the_end_is_asked_for(void **state)
{
	struct capture_live *live;

	(void)state;
	write_helper("printf " HEADER PACKET "; read -r end; printf " PACKET PACKET "; "
		     "echo 'earshot-capture: counts: received=3 dropped=1' >&2");
	live = start(helper, "lo");
	assert_int_equal(read_live(live, 1), 1);
	assert_true(capture_live_runs(live));
	capture_live_stop(live);
	assert_int_equal(read_live(live, 0), 2);
	assert_string_equal(capture_live_trouble(live), "");
	assert_true(capture_live_counts(live).known);
	assert_int_equal(capture_live_counts(live).received, 3);
	assert_int_equal(capture_live_counts(live).dropped, 1);
	capture_live_free(live);
}

static void it_gets_the_plan_and_nothing_else(void **state)
{
	const struct capture_live_plan plan = {
		.helper = helper, .interface = "eth7", .filter = "udp port 5060", .snaplen = 96
	};
	struct capture_live *live;
	unsigned seen;

	(void)state;
	assert_int_equal(setenv("EARSHOT_SECRET", "x", 1), 0);
	write_helper("[ \"$*\" = '-i eth7 -s 96 -f udp port 5060' ] || exec echo "
		     "\"earshot-capture: device: $*\" >&2\n"
		     "[ -z \"$EARSHOT_SECRET\" ] || exec echo 'earshot-capture: device: env' >&2\n"
		     "for fd in /proc/self/fd/*; do case ${fd##*/} in [012]) ;; *) "
		     "[ ! -e \"$fd\" ] || [ \"${fd##*/}\" = 10 ] || extra=$fd ;; esac; done\n"
		     "[ -z \"$extra\" ] || exec echo \"earshot-capture: device: $extra\" >&2\n"
		     "printf " HEADER PACKET "; read -r end");
	assert_int_equal(capture_live_start(&live, &plan), ERR_NONE);
	seen = read_live(live, 1);
	assert_string_equal(capture_live_trouble(live), "");
	assert_int_equal(seen, 1);
	capture_live_free(live);
}

static void helpers_that_fail_are_explained(void **state)
{
	(void)state;
	ends_with("echo 'earshot-capture: permission: no' >&2; exit 1", 0,
		  "as root run once: setcap cap_net_raw+ep /tmp/earshot-live-");
	ends_with("exit 0", 0, "ended unexpectedly");
	ends_with("kill -9 $$", 0, "ended unexpectedly");
	ends_with("printf " HEADER PACKET PACKET, 2, "ended unexpectedly");
	ends_with("printf " HEADER PACKET PACKET "; echo 'earshot-capture: gone: x' >&2; exit 1", 2,
		  "gives no more packets");
	ends_with("echo hello, this is no capture at all", 0, "sends what is no capture");
	ends_with("printf " HEADER PACKET "; printf '%0100d' 0; exec cat", 1,
		  "sends what is no capture");
	/* More words than are looked at. */
	ends_with("yes x | head -c 50000 >&2; exit 1", 0, "ended unexpectedly");
}

static void one_that_does_not_end_is_killed(void **state)
{
	struct capture_live *live;

	(void)state;
	write_helper("printf " HEADER PACKET "; trap '' TERM; exec tail -f /dev/null");
	live = start(helper, "lo");
	assert_int_equal(read_live(live, 1), 1);
	capture_live_free(live);
}

static void what_cannot_be_started_is_told(void **state)
{
	const struct capture_live_plan plan = { .helper = "/nowhere/earshot-capture",
						.interface = "lo" };
	struct capture_live *live;

	(void)state;
	assert_int_equal(capture_live_start(&live, &plan), ERR_NOT_FOUND);
	assert_string_equal(capture_live_trouble(live), "the capture helper is not installed: "
							"there is no /nowhere/earshot-capture");
	assert_int_equal(read_live(live, 0), 0);
	capture_live_free(live);
}

static void the_real_one_knows_its_interfaces(void **state)
{
	const char *build = getenv("top_builddir");
	char *real = mem_printf("%s/src/helper/earshot-capture", build ? build : ".");
	struct capture_live *live = start(real, "earshot-none");

	(void)state;
	assert_int_equal(read_live(live, 0), 0);
	assert_string_equal(capture_live_trouble(live),
			    "there is no network interface earshot-none; ip link lists them");
	capture_live_free(live);
	free(real);
}

/* Built beside it there is none for this program, so it is the one that is to be installed. */
static void the_path_is_compiled_in(void **state)
{
	char *path;

	(void)state;
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(setenv("PATH", folder, 1), 0);
	path = capture_live_helper();
	assert_string_equal(path, PKGLIBEXECDIR "/earshot-capture");
	free(path);
}

static int make_folder(void **state)
{
	(void)state;
	/* What whoever runs the tests left open is not for the helpers to see. */
	for (int fd = 3; fd < 1024; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (!mkdtemp(folder))
		return -1;
	snprintf(helper, sizeof helper, "%s/helper", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(helper);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_come_and_the_end_is_asked_for),
		cmocka_unit_test(it_gets_the_plan_and_nothing_else),
		cmocka_unit_test(helpers_that_fail_are_explained),
		cmocka_unit_test(one_that_does_not_end_is_killed),
		cmocka_unit_test(what_cannot_be_started_is_told),
		cmocka_unit_test(the_real_one_knows_its_interfaces),
		cmocka_unit_test(the_path_is_compiled_in),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
