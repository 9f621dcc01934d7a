/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a capture, all the way to calls and findings: what is told is whole, says only words
 * of the contract, and is safe to print. */
#include <stdio.h>

#include "analysis/analysis.h"
#include "base/text.h"
#include "packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const keys[] = { "call_id", "from",     "to",        "started", "answered",
				    "ended",   "result",   "status",    "verdict", "media",
				    "streams", "findings", "directions" };

static void check_call(const struct call_told *told, void *context)
{
	/* jansson refuses what is no UTF-8, and what is told twice. */
	json_t *call =
		json_loadb(told->json->text, told->json->length, JSON_REJECT_DUPLICATES, NULL);
	unsigned *calls = context;

	(*calls)++;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!json_object_get(call, keys[i]))
			abort();
	if (!text_is_safe(told->json->text))
		abort();
	json_decref(call);
}

static void check_live(const struct analysis *analysis)
{
	struct live_call live[4];
	const size_t count = analysis_live(live, 4, analysis);

	for (size_t i = 0; i < count; i++)
		if (!live[i].out.meaning || !live[i].in.meaning || !text_is_safe(live[i].from))
			abort();
}

static void check_input(const struct analysis *analysis, uint64_t packets)
{
	json_t *input = analysis_input(analysis);

	if ((uint64_t)json_integer_value(json_object_get(input, "packets")) != packets)
		abort();
	json_decref(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct analysis_options options = { .at = size ? (enum vantage)(data[0] % 5) : 0 };
	struct slice input = slice_of(data, size);
	struct packet packet = { .ns = 1000 * (int64_t)PACKET_SECOND };
	unsigned calls = 0;
	const struct analysis_to to = { .call = check_call, .context = &calls };
	struct analysis *analysis = analysis_new(&options, &to);
	uint64_t packets = 0;
	size_t findings;

	while (packets_next(&packet, &input)) {
		analysis_packet(analysis, &packet);
		free((void *)packet.data);
		if (++packets % 8 == 0)
			check_live(analysis);
	}
	analysis_end(analysis);
	check_input(analysis, packets);
	(void)analysis_findings(&findings, analysis);
	if (findings && !calls)
		abort();
	analysis_free(analysis);
	return 0;
}
