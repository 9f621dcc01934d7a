noinst_LIBRARIES += src/libwizard.a
src_libwizard_a_SOURCES = src/wizard/wizard.c src/wizard/wizard.h
