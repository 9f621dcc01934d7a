/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Verdicts over calls made by hand: what was said, what flowed, from where it was seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/call_json.h"
#include "analysis/verdict.h"
#include "base/packet.h"

enum { SIDES_MAX = 2, FINDINGS_MAX = 6 };
static const int64_t second = PACKET_SECOND;
/* The call of every row: invited at 100 s, answered at 102, over at 162. */
static const int64_t begin = 100, answered = 102, ended = 162;

/* One way's RTP: from, to, and seconds after the answer; `src` NULL: none. */
struct flow {
	const char *src, *dst;
	int from, to;
	unsigned payload_type; /* with its static name */
	bool silent;
};

struct said {
	const char *at; /* NULL: PHONE or FAR */
	enum sdp_direction direction;
	enum sdp_srtp srtp;
	bool ice;
};

struct row {
	const char *name;
	enum vantage at;
	struct said phone, far;
	bool unended; /* no BYE was seen, and the capture goes on for long */
	bool moved;   /* the far side names another host after half a minute */
	bool fax;     /* both turn to T.38 after half a minute */
	bool hold;    /* the phone's last description, from 132 s on, is sendonly */
	struct flow out, in;
	enum way_state out_is, in_is;
	enum audio_verdict audio;
	const char *findings[FINDINGS_MAX]; /* "id severity direction", in any order: these alone */
};

#define PHONE   "192.168.1.10:40000"
#define FAR     "203.0.113.5:20000"
#define NAT     "198.51.100.7:62000"
#define LAN_FAR "192.168.1.2:20000"
#define OUT_FLOWS                                                                                  \
	{                                                                                          \
		PHONE, FAR, 0, 60, 0, false                                                        \
	}
#define IN_FLOWS                                                                                   \
	{                                                                                          \
		FAR, PHONE, 0, 60, 0, false                                                        \
	}
#define PRIVATE "sdp-private-address note in"

