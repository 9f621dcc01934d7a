/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers and answers (RFC 3264), and which of them hold. */
#include <stdlib.h>
#include <string.h>

#include "analysis/dialog_parts.h"
#include "base/mem.h"

/* A back-to-back agent passes an offer on within this time. */
static const int64_t hop_ns = 4000000000;

static bool same_transaction(const struct transaction *a, const struct transaction *b)
{
	return a->alias == b->alias && a->act == b->act && a->cseq == b->cseq &&
	       a->by_caller == b->by_caller && a->dialog == b->dialog;
}

static bool same_codecs(const struct sdp_media *a, const struct sdp_media *b)
{
	if (a->codec_count != b->codec_count)
		return false;
	for (size_t i = 0; i < a->codec_count; i++)
		if (a->codec[i].payload_type != b->codec[i].payload_type ||
		    a->codec[i].clock != b->codec[i].clock ||
		    strcmp(a->codec[i].name, b->codec[i].name) != 0)
			return false;
	return true;
}

static bool same_audio(const struct sdp_media *a, const struct sdp_media *b)
{
	if (!a || !b)
		return a == b;
	return endpoint_equal(&a->at, &b->at) && !strcmp(a->host, b->host) &&
	       a->direction == b->direction && same_codecs(a, b);
}

/* Does it hold in the conversation `label`? */
static bool belongs(const struct description *description, unsigned label)
{
	return description->initial || description->dialog == label;
}

/* From the one before, of the first `count`. */
static bool is_changed(const struct sip_call *call, size_t count,
		       const struct description *description)
{
	for (size_t i = count; i-- > 0;) {
		const struct description *former = &call->description[i];

		if (former->from_caller == description->from_caller && !former->failed &&
		    former->leg == description->leg && belongs(former, description->dialog))
			return !same_audio(former->audio, description->audio);
	}
	return false;
}

/* The same description was recorded from this leg: a retransmission, or an answer that a
 * provisional one has told already. */
static bool is_known(const struct call *call, const struct described *as,
		     const struct description *description)
{
	for (size_t i = 0; i < call->known.description_count; i++) {
		const struct described *other = &call->described[i];
		const struct description *former = &call->known.description[i];

		if (same_transaction(&other->by, &as->by) && other->dialog == as->dialog &&
		    other->content == as->content && other->final == as->final &&
		    former->leg == description->leg && former->answer == description->answer)
			return true;
	}
	return false;
}

/* Through a proxy the transaction is the same. A back-to-back agent makes one of its own, right
 * after. */
static bool is_hop(const struct call *call, const struct described *as,
		   const struct description *description)
{
	for (size_t i = call->known.description_count; i-- > 0;) {
		const struct described *other = &call->described[i];
		const struct description *former = &call->known.description[i];

		if (former->from_caller != description->from_caller ||
		    former->answer != description->answer)
			continue;
		if (other->by.alias == as->by.alias) {
			if (same_transaction(&other->by, &as->by) && other->final == as->final &&
			    other->dialog == as->dialog && former->leg != description->leg)
				return true;
			if (former->leg == description->leg)
				return false;
		} else if (!former->hop && former->early == description->early &&
			   former->initial == description->initial &&
			   description->ns - former->ns < hop_ns) {
			return true;
		}
	}
	return false;
}

static struct sdp_media *copy_audio(struct dialogs *dialogs, const struct sdp_media *audio)
{
	struct sdp_media *copy;

	if (!audio)
		return NULL;
	copy = mem_new(1, sizeof *copy);
	*copy = *audio;
	dialogs->descriptions++;
	return copy;
}

/* Two lines may be offered to choose from: encrypted or plain, IPv6 or IPv4. */
static const struct sdp_media *spare_audio(const struct sdp *sdp, size_t line)
{
	for (size_t i = line + 1; i < sdp->media_count; i++)
		if (!strcmp(sdp->media[i].kind, "audio") && sdp->media[i].at.port)
			return &sdp->media[i];
	return NULL;
}

static void note_lines(struct dialogs *dialogs, struct described *as,
		       const struct description *description, const struct sdp *sdp)
{
	const struct sdp_media *spare;

	if (!description->audio)
		return;
	as->line = (size_t)(sdp_audio(sdp) - sdp->media);
	spare = description->answer ? NULL : spare_audio(sdp, as->line);
	if (!spare)
		return;
	as->spare = copy_audio(dialogs, spare);
	as->spare_line = (size_t)(spare - sdp->media);
}

static void note_types(struct description *description, const struct sdp_media *media)
{
	for (size_t i = 0; i < media->codec_count; i++) {
		const unsigned type = media->codec[i].payload_type & 127;

		if (!description->audio || !sdp_codec_find(description->audio, type))
			description->beside_types[type / 64] |= UINT64_C(1) << type % 64;
	}
}

/* With BUNDLE (RFC 9143) they may share the audio's port: then the types tell them apart. */
static void note_beside(struct description *description, const struct sdp *sdp)
{
	const struct sdp_media *audio = sdp_audio(sdp);
	size_t count = 0;

	for (size_t i = 0; i < sdp->media_count; i++) {
		const struct endpoint *at = &sdp->media[i].at;

		if (&sdp->media[i] == audio)
			continue;
		note_types(description, &sdp->media[i]);
		if (count < DESCRIPTION_BESIDE_MAX && at->port && endpoint_is_set(at) &&
		    !(audio && endpoint_equal(at, &audio->at)))
			description->beside[count++] = *at;
	}
}

static void drop_audio(struct dialogs *dialogs, struct sdp_media *audio)
{
	dialogs->descriptions -= audio != NULL;
	free(audio);
}

