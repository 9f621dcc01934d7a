# Unit tests of src/report. A golden text is written anew by EARSHOT_GOLDEN=write in the environment; read the diff.
EXTRA_DIST += \
	tests/unit/report/calls.json tests/unit/report/calls.txt \
	tests/unit/report/calls.session tests/unit/report/calls-report.txt tests/unit/report/calls.html \
	tests/unit/report/empty.session tests/unit/report/empty.txt \
	tests/unit/report/faults.session tests/unit/report/faults.txt \
	tests/unit/report/hostile.session tests/unit/report/hostile.txt \
	tests/unit/report/mended.session tests/unit/report/mended.txt \
	tests/unit/report/provider.session tests/unit/report/provider.txt \
	tests/unit/report/sip-alg.session tests/unit/report/sip-alg.txt tests/unit/report/sip-alg-ascii.txt \
	tests/unit/report/undetermined.session tests/unit/report/undetermined.txt \
	tests/unit/report/wide.session tests/unit/report/wide.txt tests/unit/report/wide-ascii.txt
if HAVE_CMOCKA
REPORT_TESTS = tests/unit/report/test_redact tests/unit/report/test_text tests/unit/report/test_json \
	tests/unit/report/test_calls tests/unit/report/test_html tests/unit/report/test_mask
check_PROGRAMS += $(REPORT_TESTS)
TESTS += $(REPORT_TESTS)
tests_unit_report_test_redact_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS)
tests_unit_report_test_text_SOURCES = tests/unit/report/test_text.c tests/unit/report/fixture.c \
	tests/unit/report/fixture.h
tests_unit_report_test_text_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS)
tests_unit_report_test_json_SOURCES = tests/unit/report/test_json.c tests/unit/report/fixture.c \
	tests/unit/report/fixture.h
tests_unit_report_test_json_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS)
tests_unit_report_test_calls_SOURCES = tests/unit/report/test_calls.c tests/unit/report/fixture.c \
	tests/unit/report/fixture.h
tests_unit_report_test_calls_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS)
tests_unit_report_test_html_SOURCES = tests/unit/report/test_html.c tests/unit/report/fixture.c \
	tests/unit/report/fixture.h
tests_unit_report_test_html_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS) $(XML_LIBS)
tests_unit_report_test_mask_LDADD = $(REPORT_LIBS) $(CMOCKA_LIBS)
endif
