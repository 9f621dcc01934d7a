/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analysis/findings.h"
#include "analysis/judge.h"
#include "analysis/relay.h"
#include "base/intl.h"
#include "base/packet.h"

/* Nobody can expect media of a call that was hung up sooner. */
static const int64_t short_call_ns = 2 * (int64_t)PACKET_SECOND;
/* Early media goes on for so long behind the answer, which was on its way. */
static const int64_t tail_ns = PACKET_SECOND / 4;
/* A person may say nothing for a while; a stream that was silent for less says nothing. */
static const int64_t silent_min_ns = 8 * (int64_t)PACKET_SECOND;
/* But not without a breath, to somebody who is heard: that is no person's pause. The smallest step
 * of A-law is at -72 dBov. */
static const int64_t dead_min_ns = 3 * (int64_t)PACKET_SECOND;
static const float dead_dbov = -70;

const char *way_state_text(enum way_state state)
{
	static const char *const texts[] = { "unknown", "ok",     "never-sent", "wrong-address",
					     "missing", "silent", "rejected" };

	return texts[state];
}

const char *audio_verdict_text(enum audio_verdict verdict)
{
	static const char *const texts[] = { "unknown",  "two-way",    "one-way-out", "one-way-in",
					     "no-audio", "silent-out", "silent-in",   "held" };

	return texts[verdict];
}

/* --- one way ----------------------------------------------------------------------------------*/

struct judging {
	const struct scene *scene;
	enum way way;
	struct way_verdict *out;
	const struct scene_stream *last; /* the stream of this way that ended last; NULL: none */
	const struct relay *relay;
	const struct stream *kept; /* reaches the relay, where `last` is NULL; NULL: none does */
};

static bool decide(const struct judging *judging, enum way_state state, const char *format, ...)
	PRINTF_LIKE(3, 4);

static bool decide(const struct judging *judging, enum way_state state, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	intl_vsnprintf(judging->out->why, sizeof judging->out->why, format, args);
	va_end(args);
	judging->out->state = state;
	return true;
}

/* Whose media it is, as a sentence begins. */
static const char *sender(const struct judging *judging)
{
	return judging->way == WAY_OUT ? _("The phone") : _("The far side");
}

static bool not_answered(const struct judging *judging)
{
	if (!judging->scene->call || scene_answered(judging->scene))
		return false;
	return decide(judging, STATE_UNKNOWN, _("The call was not answered."));
}

/* At its end, or a moment before. */
static bool flows(const struct judging *judging)
{
	return judging->last && judging->last->stream->packets >= JUDGE_PACKETS_MIN &&
	       scene_end(judging->scene) - judging->last->stream->last_ns < short_call_ns;
}

static bool on_hold(const struct judging *judging)
{
	if (!judge_held(judging->scene))
		return false;
	return decide(judging, flows(judging) ? STATE_OK : STATE_UNKNOWN,
		      flows(judging)
			      ? _("The call is on hold at its end; what flows may be music.")
			      : _("The call is on hold at its end: no voice is due this way."));
}

static bool not_due(const struct judging *judging)
{
	if (judging->out->due)
		return false;
	return decide(judging, flows(judging) ? STATE_OK : STATE_UNKNOWN,
		      flows(judging)
			      ? _("RTP flows, though the descriptions do not ask for it.")
			      : _("The two descriptions agree that no voice goes this way."));
}

/* RTP without SIP: nobody says what was due. */
static bool absent_without_sip(const struct judging *judging)
{
	if (judging->last || judging->scene->call)
		return false;
	return decide(
		judging, STATE_UNKNOWN,
		_("No RTP was captured this way, and no SIP that would tell whether it was due."));
}

static bool absent_from_short_call(const struct judging *judging)
{
	const struct scene *scene = judging->scene;

	if (judging->last || scene_end(scene) - scene_begin(scene) >= short_call_ns)
		return false;
	return decide(judging, STATE_UNKNOWN,
		      _("No RTP was captured this way, but the call lasted a moment only."));
}

static bool kept_by_relay(const struct judging *judging)
{
	char at[ADDR_TEXT];

	if (!judging->kept)
		return false;
	endpoint_text(at, &judging->kept->dst);
	if (!relay_shows(judging->relay, judging->scene))
		return decide(judging, STATE_UNKNOWN,
			      _("RTP reaches %s, a relay; whether it is sent on is not seen here."),
			      at);
	if (judging->relay->nat_at_sender)
		return decide(judging, STATE_MISSING,
			      _("RTP is seen before the NAT and not behind it: it is not sent on "
				"to %s."),
			      at);
	return decide(judging, STATE_MISSING,
		      judging->way == WAY_OUT
			      ? _("The phone's RTP reaches %s, from where it is not sent on to the "
				  "far side.")
			      : _("The far side's RTP reaches %s, from where it is not sent on to "
				  "the phone."),
		      at);
}

