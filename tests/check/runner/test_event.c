/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which lines from a check's process are taken for events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/event.h"

static const char *const facts[] = { "net.mtu", NULL };
static const struct check check = { .name = "local", .facts = facts };

static void events_are_taken(void **state)
{
	static const char *const good[] = {
		"{\"event\":\"progress\",\"fraction\":0.4}",
		"{\"event\":\"progress\",\"fraction\":1,\"now\":\"asking\"}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":1500}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":[{\"a\":[true,\"\xc3\xa4\"]}]}",
		"{\"event\":\"summary\",\"text\":\"fine\"}",
		"{\"event\":\"call\",\"call\":{\"call_id\":\"1\",\"to\":null,\"legs\":[{\"media\":["
		"{"
		"\"codecs\":[\"PCMU\"]}]}]}}",
		"{\"event\":\"why\",\"text\":\"\"}",
		"{\"event\":\"end\",\"state\":\"timeout\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		json_t *event = NULL;

		if (event_parse(&event, slice_of_text(good[i]), &check))
			fail_msg("refused: %s", good[i]);
		assert_non_null(json_object_get(event, "event"));
		json_decref(event);
	}
}

static void finding_is_taken(void **state)
{
	struct finding *finding = finding_new("multiple-interfaces");
	json_t *said =
		json_pack("{s:s, s:o}", "event", "finding", "finding", finding_to_json(finding));
	char *line = json_dumps(said, 0);
	json_t *event = NULL;

	(void)state;
	assert_int_equal(event_parse(&event, slice_of_text(line), &check), ERR_NONE);
	json_decref(event);
	json_decref(said);
	free(line);
	finding_free(finding);
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"hello",
		"{",
		"[]",
		"{}",
		"7",
		"null",
		"{\"event\":7}",
		"{\"event\":\"begin\"}",
		"{\"event\":\"start\"}",
		"{\"event\":\"progress\"}",
		"{\"event\":\"progress\",\"fraction\":\"0.4\"}",
		"{\"event\":\"progress\",\"fraction\":1e999}",
		"{\"event\":\"progress\",\"fraction\":0.4,\"now\":3}",
		"{\"event\":\"progress\",\"fraction\":0.4,\"now\":\"a\\u001b[2J\"}",
		"{\"event\":\"progress\",\"fraction\":0.4,\"now\":\"two\\nlines\"}",
		"{\"event\":\"progress\",\"fraction\":0.4,\"now\":\"\\u202e\"}",
		"{\"event\":\"fact\",\"value\":1}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\"}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":null}",
		"{\"event\":\"fact\",\"name\":\"nat.type\",\"value\":\"open\"}",
		"{\"event\":\"fact\",\"name\":3,\"value\":1}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":\"\xff\"}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":{\"a\\u0007\":1}}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":[[[[[[[[[[1]]]]]]]]]]}",
		"{\"event\":\"fact\",\"name\":\"net.mtu\",\"value\":1,\"value\":2}",
		"{\"event\":\"finding\"}",
		"{\"event\":\"finding\",\"finding\":\"sip-alg\"}",
		"{\"event\":\"finding\",\"finding\":{\"id\":\"no-such-finding\"}}",
		"{\"event\":\"call\"}",
		"{\"event\":\"call\",\"call\":[]}",
		"{\"event\":\"call\",\"call\":{\"from\":\"a\\u001b[2J\"}}",
		"{\"event\":\"summary\"}",
		"{\"event\":\"why\",\"text\":[]}",
		"{\"event\":\"end\"}",
		"{\"event\":\"end\",\"state\":\"fine\"}",
		"{\"event\":\"end\",\"state\":\"done\"}{\"event\":\"end\",\"state\":\"done\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		json_t *event = NULL;

		if (event_parse(&event, slice_of_text(bad[i]), &check) != ERR_SYNTAX)
			fail_msg("taken: %s", bad[i]);
		assert_null(event);
	}
}

static void states_have_names(void **state)
{
	enum check_state back;

	(void)state;
	for (int i = CHECK_DONE; i <= CHECK_TIMEOUT; i++) {
		assert_int_equal(check_state_parse(&back, check_state_text((enum check_state)i)),
				 ERR_NONE);
		assert_int_equal(back, i);
	}
	assert_int_equal(check_state_parse(&back, ""), ERR_SYNTAX);
	assert_int_equal(check_state_parse(&back, "Done"), ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_taken),
		cmocka_unit_test(finding_is_taken),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
