if HAVE_CMOCKA
check_PROGRAMS += tests/check/quality/test_quality
TESTS += tests/check/quality/test_quality
tests_check_quality_test_quality_SOURCES = tests/check/quality/test_quality.c
tests_check_quality_test_quality_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS) -lm
endif
