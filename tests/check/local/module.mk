# Tests of src/check/local.c.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/local/test_local
TESTS += tests/check/local/test_local
tests_check_local_test_local_SOURCES = tests/check/local/test_local.c
tests_check_local_test_local_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
endif