static bool absent_where_blind(const struct judging *judging)
{
	if (judging->last || !judge_blind(judging->scene, judging->way))
		return false;
	return decide(judging, STATE_UNKNOWN,
		      judging->way == WAY_OUT
			      ? _("Nothing of the phone's came past the capture point, SIP "
				  "neither: it does not show this direction.")
			      : _("Nothing of the far side's came past the capture point, SIP "
				  "neither: it does not show this direction."));
}

static bool absent_out_of_sight(const struct judging *judging)
{
	const struct scene *scene = judging->scene;

	if (judging->last)
		return false;
	if (!judge_point_shows(scene))
		return decide(
			judging, STATE_UNKNOWN,
			_("No RTP of this call was captured either way: its voice may go another "
			  "way than past this capture point, which proves nothing then."));
	if (scene->call->description_count || scene->at_told)
		return false;
	return decide(
		judging, STATE_UNKNOWN,
		_("No RTP was captured this way, and the capture does not show where it should "
		  "have gone."));
}

static bool absent(const struct judging *judging)
{
	static const struct {
		enum vantage at;
		enum way way;
		enum way_state state;
		const char *why;
	} rows[] = {
		{ VANTAGE_PHONE, WAY_OUT, STATE_NEVER_SENT,
		  N_("The phone sent no RTP: at the phone it would have been seen.") },
		{ VANTAGE_PHONE, WAY_IN, STATE_MISSING, N_("No RTP arrived at the phone.") },
		{ VANTAGE_INSIDE, WAY_OUT, STATE_MISSING,
		  N_("No RTP of the phone's came past this point inside of the site: it was never "
		     "sent, "
		     "or lost between the phone and here.") },
		{ VANTAGE_INSIDE, WAY_IN, STATE_MISSING,
		  N_("No RTP for the phone came past this point inside of the site: it was not "
		     "sent, "
		     "or "
		     "stopped on the way here.") },
		{ VANTAGE_OUTSIDE, WAY_OUT, STATE_MISSING,
		  N_("No RTP of the phone's came out of the site: it was never sent, or something "
		     "in "
		     "the site stops it.") },
		{ VANTAGE_OUTSIDE, WAY_IN, STATE_MISSING,
		  N_("No RTP for the phone came as far as the site's edge: the far side does not "
		     "send, "
		     "or it is stopped on the way.") },
		{ VANTAGE_SERVER, WAY_OUT, STATE_MISSING,
		  N_("No RTP of the phone's arrived at the server: never sent, or lost on the way; "
		     "here nobody can tell.") },
		{ VANTAGE_SERVER, WAY_IN, STATE_NEVER_SENT,
		  N_("The server sent no RTP: at the server it would have been seen.") },
		{ VANTAGE_UNKNOWN, WAY_OUT, STATE_MISSING,
		  N_("No RTP of the phone's came past the capture point, though media of this call "
		     "does; whether it was never sent or lost before, cannot be seen here.") },
		{ VANTAGE_UNKNOWN, WAY_IN, STATE_MISSING,
		  N_("No RTP for the phone came past the capture point, though media of this call "
		     "does; whether it was never sent or lost before, cannot be seen here.") },
	};

	if (judging->last)
		return false;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].at == judging->scene->at && rows[i].way == judging->way)
			return decide(judging, rows[i].state, "%s", _(rows[i].why));
	return false;
}

/* Keys may come as a stream of their own, which says nothing of the voice. */
static bool is_keys_alone(const struct stream *stream)
{
	for (size_t i = 0; i < stream->type_count; i++)
		if (strcasecmp(stream->type[i].codec.name, "telephone-event"))
			return false;
	return stream->type_count > 0;
}

/* Nothing but keys in all the call. */
static bool without_voice(const struct judging *judging)
{
	const struct scene *scene = judging->scene;
	const bool at_sender =
		scene->at == (judging->way == WAY_OUT ? VANTAGE_PHONE : VANTAGE_SERVER);

	if (!is_keys_alone(judging->last->stream))
		return false;
	if (!scene->call || scene_end(scene) - scene_begin(scene) < silent_min_ns)
		return false;
	return decide(judging, at_sender ? STATE_NEVER_SENT : STATE_MISSING,
		      _("Keys (telephone-event) came this way, but no voice in the call's %.0f s."),
		      judge_seconds(scene_end(scene) - scene_begin(scene)));
}

