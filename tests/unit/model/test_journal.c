/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session and its journal: what is on disk makes the same session again, whenever the program
 * was killed. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "model/journal.h"
#include "same.h"

static char folder[] = "/tmp/earshot-journal-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char *const command[] = { (char *)"rm", (char *)"-rf", folder, NULL };
	pid_t child = fork();

	(void)state;
	if (!child) {
		execvp(command[0], command);
		_exit(127);
	}
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}

static json_t *event(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);

	assert_non_null(json);
	return json;
}

static void tell(struct session *session, const char *check, const char *text)
{
	json_t *json = event(text);

	session_check(session, check, json);
	json_decref(json);
}

/* Something of every kind of record. */
static void live(struct session *session)
{
	session_site(session, "provider.name", "Example Telecom");
	session_answer(session, "symptom", "far-cannot-hear");
	session_correct(session, "reproduce", "always", "sometimes");
	session_answer(session, "scope", "one-phone");
	session_undo(session);
	tell(session, "alg", "{\"event\":\"start\"}");
	tell(session, "alg", "{\"event\":\"progress\",\"fraction\":0.5}");
	tell(session, "alg", "{\"event\":\"fact\",\"name\":\"sip-alg\",\"value\":\"yes\"}");
	tell(session, "alg", "{\"event\":\"start\"}");
	tell(session, "alg", "{\"event\":\"fact\",\"name\":\"sip-alg\",\"value\":\"no\"}");
	tell(session, "alg",
	     "{\"event\":\"finding\",\"finding\":{\"id\":\"sip-alg\",\"severity\":\"fault\","
	     "\"side\":\"site\","
	     "\"direction\":\"both\",\"where\":{\"hop\":1,\"address\":\"192.0.2.1\"},\"title\":"
	     "\"\","
	     "\"evidence\":[\"seen\"],\"remedy\":\"\"}}");
	tell(session, "capture", "{\"event\":\"call\",\"call\":{\"call_id\":\"1\"}}");
	tell(session, "alg", "{\"event\":\"summary\",\"text\":\"done with it\"}");
	tell(session, "alg", "{\"event\":\"end\",\"state\":\"done\",\"seconds\":1.5}");
	session_outcome(session, "sip-alg", "not-fixed");
	session_detail(session, "phone", "T46S");
	session_step(session, "did %s", "this");
	session_followed(session, "did %s", "that");
	session_verdict_take(session, event("{\"cause\":\"sip-alg\"}"));
}

static void applies_records(void **state)
{
	struct session session;

	(void)state;
	session_init(&session, "0");
	live(&session);
	assert_int_equal(session.answer_count, 2);
	assert_null(session_find_answer(&session, "scope"));
	assert_null(session_find_answer(&session, "symptom")->measured);
	assert_string_equal(session_find_answer(&session, "reproduce")->measured, "sometimes");
	assert_true(facts_is(&session.facts, "sip-alg", "no"));
	assert_true(facts_is(&session.before, "sip-alg", "yes"));
	assert_int_equal(session_find_finding(&session, "sip-alg")->hop, 1);
	assert_string_equal(session_find_check(&session, "alg")->state, "done");
	assert_string_equal(session_find_outcome(&session, "sip-alg")->result, "not-fixed");
	/* Back takes the outcome first, then the answers, the last one first. */
	session_undo(&session);
	assert_null(session_find_outcome(&session, "sip-alg"));
	session_undo(&session);
	assert_null(session_find_answer(&session, "reproduce"));
	/* A new run of the check forgets what the last one found. */
	tell(&session, "alg", "{\"event\":\"start\"}");
	assert_null(session_find_finding(&session, "sip-alg"));
	session_clear(&session);
}

/* The ids of the session's calls, each a single character; the caller frees. */
static char *call_ids(const struct session *session)
{
	char *ids = mem_new(json_array_size(session->calls) + 1, 1);
	const json_t *call;
	size_t i;

	json_array_foreach(session->calls, i, call)
		ids[i] = *json_string_value(json_object_get(call, "call_id"));
	return ids;
}

static void assert_calls(const struct session *session, const char *wanted)
{
	char *ids = call_ids(session);

	assert_string_equal(ids, wanted);
	free(ids);
}

