/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree that is shipped: whole, clean, and all its texts in the translators' template. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "given.h"

static int load(void **state)
{
	*state = given_tree();
	return 0;
}

static int drop(void **state)
{
	tree_free(*state);
	return 0;
}

static void print_line(const char *line, void *context)
{
	(void)context;
	print_error("%s\n", line);
}

static void test_lint_is_clean(void **state)
{
	assert_int_equal(tree_lint(*state, print_line, NULL), 0);
}

static void test_every_advice_is_whole(void **state)
{
	const struct tree_cause *cause;

	for (size_t i = 0; (cause = tree_cause_at(*state, i)); i++) {
		assert_non_null(cause->steps[0]);
		assert_non_null(cause->steps[1]);
		assert_true(strlen(cause->means) > 50);
		assert_true(strlen(cause->verify) > 50);
		assert_true(strlen(cause->who) > 10);
	}
	assert_true(tree_cause_find(*state, "sip-alg")->by_router);
	assert_null(tree_cause_find(*state, "fixed"));
}

/* A finding that asks for a remedy and a cause of the same name ask for the same one. */
static void test_remedies_agree_with_findings(void **state)
{
	const struct finding_kind *kind;

	for (size_t i = 0; (kind = finding_kind_at(i)); i++) {
		const struct tree_cause *cause = tree_cause_find(*state, kind->id);

		if (cause)
			assert_string_equal(cause->remedy, kind->remedy);
	}
}

static void assert_router(const struct tree *tree, const char *vendor, const char *expected)
{
	const struct tree_router *router = tree_router_find(tree, vendor);

	if (!router || strcmp(router->vendor, expected) != 0)
		fail_msg("'%s' gave %s, not %s", vendor, router ? router->vendor : "nothing",
			 expected);
}

static void test_routers_by_name(void **state)
{
	assert_router(*state, "NETGEAR", "NETGEAR");
	assert_router(*state, "Netgear, Inc.", "NETGEAR");
	assert_router(*state, "TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link");
	assert_router(*state, "tplink", "TP-Link");
	assert_router(*state, "ASUSTeK COMPUTER INC.", "ASUS");
	assert_router(*state, "Ubiquiti Networks", "Ubiquiti UniFi");
	assert_router(*state, "Ubiquiti EdgeRouter X", "Ubiquiti EdgeRouter");
	assert_router(*state, "Fortinet, Inc.", "FortiGate");
	assert_router(*state, "Zyxel Communications Corporation", "Zyxel USG");
	assert_router(*state, "Routerboard.com", "MikroTik");
	assert_router(*state, "OpenWrt", "OpenWrt, plain Linux");
	assert_router(*state, "OPNsense", "pfSense, OPNsense");
	assert_null(tree_router_find(*state, "Netgearing"));
	assert_null(tree_router_find(*state, "unknown"));
	assert_null(tree_router_find(*state, ""));
}

/* What routers say of themselves by UPnP, and what their cards' makers are called (router_oui.c).
 * Without a page of their own the last one is for them. */
