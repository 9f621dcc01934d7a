include tests/mock/module.mk
include tests/unit/module.mk
include tests/check/module.mk
include tests/cli/module.mk
include tests/ui/module.mk
include tests/pcap/module.mk
include tests/fuzz/module.mk
include tests/lint/module.mk
include tests/lab/module.mk
include tests/bench/module.mk

# make golden CASE=name (or CASE=all): look at what changes, then commit it.
.PHONY: golden
golden: golden-pcap golden-ui
