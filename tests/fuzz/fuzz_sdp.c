/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "proto/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_media(const struct sdp_media *media)
{
	if (media->codec_count > SDP_CODECS_MAX || media->candidate_count > SDP_CANDIDATES_MAX ||
	    !text_is_safe(media->kind) || !text_is_safe(media->proto) || !text_is_safe(media->host))
		abort();
	for (size_t i = 0; i < media->codec_count; i++)
		if (media->codec[i].payload_type > 127 || !text_is_safe(media->codec[i].name) ||
		    !media->codec[i].name[0] != !media->codec[i].clock)
			abort();
	for (size_t i = 0; i < media->candidate_count; i++)
		if (!text_is_safe(media->candidate[i].type))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sdp sdp;

	if (sdp_read(&sdp, slice_of(data, size)))
		return 0;
	if (!sdp.media_count || sdp.media_count > SDP_MEDIA_MAX || !text_is_safe(sdp.origin))
		abort();
	for (size_t i = 0; i < sdp.media_count; i++)
		check_media(&sdp.media[i]);
	return 0;
}
