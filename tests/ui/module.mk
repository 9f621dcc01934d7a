# Tests of the front ends: screens as text, and whole journeys through a terminal and through a pipe.
UI_BENCH = tests/ui/bench.c tests/ui/bench.h
UI_GOLDEN = tests/ui/golden.c tests/ui/golden.h
EXTRA_DIST += tests/ui/tree.xml tests/ui/routers.xml tests/ui/golden
CLEANFILES += tests/ui/bench-report.txt tests/ui/bench-profile.conf

# The languages as the tests speak them: with the texts of the tests' own tree, and one made up.
UI_LANG = tests/ui/lang/de.po tests/ui/lang/es.po tests/ui/lang/zh_CN.po
UI_PO = po/de.po po/es.po po/zh_CN.po
EXTRA_DIST += tests/ui/pseudo.py $(UI_LANG)
CLEANFILES += tests/ui/locale/stamp tests/ui/locale/*/LC_MESSAGES/earshot.*
check_DATA = tests/ui/locale/stamp
tests/ui/locale/stamp: po/earshot.pot $(UI_PO) tests/ui/pseudo.py $(UI_LANG)
	$(AM_V_GEN)for language in de es zh_CN; do \
		folder=tests/ui/locale/$$language/LC_MESSAGES; $(MKDIR_P) $$folder && \
		$(MSGCAT) --use-first --output-file=$$folder/earshot.po \
			$(srcdir)/po/$$language.po $(srcdir)/tests/ui/lang/$$language.po && \
		$(MSGFMT) --output-file=$$folder/earshot.mo $$folder/earshot.po || exit 1; \
	done; \
	folder=tests/ui/locale/en@pseudo/LC_MESSAGES; $(MKDIR_P) $$folder && \
	LC_ALL=C.UTF-8 python3 $(srcdir)/tests/ui/pseudo.py po/earshot.pot $(srcdir)/tests/ui/lang/de.po \
		>$$folder/earshot.po && \
	$(MSGFMT) --check-format --output-file=$$folder/earshot.mo $$folder/earshot.po && touch $@

if HAVE_CMOCKA
check_PROGRAMS += tests/ui/test_canvas tests/ui/test_screens tests/ui/test_app tests/ui/test_plain tests/ui/test_monkey tests/ui/bench_wizard
TESTS += tests/ui/test_canvas tests/ui/test_screens tests/ui/test_app tests/ui/test_plain tests/ui/test_monkey

tests_ui_test_canvas_SOURCES = tests/ui/test_canvas.c
tests_ui_test_canvas_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_ui_test_screens_SOURCES = tests/ui/test_screens.c \
	tests/ui/language.c tests/ui/language.h tests/ui/press.c tests/ui/press.h $(UI_BENCH) $(UI_GOLDEN)
tests_ui_test_screens_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_ui_test_app_SOURCES = tests/ui/test_app.c tests/ui/press.c tests/ui/press.h $(UI_BENCH)
tests_ui_test_app_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_ui_test_plain_SOURCES = tests/ui/test_plain.c $(UI_BENCH) $(UI_GOLDEN)
tests_ui_test_plain_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_ui_test_monkey_SOURCES = tests/ui/test_monkey.c tests/unit/model/same.c tests/unit/model/same.h $(UI_BENCH)
tests_ui_test_monkey_LDADD = $(UI_LIBS) $(CMOCKA_LIBS)
tests_ui_bench_wizard_SOURCES = tests/ui/bench_wizard.c $(UI_BENCH)
tests_ui_bench_wizard_LDADD = $(UI_LIBS)

if HAVE_VTERM
check_PROGRAMS += tests/ui/test_terminal tests/ui/drive
tests_ui_drive_SOURCES = tests/ui/drive.c tests/ui/terminal.c tests/ui/terminal.h
tests_ui_drive_LDADD = src/libbase.a $(VTERM_LIBS) -lutil
TESTS += tests/ui/test_terminal
tests_ui_test_terminal_SOURCES = tests/ui/test_terminal.c tests/ui/terminal.c tests/ui/terminal.h
tests_ui_test_terminal_LDADD = src/libbase.a $(VTERM_LIBS) $(CMOCKA_LIBS) -lutil -lm
endif

endif

golden-ui: tests/ui/test_screens tests/ui/test_plain tests/ui/locale/stamp
	for test in screens plain; do \
		GOLDEN='$(CASE)' top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' LC_ALL=C.UTF-8 \
			tests/ui/test_$$test || exit 1; \
	done
# Other keys each time, for some minutes; best in a folder configured with --enable-sanitizers. The seed that it prints
# presses the same again: make monkey SEED=number
MONKEY_KEYS = 500000
monkey: tests/ui/test_monkey
	top_srcdir='$(abs_top_srcdir)' LC_ALL=C.UTF-8 tests/ui/test_monkey $(MONKEY_KEYS) $${SEED:-$$(date +%s)}
.PHONY: golden-ui monkey
