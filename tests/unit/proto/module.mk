# Unit tests of src/proto.

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_stun
TESTS += tests/unit/proto/test_stun
tests_unit_proto_test_stun_SOURCES = tests/unit/proto/test_stun.c
tests_unit_proto_test_stun_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
endif
