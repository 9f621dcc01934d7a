/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live capture of one interface: the helper earshot-capture(8), the only part with a privilege,
 * sends the packets through a pipe. */
#ifndef EARSHOT_CAPTURE_LIVE_H
#define EARSHOT_CAPTURE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "capture/file.h"

struct capture_live;

struct capture_live_plan {
	const char *helper;    /* its path; NULL: capture_live_helper() */
	const char *interface; /* a name, "any" for all */
	const char *filter;    /* pcap-filter(7) without names to look up; NULL: everything */
	unsigned snaplen;      /* bytes captured of a packet, up to PCAP_SNAPLEN_MAX; 0: all */
};

struct capture_counts {
	bool known;        /* the helper told them at its end */
	uint64_t received; /* packets that the filter let through, those dropped among them */
	uint64_t dropped;  /* of these, by the kernel, because they were not fetched in time */
};

/* Where the helper is: beside the program as it was built, else where it was installed. Never
 * through the environment. The caller frees. */
char *capture_live_helper(void) MUST_USE;

/* Starts the helper; the plan is copied. ERR_NOT_FOUND, ERR_PERMISSION and others: it cannot be
 * started, and capture_live_trouble() says so; *out is set in any case and to be freed. */
enum err capture_live_start(struct capture_live **out,
			    const struct capture_live_plan *plan) MUST_USE;

/* Readable (poll(2)) when capture_live_read() has something to do; -1 once it has ended. */
int capture_live_fd(const struct capture_live *live);

/* Gives the packets that have come, a bounded number at once, and does not wait for more. False: it
 * has ended, for good or with capture_live_trouble(). */
bool capture_live_read(struct capture_live *live, capture_handler *handler, void *context) MUST_USE;

/* True once the device is open and packets come: what is sent from then on is not missed. */
bool capture_live_runs(const struct capture_live *live);

/* Asks for the end. What is under way is still to be read, until capture_live_read() is false. */
void capture_live_stop(struct capture_live *live);

/* Why it did not start or ended by itself, in English, with what mends it; "" if all is well. Owned
 * by `live`. */
const char *capture_live_trouble(const struct capture_live *live);

/* After the end. */
struct capture_counts capture_live_counts(const struct capture_live *live);

/* Ends the helper too, if it still runs. */
void capture_live_free(struct capture_live *live);

#endif
