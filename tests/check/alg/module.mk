# Tests of src/check/alg*.c.

check_PROGRAMS += tests/check/alg/test_alg_check
TESTS += tests/check/alg/test_alg_check
tests_check_alg_test_alg_check_SOURCES = tests/check/alg/test_alg_check.c
tests_check_alg_test_alg_check_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_alg_test_alg_check_LDADD = tests/mock/libmocksip.a $(CHECK_LIBS) -lpthread

if HAVE_CMOCKA
check_PROGRAMS += tests/check/alg/test_alg_judge
TESTS += tests/check/alg/test_alg_judge
endif
tests_check_alg_test_alg_judge_SOURCES = tests/check/alg/test_alg_judge.c
tests_check_alg_test_alg_judge_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)

# The check alone, for the lab.
check_PROGRAMS += tests/check/alg/alg_probe
tests_check_alg_alg_probe_SOURCES = tests/check/alg/alg_probe.c
tests_check_alg_alg_probe_LDADD = $(CHECK_LIBS)
LAB_TESTS += tests/check/alg/alg-lab.sh
EXTRA_DIST += tests/check/alg/alg-lab.py
check-lab: tests/check/alg/alg_probe
