noinst_LIBRARIES += src/libanalysis.a
src_libanalysis_a_SOURCES =
src_libanalysis_a_SOURCES += src/analysis/analysis.h
src_libanalysis_a_SOURCES += src/analysis/feed.h
src_libanalysis_a_SOURCES += src/analysis/dialog.h
src_libanalysis_a_SOURCES += src/analysis/stream.c src/analysis/stream.h src/analysis/stream_parts.h
src_libanalysis_a_SOURCES += src/analysis/stream_count.c src/analysis/stream_sound.c src/analysis/stream_table.c src/analysis/stream_hint.c
