/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/compare.h"
#include "analysis/tally.h"
#include "base/clock.h"
#include "base/intl.h"
#include "base/mem.h"
#include "base/text.h"
#include "capture/file.h"
#include "check/sandbox.h"

enum {
	/* Computing time: a bound against endless loops, not against large files. */
	COMPUTING_SECONDS = 24 * 3600,
	/* The budget is looked at once in so many packets. */
	PACKETS_PER_LOOK = 4096,
	/* Bytes that wait for the pipe. Each writing wakes the process at its other end, which then
	 * takes the processor or at least its cache away from this one. */
	PIPE_ROOM = 1 << 16,
	DIGITS = 10, /* of a number in JSON: 0.04 is to read 0.04 */
	CALL_WORD = CLOCK_TEXT + 8,
	NAME_SHOWN = 200, /* bytes of a file's name */
};

struct reading {
	FILE *pipe;
	struct analysis *analysis;
	struct capture_file *file;
	struct deadline until;
	bool hurried, out_of_time;
	unsigned packets;
	bool quiet; /* two files: the calls are told once they are compared */
};

static void send_text(FILE *pipe, const char *word, const char *json)
{
	/* Nobody listens any more. */
	if (fprintf(pipe, "%s %s\n", word, json) < 0)
		_exit(1);
}

static void send_line(FILE *pipe, const char *word, json_t *value_take)
{
	char *json = json_dumps(value_take,
				JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS));

	json_decref(value_take);
	if (!json)
		abort();
	send_text(pipe, word, json);
	free(json);
}

/* Who reads them puts calls in order by it. `started` is NULL where it is not known. */
static const char *call_word(char word[static CALL_WORD], const char *started)
{
	snprintf(word, CALL_WORD, "call %s", started ? started : "-");
	return word;
}

static void take_call(const struct call_told *call, void *context)
{
	const struct reading *reading = context;
	const time_t started = (time_t)(call->started_ns / PACKET_SECOND);
	char text[CLOCK_TEXT], word[CALL_WORD];

	if (reading->quiet)
		return;
	call_word(word, call->started_ns ? clock_utc_text(text, started) : NULL);
	send_text(reading->pipe, word, call->json->text);
}

static void take_packet(const struct packet *packet, void *context)
{
	struct reading *reading = context;

	analysis_packet(reading->analysis, packet);
	if (!reading->hurried || ++reading->packets % PACKETS_PER_LOOK ||
	    !deadline_passed(&reading->until))
		return;
	reading->out_of_time = true;
	capture_file_stop(reading->file);
}

/* Words on what was left out, or null. */
static json_t *damage_json(const struct reading *reading)
{
	const char *damage = capture_file_damage(reading->file);

	if (reading->out_of_time)
		return json_string(_("the time was up before its end"));
	return damage ? json_string(damage) : json_null();
}

/* Reads one file to its end: what it says of itself, or NULL after a complaint. */
static json_t *read_file(struct reading *reading, FILE *file_take, const char *name)
{
	struct complaint complaint = { "" };
	json_t *input;
	enum err err;

	if (capture_file_open_take(&reading->file, file_take, name, &complaint)) {
		send_line(reading->pipe, "complaint", json_string(complaint.text));
		return NULL;
	}
	err = capture_file_each(reading->file, take_packet, reading);
	(void)err; /* the good part counts; damage_json() tells of the rest */
	analysis_end(reading->analysis);
	input = analysis_input(reading->analysis);
	json_object_set_new(input, "damaged", damage_json(reading));
	capture_file_free(reading->file);
	return input;
}

static json_t *findings_json(const struct finding *const *finding, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, finding_to_json(finding[i]));
	return list;
}

static void send_end(FILE *pipe, json_t *findings_take, json_t *input_take)
{
	json_t *end = json_object();

	json_object_set_new(end, "findings", findings_take);
	json_object_set_new(end, "input", input_take);
	send_line(pipe, "end", end);
}

static struct reading reading_within(const struct analyze_plan *plan, FILE *pipe)
{
	return (struct reading){ .pipe = pipe,
				 .hurried = plan->budget_seconds > 0,
				 .until = deadline_in((int64_t)plan->budget_seconds * 1000) };
}

static int read_one(const struct analyze_plan *plan, FILE *pipe)
{
	struct reading reading = reading_within(plan, pipe);
	const struct finding *const *findings;
	size_t count;
	json_t *input;

	reading.analysis = analysis_new(
		&plan->options, &(struct analysis_to){ .call = take_call, .context = &reading });
	input = read_file(&reading, plan->file[0], plan->name[0]);
	if (!input)
		return 1;
	findings = analysis_findings(&count, reading.analysis);
	send_end(pipe, findings_json(findings, count), input);
	analysis_free(reading.analysis);
	return 0;
}

/* --- two files --------------------------------------------------------------------------------*/

/* The outer one is read second, and asks the inner one whose side is the phone's. */
static json_t *read_point(struct point point[static ANALYZE_FILES], struct reading *reading,
			  const struct analyze_plan *plan, size_t which)
{
	const struct analysis_elsewhere inside = { point_phone_calls, point_comes_from_phone,
						   &point[0] };
	struct analysis_options options = plan->options;
	json_t *input;

	reading->quiet = true;
	reading->packets = 0;
	reading->out_of_time = false;
	options.at = which ? VANTAGE_OUTSIDE : VANTAGE_INSIDE;
	options.elsewhere = which ? &inside : NULL;
	point_init(&point[which]);
	reading->analysis = analysis_new(&options, &(struct analysis_to){ .call = take_call,
									  .context = reading,
									  .point = &point[which] });
	input = read_file(reading, plan->file[which], plan->name[which]);
	analysis_free(reading->analysis);
	return input;
}

