noinst_LIBRARIES += src/libwizard.a
src_libwizard_a_SOURCES =
