noinst_LIBRARIES += src/libanalysis.a
src_libanalysis_a_SOURCES =
src_libanalysis_a_SOURCES += src/analysis/analysis.h
src_libanalysis_a_SOURCES += src/analysis/feed.c src/analysis/feed.h
src_libanalysis_a_SOURCES += src/analysis/dialog.h
src_libanalysis_a_SOURCES += src/analysis/stream.h
