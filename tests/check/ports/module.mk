# Tests of src/check/ports*.c.

if HAVE_CMOCKA
check_PROGRAMS += tests/check/ports/test_media_judge
TESTS += tests/check/ports/test_media_judge
endif
tests_check_ports_test_media_judge_SOURCES = tests/check/ports/test_media_judge.c
tests_check_ports_test_media_judge_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)

# The voice ports alone, for the lab.
check_PROGRAMS += tests/check/ports/media_probe
tests_check_ports_media_probe_SOURCES = tests/check/ports/media_probe.c
tests_check_ports_media_probe_LDADD = $(CHECK_LIBS)
LAB_TESTS += tests/check/ports/media-lab.sh
EXTRA_DIST += tests/check/ports/media-lab.py
check-lab: tests/check/ports/media_probe

check_PROGRAMS += tests/check/ports/test_ports_sip
TESTS += tests/check/ports/test_ports_sip
tests_check_ports_test_ports_sip_SOURCES = tests/check/ports/test_ports_sip.c
tests_check_ports_test_ports_sip_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_ports_test_ports_sip_LDADD = tests/mock/libmocksip.a $(CHECK_LIBS) -lpthread

check_PROGRAMS += tests/check/ports/test_ports_stream
TESTS += tests/check/ports/test_ports_stream
tests_check_ports_test_ports_stream_SOURCES = tests/check/ports/test_ports_stream.c
tests_check_ports_test_ports_stream_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_check_ports_test_ports_stream_LDADD = tests/mock/libmocksip.a $(CHECK_LIBS) -lpthread