static void keeps_the_calls_of_the_last_run(void **state)
{
	struct session session;
	json_t *bad =
		event("{\"kind\":\"check\",\"at\":\"2026-11-20T12:55:03Z\",\"check\":\"call\","
		      "\"event\":{\"event\":\"call\",\"call\":\"no object\"}}");

	(void)state;
	session_init(&session, "0");
	assert_calls(&session, "");
	tell(&session, "capture", "{\"event\":\"start\"}");
	tell(&session, "capture", "{\"event\":\"call\",\"call\":{\"call_id\":\"a\"}}");
	tell(&session, "call", "{\"event\":\"call\",\"call\":{\"call_id\":\"b\"}}");
	tell(&session, "capture", "{\"event\":\"call\",\"call\":{\"call_id\":\"c\"}}");
	assert_calls(&session, "abc");
	tell(&session, "capture", "{\"event\":\"start\"}");
	assert_calls(&session, "b");
	assert_string_equal(session.call_checks[0], "call");
	for (int i = 0; i < 2 * SESSION_CALLS_MAX; i++)
		tell(&session, "capture", "{\"event\":\"call\",\"call\":{\"call_id\":\"d\"}}");
	assert_int_equal(json_array_size(session.calls), SESSION_CALLS_MAX);
	assert_int_equal(session_apply(&session, bad), ERR_SYNTAX);
	assert_int_equal(json_array_size(session.calls), SESSION_CALLS_MAX);
	tell(&session, "call", "{\"event\":\"start\"}");
	assert_int_equal(json_array_size(session.calls), SESSION_CALLS_MAX - 1);
	json_decref(bad);
	session_clear(&session);
}

static void hears(struct session *session, const char *id, const char *out, const char *in)
{
	char *call = mem_printf("{\"event\":\"call\",\"call\":{\"call_id\":\"%s\",\"directions\":{"
				"\"out\":{\"state\":\"%s\"},\"in\":{\"state\":\"%s\"}}}}",
				id, out, in);

	tell(session, "capture", call);
	free(call);
}

static void assert_call(const json_t *call, const char *id)
{
	if (id)
		assert_string_equal(json_string_value(json_object_get(call, "call_id")), id);
	else
		assert_null(call);
}

/* What was heard before an advice was followed is "before" from then on, and stays it. */
static void sets_a_call_beside_the_one_before(void **state)
{
	struct session session;

	(void)state;
	session_init(&session, "0");
	tell(&session, "capture", "{\"event\":\"start\"}");
	hears(&session, "a", "ok", "missing");
	hears(&session, "b", "unknown", "ok");
	hears(&session, "e", "unknown", "unknown");
	assert_call(session_call_before(&session), NULL);
	assert_call(session_call_now(&session), "a");
	session_followed(&session, "did %s", "that");
	assert_true(session_find_check(&session, "capture")->is_stale);
	assert_call(session_call_before(&session), "a");
	assert_call(session_call_now(&session), NULL);
	for (int i = 0; i < 2; i++) {
		tell(&session, "capture", "{\"event\":\"start\"}");
		assert_false(session_find_check(&session, "capture")->is_stale);
		assert_call(session_call_now(&session), NULL);
		hears(&session, i ? "d" : "c", "ok", "ok");
		assert_call(session_call_before(&session), "a");
		assert_call(session_call_now(&session), i ? "d" : "c");
	}
	session_followed(&session, "did more");
	tell(&session, "capture", "{\"event\":\"start\"}");
	assert_call(session_call_before(&session), "d");
	session_clear(&session);
}

static void tell_seconds(struct session *session, int seconds)
{
	char *event = mem_printf(
		"{\"event\":\"fact\",\"name\":\"nat.binding-seconds\",\"value\":%d}", seconds);

	tell(session, "stun", event);
	free(event);
}

/* A run that comes to know better changes nothing at the site; the next one may have found it so.
 */
