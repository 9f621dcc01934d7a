/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check's process is given before its sandbox closes: the secret of a file, the shared
 * purse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "check/runner.h"
#include "net/icmp.h"

static char path[] = "/tmp/earshot-secret-XXXXXX";

static int make_path(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static const char *turn_file(const struct site *site)
{
	return site->turn_password_file;
}

/* Tells whether the secret is "open sesame": itself it must never be told. */
static enum check_state tell_secret(const struct site *site, struct sink *sink)
{
	sink_fact_text(sink, "turn.state",
		       !site->secret                          ? "none"
		       : !strcmp(site->secret, "open sesame") ? "right"
							      : "wrong");
	return site->icmp ? CHECK_DONE : CHECK_FAILED;
}

static const char *const facts[] = { "turn.state", NULL };
static const struct check check_secret = {
	.name = "secret",
	.title = "secret",
	.about = "secret",
	.seconds = 10,
	.facts = facts,
	.secret_file = turn_file,
	.run = tell_secret,
};

static void keep(const struct check *check, const json_t *event, void *context)
{
	struct facts *told = context;
	const char *name = json_string_value(json_object_get(event, "name"));
	const char *state = json_string_value(json_object_get(event, "state"));

	(void)check;
	if (name)
		facts_set_text(told, name, json_string_value(json_object_get(event, "value")));
	if (state)
		facts_set_text(told, "state", state);
}

/* What the check told with a file of that content; NULL: a file that is not there. */
static void run(struct facts *told, const char *content)
{
	const struct deadline until = deadline_in(20000);
	struct runner *runner;
	const char *expected;
	struct site site;

	facts_init(told);
	site_init(&site);
	assert_int_equal(site_set(&site, "nat", "turn-password-file",
				  content ? path : "/nonexistent/earshot", &expected),
			 ERR_NONE);
	if (content)
		assert_int_equal(file_write(path, content, strlen(content)), ERR_NONE);
	runner = runner_new(&site, keep, told);
	assert_int_equal(runner_start(runner, &check_secret), ERR_NONE);
	runner_finish(runner, &until);
	runner_free(runner);
	assert_null(site.secret);
	site_clear(&site);
	assert_string_equal(facts_text(told, "state"), "done");
}

static void the_first_line_is_the_secret(void **state)
{
	static const char *const right[] = { "open sesame", "open sesame\n",
					     " open sesame \r\nmore\n" };
	struct facts told;

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		run(&told, right[i]);
		assert_string_equal(facts_text(&told, "turn.state"), "right");
		facts_clear(&told);
	}
}

static void no_file_no_secret(void **state)
{
	static const char *const none[] = { NULL, "", "\nsecond line\n" };
	struct facts told;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		run(&told, none[i]);
		assert_string_equal(facts_text(&told, "turn.state"), "none");
		facts_clear(&told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_is_the_secret),
		cmocka_unit_test(no_file_no_secret),
	};

	return cmocka_run_group_tests_name("secret", tests, make_path, remove_path);
}
