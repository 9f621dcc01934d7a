# Tests of what all checks share: the runner, its events and sandbox, the registry.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/runner/test_runner tests/check/runner/test_event
check_PROGRAMS += tests/check/runner/test_sandbox tests/check/runner/test_registry
TESTS += tests/check/runner/test_runner tests/check/runner/test_event
TESTS += tests/check/runner/test_sandbox tests/check/runner/test_registry
tests_check_runner_test_runner_SOURCES = tests/check/runner/test_runner.c
tests_check_runner_test_runner_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
tests_check_runner_test_event_SOURCES = tests/check/runner/test_event.c
tests_check_runner_test_event_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
tests_check_runner_test_sandbox_SOURCES = tests/check/runner/test_sandbox.c
tests_check_runner_test_sandbox_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
tests_check_runner_test_registry_SOURCES = tests/check/runner/test_registry.c
tests_check_runner_test_registry_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/check/runner/test_secret
TESTS += tests/check/runner/test_secret
tests_check_runner_test_secret_SOURCES = tests/check/runner/test_secret.c
tests_check_runner_test_secret_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
endif