static const struct row rows[] = {
	{ .name = "two ways",
	  .at = VANTAGE_PHONE,
	  .out = OUT_FLOWS,
	  .in = IN_FLOWS,
	  .out_is = STATE_OK,
	  .in_is = STATE_OK,
	  .audio = VERDICT_TWO_WAY,
	  .findings = { PRIVATE } },
	{ .name = "nothing comes, at the phone",
	  .at = VANTAGE_PHONE,
	  .out = OUT_FLOWS,
	  .out_is = STATE_OK,
	  .in_is = STATE_MISSING,
	  .audio = VERDICT_ONE_WAY_OUT,
	  .findings = { "rtp-one-way fault in", "sdp-private-address fault in" } },
	{ .name = "nothing is sent, at the phone",
	  .at = VANTAGE_PHONE,
	  .in = IN_FLOWS,
	  .out_is = STATE_NEVER_SENT,
	  .in_is = STATE_OK,
	  .audio = VERDICT_ONE_WAY_IN,
	  .findings = { "rtp-one-way fault out", PRIVATE } },
	{ .name = "nothing is sent, at the server: who knows why",
	  .at = VANTAGE_SERVER,
	  .in = { FAR, NAT, 0, 60, 0, false },
	  .out_is = STATE_MISSING,
	  .in_is = STATE_OK,
	  .audio = VERDICT_ONE_WAY_IN,
	  .findings = { "rtp-one-way fault out", PRIVATE } },
	{ .name = "nothing at all, nobody says where",
	  .at = VANTAGE_UNKNOWN,
	  .out_is = STATE_UNKNOWN,
	  .in_is = STATE_UNKNOWN,
	  .audio = VERDICT_UNKNOWN,
	  .findings = { PRIVATE } },
	{ .name = "nothing at all, at the phone",
	  .at = VANTAGE_PHONE,
	  .out_is = STATE_NEVER_SENT,
	  .in_is = STATE_MISSING,
	  .audio = VERDICT_NO_AUDIO,
	  .findings = { "rtp-none fault both", "sdp-private-address fault in" } },
	{ .name = "stops at 31 of 60",
	  .at = VANTAGE_PHONE,
	  .out = OUT_FLOWS,
	  .in = { FAR, PHONE, 0, 31, 0, false },
	  .out_is = STATE_OK,
	  .in_is = STATE_MISSING,
	  .audio = VERDICT_ONE_WAY_OUT,
	  .findings = { "rtp-stops fault in", PRIVATE } },
	{ .name = "silence",
	  .at = VANTAGE_PHONE,
	  .out = { PHONE, FAR, 0, 60, 0, true },
	  .in = IN_FLOWS,
	  .out_is = STATE_SILENT,
	  .in_is = STATE_OK,
	  .audio = VERDICT_SILENT_OUT,
	  .findings = { "rtp-silent fault out", PRIVATE } },
	{ .name = "outside, symmetric",
	  .at = VANTAGE_OUTSIDE,
	  .out = { NAT, FAR, 0, 60, 0, false },
	  .in = { FAR, NAT, 0, 60, 0, false },
	  .out_is = STATE_OK,
	  .in_is = STATE_OK,
	  .audio = VERDICT_TWO_WAY,
	  .findings = { PRIVATE } },
	{ .name = "outside, to the private address",
	  .at = VANTAGE_OUTSIDE,
	  .out = { NAT, FAR, 0, 60, 0, false },
	  .in = IN_FLOWS,
	  .out_is = STATE_OK,
	  .in_is = STATE_WRONG_ADDRESS,
	  .audio = VERDICT_ONE_WAY_OUT,
	  .findings = { "rtp-one-way fault in", "rtp-to-private-address fault in",
			"sdp-private-address fault in" } },
	{ .name = "the phone sends elsewhere",
	  .at = VANTAGE_PHONE,
	  .out = { PHONE, "203.0.113.77:20000", 0, 60, 0, false },
	  .in = IN_FLOWS,
	  .out_is = STATE_WRONG_ADDRESS,
	  .in_is = STATE_OK,
	  .audio = VERDICT_ONE_WAY_IN,
	  .findings = { "rtp-one-way fault out", "rtp-wrong-destination fault out", PRIVATE } },
	{ .name = "a mapped address in the description",
	  .at = VANTAGE_INSIDE,
	  .phone = { .at = "198.51.100.7:40000" },
	  .out = OUT_FLOWS,
	  .in = IN_FLOWS,
	  .out_is = STATE_OK,
	  .in_is = STATE_OK,
	  .audio = VERDICT_TWO_WAY },
	{ .name = "hold without media",
	  .at = VANTAGE_PHONE,
	  .hold = true,
	  .out = { PHONE, FAR, 0, 30, 0, false },
	  .in = { FAR, PHONE, 0, 30, 0, false },
	  .out_is = STATE_UNKNOWN,
	  .in_is = STATE_UNKNOWN,
	  .audio = VERDICT_HELD,
	  .findings = { "sdp-hold note both", PRIVATE } },
	{ .name = "an announcement",
	  .at = VANTAGE_PHONE,
	  .far = { .direction = SDP_SENDONLY },
	  .in = IN_FLOWS,
	  .out_is = STATE_UNKNOWN,
	  .in_is = STATE_OK,
	  .audio = VERDICT_ONE_WAY_IN,
	  .findings = { PRIVATE } },
	{ .name = "a codec that was not named",
	  .at = VANTAGE_PHONE,
	  .out = OUT_FLOWS,
	  .in = { FAR, PHONE, 0, 60, 18, false },
	  .out_is = STATE_OK,
	  .in_is = STATE_REJECTED,
	  .audio = VERDICT_ONE_WAY_OUT,
	  .findings = { "rtp-one-way fault in", "codec-not-negotiated fault in", PRIVATE } },
	{ .name = "ended unseen",
	  .at = VANTAGE_PHONE,
	  .unended = true,
	  .out = OUT_FLOWS,
	  .in = IN_FLOWS,
	  .out_is = STATE_OK,
	  .in_is = STATE_OK,
	  .audio = VERDICT_TWO_WAY,
	  .findings = { PRIVATE } },
	{ .name = "one of two stops, no end seen",
	  .at = VANTAGE_PHONE,
	  .unended = true,
	  .out = OUT_FLOWS,
	  .in = { FAR, PHONE, 0, 31, 0, false },
	  .out_is = STATE_OK,
	  .in_is = STATE_MISSING,
	  .audio = VERDICT_ONE_WAY_OUT,
	  .findings = { "rtp-stops fault in", PRIVATE } },
	{ .name = "a fax",
	  .at = VANTAGE_PHONE,
	  .fax = true,
	  .out = { PHONE, FAR, 0, 30, 0, false },
	  .in = { FAR, PHONE, 0, 30, 0, false },
	  .out_is = STATE_UNKNOWN,
	  .in_is = STATE_UNKNOWN,
	  .audio = VERDICT_UNKNOWN },
	{ .name = "media leaves for another way",
	  .at = VANTAGE_INSIDE,
	  .moved = true,
	  .out = { PHONE, FAR, 0, 30, 0, false },
	  .in = { FAR, PHONE, 0, 30, 0, false },
	  .out_is = STATE_UNKNOWN,
	  .in_is = STATE_UNKNOWN,
	  .audio = VERDICT_UNKNOWN,
	  .findings = { PRIVATE } },
	{ .name = "another source",
	  .at = VANTAGE_PHONE,
	  .out = OUT_FLOWS,
	  .in = { "203.0.113.99:31000", PHONE, 0, 60, 0, false },
	  .out_is = STATE_OK,
	  .in_is = STATE_OK,
	  .audio = VERDICT_TWO_WAY,
	  .findings = { "rtp-unexpected-source note in", PRIVATE } },
};

