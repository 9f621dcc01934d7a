/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/tally.h"

#include <stdlib.h>
#include <string.h>

/* Sentences of one finding over all calls: those of the first ones. */
enum { EVIDENCE_MAX = 8 };

static struct finding *find_known(const struct tally *tally, const struct finding *finding)
{
	for (size_t i = 0; i < tally->count; i++)
		if (tally->finding[i]->kind == finding->kind &&
		    tally->finding[i]->direction == finding->direction)
			return tally->finding[i];
	return NULL;
}

static int by_severity(const void *a, const void *b)
{
	const struct finding *one = *(struct finding *const *)a;
	const struct finding *other = *(struct finding *const *)b;

	if (one->severity != other->severity)
		return (int)other->severity - (int)one->severity;
	if (one->kind != other->kind)
		return strcmp(one->kind->id, other->kind->id);
	return (int)one->direction - (int)other->direction;
}

static void add_evidence(struct finding *known, const struct finding *finding, const char *call_id)
{
	for (size_t i = 0; i < finding->evidence_count && known->evidence_count < EVIDENCE_MAX; i++)
		finding_evidence(known, "%s%s%s", call_id, *call_id ? ": " : "",
				 finding->evidence[i]);
}

void tally_add(struct tally *tally, const struct finding *finding, const char *call_id)
{
	struct finding *known = find_known(tally, finding);

	if (!known && tally->count == TALLY_MAX)
		return;
	if (!known) {
		known = finding_new(finding->kind->id);
		known->severity = finding->severity;
		known->side = finding->side;
		known->direction = finding->direction;
		finding_place(known, finding->hop, finding->address);
		tally->finding[tally->count++] = known;
	} else if (finding->severity > known->severity) {
		known->severity = finding->severity;
		known->side = finding->side;
	}
	add_evidence(known, finding, call_id);
	qsort(tally->finding, tally->count, sizeof(struct finding *), by_severity);
}

void tally_clear(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		finding_free(tally->finding[i]);
	tally->count = 0;
}
