noinst_LIBRARIES += src/libproto.a
src_libproto_a_SOURCES =
src_libproto_a_SOURCES += src/proto/stun.c src/proto/stun.h
