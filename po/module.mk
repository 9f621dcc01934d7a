# The languages. `make` keeps po/earshot.pot up to date: texts of the C sources in POTFILES.in, and of the tree and the
# routers by data/tree.its. CONTRIBUTING.md says how to add a language.
TRANSLATED_XML = data/tree.xml data/routers.xml
EXTRA_DIST += po/LINGUAS po/POTFILES.in po/earshot.pot
CLEANFILES += po/earshot.pot po/languages.stamp share/locale/*/LC_MESSAGES/earshot.mo
noinst_DATA += po/earshot.pot po/languages.stamp
PO_LANGUAGES = `sed -e 's/\#.*//' $(srcdir)/po/LINGUAS`
PO_XGETTEXT = $(XGETTEXT) --directory=$(srcdir) --from-code=UTF-8 --add-location=file \
	--package-name=$(PACKAGE) --copyright-holder='The earshot authors'

# Made at every `make`, for it takes no time; no date in it and no line numbers, and rewritten only when a text changed.
po/earshot.pot: FORCE
	@$(MKDIR_P) po
	@if test '$(XGETTEXT)' = false; then \
		echo 'no xgettext: the template of texts to translate stays as it is' >&2; exit 0; \
	fi; \
	$(PO_XGETTEXT) --keyword=_ --keyword=N_ --files-from=$(srcdir)/po/POTFILES.in --output=$@-t && \
	$(PO_XGETTEXT) --its=$(srcdir)/data/tree.its --join-existing --output=$@-t $(TRANSLATED_XML) && \
	sed -e '/^"POT-Creation-Date:/d' -e 's/^. SOME DESCRIPTIVE TITLE.$$/\# Texts of earshot./' $@-t >$@-new && \
	rm $@-t && { cmp -s $@-new po/earshot.pot && rm $@-new || { echo '  GEN      po/earshot.pot'; mv $@-new po/earshot.pot; }; }

# Where the program that was built looks for them: ../share/locale, as when installed.
po/languages.stamp: po/LINGUAS FORCE
	@$(MKDIR_P) po
	@for language in $(PO_LANGUAGES); do \
		po=$(srcdir)/po/$$language.po; mo=share/locale/$$language/LC_MESSAGES/earshot.mo; \
		test -f $$mo && test ! $$po -nt $$mo && continue; \
		$(MKDIR_P) share/locale/$$language/LC_MESSAGES; \
		echo "  MSGFMT   $$mo"; $(MSGFMT) --check --output-file=$$mo $$po || exit 1; \
	done; test -f $@ || touch $@
# What changed in the texts, into every language: then translate what is empty, and look at what is "fuzzy".
update-po: po/earshot.pot
	@for language in $(PO_LANGUAGES); do \
		$(MSGMERGE) --quiet --update --backup=none --no-wrap $(srcdir)/po/$$language.po po/earshot.pot || exit 1; \
	done
.PHONY: update-po
FORCE:
.PHONY: FORCE

install-data-local: po/languages.stamp
	@for language in $(PO_LANGUAGES); do \
		$(MKDIR_P) "$(DESTDIR)$(localedir)/$$language/LC_MESSAGES" && \
		$(INSTALL_DATA) share/locale/$$language/LC_MESSAGES/earshot.mo "$(DESTDIR)$(localedir)/$$language/LC_MESSAGES/earshot.mo" || exit 1; \
	done
uninstall-local:
	@for language in $(PO_LANGUAGES); do \
		rm -f "$(DESTDIR)$(localedir)/$$language/LC_MESSAGES/earshot.mo"; \
	done
dist-hook:
	@for language in $(PO_LANGUAGES); do \
		cp -p $(srcdir)/po/$$language.po "$(distdir)/po/$$language.po" || exit 1; \
	done
