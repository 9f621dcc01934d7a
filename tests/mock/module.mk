# Tests of this folder.

check_LIBRARIES += tests/mock/libmockdns.a
tests_mock_libmockdns_a_SOURCES = \
	tests/mock/dns_script.c tests/mock/dns_script.h \
	tests/mock/dns_server.c tests/mock/dns_server.h \
	tests/mock/own_net.c tests/mock/own_net.h
tests_mock_libmockdns_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_LIBRARIES += tests/mock/libmockstun.a
tests_mock_libmockstun_a_SOURCES = tests/mock/nat.c tests/mock/nat.h tests/mock/stun_server.c tests/mock/stun_server.h
tests_mock_libmockstun_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_LIBRARIES += tests/mock/libmocksip.a
tests_mock_libmocksip_a_SOURCES = tests/mock/sip_server.c tests/mock/sip_server.h \
	tests/mock/sip_stream.c tests/mock/sip_stream.h
tests_mock_libmocksip_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_LIBRARIES += tests/mock/libmockigd.a
tests_mock_libmockigd_a_SOURCES = tests/mock/igd_router.c tests/mock/igd_router.h
tests_mock_libmockigd_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_LIBRARIES += tests/mock/libmockturn.a
tests_mock_libmockturn_a_SOURCES = tests/mock/turn_server.c tests/mock/turn_server.h
tests_mock_libmockturn_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_LIBRARIES += tests/mock/libmockresponder.a
tests_mock_libmockresponder_a_SOURCES = tests/mock/responder.c tests/mock/responder.h
tests_mock_libmockresponder_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
