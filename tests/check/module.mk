include tests/check/runner/module.mk
include tests/check/dns/module.mk
include tests/check/stun/module.mk
include tests/check/alg/module.mk
include tests/check/local/module.mk
include tests/check/ports/module.mk
include tests/check/quality/module.mk
include tests/check/router/module.mk
