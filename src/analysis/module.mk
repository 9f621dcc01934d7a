noinst_LIBRARIES += src/libanalysis.a
src_libanalysis_a_SOURCES = \
	src/analysis/analysis.c src/analysis/analysis.h \
	src/analysis/analysis_live.c \
	src/analysis/analysis_parts.h \
	src/analysis/call_json.c src/analysis/call_json.h \
	src/analysis/compare.c src/analysis/compare.h \
	src/analysis/compare_cross.c src/analysis/compare_cross.h \
	src/analysis/compare_packets.c src/analysis/compare_packets.h \
	src/analysis/compare_sip.c src/analysis/compare_sip.h \
	src/analysis/compare_tell.c src/analysis/compare_tell.h \
	src/analysis/dialog.c src/analysis/dialog.h \
	src/analysis/dialog_call.c \
	src/analysis/dialog_join.c \
	src/analysis/dialog_keep.c \
	src/analysis/dialog_legs.c \
	src/analysis/dialog_offer.c \
	src/analysis/dialog_parts.h \
	src/analysis/feed.c src/analysis/feed.h \
	src/analysis/findings.c src/analysis/findings.h \
	src/analysis/findings_sdp.c \
	src/analysis/findings_sip.c \
	src/analysis/findings_streams.c \
	src/analysis/fragments.c src/analysis/fragments.h \
	src/analysis/ice.c src/analysis/ice.h \
	src/analysis/judge.c src/analysis/judge.h src/analysis/judge_media.c \
	src/analysis/named.c src/analysis/named.h \
	src/analysis/pieces.c src/analysis/pieces.h \
	src/analysis/refusals.c src/analysis/refusals.h \
	src/analysis/relay.c src/analysis/relay.h \
	src/analysis/scene.c src/analysis/scene.h \
	src/analysis/stream.c src/analysis/stream.h \
	src/analysis/stream_count.c \
	src/analysis/stream_hint.c \
	src/analysis/stream_parts.h \
	src/analysis/stream_sound.c \
	src/analysis/stream_table.c \
	src/analysis/table.c src/analysis/table.h \
	src/analysis/tally.c src/analysis/tally.h \
	src/analysis/tcp_flow.c src/analysis/tcp_flow.h \
	src/analysis/trim.c src/analysis/trim.h \
	src/analysis/unwrap.c src/analysis/unwrap.h \
	src/analysis/verdict.c src/analysis/verdict.h \
	src/analysis/wire_log.c src/analysis/wire_log.h
