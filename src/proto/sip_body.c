/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/sip_body.h"

#include <stdio.h>

enum {
	BOUNDARY_MAX = 70,  /* RFC 2046, 5.1.1 */
	MULTIPART_DEPTH = 3 /* multipart inside multipart */
};

static struct slice media_type(struct slice type)
{
	struct slice rest = type, first;

	return slice_trim(slice_until(&first, &rest, ';') ? type : first);
}

/* Behind "boundary="; quoted or not. Empty where it is not told. */
static struct slice boundary_of(struct slice type)
{
	struct slice parameter, name, rest = type;

	while (rest.left) {
		if (slice_until(&parameter, &rest, ';')) {
			parameter = rest;
			rest.left = 0;
		}
		if (slice_until(&name, &parameter, '=') ||
		    !slice_is_nocase(slice_trim(name), "boundary"))
			continue;
		parameter = slice_trim(parameter);
		if (parameter.left >= 2 && parameter.at[0] == '"' &&
		    parameter.at[parameter.left - 1] == '"')
			parameter = slice_of(parameter.at + 1, parameter.left - 2);
		return parameter;
	}
	return slice_of(NULL, 0);
}

static bool is_delimiter(struct slice line, struct slice boundary)
{
	return line.left >= boundary.left + 2 && line.at[0] == '-' && line.at[1] == '-' &&
	       slice_equal(slice_of(line.at + 2, boundary.left), boundary);
}

/* The next part, headers and all: up to the next delimiter, or the end where the body was cut. */
static bool next_part(struct slice *part, struct slice *rest, struct slice boundary)
{
	struct slice line;
	const uint8_t *begin = rest->at;

	if (!rest->left)
		return false;
	while (!slice_line(&line, rest))
		if (is_delimiter(line, boundary)) {
			*part = slice_of(begin, (size_t)(line.at - begin));
			return true;
		}
	*part = slice_of(begin, (size_t)(rest->at - begin));
	return true;
}

/* Takes the part's header fields off; its Content-Type, or nothing. */
static struct slice part_type(struct slice *part)
{
	struct slice line, label, type = slice_of("text/plain", 10); /* RFC 2046, 5.1 */

	while (!slice_line(&line, part) && line.left)
		if (!slice_until(&label, &line, ':') &&
		    (slice_is_nocase(slice_trim(label), "Content-Type") ||
		     slice_is_nocase(slice_trim(label), "c")))
			type = slice_trim(line);
	return type;
}

static struct slice find_sdp(struct slice type, struct slice body, unsigned depth)
{
	struct slice boundary, part, line, found = slice_of(NULL, 0);

	if (slice_is_nocase(media_type(type), "application/sdp") ||
	    (!type.left && slice_starts(body, "v=0")))
		return body;
	if (!slice_starts_nocase(type, "multipart/") || !depth)
		return found;
	boundary = boundary_of(type);
	while (!slice_line(&line, &body)) { /* what comes before the first delimiter is no part */
		if (!boundary.left && slice_starts(line, "--"))
			boundary = slice_of(line.at + 2, line.left - 2);
		if (boundary.left && is_delimiter(line, boundary))
			break;
	}
	if (!boundary.left || boundary.left > BOUNDARY_MAX)
		return found;
	while (!found.left && next_part(&part, &body, boundary)) {
		const struct slice own = part_type(&part);

		found = find_sdp(own, part, depth - 1);
	}
	return found;
}

struct slice sip_body_sdp(struct slice type, struct slice body)
{
	return find_sdp(type, body, MULTIPART_DEPTH);
}