static void tells_a_change_from_a_better_knowledge(void **state)
{
	struct session session;

	(void)state;
	session_init(&session, "0");
	tell(&session, "stun", "{\"event\":\"start\"}");
	tell_seconds(&session, 4);
	tell_seconds(&session, 8);
	assert_null(session_fact_before(&session, "nat.binding-seconds"));
	tell(&session, "stun", "{\"event\":\"start\"}");
	tell_seconds(&session, 4);
	assert_null(session_fact_before(&session, "nat.binding-seconds"));
	tell_seconds(&session, 8);
	assert_null(session_fact_before(&session, "nat.binding-seconds"));
	tell_seconds(&session, 30);
	assert_int_equal(json_integer_value(session_fact_before(&session, "nat.binding-seconds")),
			 8);
	session_clear(&session);
}

static void makes_typed_text_harmless(void **state)
{
	struct session session;

	(void)state;
	session_init(&session, "0");
	session_detail(&session, "phone", "a\033[2Jb\x9b");
	assert_string_equal(session_detail_text(&session, "phone"), "a\\x1b[2Jb\\x9b");
	session_clear(&session);
}

static void resumes_the_same(void **state)
{
	struct session session, again;
	struct journal *journal;
	struct complaint complaint = { "" };
	struct stat status;
	bool dropped;
	char *path, *found;

	(void)state;
	session_init(&session, "0");
	journal = journal_start(&session, folder);
	live(&session);
	assert_null(journal_trouble(journal));
	path = mem_text(journal_path(journal));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_null(journal_newest_unfinished(folder)); /* in use */
	journal_close(journal);
	assert_int_equal(journal_load(&again, &dropped, path, &complaint), ERR_NONE);
	assert_false(dropped);
	assert_same_session(&session, &again);
	found = journal_newest_unfinished(folder);
	assert_string_equal(found, path);
	journal = journal_resume(&again, path);
	session_finish(&again);
	journal_close(journal);
	assert_null(journal_newest_unfinished(folder));
	session_clear(&again);
	session_clear(&session);
	free(found);
	free(path);
}

static void add_to_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "a");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The file's damaged end is dropped, and the session can go on in the same file. */
static void drops_a_damaged_end(void **state)
{
	static const char *const ends[] = {
		"{\"kind\":\"answ", "rubbish\n", "{\"kind\":\"nothing\",\"at\":\"x\"}\n",
		"{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"finish\"}"
	};

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct session session, again, third;
		struct complaint complaint = { "" };
		struct journal *journal;
		bool dropped;
		char *path;

		session_init(&session, "0");
		journal = journal_start(&session, folder);
		live(&session);
		path = mem_text(journal_path(journal));
		journal_close(journal);
		add_to_file(path, ends[i]);
		assert_int_equal(journal_load(&again, &dropped, path, &complaint), ERR_NONE);
		assert_true(dropped);
		journal = journal_resume(&again, path);
		session_answer(&again, "wireless", "yes");
		journal_close(journal);
		assert_int_equal(journal_load(&third, &dropped, path, &complaint), ERR_NONE);
		assert_false(dropped);
		assert_same_session(&again, &third);
		assert_int_equal(third.answer_count, session.answer_count + 1);
		unlink(path);
		free(path);
		session_clear(&third);
		session_clear(&again);
		session_clear(&session);
	}
}

static void refuses_damage_elsewhere(void **state)
{
	static const char text[] = "{\"kind\":\"start\",\"id\":\"a\",\"version\":\"0\",\"at\":"
				   "\"2026-01-01T00:00:00Z\"}\n"
				   "rubbish\n"
				   "{\"kind\":\"finish\",\"at\":\"2026-01-01T00:00:00Z\"}\n";
	struct session session;
	struct complaint complaint = { "" };
	char *path = mem_printf("%s/bad", folder);
	bool dropped;

	(void)state;
	assert_int_equal(file_write(path, text, strlen(text)), ERR_NONE);
	assert_int_equal(journal_load(&session, &dropped, path, &complaint), ERR_SYNTAX);
	assert_non_null(strstr(complaint.text, "/bad:2: not a record of a session"));
	complaint.text[0] = 0;
	assert_int_equal(file_write(path, "", 0), ERR_NONE);
	assert_int_equal(journal_load(&session, &dropped, path, &complaint), ERR_SYNTAX);
	complaint.text[0] = 0;
	assert_int_equal(journal_load(&session, &dropped, "/nonexistent/x", &complaint),
			 ERR_NOT_FOUND);
	unlink(path);
	free(path);
}

