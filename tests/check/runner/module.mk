# Tests of src/check/runner.c, event.c and sandbox.c.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/runner/test_runner tests/check/runner/test_event tests/check/runner/test_sandbox
TESTS += tests/check/runner/test_runner tests/check/runner/test_event tests/check/runner/test_sandbox
endif
tests_check_runner_test_runner_SOURCES = tests/check/runner/test_runner.c
tests_check_runner_test_runner_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
tests_check_runner_test_event_SOURCES = tests/check/runner/test_event.c
tests_check_runner_test_event_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
tests_check_runner_test_sandbox_SOURCES = tests/check/runner/test_sandbox.c
tests_check_runner_test_sandbox_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
