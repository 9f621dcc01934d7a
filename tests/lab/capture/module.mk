# The live capture, on a wire made of namespaces.
LAB_TESTS += tests/lab/capture/capture-test.sh tests/lab/capture/command-test.sh \
	tests/lab/capture/load-test.sh
EXTRA_DIST += tests/lab/capture/capture-test.sh tests/lab/capture/command-test.sh tests/lab/capture/command.py \
	tests/lab/capture/load-test.sh tests/lab/capture/load.py
LAB_NEEDS += tests/lab/capture/flood tests/lab/capture/listen tests/lab/capture/replay tests/bench/generate
check_PROGRAMS += tests/lab/capture/flood tests/lab/capture/listen tests/lab/capture/replay
tests_lab_capture_flood_SOURCES = tests/lab/capture/flood.c
tests_lab_capture_listen_SOURCES = tests/lab/capture/listen.c
tests_lab_capture_listen_LDADD = $(CAPTURE_LIBS)
tests_lab_capture_replay_SOURCES = tests/lab/capture/replay.c
