/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what the error queue gives: a byte that says how long the control messages are (in
 * eights), those, and a quote. What is read lies within what was given, and a quote that was cut
 * short is never taken for another probe. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/quote.h"
#include "net/udp.h"

enum { UNIT = 8, CONTROL_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool right)
{
	if (!right)
		abort();
}

/* The control messages in a block of their exact size. */
static void read_error(struct slice control, struct slice quote)
{
	struct udp_error *error = malloc(sizeof *error);
	uint8_t *block = malloc(control.left ? control.left : 1);
	struct addr name;
	struct msghdr message = { .msg_name = &name.sa };
	char text[ADDR_TEXT];

	must(error && block && !addr_parse(&name, "192.0.2.1", 5060));
	message.msg_namelen = addr_length(&name);
	memcpy(block, control.at, control.left);
	message.msg_control = block;
	message.msg_controllen = control.left;
	memset(error, 0xa5, sizeof *error);
	if (quote.left > UDP_QUOTE_MAX)
		quote.left = UDP_QUOTE_MAX;
	memcpy(error->quote, quote.at, quote.left);
	udp_error_read(error, &message, quote.left);
	must(error->quote_length == quote.left && error->tos >= -1 && error->tos <= 255);
	must(addr_equal(&error->target, &name) && error->family == AF_INET);
	must(strlen(addr_host_text(text, &error->offender)) < sizeof text);
	must(udp_error_verdict(error) >= UDP_TTL_EXPIRED && udp_error_verdict(error) <= UDP_OTHER);
	free(block);
	free(error);
}

/* The mark that stands there, so that something is found now and then. */
static void read_quote(struct slice bytes)
{
	static const uint8_t foreign[QUOTE_MARK] = { 1, 2, 3, 4 };
	const uint8_t *mark = bytes.left >= QUOTE_RTP_LEAST ? bytes.at + 8 : foreign;
	const struct quote whole = quote_read(bytes, mark);

	for (size_t cut = 0; cut < bytes.left; cut++) {
		const struct quote part = quote_read(slice_of(bytes.at, cut), mark);

		must(part.kind == QUOTE_SHORT || part.kind == QUOTE_FOREIGN ||
		     (part.kind == whole.kind && part.number == whole.number));
	}
	must((whole.kind == QUOTE_SHORT) == (bytes.left < QUOTE_RTP_LEAST));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_of(data, size), control;
	size_t length;

	if (!size)
		return 0;
	length = (size_t)data[0] * UNIT % (CONTROL_MAX + UNIT);
	rest = slice_of(data + 1, size - 1);
	if (length > rest.left)
		length = rest.left / UNIT * UNIT;
	control = slice_of(rest.at, length);
	rest = slice_of(rest.at + length, rest.left - length);
	read_error(control, rest);
	read_quote(rest);
	return 0;
}
