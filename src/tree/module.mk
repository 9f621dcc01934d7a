noinst_LIBRARIES += src/libtree.a
src_libtree_a_SOURCES =
