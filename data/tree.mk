# The tree and what goes with it.
TREE_FILES = data/tree.xml data/tree.rng data/tree.its data/routers.xml data/routers.rng
dist_pkgdata_DATA += $(TREE_FILES)
