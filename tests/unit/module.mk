include tests/unit/proto/module.mk
include tests/unit/model/module.mk
include tests/unit/tree/module.mk
include tests/unit/report/module.mk
include tests/unit/wizard/module.mk
include tests/unit/net/module.mk
include tests/unit/base/module.mk
include tests/unit/capture/module.mk
