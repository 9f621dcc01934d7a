# Pictures of the screens for README.md, made from what the tests compare; written anew by `make pictures`.
EXTRA_DIST += doc/picture.py doc/question.svg doc/wizard.svg
pictures:
	cd $(top_srcdir) && for pair in question:question wizard:advice; do \
		python3 doc/picture.py tests/ui/golden/$${pair#*:}.txt >doc/$${pair%:*}.svg || exit 1; \
	done
.PHONY: pictures