static bool stopped(const struct judging *judging)
{
	const struct scene *scene = judging->scene;
	const struct stream *stream = judging->last->stream;

	if (!judge_stopped(scene, stream))
		return false;
	if (judge_moved_away(scene, stream))
		return decide(
			judging, STATE_UNKNOWN,
			_("RTP came until %.0f s after the answer; then a new description sent the "
			  "call's voice elsewhere, where it is not seen from here."),
			judge_seconds(stream->last_ns - scene_begin(scene)));
	/* Ringing was played: of the call itself nothing came that could stop. */
	if (scene->call->answered_ns && stream->last_ns < scene_begin(scene) + tail_ns)
		return decide(
			judging, STATE_MISSING,
			_("RTP came before the answer alone, and none in the %.0f s after it."),
			judge_seconds(scene_end(scene) - scene_begin(scene)));
	judging->out->stopped = true;
	return decide(
		judging, STATE_MISSING,
		_("RTP came until %.0f s after the answer, then no more; the call went on for "
		  "%.0f s."),
		judge_seconds(stream->last_ns - scene_begin(scene)),
		judge_seconds(scene_end(scene) - stream->last_ns));
}

static bool wrong_address(const struct judging *judging)
{
	const struct stream *stream = judging->last->stream;
	char text[ADDR_TEXT];

	if (!judge_goes_wrong(&judging->out->to_private, judging->scene, judging->last))
		return false;
	endpoint_text(text, &stream->dst);
	if (judging->out->to_private)
		return decide(
			judging, STATE_WRONG_ADDRESS,
			_("%s sends to %s, a private address that cannot be reached from there."),
			sender(judging), text);
	return decide(judging, STATE_WRONG_ADDRESS,
		      _("%s sends to %s, which the other side did not name for its media."),
		      sender(judging), text);
}

static bool refused(const struct judging *judging)
{
	const struct stream *stream = judging->last->stream;
	const struct refused *refused = judge_refused(judging->scene, stream);
	char by[ADDR_TEXT], dst[ADDR_TEXT];

	if (!refused)
		return false;
	judge_host_text(by, &refused->by);
	endpoint_text(dst, &stream->dst);
	if (refused->port_unreachable && endpoint_same_host(&refused->by, &stream->dst))
		return decide(judging, STATE_REJECTED,
			      _("%s answers by ICMP that nobody listens at port %u."), by,
			      stream->dst.port);
	return decide(judging, STATE_MISSING,
		      refused->prohibited
			      ? _("%s answers by ICMP that packets to %s are prohibited.")
			      : _("%s answers by ICMP that packets to %s do not get there."),
		      by, dst);
}

static bool not_understood(const struct judging *judging)
{
	const struct stream_type *voice = stream_voice(judging->last->stream);
	struct media_pair pair;

	if (judge_srtp_differs(&pair, judging->scene))
		return decide(judging, STATE_REJECTED,
			      _("RTP flows, but one side encrypts and the other does not."));
	if (!judge_not_negotiated(judging->scene, judging->last))
		return false;
	if (judging->way == WAY_OUT)
		return decide(judging, STATE_UNKNOWN,
			      _("RTP flows as payload type %u, which the far side did not name: "
				"whether it can play it, is not seen here."),
			      voice->payload_type);
	return decide(
		judging, STATE_REJECTED,
		_("RTP flows as payload type %u, which the phone did not name: it cannot play "
		  "that."),
		voice->payload_type);
}

/* It sounded before the answer alone: early media, ringing say. */
static bool fell_silent(const struct stream *stream, int64_t begin_ns)
{
	return stream->sounding && stream->first_ns < begin_ns &&
	       stream->last_sound_ns < begin_ns + tail_ns;
}

static bool holds_silence(const struct stream *stream, int64_t begin_ns)
{
	bool known;

	if (!stream_voice(stream)) /* comfort noise */
		return true;
	return (stream_is_silent(&known, stream) && known) || fell_silent(stream, begin_ns);
}

static bool is_dead_silence(const struct stream *stream)
{
	return stream->heard && stream->peak_dbov < dead_dbov;
}

static bool is_heard(const struct scene *scene, enum way way)
{
	for (size_t i = 0; i < scene->stream_count; i++)
		if (scene->stream[i].way == way && scene->stream[i].stream->sounding)
			return true;
	return false;
}

/* All of the voice of that way, by all its streams, since the answer. Comfort noise without any
 * voice is silence too. */
