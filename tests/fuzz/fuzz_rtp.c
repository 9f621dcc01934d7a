/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as RTP and as RTCP, and as sound: the payload must lie inside them. */
#include <math.h>
#include <stdlib.h>

#include "proto/audio.h"
#include "proto/rtcp.h"
#include "proto/rtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rtp(struct slice bytes, size_t wire)
{
	struct rtp rtp;

	if (rtp_read(&rtp, bytes, wire))
		return;
	if (rtp.payload.at < bytes.at + RTP_HEADER ||
	    rtp.payload.at + rtp.payload.left > bytes.at + bytes.left)
		abort();
}

static void listen_to(struct slice bytes)
{
	struct audio_g722 decoder = { 0 };

	for (unsigned codec = AUDIO_OTHER; codec <= AUDIO_G722; codec++) {
		const struct audio_level level = audio_level((enum audio_codec)codec, bytes);

		if (level.silence && !audio_is_silent((enum audio_codec)codec, bytes))
			abort();
		if (!(level.dbov <= 0.5F && level.dbov >= AUDIO_SILENT_DBOV))
			abort();
	}
	for (size_t i = 0; i < 8; i++) {
		const struct audio_level level = audio_g722_level(&decoder, bytes);

		/* Its samples may be twice full scale. */
		if (!(level.dbov <= 6.5F && level.dbov >= AUDIO_SILENT_DBOV))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice bytes = slice_of(data, size);
	struct rtcp rtcp;

	read_rtp(bytes, size);
	read_rtp(bytes, size + 100);
	if (!rtcp_read(&rtcp, bytes) &&
	    (!rtcp_looks_so(bytes) || rtcp.report_count > RTCP_REPORTS_MAX))
		abort();
	listen_to(bytes);
	return 0;
}
