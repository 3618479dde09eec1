# SPDX-License-Identifier: Apache-2.0
#
# The register map as HTML for people: $(DOCS)/registers and, for the orders in the stream RAM, $(DOCS)/stream_ram. The pages
# load their parts by script, which browsers allow for pages from a server only.
DOCS := $(BUILD)/docs

$(DOCS)/registers/index.html: $(RDL)
	$(BIN)/peakrdl html $< -t sluice_regs --title "Sluice registers" -o $(@D)
$(DOCS)/stream_ram/index.html: $(RDL)
	$(BIN)/peakrdl html $< -t stream_ram_map --title "Sluice stream RAM" -o $(@D)

.PHONY: docs run-docs
docs: setup
	$(MAKE_INSIDE) run-docs
run-docs: $(DOCS)/registers/index.html $(DOCS)/stream_ram/index.html
	@echo "read them with: $(PY) -m http.server -d $(DOCS)"

# What customers get of each flaw that is public (docs/advisories.md), as CSAF 2.0 names its files.
ADVISORY_DIR := $(BUILD)/advisories
ADVISORIES := $(shell grep -lE '^State: [0-9-]+ published' docs/advisories/SLUICE-*.txt)
advisory_name = $(shell echo $(basename $(notdir $(1))) | tr A-Z a-z)
define advisory_rules
$(ADVISORY_DIR)/$(call advisory_name,$(1)).json: $(1) docs/advisories/publisher.txt $(BUILD)/bin/fwrelease
	@mkdir -p $$(@D)
	$(BUILD)/bin/fwrelease csaf --publisher docs/advisories/publisher.txt -o $$@ $$<
$(ADVISORY_DIR)/$(call advisory_name,$(1)).txt: $(1) docs/advisories/publisher.txt $(BUILD)/bin/fwrelease
	@mkdir -p $$(@D)
	$(BUILD)/bin/fwrelease notice --publisher docs/advisories/publisher.txt -o $$@ $$<
ADVISORY_FILES += $(ADVISORY_DIR)/$(call advisory_name,$(1)).json $(ADVISORY_DIR)/$(call advisory_name,$(1)).txt
endef
$(foreach a,$(ADVISORIES),$(eval $(call advisory_rules,$(a))))
.PHONY: advisories run-advisories
advisories: setup
	$(MAKE_INSIDE) run-advisories
run-advisories: $(ADVISORY_FILES)
