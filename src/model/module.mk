noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = src/model/fact.h src/model/finding.h src/model/site.h src/model/session.h src/model/journal.h
