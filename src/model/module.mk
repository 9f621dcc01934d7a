noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	src/model/conclude.c src/model/conclude.h \
	src/model/emodel.c src/model/emodel.h \
	src/model/fact.c src/model/fact.h \
	src/model/finding.c src/model/finding_kinds.c src/model/finding.h \
	src/model/heard.c src/model/heard.h \
	src/model/journal.c src/model/journal.h \
	src/model/json_text.c src/model/json_text.h \
	src/model/path.c src/model/path.h \
	src/model/profile.c src/model/profile.h \
	src/model/session.c src/model/session.h \
	src/model/site.c src/model/site.h src/model/site_key.h