static struct endpoint at(const char *text)
{
	struct addr addr;

	assert_false(addr_parse_port(&addr, text, 0));
	return endpoint_from_addr(&addr);
}

static struct sdp_media *audio_of(const struct said *said, const char *otherwise)
{
	struct sdp_media *media = calloc(1, sizeof *media);
	char host[ADDR_TEXT];
	struct addr addr;

	assert_non_null(media);
	media->at = at(said->at ? said->at : otherwise);
	addr = endpoint_to_addr(&media->at);
	strcpy(media->kind, "audio");
	strcpy(media->proto, said->srtp ? "RTP/SAVP" : "RTP/AVP");
	strcpy(media->host, addr_host_text(host, &addr));
	media->direction = said->direction;
	media->srtp = said->srtp;
	assert_false(sdp_static_codec(&media->codec[0], 0));
	media->codec_count = 1;
	return media;
}

/* As SIP goes through a NAT that is outside of the capture, or not. */
static void describe(struct sip_call *call, const struct row *row, bool from_caller, bool hold)
{
	struct said said = from_caller ? row->phone : row->far;
	struct description *description = &call->description[call->description_count++];
	const bool outside = row->at == VANTAGE_OUTSIDE || row->at == VANTAGE_SERVER;

	if (hold)
		said.direction = from_caller ? SDP_SENDONLY : SDP_RECVONLY;
	*description = (struct description){ .ns = (hold ? answered + 30 : begin) * second,
					     .answer = !from_caller,
					     .from_caller = from_caller };
	description->sender = at(outside ? "198.51.100.7:5060" : "192.168.1.10:5060");
	description->receiver = at("203.0.113.5:5060");
	if (!from_caller) {
		const struct endpoint swap = description->sender;

		description->sender = description->receiver;
		description->receiver = swap;
		description->ns = (hold ? answered + 30 : answered) * second;
	}
	description->audio = audio_of(&said, from_caller ? PHONE : FAR);
}

/* A new description of that side, after half a minute. */
static void turn(struct sip_call *call, const struct row *row, bool from_caller)
{
	struct description *description = &call->description[call->description_count];

	describe(call, row, from_caller, false);
	description->ns = (answered + 30) * second;
	description->changed = true;
	if (row->fax) {
		free(description->audio);
		description->audio = NULL;
	} else if (!from_caller)
		description->audio->at = at("203.0.113.200:30000");
}

