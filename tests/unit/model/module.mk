# Unit tests of src/model.
if HAVE_CMOCKA
MODEL_TESTS = tests/unit/model/test_site tests/unit/model/test_journal tests/unit/model/test_finding tests/unit/model/test_emodel tests/unit/model/test_conclude tests/unit/model/test_path tests/unit/model/test_json_text
check_PROGRAMS += $(MODEL_TESTS)
TESTS += $(MODEL_TESTS)
tests_unit_model_test_site_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS)
tests_unit_model_test_journal_SOURCES = tests/unit/model/test_journal.c tests/unit/model/same.c tests/unit/model/same.h
tests_unit_model_test_journal_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS)
tests_unit_model_test_finding_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS)
tests_unit_model_test_emodel_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS) -lm
tests_unit_model_test_conclude_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS)
tests_unit_model_test_path_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS)
tests_unit_model_test_json_text_LDADD = $(MODEL_LIBS) $(CMOCKA_LIBS) -lm
endif
