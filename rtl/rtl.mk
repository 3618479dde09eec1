# SPDX-License-Identifier: Apache-2.0
#
# File lists and generated registers. RTL_PKG comes first on every tool's command line.
GEN := $(BUILD)/gen
RDL := rtl/regs/sluice.rdl

$(GEN)/sluice_regs.sv $(GEN)/sluice_regs_pkg.sv &: $(RDL) rtl/rtl.mk
	@mkdir -p $(GEN)
	$(BIN)/peakrdl regblock $(RDL) -t sluice_regs --cpuif passthrough --default-reset arst_n -o $(GEN)
	sed -i 's/\babort\b/abort_orders/g' $(GEN)/sluice_regs.sv $(GEN)/sluice_regs_pkg.sv # the C++ of Verilator 5.006 stumbles
$(GEN)/sluice_regs.h: $(RDL)
	@mkdir -p $(GEN)
	$(BIN)/peakrdl c-header $(RDL) -t sluice_regs -o $@
$(GEN)/stream_ram_map.h: $(RDL)
	@mkdir -p $(GEN)
	$(BIN)/peakrdl c-header $(RDL) -t stream_ram_map -o $@
$(GEN)/sluice_enums.h $(GEN)/order_map_pkg.sv &: $(RDL) tools/rdl_constants.py
	@mkdir -p $(GEN)
	$(PY) tools/rdl_constants.py $(RDL) $(GEN)
GEN_H := $(GEN)/sluice_regs.h $(GEN)/stream_ram_map.h $(GEN)/sluice_enums.h

RTL_PKG := $(GEN)/sluice_regs_pkg.sv $(GEN)/order_map_pkg.sv rtl/sluice_pkg.sv
RTL_HASH := $(wildcard rtl/hash/*.sv)
RTL_FLASH := $(wildcard rtl/flash/*.sv)
RTL_MCTP := $(wildcard rtl/mctp/*.sv)
RTL_STREAM := $(sort $(wildcard rtl/stream/*_pkg.sv)) $(filter-out %_pkg.sv,$(wildcard rtl/stream/*.sv))
RTL_PRIM := $(wildcard rtl/prim/*.sv)
RTL_SOC := $(wildcard rtl/soc/*.sv)

# The processor core: a file list that ends with a module sluice_core (see rtl/soc/picorv32/sluice_core.sv).
CORE ?= picorv32
CORES := picorv32 serv vexriscv
ifeq ($(filter $(CORES),$(CORE)),)
$(error CORE=$(CORE): not one of $(CORES))
endif
SITE = $(firstword $(wildcard $(VENV)/lib/python3*/site-packages))
RTL_CORE_picorv32 = rtl/soc/picorv32/core_config.sv $(SITE)/pythondata_cpu_picorv32/verilog/picorv32.v \
	rtl/soc/picorv32/sluice_core_regs.sv rtl/soc/picorv32/sluice_core.sv
# The order matters: serv_rf_top.v ends with the `default_nettype that the files before it leave at none.
RTL_CORE_serv = $(patsubst %,$(SITE)/pythondata_cpu_serv/verilog/rtl/serv_%.v,aligner alu bufreg bufreg2 compdec csr ctrl \
	decode immdec mem_if rf_if rf_ram rf_ram_if state top rf_top) rtl/soc/serv/sluice_core.sv
RTL_CORE_vexriscv = $(GEN)/VexRiscv_Min.v rtl/soc/vexriscv/sluice_core.sv
RTL_CORE = $(RTL_CORE_$(CORE))
# What tests and benches need with another core is made by a make of its own, in a build folder of its own:
# $(call core_make,CORE,TARGETS) with targets below $(BUILD)/CORE.
OTHER_CORES := $(if $(filter picorv32,$(CORE)),serv vexriscv)
core_make = +$(MAKE) --no-print-directory BUILD=$(BUILD)/$(1) VENV=$(VENV) SIM_TRAINED= SIM_TRACED= CORE=$(1) $(2)
.PHONY: ALWAYS
# Its pragma for Verilator would keep the core, and every module around it, from being inlined.
$(GEN)/VexRiscv_Min.v: $(SITE)/pythondata_cpu_vexriscv/verilog/VexRiscv_Min.v
	@mkdir -p $(GEN)
	sed 's|/\* verilator public \*/||' $< >$@

# Everything that sluice_soc needs, in the order of compilation. RTL_VLT: Verilator only, quiets the files of others.
RTL_VLT := rtl/soc/foreign.vlt
RTL_ALL = $(RTL_PKG) $(filter %_pkg.sv,$(RTL_STREAM)) $(RTL_PRIM) $(RTL_HASH) $(RTL_FLASH) $(RTL_MCTP) \
	$(filter-out %_pkg.sv,$(RTL_STREAM)) $(GEN)/sluice_regs.sv $(RTL_CORE) $(RTL_SOC)
