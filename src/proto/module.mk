noinst_LIBRARIES += src/libproto.a
src_libproto_a_SOURCES =
src_libproto_a_SOURCES += src/proto/stun.c src/proto/stun.h
src_libproto_a_SOURCES += src/proto/stun_login.c src/proto/stun_login.h src/proto/turn.c src/proto/turn.h
src_libproto_a_SOURCES += src/proto/sip.c src/proto/sip.h src/proto/sip_answer.c src/proto/sip_answer.h
src_libproto_a_SOURCES += src/proto/sip_diff.c src/proto/sip_diff.h
src_libproto_a_SOURCES += src/proto/date.c src/proto/date.h src/proto/sntp.c src/proto/sntp.h
