# Tests of src/check/ports*.c.

# The voice ports alone, for the lab.
check_PROGRAMS += tests/check/ports/media_probe
tests_check_ports_media_probe_SOURCES = tests/check/ports/media_probe.c
tests_check_ports_media_probe_LDADD = $(CHECK_LIBS)
