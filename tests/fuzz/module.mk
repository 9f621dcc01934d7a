# Fuzz targets, one a parser. To add one: write tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), put a few
# inputs into tests/fuzz/corpus/NAME/, and add three lines like those of fuzz_stun below.
# With any compiler `make check` replays the corpus; configured --enable-fuzzing, `make fuzz` fuzzes for real.
FUZZ_TARGETS =
EXTRA_DIST += tests/fuzz/corpus

FUZZ_TARGETS += tests/fuzz/fuzz_stun
tests_fuzz_fuzz_stun_SOURCES = tests/fuzz/fuzz_stun.c
tests_fuzz_fuzz_stun_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_turn
tests_fuzz_fuzz_turn_SOURCES = tests/fuzz/fuzz_turn.c
tests_fuzz_fuzz_turn_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_slice
tests_fuzz_fuzz_slice_SOURCES = tests/fuzz/fuzz_slice.c
tests_fuzz_fuzz_slice_LDADD = $(FUZZ_DRIVER) $(BASE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_sip
tests_fuzz_fuzz_sip_SOURCES = tests/fuzz/fuzz_sip.c
tests_fuzz_fuzz_sip_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_dns
tests_fuzz_fuzz_dns_SOURCES = tests/fuzz/fuzz_dns.c
tests_fuzz_fuzz_dns_LDADD = $(FUZZ_DRIVER) $(NET_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_tree
tests_fuzz_fuzz_tree_SOURCES = tests/fuzz/fuzz_tree.c
tests_fuzz_fuzz_tree_LDADD = $(FUZZ_DRIVER) $(TREE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_igd
tests_fuzz_fuzz_igd_SOURCES = tests/fuzz/fuzz_igd.c
tests_fuzz_fuzz_igd_LDADD = $(FUZZ_DRIVER) $(NET_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_sntp
tests_fuzz_fuzz_sntp_SOURCES = tests/fuzz/fuzz_sntp.c
tests_fuzz_fuzz_sntp_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_rtp
tests_fuzz_fuzz_rtp_SOURCES = tests/fuzz/fuzz_rtp.c
tests_fuzz_fuzz_rtp_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS) -lm

FUZZ_TARGETS += tests/fuzz/fuzz_stream
tests_fuzz_fuzz_stream_SOURCES = tests/fuzz/fuzz_stream.c
tests_fuzz_fuzz_stream_LDADD = $(FUZZ_DRIVER) $(ANALYSIS_LIBS) -lm
FUZZ_TARGETS += tests/fuzz/fuzz_capture
tests_fuzz_fuzz_capture_SOURCES = tests/fuzz/fuzz_capture.c
tests_fuzz_fuzz_capture_LDADD = $(FUZZ_DRIVER) $(CAPTURE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_helper
tests_fuzz_fuzz_helper_SOURCES = tests/fuzz/fuzz_helper.c
tests_fuzz_fuzz_helper_LDADD = $(FUZZ_DRIVER) $(CAPTURE_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_quote
tests_fuzz_fuzz_quote_SOURCES = tests/fuzz/fuzz_quote.c
tests_fuzz_fuzz_quote_LDADD = $(FUZZ_DRIVER) $(NET_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_report
tests_fuzz_fuzz_report_SOURCES = tests/fuzz/fuzz_report.c
tests_fuzz_fuzz_report_LDADD = $(FUZZ_DRIVER) $(REPORT_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_frame
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c tests/fuzz/packets.h
tests_fuzz_fuzz_frame_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_feed
tests_fuzz_fuzz_feed_SOURCES = tests/fuzz/fuzz_feed.c tests/fuzz/packets.h
tests_fuzz_fuzz_feed_LDADD = $(FUZZ_DRIVER) $(ANALYSIS_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_sip_message
tests_fuzz_fuzz_sip_message_SOURCES = tests/fuzz/fuzz_sip_message.c
tests_fuzz_fuzz_sip_message_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_sdp
tests_fuzz_fuzz_sdp_SOURCES = tests/fuzz/fuzz_sdp.c
tests_fuzz_fuzz_sdp_LDADD = $(FUZZ_DRIVER) $(PROTO_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_dialog
tests_fuzz_fuzz_dialog_SOURCES = tests/fuzz/fuzz_dialog.c
tests_fuzz_fuzz_dialog_LDADD = $(FUZZ_DRIVER) $(ANALYSIS_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_pcapng
tests_fuzz_fuzz_pcapng_SOURCES = tests/fuzz/fuzz_pcapng.c
tests_fuzz_fuzz_pcapng_LDADD = $(FUZZ_DRIVER) $(CAPTURE_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_analyze
tests_fuzz_fuzz_analyze_SOURCES = tests/fuzz/fuzz_analyze.c tests/fuzz/packets.h
tests_fuzz_fuzz_analyze_LDADD = $(FUZZ_DRIVER) $(ANALYSIS_LIBS) -lm

check_PROGRAMS += $(FUZZ_TARGETS)
FUZZ_SECONDS = 60

if FUZZING
FUZZ_DRIVER = $(FUZZ_ENGINE)
# New inputs go to the build folder; the ones worth keeping are copied to the corpus by hand.
fuzz: $(FUZZ_TARGETS)
	@for target in $(FUZZ_TARGETS); do \
		name=$${target##*/fuzz_}; \
		$(MKDIR_P) fuzz-found/$$name && \
		./$$target -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=fuzz-found/$$name- \
			fuzz-found/$$name $(srcdir)/tests/fuzz/corpus/$$name || exit 1; \
	done
else
FUZZ_DRIVER = tests/fuzz/libreplay.a
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c
TESTS += $(FUZZ_TARGETS)
fuzz:
	@echo "configure with CC=clang --enable-fuzzing first" >&2; exit 1
endif
