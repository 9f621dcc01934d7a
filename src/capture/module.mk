noinst_LIBRARIES += src/libcapture.a
src_libcapture_a_SOURCES = \
	src/capture/file.c src/capture/file.h \
	src/capture/gzip.c src/capture/gzip.h \
	src/capture/link.c src/capture/link.h \
	src/capture/live.c src/capture/live.h \
	src/capture/live_words.c src/capture/live_words.h \
	src/capture/pcapng.c src/capture/pcapng.h \
	src/capture/save.c src/capture/save.h \
	src/capture/stream.c src/capture/stream.h
