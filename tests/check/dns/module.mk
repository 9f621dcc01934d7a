# Tests of src/check/dns.c.

if HAVE_CMOCKA
check_PROGRAMS += tests/check/dns/test_dns_check
TESTS += tests/check/dns/test_dns_check
tests_check_dns_test_dns_check_SOURCES = tests/check/dns/test_dns_check.c
tests_check_dns_test_dns_check_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_dns_test_dns_check_LDADD = tests/mock/libmockdns.a $(CHECK_LIBS) $(CMOCKA_LIBS) -lpthread
endif
