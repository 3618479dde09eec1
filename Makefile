# SPDX-License-Identifier: Apache-2.0
#
# The two commands are `make demo` and `make test`; `make help` names the others. Each installs what it needs first.
BUILD ?= build
VENV ?= $(BUILD)/venv
JOBS ?= $(shell nproc)
PY := $(VENV)/bin/python
BIN := $(VENV)/bin

# Commands are shown with V=1 only.
ifndef V
.SILENT:
endif
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := help

# Every folder adds its own rules. TESTS collects test programs, LINT lint targets, TOOLS the programs for people.
TESTS :=
LINT :=
TOOLS :=
include rtl/rtl.mk
include fw/fw.mk
include host/host.mk
include sim/sim.mk
include constraints/constraints.mk
include docs/release.mk
include tests/tests.mk
include tools/lint.mk
include docs/docs.mk

.PHONY: help setup all man demo test lint fuzz fuzz-corpus walk random faults faults-mutants coverage bench bitstream clean
help:
	@echo "make demo       build everything, update a simulated card with a real package, print a table"
	@echo "make test       all tests; ends with 'N passed, N failed'"
	@echo "make lint       all linters and format checks"
	@echo "make fuzz       fuzz every parser, FUZZ_SECONDS=60 or FUZZ_RUNS=n each; make fuzz-corpus keeps what it found"
	@echo "make walk       walk the whole card against update agents on bad links, WALKS=20000 from SEED=1 on"
	@echo "make random     random updates of the whole card, RUNS=1000 from SEED=1 on"
	@echo "make faults     the fault campaign on the whole card, FAULTS_RUNS=14000, into $(BUILD)/faults/report.html"
	@echo "make faults-mutants   defects in boot ROM and firmware that the campaign must find"
	@echo "make formal     the proofs, and the defects that they must find; ends with 'N passed, N failed'"
	@echo "make test-linux fwup through a real kernel's MCTP to the simulated card, in qemu; builds the kernel once (10 minutes)"
	@echo "make coverage   branch coverage of the protocol code, into $(BUILD)/coverage/index.html"
	@echo "make bench      the figures, into $(BUILD)/bench.json and $(BUILD)/bench/report.html"
	@echo "make bitstream BOARD=icebreaker|ulx3s"
	@echo "make docs       the register map as HTML, into $(BUILD)/docs"
	@echo "make man        manual pages and shell completions of the tools, into $(BUILD)/share"
	@echo "make advisories what customers get of flaws that are public, into $(BUILD)/advisories"
	@echo "make evidence VERSION=x.y.z   what goes with a release: release.json, SBOM, tests and their results"
	@echo "make release VERSION=x.y.z    tests, then sources, firmware, bitstreams, tools, evidence and checksums, into $(BUILD)/release"
	@echo "make same-bitstreams          builds the bitstreams twice in folders of their own, and compares them"
	@echo "make all        firmware and tools only, with these ($(BUILD)/bin)"

# Installs packages or says what is missing; re-done when the list of tools changes.
$(BUILD)/.setup: tools/setup tools/requirements.txt
	@mkdir -p $(BUILD)
	tools/setup $(VENV)
	@touch $@
setup: $(BUILD)/.setup

# What a person asks for runs in a second make, so that it starts only once the tools are there.
MAKE_INSIDE = +echo "building in $(BUILD) ..."; $(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD) VENV=$(VENV)
all: setup
	$(MAKE_INSIDE) run-all
man: setup
	$(MAKE_INSIDE) run-man
demo: setup
	$(MAKE_INSIDE) run-demo
test: setup
	tools/setup $(VENV) test
	$(MAKE_INSIDE) run-test
lint: setup
	tools/setup $(VENV) lint
	$(MAKE_INSIDE) run-lint
fuzz fuzz-corpus: setup
	tools/setup $(VENV) fuzz
	$(MAKE_INSIDE) run-$@
walk coverage random faults faults-mutants: setup
	$(MAKE_INSIDE) run-$@
bench: setup
	$(MAKE_INSIDE) run-bench
bitstream: setup
	$(MAKE_INSIDE) run-bitstream
.PHONY: run-all run-man run-test run-lint
run-all: $(TOOLS) $(MANUALS)
run-man: $(MANUALS)
	@echo "read them with: man -l $(MAN_DIR)/fwup.1; . $(COMPLETION_DIR)/fwup"
run-test: $(TESTS)
	@tests/run -j $(JOBS) $(TESTS)
run-lint: $(LINT)

clean:
	rm -rf $(BUILD)
