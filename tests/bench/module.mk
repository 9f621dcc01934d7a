# Ratios, not verdicts: see tests/bench/bench.sh.
EXTRA_DIST += tests/bench/bench.sh

bench: all
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' $(srcdir)/tests/bench/bench.sh
