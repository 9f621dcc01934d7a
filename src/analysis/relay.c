/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/relay.h"

#include "analysis/judge.h"

static bool is_media(const struct endpoint *at)
{
	return at->port && endpoint_is_set(at);
}

/* Was it made of what `named` says, with another endpoint in it? */
static bool is_rewritten(const struct description *said, const struct description *named)
{
	return said->hop && said->from_caller == named->from_caller && said->ns >= named->ns &&
	       (said->initial || said->dialog == named->dialog) && !said->failed && said->audio &&
	       is_media(&said->audio->at) && !endpoint_equal(&said->audio->at, &named->audio->at);
}

/* By the endpoint of a rewritten one; where `dst` is NULL, by any. */
static bool goes_to_relay(const struct relay *relay, const struct endpoint *dst)
{
	for (size_t i = 0; i < relay->call->description_count; i++) {
		const struct description *said = &relay->call->description[i];

		if (is_rewritten(said, relay->named) &&
		    (!dst || endpoint_equal(&said->audio->at, dst)))
			return true;
	}
	return false;
}

static void find_by_sip(struct relay *out, const struct scene *scene)
{
	const struct sip_call *call = scene->call;
	const struct description *named = call ? scene_last(scene, way_receiver(out->way)) : NULL;
	const struct description *told;

	if (!named || !named->audio || !is_media(&named->audio->at) || judge_ice(scene))
		return;
	told = sip_call_description_on(call, named->leg, !named->from_caller, scene_end(scene));
	if (!told || !told->audio || !is_media(&told->audio->at))
		return;
	out->call = call;
	out->named = named;
	out->from = told->audio->at;
	if (!goes_to_relay(out, NULL))
		out->named = NULL;
}

/* Of two private addresses, as a container's and its host's, `first` tells which side is within. */
static bool is_translated(const struct endpoint *inner, const struct endpoint *outer, bool first)
{
	return endpoint_is_private(inner) && (!endpoint_is_private(outer) || first);
}

static void add_nat(struct relay *out, const struct endpoint *inner, const struct endpoint *outer,
		    bool at_sender)
{
	if (out->nat_count == RELAY_NATS || (out->nat_count && out->nat_at_sender != at_sender))
		return;
	for (size_t i = 0; i < out->nat_count; i++)
		if (endpoint_equal(&out->nat[i].inner, inner) &&
		    endpoint_equal(&out->nat[i].outer, outer))
			return;
	out->nat[out->nat_count++] = (struct relay_nat){ .outer = *outer, .inner = *inner };
	out->nat_at_sender = at_sender;
}

static bool is_same_stream(const struct stream *a, const struct stream *b)
{
	return a->ssrc == b->ssrc && a->first_ns <= b->last_ns && b->first_ns <= a->last_ns;
}

/* By what goes the other way, seen before and behind it: what the NAT makes of one end there, it
 * makes of it here. */
static void take_nat(struct relay *out, const struct stream *inside, const struct stream *outside)
{
	if (!is_same_stream(inside, outside))
		return;
	if (endpoint_equal(&inside->dst, &outside->dst) &&
	    is_translated(&inside->src, &outside->src, inside->first_ns < outside->first_ns))
		add_nat(out, &inside->src, &outside->src, false);
	else if (endpoint_equal(&inside->src, &outside->src) &&
		 is_translated(&inside->dst, &outside->dst, outside->first_ns < inside->first_ns))
		add_nat(out, &inside->dst, &outside->dst, true);
}

static void find_nat(struct relay *out, const struct scene *scene)
{
	for (size_t i = 0; i < scene->stream_count; i++)
		for (size_t k = 0; k < scene->stream_count; k++)
			if (scene->stream[i].way != out->way && scene->stream[k].way != out->way)
				take_nat(out, scene->stream[i].stream, scene->stream[k].stream);
}

void relay_of_way(struct relay *out, const struct scene *scene, enum way way)
{
	*out = (struct relay){ .way = way };
	find_by_sip(out, scene);
	if (!out->named)
		find_nat(out, scene);
}

/* Is the end that is translated the one before a NAT, or behind it? */
static bool is_at_nat(const struct relay *relay, const struct stream *stream, bool before)
{
	const struct endpoint *end = relay->nat_at_sender ? &stream->src : &stream->dst;

	for (size_t i = 0; i < relay->nat_count; i++)
		if (endpoint_equal(end, relay->nat_at_sender == before ? &relay->nat[i].inner
								       : &relay->nat[i].outer))
			return true;
	return false;
}

bool relay_has_before(const struct relay *relay, const struct stream *stream)
{
	return relay->named ? goes_to_relay(relay, &stream->dst) : is_at_nat(relay, stream, true);
}

bool relay_sent_on(const struct relay *relay, const struct stream *stream)
{
	if (!relay->named)
		return is_at_nat(relay, stream, false) && !is_at_nat(relay, stream, true);
	return endpoint_equal(&stream->dst, &relay->named->audio->at) ||
	       (endpoint_equal(&stream->src, &relay->from) && !relay_has_before(relay, stream));
}

bool relay_shows(const struct relay *relay, const struct scene *scene)
{
	for (size_t i = 0; relay->named && i < scene->stream_count; i++) {
		const struct stream *stream = scene->stream[i].stream;

		if (scene->stream[i].way == relay->way) {
			if (relay_sent_on(relay, stream))
				return true;
		} else if (endpoint_equal(&stream->dst, &relay->from) &&
			   !goes_to_relay(relay, &stream->src)) {
			return true;
		}
	}
	return relay->nat_count > 0;
}
