/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wrong and hostile trees: refused with file, line, what is wrong and what was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "given.h"

/* A small tree that is right; the cases below replace one piece of it. */
static const char right[] =
	"<tree version='1'>\n"
	"<term><name>NAT</name><text>It.</text></term>\n"
	"<question id='q' checks='alg'>\n"
	"<ask>A?</ask><why>W.</why>\n"
	"<answer value='yes'><text>Yes.</text><by fact='sip-alg' is='yes'/></answer>\n"
	"<answer value='no'><text>No.</text></answer>\n"
	"<answer value='unknown'><text>?</text></answer>\n"
	"</question>\n"
	"<condition id='c' question='q' is='yes'/>\n"
	"<cause id='bad' remedy='mend' side='site'>\n"
	"<title>T.</title><means>M.</means><step>S.</step><who>W.</who><verify>V.</verify>\n"
	"<evidence confidence='likely' holds='c'/>\n"
	"</cause>\n"
	"<cause id='undetermined' remedy='ask' side='unknown'>\n"
	"<title>T.</title><means>M.</means><step>S.</step><who>W.</who><verify>V.</verify>\n"
	"</cause>\n"
	"<branch id='b'><try causes='bad'/></branch>\n"
	"<walk>\n"
	"<ask question='q'/>\n"
	"<go branch='b'/>\n"
	"</walk>\n"
	"</tree>\n";

static const char routers[] = "<routers version='1'><router "
			      "vendor='Any'><where>W</where><step>S</step></router></routers>";

