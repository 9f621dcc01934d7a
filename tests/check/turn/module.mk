# Tests of src/check/turn.c.

if HAVE_CMOCKA
check_PROGRAMS += tests/check/turn/test_turn
TESTS += tests/check/turn/test_turn
tests_check_turn_test_turn_SOURCES = tests/check/turn/test_turn.c
tests_check_turn_test_turn_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_turn_test_turn_LDADD = tests/mock/libmockturn.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread
endif