static bool is_silent(bool *fell, const struct judging *judging)
{
	const struct scene *scene = judging->scene;
	const int64_t begin_ns = scene_begin(scene);
	bool any = false, dead = is_heard(scene, way_other(judging->way));
	int64_t length_ns = 0;

	*fell = false;
	for (size_t i = 0; i < scene->stream_count; i++) {
		const struct stream *stream = scene->stream[i].stream;

		if (scene->stream[i].way != judging->way || stream->last_ns < begin_ns ||
		    (!stream_voice(stream) && !stream->comfort_noise))
			continue;
		if (!holds_silence(stream, begin_ns))
			return false;
		*fell |= fell_silent(stream, begin_ns);
		dead &= is_dead_silence(stream);
		length_ns += stream->last_ns -
			     (stream->first_ns > begin_ns ? stream->first_ns : begin_ns);
		any = true;
	}
	return any && length_ns >= (dead ? dead_min_ns : silent_min_ns);
}

static bool silent(const struct judging *judging)
{
	bool fell;

	if (!is_silent(&fell, judging))
		return false;
	return decide(judging, STATE_SILENT,
		      fell ? _("RTP flows, but it sounded before the answer alone; since then it "
			       "holds silence.")
			   : _("RTP flows, but every packet of it that could be heard holds "
			       "silence."));
}

static bool unsure_port(const struct judging *judging)
{
	const struct stream *stream = judging->last->stream;
	char text[ADDR_TEXT];

	if (judging->way != WAY_IN || !judge_unsure_port(judging->scene, stream))
		return false;
	return decide(judging, STATE_UNKNOWN,
		      _("RTP goes to %s, but the phone's own voice comes from another port there, "
			"and nobody named this one: whether it is let in is not seen here."),
		      endpoint_text(text, &stream->dst));
}

static bool unsure(const struct judging *judging)
{
	const struct stream *stream = judging->last->stream;
	char text[ADDR_TEXT];

	if (judging->way != WAY_IN || !judge_unsure_address(judging->scene, stream))
		return false;
	judging->out->unsure = true;
	return decide(
		judging, STATE_UNKNOWN,
		_("RTP goes to %s, as the phone asked, but the phone's own SIP and voice come "
		  "from elsewhere: whether it arrives is not seen here."),
		endpoint_text(text, &stream->dst));
}

static bool fine(const struct judging *judging)
{
	static const struct {
		enum vantage at;
		enum way way;
		const char *why;
	} rows[] = {
		{ VANTAGE_PHONE, WAY_OUT,
		  N_("The phone sends where it should; what becomes of it on the way is not seen "
		     "here.") },
		{ VANTAGE_PHONE, WAY_IN, N_("RTP arrives at the phone.") },
		{ VANTAGE_INSIDE, WAY_OUT,
		  N_("RTP of the phone's comes past this point and goes where it should; what "
		     "becomes "
		     "of it further on is not seen here.") },
		{ VANTAGE_INSIDE, WAY_IN, N_("RTP for the phone arrives inside of the site.") },
		{ VANTAGE_OUTSIDE, WAY_OUT, N_("RTP of the phone's comes out of the site.") },
		{ VANTAGE_OUTSIDE, WAY_IN,
		  N_("RTP for the phone comes as far as the site's edge; whether it gets in is not "
		     "seen "
		     "here.") },
		{ VANTAGE_SERVER, WAY_OUT, N_("RTP of the phone's arrives at the server.") },
		{ VANTAGE_SERVER, WAY_IN,
		  N_("The server sends where it should; what becomes of it on the way is not seen "
		     "here.") },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].at == judging->scene->at && rows[i].way == judging->way)
			return decide(judging, STATE_OK, "%s", _(rows[i].why));
	return decide(judging, STATE_OK,
		      _("RTP comes past the capture point and goes where it should."));
}

/* The first that is sure decides. Those behind `absent` have a stream to look at. */
static bool (*const steps[])(const struct judging *judging) = {
	not_answered,
	on_hold,
	not_due,
	absent_without_sip,
	absent_from_short_call,
	kept_by_relay,
	absent_where_blind,
	absent_out_of_sight,
	absent,
	without_voice,
	stopped,
	wrong_address,
	refused,
	not_understood,
	silent,
	unsure,
	unsure_port,
	fine,
};

/* What has only reached a relay does not speak for the way. */
static bool speaks(const struct relay *relay, const struct scene_stream *stream)
{
	return stream->way == relay->way && !relay_has_before(relay, stream->stream);
}

/* Of those that end about together, one that gets there speaks for the way: phones send to an old
 * address for a moment, or to two. */
