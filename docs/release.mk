# SPDX-License-Identifier: Apache-2.0
#
# What customers get beside the bytes: advisories, the evidence of a release, the release itself (docs/release.md).

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

# What goes with a release of VERSION (docs/release.md), into EVIDENCE. The tests of its manifest begin with a card that runs firmware
# PREVIOUS. KEY, STATE and KEY_INDEX say what signs; without KEY it is the demonstration board's key, which everybody has.
VERSION ?= 1.0.0
PREVIOUS ?= 0.0.1
KEY ?=
STATE ?=
KEY_INDEX ?=
EVIDENCE := $(BUILD)/evidence/$(VERSION)
RELEASE_PACKAGE := sluice-demo-$(VERSION).pldm
RELEASE_SIGN := $(BUILD)/bin/fwpkg tools/package docs/release.txt
CARD_PROGRAM ?= $(BUILD)/bin/sluice-sim

$(EVIDENCE)/$(RELEASE_PACKAGE): $(BUILD)/fw/app-$(VERSION).bin $(RELEASE_SIGN)
	@mkdir -p $(@D)
	tools/package $(BUILD)/bin $< "$(VERSION)" $@ "$(KEY)" "$(STATE)" "$(KEY_INDEX)"
$(EVIDENCE)/before.flash: $(BUILD)/fw/app-$(PREVIOUS).bin $(RELEASE_SIGN)
	@mkdir -p $(@D)
	tools/package $(BUILD)/bin $< "$(PREVIOUS)" $@ "" "" 1023
$(EVIDENCE)/release.json: $(EVIDENCE)/$(RELEASE_PACKAGE) $(BUILD)/bin/fwrelease docs/release.txt
	$(BUILD)/bin/fwrelease describe --notes docs/release.txt -o $@ $<
$(EVIDENCE)/bom.json: $(BUILD)/fw/app-$(VERSION).bin $(BUILD)/fw/boot.hex $(RTL_ALL) tools/sbom.py
	@mkdir -p $(@D)
	$(PY) tools/sbom.py $@ --version $(VERSION) --build $(BUILD) --site $(SITE) \
	  --part firmware $< $(FW_APP) $(FW_HEADERS) fw/app/version.c fw/app/app.ld --part boot $(BUILD)/fw/boot.bin $(FW_BOOT) $(FW_HEADERS) fw/boot/boot.ld \
	  --part gateware - $(RTL_ALL) $(wildcard constraints/*/*.sv constraints/*/*.pcf constraints/*/*.lpf)
ifeq ($(KEY),)
$(EVIDENCE)/test-manifest.json: docs/release-tests.json $(EVIDENCE)/release.json $(EVIDENCE)/before.flash $(CARD_PROGRAM) $(BUILD)/bin/fwup
	cp $< $@
	$(BUILD)/bin/fwup replay-tests --card $(CARD_PROGRAM) --record $(@D) >$@.log || { cat $@.log; exit 1; }
	rm $@.log
else
# The simulated card knows the demonstration's key alone: the same firmware, signed by that, stands for the package.
SIMULATED := $(BUILD)/evidence/$(VERSION)-simulated
$(EVIDENCE)/test-manifest.json: $(EVIDENCE)/release.json docs/release-tests.json
	+$(MAKE) --no-print-directory BUILD=$(BUILD) VENV=$(VENV) VERSION=$(VERSION) KEY= EVIDENCE=$(SIMULATED) $(SIMULATED)/test-manifest.json
	cp $(SIMULATED)/test-manifest.json $@
endif

EVIDENCE_FILES := $(addprefix $(EVIDENCE)/,$(RELEASE_PACKAGE) release.json bom.json before.flash test-manifest.json) $(ADVISORY_FILES)
.PHONY: evidence run-evidence
evidence: setup
	$(MAKE_INSIDE) run-evidence
run-evidence: $(EVIDENCE_FILES)
	@echo "the evidence of $(VERSION) in $(EVIDENCE)"

# `make release VERSION=x.y.z` tests first; `make release-files` does not.
RELEASE := $(BUILD)/release/sluice-$(VERSION)
.PHONY: release release-files run-release run-release-files
release release-files: setup
	tools/setup $(VENV) test
	$(MAKE_INSIDE) run-$@
run-release: run-test
	$(MAKE) --no-print-directory BUILD=$(BUILD) VENV=$(VENV) VERSION=$(VERSION) run-release-files
run-release-files: run-all run-evidence $(BUILD)/fw/app-$(VERSION).bin $(BITSTREAM)/icebreaker.bin $(BITSTREAM)/ulx3s.bit
	tools/release $(BUILD) $(VERSION) $(RELEASE)

# Two builds of the sources in folders of their own, compared (tests/evidence/same_test.sh).
.PHONY: same-bitstreams run-same-bitstreams
same-bitstreams: setup
	$(MAKE_INSIDE) run-same-bitstreams
run-same-bitstreams:
	tests/evidence/same_test.sh $(VENV) bitstream/icebreaker.bin bitstream/ulx3s.bit
