noinst_LIBRARIES += src/libanalysis.a
src_libanalysis_a_SOURCES =
src_libanalysis_a_SOURCES += src/analysis/analysis.h
src_libanalysis_a_SOURCES += src/analysis/feed.h
src_libanalysis_a_SOURCES += src/analysis/dialog.c src/analysis/dialog.h src/analysis/dialog_parts.h
src_libanalysis_a_SOURCES += src/analysis/dialog_call.c src/analysis/dialog_join.c src/analysis/dialog_keep.c
src_libanalysis_a_SOURCES += src/analysis/dialog_legs.c src/analysis/dialog_offer.c
src_libanalysis_a_SOURCES += src/analysis/stream.h
