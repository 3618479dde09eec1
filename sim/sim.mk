# SPDX-License-Identifier: Apache-2.0
#
# The simulated card. CARD_LIB is the Verilated system with its harness for programs that own simulated time themselves
# (sluice-sim, system tests, benches). SIM_CLK_HZ, SIM_BAUD and SIM_SMBUS_HZ are the build's clock, serial line and SMBus,
# SIM_BUFFERS and SIM_STREAM_RAM the engine's block buffers and the bytes of the RAM that they are in.
SIM_CLK_HZ ?= 24000000
SIM_BAUD ?= 3000000
SIM_SMBUS_HZ ?= 1000000
SIM_BUFFERS ?= 8
SIM_STREAM_RAM ?= 65536
SIM_DIR := $(BUILD)/sim
SIM_C := $(wildcard sim/nor*.c) sim/uart_pins.c sim/packet_pins.c $(wildcard sim/smbus_*.c)
SIM_H := $(wildcard sim/*.h)
SIM_VERILATOR := --cc --trace-fst -O3 -fno-const-bit-op-tree --x-assign fast --x-initial fast --assert -Wno-fatal \
	-Werror-USERERROR -GClkHz=$(SIM_CLK_HZ) -GBaud=$(SIM_BAUD) -GPacketPort="1'b1" -GFlashChips=2 \
	-GSmbusLink="1'b1" -GSmbusBitRate=$(SIM_SMBUS_HZ) -GBuffers=$(SIM_BUFFERS) -GStreamRamBytes=$(SIM_STREAM_RAM) \
	-GBootRomFile='"$(abspath $(BUILD)/fw/boot.hex)"'
SIM_CXXFLAGS := -O2 -I. -I$(SIM_DIR)/verilated -Irtl/soc/$(CORE) -isystem $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)/include \
	-isystem $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)/include/vltstd \
	-DSLUICE_CLK_HZ=$(SIM_CLK_HZ)u -DSLUICE_BAUD=$(SIM_BAUD)u -DSLUICE_SMBUS_HZ=$(SIM_SMBUS_HZ)u -DSLUICE_BUFFERS=$(SIM_BUFFERS)u
CARD_LIB := $(SIM_DIR)/libcard.a
SIM_RUNTIME := verilated.o verilated_fst_c.o verilated_threads.o
CARD_LIBS := $(CARD_LIB) $(SIM_DIR)/verilated/Vsluice_soc__ALL.a $(SIM_RUNTIME:%=$(SIM_DIR)/verilated/%)
CARD_LDFLAGS := -lstdc++ -lm -lz -lpthread

$(SIM_DIR)/verilated/Vsluice_soc__ALL.a: $(RTL_ALL) $(RTL_VLT) $(BUILD)/fw/boot.hex
	@mkdir -p $(SIM_DIR)
	{ verilator $(SIM_VERILATOR) $(RTL_VLT) $(RTL_ALL) --top-module sluice_soc --Mdir $(SIM_DIR)/verilated && \
	  $(MAKE) -C $(SIM_DIR)/verilated -f Vsluice_soc.mk OPT_FAST=-O2 Vsluice_soc__ALL.a $(SIM_RUNTIME); } \
	  >$(SIM_DIR)/verilate.log 2>&1 || { cat $(SIM_DIR)/verilate.log; exit 1; }
$(SIM_DIR)/%.o: sim/%.c $(SIM_H)
	@mkdir -p $(SIM_DIR)
	gcc -std=c11 -O2 -g -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -I. -c $< -o $@
$(SIM_DIR)/card.o: sim/card.cpp $(SIM_H) rtl/soc/$(CORE)/core_probe.h $(SIM_DIR)/verilated/Vsluice_soc__ALL.a
	g++ -std=c++17 -O2 -Wall -Wextra $(SIM_CXXFLAGS) -c $< -o $@
$(CARD_LIB): $(SIM_DIR)/card.o $(SIM_C:sim/%.c=$(SIM_DIR)/%.o)
	ar rcs $@ $^

$(BUILD)/bin/sluice-sim: $(patsubst sim/%.c,$(SIM_DIR)/%.o,sim/main.c sim/serve.c sim/adapter.c sim/tap.c) $(CARD_LIB) \
  $(patsubst %.c,$(HOST_DIR)/%.o,host/options.c host/io.c host/mctp_serial.c $(PLDM_CODEC_SRC))
	@mkdir -p $(BUILD)/bin
	gcc -o $@ $(filter %.o,$^) $(CARD_LIBS) $(CARD_LDFLAGS)
TOOLS += $(BUILD)/bin/sluice-sim

# The demonstration (tools/demo says what it does).
DEMO_FILES := $(BUILD)/bin/sluice-sim $(BUILD)/bin/fwpkg $(BUILD)/bin/fwup $(BUILD)/fw/app-1.0.0.bin $(BUILD)/fw/app-2.0.0.bin \
	$(BUILD)/bitstream/blinky-1.bin $(BUILD)/bitstream/blinky-2.bin
.PHONY: run-demo
run-demo: $(DEMO_FILES)
	@tools/demo $(BUILD) $(PY)
