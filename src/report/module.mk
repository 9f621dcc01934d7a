noinst_LIBRARIES += src/libreport.a
src_libreport_a_SOURCES = \
	src/report/checklist.c \
	src/report/evidence.c \
	src/report/json.c \
	src/report/parts.h \
	src/report/picture.c \
	src/report/record.c \
	src/report/redact.c src/report/redact.h \
	src/report/report.h \
	src/report/sheet.c src/report/sheet.h \
	src/report/steps.c \
	src/report/tale.c src/report/tale.h \
	src/report/text.c \
	src/report/view.c src/report/view.h \
	src/report/wording.c src/report/wording.h \
	src/report/wrong.c
