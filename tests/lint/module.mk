# What no compiler checks: layers, banned calls, names that others rely on, man pages. Each script proves itself first.
LINT_TESTS = tests/lint/layers tests/lint/banned tests/lint/manual tests/lint/privileges tests/lint/glossary \
	tests/lint/languages
dist_check_SCRIPTS += $(LINT_TESTS)
EXTRA_DIST += tests/lint/contract.txt
check_PROGRAMS += tests/lint/contract
TESTS += $(LINT_TESTS) tests/lint/contract
tests_lint_contract_LDADD = $(TREE_LIBS)

# Lays the sources out as .clang-format says.
format:
	cd $(top_srcdir) && find src tests -name '*.[ch]' | xargs clang-format -i