static void test_routers_as_measured(void **state)
{
	static const struct {
		const char *vendor, *model, *page;
	} cases[] = {
		{ "NETGEAR, Inc.", "R7000", "NETGEAR" },
		{ "Netgear Inc.", "unknown", "NETGEAR" },
		{ "TP-Link", "Archer C7", "TP-Link" },
		{ "TP-LINK", "TL-WR841N", "TP-Link" },
		{ "ASUSTeK Computer Inc.", "RT-AC68U", "ASUS" },
		{ "ASUS", "RT-AX88U", "ASUS" },
		{ "MikroTik", "RouterOS", "MikroTik" },
		{ "Ubiquiti Networks", "UniFi Dream Machine", "Ubiquiti UniFi" },
		{ "Ubiquiti", "unknown", "Ubiquiti UniFi" },
		{ "Ubiquiti Networks, Inc.", "EdgeRouter X", "Ubiquiti EdgeRouter" },
		{ "Ubiquiti Inc.", "EdgeMAX", "Ubiquiti EdgeRouter" },
		{ "Fortinet", "Linux router", "FortiGate" },
		{ "SonicWall", "unknown", "SonicWall" },
		{ "Zyxel Communications Corp.", "USG FLEX 100", "Zyxel USG" },
		{ "Linksys", "WRT3200ACM", "Linksys" },
		{ "Cisco-Linksys, LLC", "WRT54G", "Linksys" },
		{ "Keenetic Ltd.", "Keenetic Giga", "Keenetic" },
		{ "OpenWrt", "OpenWrt router", "OpenWrt, plain Linux" },
		{ "Netgate", "unknown", "pfSense, OPNsense" },
		{ "AVM Berlin", "FRITZ!Box 7490", NULL },
		{ "AVM", "unknown", NULL },
		{ "D-Link Corporation", "EdgeRouter X", NULL },
		{ "unknown", "EdgeRouter X", NULL },
		{ "T-Mobile", "TP-Link", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *vendor = mem_printf("fact:router.vendor=%s", cases[i].vendor);
		char *model = mem_printf("fact:router.model=%s", cases[i].model);
		const struct tree_router *router;
		struct session session;

		session_init(&session, "0");
		given_word(&session, *state, vendor);
		given_word(&session, *state, model);
		router = tree_router_of(*state, &session);
		if (!cases[i].page != !router ||
		    (router && strcmp(router->vendor, cases[i].page) != 0))
			fail_msg("'%s' '%s' gave %s", cases[i].vendor, cases[i].model,
				 router ? router->vendor : "nothing");
		session_clear(&session);
		free(vendor);
		free(model);
	}
}

static void test_every_router_finds_itself_and_the_last_is_for_all(void **state)
{
	const struct tree_router *router;
	size_t count = 0;

	for (; (router = tree_router_at(*state, count)); count++)
		assert_ptr_equal(tree_router_find(*state, router->vendor), router);
	assert_true(count >= 14);
	assert_null(tree_router_at(*state, count - 1)->match[0]);
}

static void test_terms(void **state)
{
	const struct tree_term *term;
	bool nat = false;
	size_t i;

	for (i = 0; (term = tree_term_at(*state, i)); i++)
		nat = nat || !strcmp(term->term, "NAT");
	assert_true(nat);
	assert_true(i > 20);
}

/* The template that was built, else the one that came with the sources. */
static char *read_template(void)
{
	const char *tops[] = { getenv("top_builddir"), getenv("top_srcdir") };
	char *text = NULL;
	size_t length;

	for (size_t i = 0; i < 2 && !text; i++) {
		char *path = mem_printf("%s/po/earshot.pot", tops[i] ? tops[i] : ".");

		if (file_read(&text, &length, path, 4 << 20))
			text = NULL;
		free(path);
	}
	if (!text) {
		print_message("skipped: without xgettext there is no po/earshot.pot\n");
		skip();
	}
	return text;
}

/* Every msgid of the template as one text, each between line feeds. */
static char *read_ids(void)
{
	char *text = read_template(), *line, *rest;
	struct buf ids;
	bool in_id = false;

	buf_init(&ids, 4 << 20);
	for (rest = text; (line = strsep(&rest, "\n"));) {
		in_id = !strncmp(line, "msgid", 5) || (in_id && *line == '"');
		if (!in_id)
			continue;
		if (*line == 'm')
			assert_int_equal(buf_add_text(&ids, "\n"), ERR_NONE);
		for (char *at = strchr(line, '"') + 1; *at && *at != '"'; at++) {
			at += *at == '\\';
			assert_int_equal(buf_add(&ids, at, 1), ERR_NONE);
		}
	}
	assert_int_equal(buf_add_text(&ids, "\n"), ERR_NONE);
	free(text);
	return buf_take(&ids);
}

static size_t missing(const char *ids, const char *text)
{
	char *line;
	bool found;

	if (!text)
		return 0;
	line = mem_printf("\n%s\n", text);
	found = strstr(ids, line) != NULL;
	free(line);
	if (!found)
		print_error("not in po/earshot.pot: %s\n", text);
	return !found;
}

static size_t missing_list(const char *ids, const char *const *texts)
{
	size_t count = 0;

	for (; *texts; texts++)
		count += missing(ids, *texts);
	return count;
}

static size_t missing_questions(const struct tree *tree, const char *ids)
{
	const struct tree_question *question;
	size_t count = 0;

	for (size_t i = 0; (question = tree_question_at(tree, i)); i++) {
		count += missing(ids, question->ask) + missing(ids, question->why) +
			 missing(ids, question->help);
		for (size_t k = 0; k < question->answer_count; k++)
			count += missing(ids, question->answers[k].text);
	}
	return count;
}

static size_t missing_causes(const struct tree *tree, const char *ids)
{
	const struct tree_cause *cause;
	size_t count = 0;

	for (size_t i = 0; (cause = tree_cause_at(tree, i)); i++)
		count += missing(ids, cause->title) + missing(ids, cause->means) +
			 missing(ids, cause->who) + missing(ids, cause->verify) +
			 missing(ids, cause->ask) + missing_list(ids, cause->steps);
	return count;
}

static size_t missing_rest(const struct tree *tree, const char *ids)
{
	const struct tree_router *router;
	const struct tree_term *term;
	size_t count = 0;

	for (size_t i = 0; (router = tree_router_at(tree, i)); i++)
		count += missing(ids, router->vendor) + missing(ids, router->where) +
			 missing(ids, router->caveat) + missing_list(ids, router->steps);
	for (size_t i = 0; (term = tree_term_at(tree, i)); i++)
		count += missing(ids, term->term) + missing(ids, term->text);
	return count;
}

static void test_every_text_can_be_translated(void **state)
{
	char *ids = read_ids();

	assert_int_equal(missing_questions(*state, ids) + missing_causes(*state, ids) +
				 missing_rest(*state, ids),
			 0);
	assert_int_equal(missing(ids, "No such text stands in the tree."), 1);
	free(ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lint_is_clean),
		cmocka_unit_test(test_every_advice_is_whole),
		cmocka_unit_test(test_remedies_agree_with_findings),
		cmocka_unit_test(test_routers_by_name),
		cmocka_unit_test(test_routers_as_measured),
		cmocka_unit_test(test_every_router_finds_itself_and_the_last_is_for_all),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_every_text_can_be_translated),
	};

	return cmocka_run_group_tests_name("tree", tests, load, drop);
}
