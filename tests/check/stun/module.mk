# Tests of src/check/stun.c.

if HAVE_CMOCKA
check_PROGRAMS += tests/check/stun/test_stun_check
TESTS += tests/check/stun/test_stun_check
tests_check_stun_test_stun_check_SOURCES = tests/check/stun/test_stun_check.c
tests_check_stun_test_stun_check_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_stun_test_stun_check_LDADD = tests/mock/libmockstun.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += tests/check/stun/test_stun_idle
TESTS += tests/check/stun/test_stun_idle
tests_check_stun_test_stun_idle_SOURCES = tests/check/stun/test_stun_idle.c
tests_check_stun_test_stun_idle_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_stun_test_stun_idle_LDADD = tests/mock/libmockstun.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread

check_PROGRAMS += tests/check/stun/test_stun_life
TESTS += tests/check/stun/test_stun_life
tests_check_stun_test_stun_life_SOURCES = tests/check/stun/test_stun_life.c
tests_check_stun_test_stun_life_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/check/stun/test_stun_nat
TESTS += tests/check/stun/test_stun_nat
tests_check_stun_test_stun_nat_SOURCES = tests/check/stun/test_stun_nat.c
tests_check_stun_test_stun_nat_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
endif
