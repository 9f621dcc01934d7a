# Unit tests of src/tree.
EXTRA_DIST += tests/unit/tree/causes.txt
if HAVE_CMOCKA
TREE_TESTS = tests/unit/tree/test_causes tests/unit/tree/test_tree tests/unit/tree/test_bad tests/unit/tree/test_walk
check_PROGRAMS += $(TREE_TESTS)
TESTS += $(TREE_TESTS)
TREE_GIVEN = tests/unit/tree/given.c tests/unit/tree/given.h
tests_unit_tree_test_causes_SOURCES = tests/unit/tree/test_causes.c $(TREE_GIVEN)
tests_unit_tree_test_causes_LDADD = $(TREE_LIBS) $(CMOCKA_LIBS)
tests_unit_tree_test_tree_SOURCES = tests/unit/tree/test_tree.c $(TREE_GIVEN)
tests_unit_tree_test_tree_LDADD = $(TREE_LIBS) $(CMOCKA_LIBS)
tests_unit_tree_test_bad_SOURCES = tests/unit/tree/test_bad.c $(TREE_GIVEN)
tests_unit_tree_test_bad_LDADD = $(TREE_LIBS) $(CMOCKA_LIBS)
tests_unit_tree_test_walk_SOURCES = tests/unit/tree/test_walk.c $(TREE_GIVEN)
tests_unit_tree_test_walk_LDADD = $(TREE_LIBS) $(CMOCKA_LIBS)
endif

dist_check_SCRIPTS += tests/lint/tree-texts
TESTS += tests/lint/tree-texts
