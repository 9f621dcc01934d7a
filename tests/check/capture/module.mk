# The live capture's check, beside a helper that is made up: nobody needs a right.
if HAVE_CMOCKA
check_PROGRAMS += tests/check/capture/test_capture
TESTS += tests/check/capture/test_capture
tests_check_capture_test_capture_SOURCES = tests/check/capture/test_capture.c
tests_check_capture_test_capture_LDADD = $(CHECK_LIBS) $(CMOCKA_LIBS)
endif
