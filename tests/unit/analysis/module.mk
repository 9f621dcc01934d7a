# Tests of src/analysis/: they link $(ANALYSIS_LIBS).

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/analysis/test_dialog
TESTS += tests/unit/analysis/test_dialog
endif
tests_unit_analysis_test_dialog_SOURCES = tests/unit/analysis/test_dialog.c
tests_unit_analysis_test_dialog_LDADD = $(ANALYSIS_LIBS) $(CMOCKA_LIBS)
