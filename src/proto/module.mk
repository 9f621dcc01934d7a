noinst_LIBRARIES += src/libproto.a
src_libproto_a_SOURCES =