/* `text` with the first `old` replaced; the caller frees. */
static char *replaced(const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	assert_non_null(at);
	return mem_printf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static enum err parse(struct tree **out, const char *text, size_t length,
		      struct complaint *complaint)
{
	const struct tree_text tree = { "t.xml", text, length };
	const struct tree_text router = { "r.xml", routers, sizeof routers - 1 };

	*out = NULL;
	return tree_parse(out, &tree, &router, complaint);
}

static void assert_refused(const char *text, size_t length, const char *complaint_start)
{
	struct complaint complaint = { "" };
	struct tree *tree;

	assert_int_equal(parse(&tree, text, length, &complaint), ERR_SYNTAX);
	assert_null(tree);
	if (strncmp(complaint.text, complaint_start, strlen(complaint_start)) != 0)
		fail_msg("complained \"%s\", not \"%s\"", complaint.text, complaint_start);
	assert_non_null(strstr(complaint.text, "expected "));
	assert_null(strchr(complaint.text, '\n'));
}

static void collect(const char *line, void *context)
{
	assert_int_equal(buf_printf(context, "%s\n", line), ERR_NONE);
}

static void test_right(void **state)
{
	struct complaint complaint = { "" };
	struct buf lines;
	struct tree *tree;

	(void)state;
	buf_init(&lines, 4096);
	assert_int_equal(parse(&tree, right, sizeof right - 1, &complaint), ERR_NONE);
	assert_int_equal(tree_lint(tree, collect, &lines), 0);
	assert_string_equal(buf_text(&lines), "");
	tree_free(tree);
	buf_clear(&lines);
}

static void test_wrong(void **state)
{
	static const struct {
		const char *old, *new, *complaint;
	} cases[] = {
		{ "</walk>", "</wa>", "t.xml:21: Opening and ending tag mismatch" },
		{ "</tree>\n", "", "t.xml:2" },
		{ "<tree version='1'>", "<tree>", "t.xml:1: " },
		{ "<tree version='1'>", "<tree version='2'>", "t.xml:1: " },
		{ "<tree version='1'>", "<!DOCTYPE tree><tree version='1'>",
		  "t.xml:1: a document type" },
		{ "<why>W.</why>", "", "t.xml:5: " },
		{ "<why>W.</why>", "<why></why>",
		  "t.xml:4: <why> is empty or too long; expected a text of 1 to 2000" },
		{ "<why>W.</why>", "<why>a <b>c</b></why>", "t.xml:4: " },
		{ "<why>W.</why>", "<why>\xc2\x9bW</why>",
		  "t.xml:4: <why> has control or invisible characters" },
		{ "<why>W.</why>", "<why>\xe2\x80\xaeW</why>",
		  "t.xml:4: <why> has control or invisible characters" },
		{ "<why>W.</why>", "<why>\xff</why>", "t.xml:4: " },
		{ "<why>W.</why>", "<why>&file;</why>", "t.xml:4: Entity 'file' not defined" },
		{ "id='q'", "id='Q q'", "t.xml:3: " },
		{ "value='no'", "value='yes'", "t.xml:6: answer 'yes' stands twice" },
		{ "value='unknown'", "value='maybe'",
		  "t.xml:3: question 'q' does not end in the answer 'unknown'" },
		{ "fact='sip-alg'", "question='q'", "t.xml:5: " },
		{ "id='c' question='q'", "id='c' question='qq'", "t.xml:9: unknown question 'qq'" },
		{ "question='q' is='yes'", "question='q' is='on'",
		  "t.xml:9: question 'q' has no answer 'on'" },
		{ "question='q' is='yes'", "holds='c'", "t.xml:9: unknown condition 'c'" },
		{ "question='q' is='yes'", "question='q'", "t.xml:9: " },
		{ "question='q' is='yes'", "fact='nat.layers' at-least='two'", "t.xml:9: " },
		{ "side='site'", "side='moon'", "t.xml:10: " },
		{ "holds='c'", "holds='d'", "t.xml:12: unknown condition 'd'" },
		{ "confidence='likely'", "confidence='sure'", "t.xml:12: " },
		{ "id='undetermined'", "id='bad'", "t.xml:14: cause 'bad' stands twice" },
		{ "id='undetermined'", "id='other'", "t.xml:1: no cause 'undetermined'" },
		{ "causes='bad'", "causes='good'", "t.xml:17: unknown cause 'good'" },
		{ "<ask question='q'/>", "<ask question='z'/>", "t.xml:19: unknown question 'z'" },
		{ "<go branch='b'/>", "<go branch='x'/>", "t.xml:20: unknown branch 'x'" },
		{ "<go branch='b'/>", "<jump branch='b'/>", "t.xml:20: " },
		{ "<go branch='b'/>", "<if question='q' is='yes'/>", "t.xml:20: " },
		{ "<walk>", "<branch id='b'><go branch='b'/></branch><walk>",
		  "t.xml:18: branch 'b' stands twice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = replaced(right, cases[i].old, cases[i].new);

		assert_refused(text, strlen(text), cases[i].complaint);
		free(text);
	}
}

static void test_lint(void **state)
{
	static const struct {
		const char *old, *new, *line;
	} cases[] = {
		{ "checks='alg'", "checks='algae'", "t.xml:3: there is no check 'algae'" },
		{ "fact='sip-alg'", "fact='sip-elk'",
		  "t.xml:3: no check measures the fact 'sip-elk'" },
		{ "question='q' is='yes'", "finding='sip-elk'",
		  "t.xml:9: no check finds 'sip-elk'" },
		{ "question='q' is='yes'", "finding='sip-alg'",
		  "t.xml:3: nothing depends on the answer to 'q'" },
		{ "<ask question='q'/>", "", "t.xml:3: question 'q' is never asked" },
		{ "<answer value='no'><text>No.</text></answer>", "",
		  "t.xml:3: question 'q' has no choice" },
		{ "<go branch='b'/>", "", "t.xml:17: branch 'b' is never reached" },
		{ "<go branch='b'/>", "", "t.xml:10: cause 'bad' is never tried" },
		{ "<evidence confidence='likely' holds='c'/>", "",
		  "t.xml:10: nothing can speak for cause 'bad'" },
		{ "<evidence confidence='likely' holds='c'/>", "",
		  "t.xml:9: condition 'c' is never used" },
		{ "causes='bad'", "causes='bad' at-least='certain'",
		  "t.xml:10: no <try> of cause 'bad' takes its 'likely'" },
		{ "side='site'", "side='site' retest='alg x'", "t.xml:10: there is no check 'x'" },
		{ "<question", "<term><name>nat</name><text>x</text></term><question",
		  "t.xml: the term 'nat' is explained twice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = replaced(right, cases[i].old, cases[i].new);
		struct complaint complaint = { "" };
		struct tree *tree;
		struct buf lines;

		buf_init(&lines, 8192);
		if (parse(&tree, text, strlen(text), &complaint))
			fail_msg("%s", complaint.text);
		assert_true(tree_lint(tree, collect, &lines) > 0);
		if (!strstr(buf_text(&lines), cases[i].line))
			fail_msg("lint said \"%s\", not \"%s\"", buf_text(&lines), cases[i].line);
		tree_free(tree);
		buf_clear(&lines);
		free(text);
	}
}

static void test_wrong_routers(void **state)
{
	static const char bad[] =
		"<routers version='1'>\n<router vendor='X'><step>S</step></router>\n</routers>";
	const struct tree_text tree = { "t.xml", right, sizeof right - 1 },
			       router = { "r.xml", bad, sizeof bad - 1 };
	struct complaint complaint = { "" };
	struct tree *out = NULL;

	(void)state;
	assert_int_equal(tree_parse(&out, &tree, &router, &complaint), ERR_SYNTAX);
	assert_string_equal(complaint.text,
			    "r.xml:2: Did not expect element step there; expected <router vendor> "
			    "with <match>es, <where>, <step>s, maybe <caveat>");
}

static void test_two_routers_of_one_name(void **state)
{
	static const char two[] = "<routers version='1'>\n"
				  "<router vendor='A'><where>W</where><step>S</step></router>\n"
				  "<router vendor='A'><where>W</where><step>S</step></router>\n"
				  "<router vendor='Any'><where>W</where><step>S</step></router>\n"
				  "</routers>";
	const struct tree_text text = { "t.xml", right, sizeof right - 1 },
			       router = { "r.xml", two, sizeof two - 1 };
	struct complaint complaint = { "" };
	struct tree *tree = NULL;
	struct buf lines;

	(void)state;
	buf_init(&lines, 4096);
	assert_int_equal(tree_parse(&tree, &text, &router, &complaint), ERR_NONE);
	assert_int_equal(tree_lint(tree, collect, &lines), 1);
	assert_non_null(strstr(buf_text(&lines), "router 'A' is not found by its name 'A'"));
	tree_free(tree);
	buf_clear(&lines);
}

static void test_a_file_that_is_not_there(void **state)
{
	struct complaint complaint = { "" };
	struct tree *tree = NULL;

	(void)state;
	assert_int_equal(tree_load(&tree, "/nowhere/t.xml", "/nowhere/r.xml", &complaint),
			 ERR_NOT_FOUND);
	assert_null(tree);
	assert_string_equal(complaint.text,
			    "/nowhere/t.xml: cannot be read: No such file or directory");
}

/* Entities that would grow without end, or fetch a file, are refused before anything of them
 * counts. */
static void test_entities(void **state)
{
	static const char bomb[] =
		"<!DOCTYPE tree [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>\n"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>\n"
		"<tree version='1'>&d;</tree>";
	static const char fetch[] = "<!DOCTYPE tree SYSTEM 'file:///etc/passwd' [<!ENTITY x SYSTEM "
				    "'file:///etc/passwd'>]>\n"
				    "<tree version='1'>&x;</tree>";

	(void)state;
	assert_refused(bomb, sizeof bomb - 1, "t.xml:1: a document type");
	assert_refused(fetch, sizeof fetch - 1, "t.xml:1: a document type");
}

static void test_rubbish(void **state)
{
	static const char zeros[64];
	char *huge = malloc(5 << 20);

	(void)state;
	assert_non_null(huge);
	memset(huge, ' ', 5 << 20);
	assert_refused("", 0, "t.xml");
	assert_refused("x", 1, "t.xml:1: ");
	assert_refused(zeros, sizeof zeros, "t.xml:1: ");
	assert_refused("\xff\xfe<\0t\0", 6, "t.xml:1: ");
	assert_refused(huge, 5 << 20, "t.xml: too large; expected at most 4 MiB");
	free(huge);
}

/* Cut anywhere, it is refused or, by chance, right; never more. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof right - 2; length++)
		assert_refused(right, length, "t.xml");
}

/* `depth` times an element around a statement or condition. */
static char *nested(const char *open, const char *inner, const char *shut, size_t depth)
{
	struct buf buf;

	buf_init(&buf, 1 << 22);
	for (size_t i = 0; i < depth; i++)
		assert_int_equal(buf_add_text(&buf, open), ERR_NONE);
	assert_int_equal(buf_add_text(&buf, inner), ERR_NONE);
	for (size_t i = 0; i < depth; i++)
		assert_int_equal(buf_add_text(&buf, shut), ERR_NONE);
	return buf_take(&buf);
}

static void test_too_deep(void **state)
{
	static const struct {
		size_t depth;
		const char *complaint;
	} cases[] = { { 30, "t.xml:20: nested too deeply" }, { 5000, "t.xml:" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *ifs = nested("<if question='q' is='yes'>", "<go branch='b'/>", "</if>",
				   cases[i].depth);
		char *groups =
			nested("<all>", "<when question='q' is='yes'/>", "</all>", cases[i].depth);
		char *if_groups = mem_printf("<if>%s<go branch='b'/></if>", groups);
		char *text = replaced(right, "<go branch='b'/>", ifs);

		assert_refused(text, strlen(text), cases[i].complaint);
		free(text);
		text = replaced(right, "<go branch='b'/>", if_groups);
		assert_refused(text, strlen(text), cases[i].complaint);
		free(text);
		free(if_groups);
		free(groups);
		free(ifs);
	}
}

/* Conditions that name each other, branches that go to each other and causes tried over and over
 * end all the same. */
static void test_growing_programs_end(void **state)
{
	struct complaint complaint = { "" };
	struct session session;
	struct tree *tree;
	struct walk walk;
	struct buf more;
	char *text, *both;
	int64_t began;

	(void)state;
	buf_init(&more, 1 << 20);
	for (int i = 1; i < 90; i++) {
		char before[8] = "c";

		if (i > 1)
			snprintf(before, sizeof before, "c%d", i - 1);
		assert_int_equal(buf_printf(&more,
					    "<condition id='c%d'><any><when holds='%s'/><when "
					    "holds='%s'/></any>"
					    "</condition>",
					    i, before, before),
				 ERR_NONE);
	}
	text = mem_printf("%s<cause id='bad'", buf_text(&more));
	both = replaced(right, "<cause id='bad'", text);
	free(text);
	text = replaced(both, "<go branch='b'/>",
			"<if holds='c89'><go branch='x'/></if><go branch='x'/>");
	free(both);
	both = replaced(text, "<walk>",
			"<branch id='x'><go branch='y'/><go branch='b'/></branch>"
			"<branch id='y'><go branch='x'/><go branch='y'/></branch><walk>");
	free(text);
	text = replaced(both, "holds='c'/>\n</cause>", "holds='c89'/>\n</cause>");
	free(both);
	both = text;
	if (parse(&tree, both, strlen(both), &complaint))
		fail_msg("%s", complaint.text);
	session_init(&session, "0");
	began = clock_ms();
	tree_walk(&walk, tree, &session, WALK_ALONE);
	assert_string_equal(walk.cause->id, "undetermined");
	session_answer(&session, "q", "yes");
	tree_walk(&walk, tree, &session, WALK_ALONE);
	assert_string_equal(walk.cause->id, "bad");
	assert_true(clock_ms() - began < 5000);
	session_clear(&session);
	tree_free(tree);
	free(both);
	buf_clear(&more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_lint),
		cmocka_unit_test(test_wrong_routers),
		cmocka_unit_test(test_two_routers_of_one_name),
		cmocka_unit_test(test_a_file_that_is_not_there),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_rubbish),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_too_deep),
		cmocka_unit_test(test_growing_programs_end),
	};

	return cmocka_run_group_tests_name("bad trees", tests, NULL, NULL);
}
