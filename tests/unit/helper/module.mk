# Unit tests of src/helper: what needs no right.
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/helper/test_pump
TESTS += tests/unit/helper/test_pump
tests_unit_helper_test_pump_SOURCES = tests/unit/helper/test_pump.c \
	src/helper/pump.c src/helper/pump.h src/helper/say.c src/helper/say.h
tests_unit_helper_test_pump_LDADD = $(PCAP_LIBS) $(CMOCKA_LIBS)
endif
