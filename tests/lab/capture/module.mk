# The live capture, on a wire made of namespaces.
LAB_TESTS += tests/lab/capture/capture-test.sh tests/lab/capture/command-test.sh
EXTRA_DIST += tests/lab/capture/capture-test.sh tests/lab/capture/command-test.sh tests/lab/capture/command.py
LAB_NEEDS += tests/lab/capture/flood tests/lab/capture/listen
check_PROGRAMS += tests/lab/capture/flood tests/lab/capture/listen
tests_lab_capture_flood_SOURCES = tests/lab/capture/flood.c
tests_lab_capture_listen_SOURCES = tests/lab/capture/listen.c
tests_lab_capture_listen_LDADD = $(CAPTURE_LIBS)