/* "outside.pcap: ends in the middle of packet 7", for both where both are; null where none is. */
static json_t *join_damage(const struct analyze_plan *plan, json_t *const input[])
{
	char *all = NULL;
	json_t *joined;

	for (size_t i = 0; i < ANALYZE_FILES; i++) {
		const char *damage = json_string_value(json_object_get(input[i], "damaged"));
		char *name, *longer;

		if (!damage)
			continue;
		name = text_safe(plan->name[i], strlen(plan->name[i]), NAME_SHOWN);
		longer = mem_printf("%s%s%s: %s", all ? all : "", all ? "; " : "", name, damage);
		free(name);
		free(all);
		all = longer;
	}
	joined = all ? json_string(all) : json_null();
	free(all);
	return joined;
}

/* Both files' counts together, and each one's own. */
static json_t *join_input(const struct analyze_plan *plan, json_t *input_take[])
{
	json_t *both = json_object(), *files = json_array();
	const json_t *value;
	const char *key;

	json_object_foreach(input_take[0], key, value) {
		const json_t *more = json_object_get(input_take[1], key);

		if (json_is_integer(value))
			json_object_set_new(
				both, key,
				json_integer(json_integer_value(value) + json_integer_value(more)));
	}
	json_object_set_new(both, "damaged", join_damage(plan, input_take));
	for (size_t i = 0; i < ANALYZE_FILES; i++)
		json_array_append_new(files, input_take[i]);
	json_object_set_new(both, "files", files);
	return both;
}

static void tally_call(struct tally *tally, const json_t *call)
{
	const char *id = json_string_value(json_object_get(call, "call_id"));
	const json_t *each;
	size_t i;

	json_array_foreach(json_object_get(call, "findings"), i, each) {
		struct finding *finding;

		if (finding_from_json(&finding, each))
			continue;
		tally_add(tally, finding, id ? id : "");
		finding_free(finding);
	}
}

static void send_comparison(FILE *pipe, const struct point *inside, const struct point *outside,
			    json_t *input_take)
{
	struct tally tally = { 0 };
	char word[CALL_WORD];
	struct comparison comparison;
	json_t *call;
	size_t i;

	compare(&comparison, inside, outside);
	json_array_foreach(comparison.calls, i, call) {
		tally_call(&tally, call);
		call_word(word, json_string_value(json_object_get(call, "started")));
		send_line(pipe, word, json_incref(call));
	}
	send_end(pipe, findings_json((const struct finding *const *)tally.finding, tally.count),
		 input_take);
	tally_clear(&tally);
	comparison_clear(&comparison);
}

static int read_points(struct point point[static ANALYZE_FILES],
		       json_t *input[static ANALYZE_FILES], struct reading *reading,
		       const struct analyze_plan *plan)
{
	for (size_t i = 0; i < ANALYZE_FILES; i++) {
		input[i] = read_point(point, reading, plan, i);
		if (!input[i])
			return 1;
	}
	return 0;
}

/* Another way to what is open; NULL where it can be read but once. */
static FILE *reopen(FILE *file)
{
	const int fd = lseek(fileno(file), 0, SEEK_CUR) < 0 ? -1 : dup(fileno(file));

	return fd < 0 ? NULL : fdopen(fd, "rb");
}

/* The two files the other way round, from their beginnings. */
static bool turn(struct analyze_plan *turned, const struct analyze_plan *plan,
		 FILE *const again[static ANALYZE_FILES])
{
	*turned = *plan;
	for (size_t i = 0; i < ANALYZE_FILES; i++) {
		const size_t other = ANALYZE_FILES - 1 - i;

		if (!again[other] || lseek(fileno(again[other]), 0, SEEK_SET) < 0)
			return false;
		turned->file[i] = again[other];
		turned->name[i] = plan->name[other];
	}
	return true;
}

/* Both files are read once more where they came in the wrong order: what each point can know
 * depends on where it is. */
static int read_two(const struct analyze_plan *plan, FILE *pipe,
		    FILE *const again[static ANALYZE_FILES])
{
	struct reading reading = reading_within(plan, pipe);
	struct point point[ANALYZE_FILES];
	json_t *input[ANALYZE_FILES], *both;
	struct analyze_plan turned;
	bool is_turned;

	if (read_points(point, input, &reading, plan))
		return 1; /* the process ends */
	is_turned = !reading.out_of_time && !endpoint_is_set(&plan->options.phone) &&
		    compare_is_turned(&point[0], &point[1]) && turn(&turned, plan, again);
	if (is_turned) {
		for (size_t i = 0; i < ANALYZE_FILES; i++) {
			point_clear(&point[i]);
			json_decref(input[i]);
		}
		if (read_points(point, input, &reading, &turned))
			return 1;
	}
	both = join_input(is_turned ? &turned : plan, input);
	if (is_turned)
		json_object_set_new(both, "turned", json_true());
	send_comparison(pipe, &point[0], &point[1], both);
	point_clear(&point[0]);
	point_clear(&point[1]);
	return 0;
}

_Noreturn void analyze_run(const struct analyze_plan *plan, int pipe)
{
	FILE *stream = fdopen(pipe, "w"), *again[ANALYZE_FILES] = { NULL, NULL };
	int status;

	if (!stream || setvbuf(stream, mem_new(1, PIPE_ROOM), _IOFBF, PIPE_ROOM))
		_exit(1);
	for (size_t i = 0; plan->count == ANALYZE_FILES && i < ANALYZE_FILES; i++)
		again[i] = reopen(plan->file[i]);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(COMPUTING_SECONDS, 0);
	status = plan->count == 1 ? read_one(plan, stream) : read_two(plan, stream, again);
	_exit(fflush(stream) ? 1 : status);
}
