# Tests of src/analysis/: they link $(ANALYSIS_LIBS).

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_stream tests/unit/analysis/test_stream_table
TESTS += tests/unit/analysis/test_stream tests/unit/analysis/test_stream_table
endif
tests_unit_analysis_test_stream_SOURCES = tests/unit/analysis/test_stream.c \
	tests/unit/analysis/sender.c tests/unit/analysis/sender.h
tests_unit_analysis_test_stream_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_analysis_test_stream_table_SOURCES = tests/unit/analysis/test_stream_table.c \
	tests/unit/analysis/sender.c tests/unit/analysis/sender.h
tests_unit_analysis_test_stream_table_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS) -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_feed
TESTS += tests/unit/analysis/test_feed
endif
tests_unit_analysis_test_feed_SOURCES = tests/unit/analysis/test_feed.c
tests_unit_analysis_test_feed_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_dialog
TESTS += tests/unit/analysis/test_dialog
endif
tests_unit_analysis_test_dialog_SOURCES = tests/unit/analysis/test_dialog.c
tests_unit_analysis_test_dialog_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_verdict
TESTS += tests/unit/analysis/test_verdict
endif
tests_unit_analysis_test_verdict_SOURCES = tests/unit/analysis/test_verdict.c
tests_unit_analysis_test_verdict_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS) -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_analysis
TESTS += tests/unit/analysis/test_analysis
endif
tests_unit_analysis_test_analysis_SOURCES = tests/unit/analysis/test_analysis.c
tests_unit_analysis_test_analysis_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS) -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_memory
TESTS += tests/unit/analysis/test_memory
endif
tests_unit_analysis_test_memory_SOURCES = tests/unit/analysis/test_memory.c
tests_unit_analysis_test_memory_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS) -lm
# What asks for memory is counted.
tests_unit_analysis_test_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_tally
TESTS += tests/unit/analysis/test_tally
endif
tests_unit_analysis_test_tally_SOURCES = tests/unit/analysis/test_tally.c
tests_unit_analysis_test_tally_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS)
