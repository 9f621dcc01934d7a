noinst_LIBRARIES += src/libcheck.a
src_libcheck_a_SOURCES =
src_libcheck_a_SOURCES += src/check/check.h src/check/registry.c src/check/sink.c
src_libcheck_a_SOURCES += src/check/runner.c src/check/runner.h src/check/event.c src/check/event.h
src_libcheck_a_SOURCES += src/check/child.c src/check/child.h src/check/sandbox.c src/check/sandbox.h
src_libcheck_a_SOURCES += src/check/dns.c src/check/dns.h src/check/dns_gather.c src/check/dns_judge.c src/check/dns_names.c src/check/dns_probe.c
