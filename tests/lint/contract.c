/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares contract.txt with the tables and the tree of the program: what is named there must be in
 * them, and what they name must stand there. With --list it prints the names one a line, for the
 * test of the man pages. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/fact.h"
#include "model/finding.h"
#include "model/site.h"
#include "tree/tree.h"

enum { NAMES_MAX = 1000 };

struct name {
	char *kind, *of, *name;
};

struct contract {
	struct name names[NAMES_MAX];
	size_t count;
	const struct tree *tree;
};

static char *source_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return mem_printf("%s/%s", top ? top : ".", name);
}

static void contract_add(struct contract *contract, const char *kind, const char *of,
			 const char *name)
{
	if (contract->count == NAMES_MAX)
		abort();
	contract->names[contract->count++] =
		(struct name){ mem_text(kind), mem_text(of), mem_text(name) };
}

static void read_line(struct contract *contract, char *line)
{
	char *rest, *kind = strtok_r(line, " \n", &rest), *of, *name;

	if (!kind || *kind == '#')
		return;
	of = strtok_r(NULL, " \n", &rest);
	while (of && (name = strtok_r(NULL, " \n", &rest)))
		contract_add(contract, kind, of, name);
}

static bool read_contract(struct contract *contract)
{
	char *path = source_path("tests/lint/contract.txt"), line[1000];
	FILE *file = fopen(path, "r");

	free(path);
	if (!file)
		return false;
	while (fgets(line, sizeof line, file))
		read_line(contract, line);
	fclose(file);
	return contract->count;
}

static void contract_clear(struct contract *contract)
{
	for (size_t i = 0; i < contract->count; i++) {
		free(contract->names[i].kind);
		free(contract->names[i].of);
		free(contract->names[i].name);
	}
}

static bool has_key(const char *section, const char *key)
{
	struct site site;
	const char *expected;
	bool found;

	site_init(&site);
	found = site_set(&site, section, key, "", &expected) != ERR_NOT_FOUND;
	site_clear(&site);
	return found;
}

static bool has_answer(const struct tree *tree, const char *question, const char *value)
{
	const struct tree_question *found = tree_question_find(tree, question);

	return found && tree_answer_find(found, value);
}

/* True if the program has what the contract names. */
static bool is_made(const struct name *name, const struct tree *tree)
{
	if (!strcmp(name->kind, "finding"))
		return finding_kind_find(name->name) &&
		       !strcmp(finding_kind_find(name->name)->check, name->of);
	if (!strcmp(name->kind, "fact"))
		return fact_kind_find(name->name) &&
		       !strcmp(fact_kind_find(name->name)->check, name->of);
	if (!strcmp(name->kind, "key"))
		return has_key(name->of, name->name);
	if (!strcmp(name->kind, "cause"))
		return tree_cause_find(tree, name->name);
	if (!strcmp(name->kind, "answer"))
		return has_answer(tree, name->of, name->name);
	return false;
}

static size_t times_listed(const struct contract *contract, const char *kind, const char *of,
			   const char *name)
{
	size_t times = 0;

	for (size_t i = 0; i < contract->count; i++)
		times += !strcmp(contract->names[i].kind, kind) &&
			 !strcmp(contract->names[i].of, of) &&
			 !strcmp(contract->names[i].name, name);
	return times;
}

static int expect_once(const struct contract *contract, const char *kind, const char *of,
		       const char *name)
{
	if (times_listed(contract, kind, of, name) == 1)
		return 0;
	printf("contract.txt: %s %s %s stands there %zu times, not once\n", kind, of, name,
	       times_listed(contract, kind, of, name));
	return 1;
}

/* What the program names must be in the contract, once. */
static int check_tables(const struct contract *contract)
{
	const struct finding_kind *finding;
	const struct fact_kind *fact;
	const struct tree_cause *cause;
	const struct tree_question *question;
	int wrong = 0;

	for (size_t i = 0; (finding = finding_kind_at(i)); i++)
		wrong += expect_once(contract, "finding", finding->check, finding->id);
	for (size_t i = 0; (fact = fact_kind_at(i)); i++)
		wrong += expect_once(contract, "fact", fact->check, fact->name);
	for (size_t i = 0; (cause = tree_cause_at(contract->tree, i)); i++)
		wrong += expect_once(contract, "cause", "tree", cause->id);
	for (size_t i = 0; (question = tree_question_at(contract->tree, i)); i++)
		for (size_t k = 0; k < question->answer_count; k++)
			wrong += expect_once(contract, "answer", question->id,
					     question->answers[k].value);
	return wrong;
}

static int check_names(const struct contract *contract)
{
	int wrong = 0;

	for (size_t i = 0; i < contract->count; i++) {
		const struct name *name = &contract->names[i];

		if (is_made(name, contract->tree))
			continue;
		printf("contract.txt: %s %s %s is nowhere in the program\n", name->kind, name->of,
		       name->name);
		wrong++;
	}
	return wrong;
}

/* Neither comparison may pass what is not so. */
static bool proves_itself(const struct contract *contract)
{
	static const struct {
		const char *kind, *of, *name;
	} wrong[] = {
		{ "finding", "stun", "no-such" },   { "finding", "dns", "sip-alg" },
		{ "fact", "stun", "no-such" },      { "fact", "dns", "nat.type" },
		{ "key", "nat", "no-such" },        { "key", "no-such", "stun" },
		{ "cause", "tree", "no-such" },     { "answer", "stun", "no-such" },
		{ "answer", "no-such", "unknown" }, { "no-such", "stun", "nat.type" },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct name name = { mem_text(wrong[i].kind), mem_text(wrong[i].of),
				     mem_text(wrong[i].name) };
		const bool passed = is_made(&name, contract->tree) ||
				    times_listed(contract, name.kind, name.of, name.name);

		if (passed)
			printf("self-test: %s %s %s passed\n", name.kind, name.of, name.name);
		free(name.kind);
		free(name.of);
		free(name.name);
		if (passed)
			return false;
	}
	return true;
}

static int compare(struct contract *contract)
{
	char *tree_path = source_path("data/tree.xml"),
	     *routers_path = source_path("data/routers.xml");
	struct complaint complaint = { "" };
	struct tree *tree;
	int wrong = 1;

	if (tree_load(&tree, tree_path, routers_path, &complaint)) {
		printf("%s\n", complaint.text);
	} else {
		contract->tree = tree;
		wrong = proves_itself(contract) ? check_names(contract) + check_tables(contract)
						: 1;
		tree_free(tree);
	}
	free(routers_path);
	free(tree_path);
	return wrong;
}

static void list(const struct contract *contract)
{
	for (size_t i = 0; i < contract->count; i++)
		printf("%s %s %s\n", contract->names[i].kind, contract->names[i].of,
		       contract->names[i].name);
}

int main(int argc, char **argv)
{
	struct contract contract = { .count = 0 };
	int wrong = 0;

	if (!read_contract(&contract)) {
		printf("tests/lint/contract.txt cannot be read\n");
		return 99;
	}
	if (argc == 2 && !strcmp(argv[1], "--list"))
		list(&contract);
	else
		wrong = compare(&contract);
	contract_clear(&contract);
	return wrong ? 1 : 0;
}
