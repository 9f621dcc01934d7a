noinst_LIBRARIES += src/libui.a
src_libui_a_SOURCES = \
	src/ui/app.c src/ui/app.h src/ui/app_draw.c \
	src/ui/canvas.c src/ui/canvas.h \
	src/ui/form.c src/ui/form.h \
	src/ui/frame.c src/ui/frame.h \
	src/ui/intl.h src/ui/key.h \
	src/ui/page.c src/ui/page.h src/ui/page_draw.c src/ui/page_print.c \
	src/ui/path.c src/ui/path.h \
	src/ui/plain.c \
	src/ui/screen.c src/ui/screen.h \
	src/ui/screen_advice.c src/ui/screen_checks.c src/ui/screen_correct.c src/ui/screen_details.c src/ui/screen_done.c \
	src/ui/screen_help.c src/ui/screen_provider.c src/ui/screen_question.c src/ui/screen_quit.c \
	src/ui/screen_report.c src/ui/screen_retest.c src/ui/screen_routers.c src/ui/screen_stun.c \
	src/ui/screen_welcome.c \
	src/ui/symbol.c src/ui/symbol.h \
	src/ui/term.c src/ui/term.h \
	src/ui/ui.c src/ui/ui.h \
	src/ui/words.c src/ui/words.h
src_libui_a_SOURCES += src/ui/live.c src/ui/live.h
src_libui_a_SOURCES += src/ui/screen_capture.c
src_libui_a_SOURCES += src/ui/screen_kinds.c
