/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "proto/sdp.h"

/* RFC 3551, tables 4 and 5; what is reserved or unassigned there has no name. */
static const struct {
	const char *name;
	uint32_t clock;
} statics[] = {
	[0] = { "PCMU", 8000 },   [3] = { "GSM", 8000 },    [4] = { "G723", 8000 },
	[5] = { "DVI4", 8000 },   [6] = { "DVI4", 16000 },  [7] = { "LPC", 8000 },
	[8] = { "PCMA", 8000 },   [9] = { "G722", 8000 }, /* samples at 16 kHz, its clock counts
							     8000 (4.5.2) */
	[10] = { "L16", 44100 },  [11] = { "L16", 44100 },  [12] = { "QCELP", 8000 },
	[13] = { "CN", 8000 },    [14] = { "MPA", 90000 },  [15] = { "G728", 8000 },
	[16] = { "DVI4", 11025 }, [17] = { "DVI4", 22050 }, [18] = { "G729", 8000 },
	[25] = { "CelB", 90000 }, [26] = { "JPEG", 90000 }, [28] = { "nv", 90000 },
	[31] = { "H261", 90000 }, [32] = { "MPV", 90000 },  [33] = { "MP2T", 90000 },
	[34] = { "H263", 90000 },
};

enum err sdp_static_codec(struct sdp_codec *out, unsigned payload_type)
{
	if (payload_type >= sizeof statics / sizeof *statics || !statics[payload_type].name)
		return ERR_NOT_FOUND;
	*out = (struct sdp_codec){ .payload_type = (uint8_t)payload_type,
				   .clock = statics[payload_type].clock };
	snprintf(out->name, sizeof out->name, "%s", statics[payload_type].name);
	return ERR_NONE;
}

const struct sdp_media *sdp_audio(const struct sdp *sdp)
{
	const struct sdp_media *refused = NULL;

	for (size_t i = 0; i < sdp->media_count; i++) {
		if (strcmp(sdp->media[i].kind, "audio") != 0)
			continue;
		if (sdp->media[i].at.port)
			return &sdp->media[i];
		if (!refused)
			refused = &sdp->media[i];
	}
	return refused;
}

const struct sdp_codec *sdp_codec_find(const struct sdp_media *media, unsigned payload_type)
{
	for (size_t i = 0; i < media->codec_count; i++)
		if (media->codec[i].payload_type == payload_type)
			return &media->codec[i];
	return NULL;
}

const char *sdp_direction_text(enum sdp_direction direction)
{
	static const char *const texts[] = {
		[SDP_SENDRECV] = "sendrecv",
		[SDP_SENDONLY] = "sendonly",
		[SDP_RECVONLY] = "recvonly",
		[SDP_INACTIVE] = "inactive",
	};

	return texts[direction];
}

const char *sdp_srtp_text(enum sdp_srtp srtp)
{
	static const char *const texts[] = {
		[SDP_SRTP_NONE] = "none",
		[SDP_SRTP_SDES] = "sdes",
		[SDP_SRTP_DTLS] = "dtls",
	};

	return texts[srtp];
}
