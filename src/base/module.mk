noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	src/base/addr.c src/base/addr.h \
	src/base/be.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/complaint.c src/base/complaint.h \
	src/base/endpoint.c src/base/endpoint.h \
	src/base/err.c src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/intl.c src/base/intl.h \
	src/base/mem.c src/base/mem.h \
	src/base/packet.h src/base/pcap.h \
	src/base/slice.c src/base/slice.h \
	src/base/text.c src/base/text.h
