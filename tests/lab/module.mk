# Tests in real networks made of namespaces: `make check-lab`, as root or in a user namespace.
include tests/lab/sites/module.mk

EXTRA_DIST += $(LAB_TESTS)

check-lab: all
	$(AM_V_at)$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(LAB_TESTS)' TEST_SUITE_LOG=lab-suite.log
