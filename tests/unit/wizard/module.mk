# Unit tests of src/wizard.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/wizard/test_wizard
TESTS += tests/unit/wizard/test_wizard
tests_unit_wizard_test_wizard_LDADD = $(WIZARD_LIBS) $(CMOCKA_LIBS)
endif
