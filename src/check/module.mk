noinst_LIBRARIES += src/libcheck.a
src_libcheck_a_SOURCES =
