/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain questions about a call that both its verdict and its findings ask. */
#ifndef EARSHOT_ANALYSIS_JUDGE_H
#define EARSHOT_ANALYSIS_JUDGE_H

#include "analysis/verdict.h"

/* Fewer packets may be strays: no verdict rests on them. */
enum { JUDGE_PACKETS_MIN = 10 };

/* Of the description that holds for that side at the end; NULL: none, or without audio. */
const struct sdp_media *judge_last_audio(const struct scene *scene, enum party party);
/* The direction that `party` wants for its audio; false: it said nothing. */
bool judge_direction(enum sdp_direction *out, const struct scene *scene, enum party party);
/* Both sides want media to go that way: nobody holds, nobody refused the stream. True too where
 * nothing was said. */
bool judge_due(const struct scene *scene, enum way way);
/* The call is on hold at its end: somebody turned to sendonly or inactive, or names 0.0.0.0. */
bool judge_held(const struct scene *scene);
/* Which side put it on hold; false: neither did, or both, or that cannot be told. */
bool judge_holder(enum party *out, const struct scene *scene);
/* Both sides do ICE: then addresses are found by trying, not by the descriptions. */
bool judge_ice(const struct scene *scene);

/* Does the capture point see the call's media, if there is any? */
bool judge_point_shows(const struct scene *scene);

/* Of an answered call nothing at all came past that way, SIP neither, though SIP did the other way:
 * a mirror port of one direction. What is missing that way then is not known to be. */
bool judge_blind(const struct scene *scene, enum way way);

/* A stream goes where its receiver cannot get it. *to_private: because it is an address of another
 * private network. */
bool judge_goes_wrong(bool *to_private, const struct scene *scene,
		      const struct scene_stream *stream);

/* The stream comes from a host that its sender did not name. */
bool judge_unexpected(const struct scene *scene, const struct stream *stream, enum party sender);
/* What goes to the phone by `to` goes where it said, but it is itself elsewhere. */
bool judge_unsure_address(const struct scene *scene, const struct stream *to);

/* It goes to a host that the phone's voice comes from, but to a port that neither the phone named
 * nor its voice comes from now: of a server that takes the address from the packets and the port
 * from the description, or does not follow where a NAT changes the port. */
bool judge_unsure_port(const struct scene *scene, const struct stream *to);

/* The last of both sides, by enum party; borrowed. */
struct media_pair {
	const struct sdp_media *of[2];
};
/* One side demands encryption and the other does none, or each another kind: on one leg, as a relay
 * may bridge the two. *pair: those that differ. */
bool judge_srtp_differs(struct media_pair *pair, const struct scene *scene);
/* No codec in both last descriptions of a leg, where there are two. */
bool judge_no_common_codec(struct media_pair *pair, const struct scene *scene);
/* The stream's codec is none that its receiver named. */
bool judge_not_negotiated(const struct scene *scene, const struct scene_stream *stream);

/* Refused by ICMP while the call lasted, and until its end; NULL: not. */
const struct refused *judge_refused(const struct scene *scene, const struct stream *stream);

/* Did media of that way end long before the call? `stream` is the last one of that way. */
bool judge_stopped(const struct scene *scene, const struct stream *stream);

/* Both ways left the capture point when a new description sent them elsewhere: what became of them
 * is not seen here. */
bool judge_moved_away(const struct scene *scene, const struct stream *stream);

double judge_seconds(int64_t ns);
/* "192.0.2.1" */
const char *judge_host_text(char text[static ADDR_TEXT], const struct endpoint *at);

#endif
