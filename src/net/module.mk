noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES =
src_libnet_a_SOURCES += src/net/udp.c src/net/udp.h
src_libnet_a_SOURCES += src/net/dns.c src/net/dns.h src/net/locate.c src/net/locate.h src/net/resolver.c src/net/resolver.h
src_libnet_a_SOURCES += src/net/exchange.c src/net/exchange.h src/net/binding.c src/net/binding.h
src_libnet_a_SOURCES += src/net/tcp.c src/net/tcp.h
src_libnet_a_SOURCES += src/net/iface.c src/net/iface.h src/net/link.c src/net/link.h
src_libnet_a_SOURCES += src/net/netlink.c src/net/netlink.h src/net/wireless.c src/net/wireless.h