static void goes_on_without_a_folder(void **state)
{
	struct session session;
	struct journal *journal;

	(void)state;
	session_init(&session, "0");
	journal = journal_start(&session, "/proc/nowhere");
	assert_non_null(strstr(journal_trouble(journal), "/proc/nowhere/"));
	live(&session);
	assert_int_equal(session.answer_count, 2);
	journal_close(journal);
	session_clear(&session);
}

static void leaves_no_empty_file(void **state)
{
	struct session session;
	struct journal *journal;
	char *path;

	(void)state;
	session_init(&session, "0");
	journal = journal_start(&session, folder);
	path = mem_text(journal_path(journal));
	assert_int_equal(access(path, F_OK), 0);
	journal_close(journal);
	assert_int_equal(access(path, F_OK), -1);
	free(path);
	session_clear(&session);
}

/* RLIMIT_FSIZE stands for the full disk: the write is cut off in the middle of a record. */
static void survives_a_full_disk(void **state)
{
	struct rlimit old, small = { 300, 300 };
	struct session session, again;
	struct complaint complaint = { "" };
	struct journal *journal;
	bool dropped;

	(void)state;
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	session_init(&session, "0");
	journal = journal_start(&session, folder);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	live(&session);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_non_null(journal_trouble(journal));
	assert_int_equal(session.answer_count, 2);
	assert_int_equal(journal_load(&again, &dropped, journal_path(journal), &complaint),
			 ERR_NONE);
	assert_false(dropped);
	session_clear(&again);
	unlink(journal_path(journal));
	journal_close(journal);
	session_clear(&session);
}

enum { KILLS = 60 };

/* What the child that is killed tells of itself. */
struct told {
	volatile unsigned kept; /* answers that it was told are kept */
	char path[256];
};

static void answer_for_ever(struct told *told)
{
	struct session session;
	char question[32];

	session_init(&session, "0");
	snprintf(told->path, sizeof told->path, "%s",
		 journal_path(journal_start(&session, folder)));
	for (unsigned i = 0;; i++) {
		snprintf(question, sizeof question, "q%u", i);
		session_answer(&session, question, "yes");
		told->kept = i + 1;
	}
}

static void kill_and_look(struct told *told, unsigned after)
{
	struct session session;
	struct complaint complaint = { "" };
	bool dropped;
	pid_t child;

	told->kept = 0;
	child = fork();
	if (!child)
		answer_for_ever(told);
	/* Busy waiting: the moment is to be anywhere, also within a write. */
	while (told->kept < after)
		;
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(journal_load(&session, &dropped, told->path, &complaint), ERR_NONE);
	assert_true(session.answer_count >= told->kept);
	assert_true(session.answer_count <= told->kept + 1);
	unlink(told->path);
	session_clear(&session);
}

static void loses_nothing_to_kill(void **state)
{
	struct told *told =
		mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned seed = 1;

	(void)state;
	assert_true(told != MAP_FAILED);
	for (int round = 0; round < KILLS; round++)
		kill_and_look(told, 1 + (unsigned)rand_r(&seed) % 40);
	munmap(told, sizeof *told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(applies_records),
		cmocka_unit_test(keeps_the_calls_of_the_last_run),
		cmocka_unit_test(sets_a_call_beside_the_one_before),
		cmocka_unit_test(tells_a_change_from_a_better_knowledge),
		cmocka_unit_test(makes_typed_text_harmless),
		cmocka_unit_test(resumes_the_same),
		cmocka_unit_test(drops_a_damaged_end),
		cmocka_unit_test(refuses_damage_elsewhere),
		cmocka_unit_test(goes_on_without_a_folder),
		cmocka_unit_test(leaves_no_empty_file),
		cmocka_unit_test(survives_a_full_disk),
		cmocka_unit_test(loses_nothing_to_kill),
	};

	return cmocka_run_group_tests_name("journal", tests, make_folder, remove_folder);
}
