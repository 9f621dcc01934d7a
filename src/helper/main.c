/* SPDX-License-Identifier: GPL-3.0-or-later */
/* earshot-capture(8): opens one device, drops every privilege for good, and only then does anything
 * else: passing packets on. It parses nothing, reads no settings and writes no files. */
#include <fcntl.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/pcap.h"
#include "helper/device.h"
#include "helper/drop.h"
#include "helper/pump.h"
#include "helper/say.h"

struct options {
	const char *interface, *filter;
	int snaplen;
};

static int usage(void)
{
	fputs("earshot-capture: usage: earshot-capture -i IF [-s BYTES] [-f FILTER]; "
	      "see earshot-capture(8)\n",
	      stderr);
	return SAID_USAGE;
}

static int read_snaplen(const char *text)
{
	char *end;
	const long number = strtol(text, &end, 10);

	return *end || number < 1 || number > PCAP_SNAPLEN_MAX ? 0 : (int)number;
}

static int read_options(struct options *options, int argc, char **argv)
{
	int letter;

	*options = (struct options){ .snaplen = PCAP_SNAPLEN_MAX };
	opterr = 0;
	while ((letter = getopt(argc, argv, "i:s:f:")) >= 0)
		switch (letter) {
		case 'i': options->interface = optarg; break;
		case 's': options->snaplen = read_snaplen(optarg); break;
		case 'f': options->filter = optarg; break;
		default: return usage();
		}
	return optind < argc || !options->interface || !options->snaplen ? usage() : SAID_FINE;
}

/* The device must not come to lie where standard input or output belong. */
static int check_pipes(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return SAID_USAGE;
	return isatty(STDOUT_FILENO) ? usage() : SAID_FINE;
}

/* Signals that ask for the end become readable, so that none is missed between two calls. */
static int catch_signals(void)
{
	sigset_t ends;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGHUP);
	return sigprocmask(SIG_BLOCK, &ends, NULL) ? -1 : signalfd(-1, &ends, SFD_CLOEXEC);
}

static int run(const struct options *options)
{
	int signals = catch_signals();
	pcap_t *device;
	int status;

	if (signals < 0)
		return say("device", "no signals");
	device = device_open(options->interface, options->snaplen);
	if (!device)
		return SAID_FAILED;
	status = drop_privileges();
	if (!status && options->filter)
		status = device_set_filter(device, options->filter);
	return status ? status : pump(device, signals);
}

int main(int argc, char **argv)
{
	struct options options;
	int status = check_pipes();

	clearenv();
	if (!status)
		status = read_options(&options, argc, argv);
	if (!status)
		status = run(&options);
	_exit(status); /* nothing of a library's own runs behind the closed door */
}
