# Ratios, not verdicts: see tests/bench/bench.sh.
EXTRA_DIST += tests/bench/bench.sh tests/bench/captures.py tests/bench/truth-test.sh
check_PROGRAMS += tests/bench/generate tests/bench/measure
TESTS += tests/bench/truth-test.sh
EXTRA_PROGRAMS += tests/bench/bare
CLEANFILES += tests/bench/bare
EXTRA_DIST += tests/bench/bench.sh tests/bench/captures.py tests/bench/keys.py
BENCH_NEEDS =
if HAVE_CMOCKA
if HAVE_VTERM
BENCH_NEEDS += tests/ui/drive
endif
endif
EXTRA_PROGRAMS += tests/bench/generate tests/bench/bare
CLEANFILES += tests/bench/generate tests/bench/bare
tests_bench_generate_SOURCES = tests/bench/generate.c
tests_bench_measure_SOURCES = tests/bench/measure.c
tests_bench_bare_SOURCES = tests/bench/bare.c
tests_bench_bare_CPPFLAGS = $(AM_CPPFLAGS) $(PCAP_CFLAGS)
tests_bench_bare_LDADD = $(PCAP_LIBS)

bench: all tests/bench/generate tests/bench/bare tests/lab/capture/replay
bench: all tests/bench/generate tests/bench/measure tests/bench/bare
bench: all tests/bench/generate tests/bench/bare $(BENCH_NEEDS)
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' $(srcdir)/tests/bench/bench.sh
