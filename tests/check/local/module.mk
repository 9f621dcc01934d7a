# Tests of src/check/local.c.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/local/test_local
TESTS += tests/check/local/test_local
tests_check_local_test_local_SOURCES = tests/check/local/test_local.c
tests_check_local_test_local_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/check/local/test_local_clock
TESTS += tests/check/local/test_local_clock
tests_check_local_test_local_clock_SOURCES = tests/check/local/test_local_clock.c
tests_check_local_test_local_clock_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_local_test_local_clock_LDADD = tests/mock/libmocksip.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread -lm
endif
