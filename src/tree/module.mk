noinst_LIBRARIES += src/libtree.a
src_libtree_a_SOURCES = \
	src/tree/document.c src/tree/document.h \
	src/tree/lint.c \
	src/tree/load.c src/tree/load.h \
	src/tree/node.c \
	src/tree/parts.h \
	src/tree/program.c \
	src/tree/tree.c src/tree/tree.h \
	src/tree/walk.c
nodist_src_libtree_a_SOURCES = src/tree/schema.c

# The schemas are built in, so that they always fit the program that reads the tree.
src/tree/schema.c: $(top_srcdir)/data/tree.rng $(top_srcdir)/data/routers.rng
	$(AM_V_GEN)$(MKDIR_P) src/tree && { \
	echo '/* Made from data/tree.rng and data/routers.rng. */' && \
	echo '#include "tree/document.h"' && \
	for name in tree routers; do \
		echo "const char document_$${name}_schema[] =" && \
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $(top_srcdir)/data/$$name.rng && \
		echo ';' || exit 1; \
	done; } >$@-t && mv $@-t $@
CLEANFILES += src/tree/schema.c
