# Unit tests of src/proto.

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_stun
TESTS += tests/unit/proto/test_stun
tests_unit_proto_test_stun_SOURCES = tests/unit/proto/test_stun.c
tests_unit_proto_test_stun_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc
tests_unit_proto_test_stun_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_sip tests/unit/proto/test_sip_answer tests/unit/proto/test_sip_diff
TESTS += tests/unit/proto/test_sip tests/unit/proto/test_sip_answer tests/unit/proto/test_sip_diff
endif
tests_unit_proto_test_sip_SOURCES = tests/unit/proto/test_sip.c
tests_unit_proto_test_sip_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
tests_unit_proto_test_sip_answer_SOURCES = tests/unit/proto/test_sip_answer.c
tests_unit_proto_test_sip_answer_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
tests_unit_proto_test_sip_diff_SOURCES = tests/unit/proto/test_sip_diff.c
tests_unit_proto_test_sip_diff_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_sntp
TESTS += tests/unit/proto/test_sntp
endif
tests_unit_proto_test_sntp_SOURCES = tests/unit/proto/test_sntp.c
tests_unit_proto_test_sntp_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS) -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_stun_login
TESTS += tests/unit/proto/test_stun_login
endif
tests_unit_proto_test_stun_login_SOURCES = tests/unit/proto/test_stun_login.c
tests_unit_proto_test_stun_login_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_rtp tests/unit/proto/test_rtcp tests/unit/proto/test_audio
TESTS += tests/unit/proto/test_rtp tests/unit/proto/test_rtcp tests/unit/proto/test_audio
endif
tests_unit_proto_test_rtp_SOURCES = tests/unit/proto/test_rtp.c
tests_unit_proto_test_rtp_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
tests_unit_proto_test_rtcp_SOURCES = tests/unit/proto/test_rtcp.c
tests_unit_proto_test_rtcp_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
tests_unit_proto_test_audio_SOURCES = tests/unit/proto/test_audio.c tests/unit/proto/g722.c tests/unit/proto/g722.h
tests_unit_proto_test_audio_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS) -lm

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_frame
TESTS += tests/unit/proto/test_frame
endif
tests_unit_proto_test_frame_SOURCES = tests/unit/proto/test_frame.c
tests_unit_proto_test_frame_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/proto/test_sip_message tests/unit/proto/test_sdp
TESTS += tests/unit/proto/test_sip_message tests/unit/proto/test_sdp
endif
tests_unit_proto_test_sip_message_SOURCES = tests/unit/proto/test_sip_message.c
tests_unit_proto_test_sip_message_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
tests_unit_proto_test_sdp_SOURCES = tests/unit/proto/test_sdp.c
tests_unit_proto_test_sdp_LDADD = $(PROTO_LIBS) $(CMOCKA_LIBS)
