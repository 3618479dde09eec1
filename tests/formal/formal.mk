# SPDX-License-Identifier: Apache-2.0
#
# `make formal`: the proofs, their covers and the defects that they must find (docs/formal.md). FORMAL_PROOFS="jobs flash"
# chooses among them.
FORMAL := $(BUILD)/formal
FORMAL_PROOFS ?= arbiter fifo router deframer jobs orders checker flash writes
.PHONY: formal run-formal
formal: setup
	tools/setup $(VENV) formal
	$(MAKE_INSIDE) run-formal
run-formal: $(RTL_PKG)
	@$(PY) -B tests/formal/run.py --tools $(BIN) --generated $(GEN) --work $(FORMAL) --jobs $(JOBS) $(FORMAL_PROOFS)