static void make_call(struct sip_call *call, const struct row *row)
{
	call->call_id = (char *)"call@example.com";
	call->from = (char *)"sip:a@example.com";
	call->to = (char *)"sip:b@example.com";
	call->started_ns = begin * second;
	call->answered_ns = answered * second;
	call->ended_ns = ended * second;
	call->end = CALL_ANSWERED;
	call->status = 200;
	describe(call, row, true, false);
	describe(call, row, false, false);
	if (row->hold) {
		describe(call, row, true, true);
		describe(call, row, false, true);
	}
	if (row->fax || row->moved) {
		turn(call, row, true);
		turn(call, row, false);
	}
	if (row->unended) {
		call->ended_ns = 0;
		call->end = CALL_UNFINISHED;
	}
}

static void add_flow(struct scene *scene, struct stream *stream, const struct flow *flow,
		     enum way way)
{
	if (!flow->src)
		return;
	*stream = (struct stream){ .src = at(flow->src),
				   .dst = at(flow->dst),
				   .ssrc = 1,
				   .first_ns = (answered + flow->from) * second,
				   .last_ns = (answered + flow->to) * second,
				   .packets = 50 * (uint64_t)(flow->to - flow->from),
				   .regular = true };
	stream->expected = stream->heard = stream->packets;
	stream->sounding = flow->silent ? 0 : stream->packets;
	assert_false(sdp_static_codec(&stream->type[0].codec, flow->payload_type));
	stream->type[0].payload_type = (uint8_t)flow->payload_type;
	stream->type[0].packets = stream->packets;
	stream->type[0].last_ns = stream->last_ns;
	stream->type_count = 1;
	scene->stream[scene->stream_count++] = (struct scene_stream){ stream, way };
}

static bool has_finding(const struct row *row, const struct finding *finding)
{
	char text[80];

	snprintf(text, sizeof text, "%s %s %s", finding->kind->id, severity_text(finding->severity),
		 direction_text(finding->direction));
	for (size_t i = 0; i < FINDINGS_MAX && row->findings[i]; i++)
		if (!strcmp(row->findings[i], text))
			return true;
	print_error("%s: %s should not be there\n", row->name, text);
	return false;
}

static void check_findings(const struct row *row, const struct verdict *verdict)
{
	size_t wanted = 0;

	while (wanted < FINDINGS_MAX && row->findings[wanted])
		wanted++;
	for (size_t i = 0; i < verdict->finding_count; i++) {
		assert_true(has_finding(row, verdict->finding[i]));
		assert_true(verdict->finding[i]->evidence_count > 0);
	}
	assert_int_equal(verdict->finding_count, wanted);
}

static void check_row(const struct row *row)
{
	struct description said[CALL_DESCRIPTIONS_MAX];
	struct sip_call *call = calloc(1, sizeof *call);
	struct json_text text = { 0 };
	struct stream stream[WAYS];
	struct scene_stream streams[WAYS];
	struct scene scene = { .call = call,
			       .phone_calls = true,
			       .at = row->at,
			       .at_told = row->at != VANTAGE_UNKNOWN,
			       .stream = streams,
			       .capture_ns = (row->unended ? ended + 600 : ended) * second };
	struct verdict verdict;
	json_t *json;

	assert_non_null(call);
	call->description = said;
	make_call(call, row);
	add_flow(&scene, &stream[WAY_OUT], &row->out, WAY_OUT);
	add_flow(&scene, &stream[WAY_IN], &row->in, WAY_IN);
	verdict_reach(&verdict, &scene);
	if (verdict.way[WAY_OUT].state != row->out_is || verdict.way[WAY_IN].state != row->in_is)
		print_error("%s: out %s, in %s\n", row->name, verdict.way[WAY_OUT].why,
			    verdict.way[WAY_IN].why);
	assert_int_equal(verdict.way[WAY_OUT].state, row->out_is);
	assert_int_equal(verdict.way[WAY_IN].state, row->in_is);
	assert_string_equal(audio_verdict_text(verdict.audio), audio_verdict_text(row->audio));
	check_findings(row, &verdict);
	call_json(&text, &scene, &verdict);
	json = json_text_parse(&text);
	json_text_free(&text);
	assert_int_equal(json_array_size(json_object_get(json, "findings")), verdict.finding_count);
	assert_int_equal(json_array_size(json_object_get(json, "streams")), scene.stream_count);
	json_decref(json);
	verdict_clear(&verdict);
	for (size_t i = 0; i < call->description_count; i++)
		free(call->description[i].audio);
	free(call);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
