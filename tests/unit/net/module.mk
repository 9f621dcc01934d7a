# Unit tests of src/net.

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_udp
TESTS += tests/unit/net/test_udp
tests_unit_net_test_udp_SOURCES = tests/unit/net/test_udp.c
tests_unit_net_test_udp_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_exchange
TESTS += tests/unit/net/test_exchange
tests_unit_net_test_exchange_SOURCES = tests/unit/net/test_exchange.c
tests_unit_net_test_exchange_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_dns tests/unit/net/test_resolver
TESTS += tests/unit/net/test_dns tests/unit/net/test_resolver
tests_unit_net_test_dns_SOURCES = tests/unit/net/test_dns.c
tests_unit_net_test_dns_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_net_test_dns_LDADD = tests/mock/libmockdns.a $(NET_LIBS) $(CMOCKA_LIBS) -lpthread
tests_unit_net_test_resolver_SOURCES = tests/unit/net/test_resolver.c
tests_unit_net_test_resolver_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_net_test_resolver_LDADD = tests/mock/libmockdns.a $(NET_LIBS) $(CMOCKA_LIBS) -lpthread
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_binding tests/unit/net/test_tcp
TESTS += tests/unit/net/test_binding tests/unit/net/test_tcp
tests_unit_net_test_binding_SOURCES = tests/unit/net/test_binding.c
tests_unit_net_test_binding_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_net_test_binding_LDADD = tests/mock/libmockstun.a $(NET_LIBS) $(CMOCKA_LIBS) -lpthread
tests_unit_net_test_tcp_SOURCES = tests/unit/net/test_tcp.c
tests_unit_net_test_tcp_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_iface
TESTS += tests/unit/net/test_iface
tests_unit_net_test_iface_SOURCES = tests/unit/net/test_iface.c
tests_unit_net_test_iface_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_stream
TESTS += tests/unit/net/test_stream
tests_unit_net_test_stream_SOURCES = tests/unit/net/test_stream.c
tests_unit_net_test_stream_LDADD = $(NET_LIBS) $(CMOCKA_LIBS) -lpthread
check_PROGRAMS += tests/unit/net/test_icmp
TESTS += tests/unit/net/test_icmp
tests_unit_net_test_icmp_SOURCES = tests/unit/net/test_icmp.c
tests_unit_net_test_icmp_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/net/test_trace
TESTS += tests/unit/net/test_trace
tests_unit_net_test_trace_SOURCES = tests/unit/net/test_trace.c
tests_unit_net_test_trace_LDADD = $(NET_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/net/test_igd
TESTS += tests/unit/net/test_igd
tests_unit_net_test_igd_SOURCES = tests/unit/net/test_igd.c
tests_unit_net_test_igd_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_unit_net_test_igd_LDADD = tests/mock/libmockigd.a tests/mock/libmockdns.a $(NET_LIBS) $(CMOCKA_LIBS) -lpthread
endif
