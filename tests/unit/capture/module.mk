# Unit tests of src/capture.
if HAVE_CMOCKA
CAPTURE_TESTS = tests/unit/capture/test_file tests/unit/capture/test_live tests/unit/capture/test_live_words \
	tests/unit/capture/test_save tests/unit/capture/test_stream
check_PROGRAMS += $(CAPTURE_TESTS)
TESTS += $(CAPTURE_TESTS)
tests_unit_capture_test_file_SOURCES = tests/unit/capture/test_file.c
tests_unit_capture_test_file_LDADD = $(CAPTURE_LIBS) $(CMOCKA_LIBS)
tests_unit_capture_test_live_SOURCES = tests/unit/capture/test_live.c
tests_unit_capture_test_live_LDADD = $(CAPTURE_LIBS) $(CMOCKA_LIBS)
tests_unit_capture_test_live_words_SOURCES = tests/unit/capture/test_live_words.c
tests_unit_capture_test_live_words_LDADD = $(CAPTURE_LIBS) $(CMOCKA_LIBS)
tests_unit_capture_test_save_SOURCES = tests/unit/capture/test_save.c
tests_unit_capture_test_save_LDADD = $(CAPTURE_LIBS) $(CMOCKA_LIBS)
tests_unit_capture_test_stream_SOURCES = tests/unit/capture/test_stream.c
tests_unit_capture_test_stream_LDADD = $(CAPTURE_LIBS) $(CMOCKA_LIBS)
endif