static const struct scene_stream *last_of(const struct scene *scene, const struct relay *relay)
{
	const struct scene_stream *last = NULL, *right = NULL;
	bool to_private;

	for (size_t i = 0; i < scene->stream_count; i++) {
		const struct scene_stream *stream = &scene->stream[i];

		if (!speaks(relay, stream))
			continue;
		if (last && is_keys_alone(stream->stream) && !is_keys_alone(last->stream))
			continue;
		if (!last || (is_keys_alone(last->stream) && !is_keys_alone(stream->stream)) ||
		    stream->stream->last_ns >= last->stream->last_ns)
			last = stream;
	}
	for (size_t i = 0; last && i < scene->stream_count; i++) {
		const struct scene_stream *stream = &scene->stream[i];

		if (speaks(relay, stream) && stream->stream->packets >= JUDGE_PACKETS_MIN &&
		    last->stream->last_ns - stream->stream->last_ns < short_call_ns &&
		    is_keys_alone(stream->stream) == is_keys_alone(last->stream) &&
		    !judge_goes_wrong(&to_private, scene, stream))
			right = stream;
	}
	return right ? right : last;
}

static const struct stream *before_relay(const struct scene *scene, const struct relay *relay)
{
	for (size_t i = 0; i < scene->stream_count; i++) {
		const struct stream *stream = scene->stream[i].stream;

		if (scene->stream[i].way == relay->way && stream->packets >= JUDGE_PACKETS_MIN &&
		    relay_has_before(relay, stream))
			return stream;
	}
	return NULL;
}

static void judge_way(struct way_verdict *out, const struct scene *scene, enum way way)
{
	struct judging judging = { .scene = scene, .way = way, .out = out };
	struct relay relay;

	relay_of_way(&relay, scene, way);
	judging.relay = &relay;
	judging.last = last_of(scene, &relay);
	judging.kept = judging.last ? NULL : before_relay(scene, &relay);
	out->due = judge_due(scene, way);
	out->relayed = relay.named != NULL;
	out->stream = judging.last ? judging.last->stream : judging.kept;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i](&judging))
			return;
}

/* --- both together ----------------------------------------------------------------------------*/

static bool is_dead(enum way_state state)
{
	return state != STATE_UNKNOWN && state != STATE_OK && state != STATE_SILENT;
}

/* An announcement, an intercom: voice one way by agreement, and what became of that one is all. */
static bool combine_agreed(enum audio_verdict *out, const struct verdict *verdict)
{
	static const enum audio_verdict works[] = {
		[WAY_OUT] = VERDICT_ONE_WAY_OUT, [WAY_IN] = VERDICT_ONE_WAY_IN
	};
	static const enum audio_verdict quiet[] = {
		[WAY_OUT] = VERDICT_SILENT_OUT, [WAY_IN] = VERDICT_SILENT_IN
	};

	for (enum way way = 0; way < WAYS; way++) {
		const struct way_verdict *other = &verdict->way[way_other(way)];
		const enum way_state state = verdict->way[way].state;

		if (other->due || other->state != STATE_UNKNOWN || state == STATE_UNKNOWN)
			continue;
		*out = is_dead(state) ? VERDICT_NO_AUDIO : (state == STATE_OK ? works : quiet)[way];
		return true;
	}
	return false;
}

static enum audio_verdict combine(const struct verdict *verdict)
{
	enum audio_verdict agreed;
	const enum way_state out = verdict->way[WAY_OUT].state, in = verdict->way[WAY_IN].state;

	if (verdict->held)
		return VERDICT_HELD;
	if (combine_agreed(&agreed, verdict))
		return agreed;
	if (out == STATE_UNKNOWN || in == STATE_UNKNOWN)
		return VERDICT_UNKNOWN;
	if (out == STATE_OK && in == STATE_OK)
		return VERDICT_TWO_WAY;
	if (out == STATE_OK)
		return is_dead(in) ? VERDICT_ONE_WAY_OUT : VERDICT_SILENT_IN;
	if (in == STATE_OK)
		return is_dead(out) ? VERDICT_ONE_WAY_IN : VERDICT_SILENT_OUT;
	return VERDICT_NO_AUDIO;
}

void verdict_reach(struct verdict *out, const struct scene *scene)
{
	*out = (struct verdict){ 0 };
	for (enum way way = 0; way < WAYS; way++)
		judge_way(&out->way[way], scene, way);
	out->held = judge_held(scene);
	out->audio = combine(out);
	findings_of_call(out, scene);
}

void verdict_clear(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->finding_count; i++)
		finding_free(verdict->finding[i]);
	verdict->finding_count = 0;
}
