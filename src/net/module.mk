noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES =
src_libnet_a_SOURCES += src/net/udp.c src/net/udp.h
