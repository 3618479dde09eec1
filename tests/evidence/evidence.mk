# SPDX-License-Identifier: Apache-2.0
#
# Tests of what a manufacturer tells, with public validators. $(call evidence_test,NAME,WHAT IT RUNS AND READS,FOLDERS) is
# tests/evidence/NAME.py with these as arguments.
define evidence_test
$(BUILD)/tests/evidence/$(1): tests/evidence/$(1).py $(2) $(wildcard tests/evidence/*.py)
	@mkdir -p $$(@D)
	printf '#!/bin/sh\nPYTHONDONTWRITEBYTECODE=1 exec %s -W ignore %s\n' $(PY) "$$< $(2) $(3)" >$$@
	chmod +x $$@
TESTS += $(BUILD)/tests/evidence/$(1)
endef
$(eval $(call evidence_test,contact_test,.well-known/security.txt))
$(eval $(call evidence_test,advisory_test,$(BUILD)/bin/fwrelease))
$(eval $(call evidence_test,fleet_test,$(BUILD)/bin/fwup $(BUILD)/bin/fwrelease))
$(eval $(call evidence_test,release_test,$(BUILD)/bin/fwup $(BUILD)/bin/fwpkg $(BUILD)/bin/fwrelease))
$(eval $(call evidence_test,replay_test,$(BUILD)/bin/fwup $(BUILD)/bin/fwpkg $(BUILD)/bin/fwrelease $(BUILD)/tests/host/cli_card))
$(eval $(call evidence_test,bom_test,$(EVIDENCE)/bom.json,$(BUILD) $(SITE)))
# The release's recommended tests on the Verilated card, and firmware and package built twice.
$(BUILD)/tests/evidence/recommended_test: tests/evidence/recommended_test.py $(EVIDENCE_FILES)
	@mkdir -p $(@D)
	printf '#!/bin/sh\nPYTHONDONTWRITEBYTECODE=1 exec %s %s\n' $(PY) "$< $(EVIDENCE)" >$@
	chmod +x $@
$(BUILD)/tests/evidence/same_test: tests/evidence/same_test.sh
	@mkdir -p $(@D)
	printf '#!/bin/sh\nexec %s %s\n' $< $(VENV) >$@
	chmod +x $@
TESTS += $(BUILD)/tests/evidence/recommended_test $(BUILD)/tests/evidence/same_test tests/evidence/layout_test.sh
