include data/practice/module.mk
include data/tree.mk
include data/providers/module.mk
