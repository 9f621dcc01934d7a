include src/base/module.mk
include src/proto/module.mk
include src/model/module.mk
include src/net/module.mk
include src/analysis/module.mk
include src/capture/module.mk
include src/helper/module.mk
include src/check/module.mk
include src/tree/module.mk
include src/wizard/module.mk
include src/report/module.mk
include src/ui/module.mk

bin_PROGRAMS += src/earshot
src_earshot_SOURCES = \
	src/analyze.c src/analyze.h \
	src/answers.c src/answers.h \
	src/cmd_analyze.c src/cmd_capture.c src/cmd_check.c src/cmd_diagnose.c src/cmd_practice.c \
	src/cmd_report.c src/cmd_tree.c src/cmd_wizard.c \
	src/commands.h \
	src/engine.c src/engine.h \
	src/kept.c src/kept.h \
	src/main.c \
	src/options.c src/options.h \
	src/paths.c src/paths.h \
	src/privileges.c src/privileges.h \
	src/say.c src/say.h \
	src/signals.c src/signals.h
src_earshot_LDADD = src/libui.a src/libreport.a $(WIZARD_LIBS) $(NCURSES_LIBS)

# The program finds its files in ../share/earshot, so it also runs from where it was built.
noinst_DATA += share/earshot
share/earshot:
	$(AM_V_GEN)$(MKDIR_P) share && rm -f $@ && $(LN_S) $(abs_top_srcdir)/data $@
CLEANFILES += share/earshot
