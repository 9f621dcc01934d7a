# The client of a responder, and what the checks make of it.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/responder/test_responder tests/check/responder/test_ports_back tests/check/responder/test_load
TESTS += tests/check/responder/test_responder tests/check/responder/test_ports_back tests/check/responder/test_load
endif
tests_check_responder_test_responder_SOURCES = tests/check/responder/test_responder.c
tests_check_responder_test_responder_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_responder_test_responder_LDADD = tests/mock/libmockresponder.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread
tests_check_responder_test_ports_back_SOURCES = tests/check/responder/test_ports_back.c
tests_check_responder_test_ports_back_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_responder_test_ports_back_LDADD = tests/mock/libmockresponder.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread
tests_check_responder_test_load_SOURCES = tests/check/responder/test_load.c
tests_check_responder_test_load_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_responder_test_load_LDADD = tests/mock/libmockresponder.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread
