noinst_LIBRARIES += src/libcheck.a
src_libcheck_a_SOURCES =
src_libcheck_a_SOURCES += src/check/check.h src/check/registry.c src/check/sink.c
