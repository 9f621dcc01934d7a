# Ratios, not verdicts: see tests/bench/bench.sh.
EXTRA_DIST += tests/bench/bench.sh tests/bench/captures.py tests/bench/truth-test.sh
check_PROGRAMS += tests/bench/generate
TESTS += tests/bench/truth-test.sh
EXTRA_PROGRAMS += tests/bench/bare
CLEANFILES += tests/bench/bare
tests_bench_generate_SOURCES = tests/bench/generate.c
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_CPPFLAGS = $(AM_CPPFLAGS) $(PCAP_CFLAGS)
tests_bench_bare_LDADD = $(PCAP_LIBS)

bench: all tests/bench/generate tests/bench/bare tests/lab/capture/replay
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' $(srcdir)/tests/bench/bench.sh