static void add(struct call *call, const struct described *as,
		const struct description *description)
{
	struct sip_call *known = &call->known;
	size_t *room = &call->description_room;

	if (known->description_count == *room) {
		*room = *room ? *room * 2 : 4;
		known->description = mem_resize(known->description, *room, sizeof *description);
		call->described = mem_resize(call->described, *room, sizeof *as);
	}
	call->described[known->description_count] = *as;
	known->description[known->description_count++] = *description;
}

static void tell(const struct dialogs *dialogs, struct sip_call *known, size_t index)
{
	if (dialogs->to.described)
		dialogs->to.described(known, &known->description[index], dialogs->to.context);
}

/* An answer takes the offer's line that stands where its own does (RFC 3264, 6). */
static void take_line(const struct dialogs *dialogs, struct call *call, size_t answer)
{
	struct sip_call *known = &call->known;
	const struct described *by = &call->described[answer];

	for (size_t i = 0; i < answer; i++) {
		struct described *offer = &call->described[i];
		struct description *said = &known->description[i];
		struct sdp_media *other = said->audio;

		if (said->answer || said->leg != known->description[answer].leg ||
		    !same_transaction(&offer->by, &by->by) || !offer->spare ||
		    offer->spare_line != by->line)
			continue;
		said->audio = offer->spare;
		offer->spare = other;
		offer->spare_line = offer->line;
		offer->line = by->line;
		said->changed = is_changed(known, i, said);
		tell(dialogs, known, i);
	}
}

static bool is_early(const struct passing *at, const struct transaction *by)
{
	const struct sip_message *message = at->message;

	if (at->dialog == NO_DIALOG || at->call->dialog[at->dialog].confirmed)
		return false;
	return by->act != ACT_INVITE || (!message->request && message->status < 200);
}

void dialog_describe(const struct passing *at, struct transaction *by, bool answer)
{
	const struct sip_message *message = at->message;
	struct call *call = at->call;
	struct sip_call *known = &call->known;
	struct described as = {
		.by = *by,
		.dialog = at->dialog,
		.content = dialog_hash(at->dialogs, message->sdp),
		.final = !message->request && message->status >= 200,
	};
	struct description description = {
		.ns = at->datagram->ns,
		.answer = answer,
		.from_caller = at->from_caller,
		.early = is_early(at, by),
		.leg = at->leg,
		.dialog = at->dialog == NO_DIALOG ? 0 : call->dialog[at->dialog].label,
		.initial = message->request && by->dialog == NO_DIALOG && by->act == ACT_INVITE &&
			   !answer,
		.sender = at->datagram->src,
		.receiver = at->datagram->dst,
	};
	struct sdp sdp;

	if (is_known(call, &as, &description) || sdp_read(&sdp, message->sdp))
		return;
	if (known->description_count == CALL_DESCRIPTIONS_MAX ||
	    at->dialogs->descriptions == CALLS_DESCRIPTIONS_MAX) {
		known->descriptions_dropped++;
		return;
	}
	description.audio = copy_audio(at->dialogs, sdp_audio(&sdp));
	note_lines(at->dialogs, &as, &description, &sdp);
	note_beside(&description, &sdp);
	description.pending = message->request && !answer && !description.initial;
	description.hop = is_hop(call, &as, &description);
	description.changed = is_changed(known, known->description_count, &description);
	if (!description.changed && known->description_count >= CALL_DESCRIPTIONS_MAX / 2) {
		drop_audio(at->dialogs, description.audio); /* a session timer's, for hours */
		drop_audio(at->dialogs, as.spare);
		known->descriptions_dropped++;
		return;
	}
	if (description.initial)
		at->alias->origin = dialog_origin(at->dialogs, sdp.origin);
	add(call, &as, &description);
	if (answer && description.audio && description.audio->at.port)
		take_line(at->dialogs, call, known->description_count - 1);
	tell(at->dialogs, known, known->description_count - 1);
}

/* An INVITE that began the call and got an early answer before it was refused: that was used. */
void dialog_offer_failed(struct call *call, const struct transaction *by)
{
	struct sip_call *known = &call->known;

	for (size_t i = 0; i < known->description_count && by->dialog == NO_DIALOG; i++)
		if (same_transaction(&call->described[i].by, by) && known->description[i].answer)
			return;
	for (size_t i = 0; i < known->description_count; i++)
		if (same_transaction(&call->described[i].by, by))
			known->description[i].failed = true;
}

void dialog_offer_taken(struct call *call, const struct transaction *by)
{
	for (size_t i = 0; i < call->known.description_count; i++)
		if (same_transaction(&call->described[i].by, by))
			call->known.description[i].pending = false;
}

void dialog_relabel(struct call *call, int dialog, unsigned label)
{
	call->dialog[dialog].label = label;
	for (size_t i = 0; i < call->known.description_count; i++)
		if (call->described[i].dialog == dialog)
			call->known.description[i].dialog = label;
}

static const struct description *find(const struct sip_call *call, const unsigned *leg,
				      bool from_caller, int64_t ns)
{
	const struct description *found = NULL;

	for (size_t i = 0; i < call->description_count; i++) {
		const struct description *description = &call->description[i];

		if (description->from_caller != from_caller || description->failed ||
		    description->ns > ns || (leg ? description->leg != *leg : description->hop))
			continue;
		if (!call->answered_ns || belongs(description, call->dialog))
			found = description;
	}
	return found;
}

const struct description *sip_call_description(const struct sip_call *call, bool from_caller,
					       int64_t ns)
{
	return find(call, NULL, from_caller, ns);
}

const struct description *sip_call_description_on(const struct sip_call *call, unsigned leg,
						  bool from_caller, int64_t ns)
{
	return find(call, &leg, from_caller, ns);
}
