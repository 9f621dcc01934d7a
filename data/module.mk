include data/practice/module.mk
include data/tree.mk
