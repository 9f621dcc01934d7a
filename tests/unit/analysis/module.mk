# Tests of src/analysis/: they link $(ANALYSIS_LIBS).

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_feed
TESTS += tests/unit/analysis/test_feed
endif
tests_unit_analysis_test_feed_SOURCES = tests/unit/analysis/test_feed.c
tests_unit_analysis_test_feed_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS)
