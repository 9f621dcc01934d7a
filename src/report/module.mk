noinst_LIBRARIES += src/libreport.a
src_libreport_a_SOURCES = \
	src/report/call_tables.c src/report/call_tables.h \
	src/report/call_values.c src/report/call_values.h \
	src/report/calls.c src/report/calls.h \
	src/report/checklist.c \
	src/report/evidence.c \
	src/report/html.c src/report/html.h src/report/html_style.h \
	src/report/json.c \
	src/report/mask.c src/report/mask.h \
	src/report/mask_address.c src/report/mask_address.h \
	src/report/mask_number.c src/report/mask_number.h \
	src/report/parts.h \
	src/report/picture.c src/report/picture.h \
	src/report/record.c \
	src/report/redact.c src/report/redact.h \
	src/report/report.c src/report/report.h \
	src/report/sheet.c src/report/sheet.h \
	src/report/sheet_plain.c \
	src/report/steps.c \
	src/report/svg.c src/report/svg.h \
	src/report/tale.c src/report/tale.h \
	src/report/view.c src/report/view.h \
	src/report/wording.c src/report/wording.h \
	src/report/wrong.c
