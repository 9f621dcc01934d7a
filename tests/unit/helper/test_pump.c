/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the helper passes on and ends. A file stands for the device: it always has something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pcap.h"
#include "helper/pump.h"
#include "helper/say.h"

enum {
	PACKETS = 200000,
	BYTES = 37, /* of a packet: a pipe is never full between two */
	PIPE_ROOM = 65536,
	PATIENCE_SECONDS = 60,
};

struct helper {
	pid_t pid;
	int in, out; /* of this side */
};

static FILE *device_file;

static int make_file(void **state)
{
	const struct pcap_file head = { .magic = PCAP_MAGIC_NS,
					.major = PCAP_MAJOR,
					.minor = PCAP_MINOR,
					.snaplen = PCAP_SNAPLEN_MAX,
					.link = 1 };
	const struct pcap_record record = { .seconds = 1, .captured = BYTES, .wire = BYTES };
	const uint8_t bytes[BYTES] = { 0 };

	(void)state;
	device_file = tmpfile();
	if (!device_file)
		return -1;
	fwrite(&head, sizeof head, 1, device_file);
	for (int i = 0; i < PACKETS; i++) {
		fwrite(&record, sizeof record, 1, device_file);
		fwrite(bytes, sizeof bytes, 1, device_file);
	}
	return fflush(device_file);
}

/* What the process of its own does; SIGTERM is as helper/main.c has it. */
static void run_pump(int in, int out)
{
	char error[PCAP_ERRBUF_SIZE];
	sigset_t ends;
	pcap_t *device;

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	close(out);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	rewind(device_file);
	device = pcap_fopen_offline_with_tstamp_precision(device_file, PCAP_TSTAMP_PRECISION_NANO,
							  error);
	_exit(device ? pump(device, signalfd(-1, &ends, SFD_CLOEXEC)) : SAID_USAGE);
}

static struct helper start(void)
{
	struct helper helper;
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_true(fcntl(out[0], F_SETPIPE_SZ, PIPE_ROOM) >= 0);
	helper = (struct helper){ .pid = fork(), .in = in[1], .out = out[0] };
	assert_true(helper.pid >= 0);
	if (!helper.pid) {
		close(in[1]);
		close(out[0]);
		run_pump(in[0], out[1]);
	}
	close(in[0]);
	close(out[1]);
	return helper;
}

/* Then it waits for whoever reads, in the midst of a packet. A page of the pipe may be full with
 * the little that was written to it first. */
static void await_full_pipe(const struct helper *helper)
{
	const int room = fcntl(helper->out, F_GETPIPE_SZ) - (int)sysconf(_SC_PAGESIZE);
	const time_t until = time(NULL) + PATIENCE_SECONDS;
	int waiting = 0;

	while (waiting < room) {
		assert_true(time(NULL) < until);
		assert_int_equal(ioctl(helper->out, FIONREAD, &waiting), 0);
		poll(NULL, 0, 1);
	}
}

static size_t read_all(const struct helper *helper)
{
	static uint8_t bytes[1 << 16];
	size_t length = 0;
	ssize_t got;

	while ((got = read(helper->out, bytes, sizeof bytes)) != 0) {
		assert_true(got > 0 || errno == EINTR);
		length += got > 0 ? (size_t)got : 0;
	}
	return length;
}

static int end_of(const struct helper *helper)
{
	int status;

	alarm(PATIENCE_SECONDS); /* one that does not end fails the test */
	assert_int_equal(waitpid(helper->pid, &status, 0), helper->pid);
	alarm(0);
	return status;
}

static void asked_to_end_it_passes_on_what_is_under_way(void **state)
{
	struct helper helper = start();
	size_t length;

	(void)state;
	await_full_pipe(&helper);
	close(helper.in);
	length = read_all(&helper);
	assert_int_equal(end_of(&helper), 0);
	length -= sizeof(struct pcap_file);
	assert_int_equal(length % (sizeof(struct pcap_record) + BYTES), 0);
	/* And it ends, however much there still is. */
	length /= sizeof(struct pcap_record) + BYTES;
	assert_in_range(length, 1, PACKETS / 2);
	close(helper.out);
}

static void a_signal_ends_it_though_nobody_reads(void **state)
{
	struct helper helper = start();

	(void)state;
	await_full_pipe(&helper);
	assert_int_equal(kill(helper.pid, SIGTERM), 0);
	assert_int_equal(end_of(&helper), 0);
	close(helper.in);
	close(helper.out);
}

static void without_a_reader_it_ends(void **state)
{
	struct helper helper = start();

	(void)state;
	await_full_pipe(&helper);
	close(helper.out);
	assert_int_equal(end_of(&helper), 0);
	close(helper.in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_to_end_it_passes_on_what_is_under_way),
		cmocka_unit_test(a_signal_ends_it_though_nobody_reads),
		cmocka_unit_test(without_a_reader_it_ends),
	};

	return cmocka_run_group_tests(tests, make_file, NULL);
}
