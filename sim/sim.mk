# SPDX-License-Identifier: Apache-2.0
#
# The simulated card: the Verilated system with its harness for programs that own simulated time themselves. There are two
# builds of the same card: CARD_LIBS, with every assertion, for tests and for sluice-sim; CARD_FAST_LIBS, without, for programs
# that measure or that run a great many updates. The former can trace, unless SIM_TRACED is empty: a third of its compilation.
# The latter is compiled twice, the second time with the compiler's profile of a training run (tests/bench/cosim --training),
# unless SIM_TRAINED is empty. Of both, SIM_CLK_HZ, SIM_BAUD and SIM_SMBUS_HZ are the clock, the serial line and the SMBus,
# SIM_BUFFERS and SIM_STREAM_RAM the engine's block buffers and the bytes of the RAM that they are in.
SIM_CLK_HZ ?= 24000000
SIM_BAUD ?= 3000000
SIM_SMBUS_HZ ?= 1000000
SIM_BUFFERS ?= 8
SIM_STREAM_RAM ?= 65536
SIM_TRAINED ?= yes
SIM_TRACED ?= yes
SIM_DIR := $(BUILD)/sim
SIM_C := $(wildcard sim/nor*.c) sim/uart_pins.c sim/packet_pins.c $(wildcard sim/smbus_*.c)
SIM_CXX := $(wildcard sim/*.cpp)
SIM_H := $(wildcard sim/*.h)
SIM_VERILATOR := --cc -O3 -fno-const-bit-op-tree --x-assign fast --x-initial fast -Wno-fatal -Werror-USERERROR \
	-GClkHz=$(SIM_CLK_HZ) -GBaud=$(SIM_BAUD) -GPacketPort="1'b1" -GFlashChips=2 \
	-GSmbusLink="1'b1" -GSmbusBitRate=$(SIM_SMBUS_HZ) -GBuffers=$(SIM_BUFFERS) -GStreamRamBytes=$(SIM_STREAM_RAM)
SIM_VERILATOR_checked := --assert $(if $(SIM_TRACED),--trace-fst)
SIM_VERILATOR_fast :=
SIM_RUNTIME_checked := verilated.o verilated_threads.o $(if $(SIM_TRACED),verilated_fst_c.o)
SIM_RUNTIME_fast := verilated.o verilated_threads.o
SIM_CXXFLAGS := -O2 -I. -Irtl/soc/$(CORE) -isystem $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)/include \
	-isystem $(shell verilator --getenv VERILATOR_ROOT 2>/dev/null)/include/vltstd \
	-DSLUICE_CLK_HZ=$(SIM_CLK_HZ)u -DSLUICE_BAUD=$(SIM_BAUD)u -DSLUICE_SMBUS_HZ=$(SIM_SMBUS_HZ)u -DSLUICE_BUFFERS=$(SIM_BUFFERS)u
SIM_CXXFLAGS_checked := -DSLUICE_CHECKED $(if $(SIM_TRACED),-DSLUICE_TRACED)
SIM_CXXFLAGS_fast :=
SIM_CXXFLAGS_training :=
SIM_VERILATOR_training :=
SIM_RUNTIME_training := $(SIM_RUNTIME_fast)
SIM_OPT_checked := -O2
SIM_OPT_training := -O2 -fprofile-generate -fprofile-update=single
# What the training did not reach is compiled as without it.
SIM_OPT_fast := -O2 $(if $(SIM_TRAINED),-fprofile-use -fprofile-partial-training -Wno-missing-profile)
# Verilator evaluates the logic behind the inputs at each eval(); here only if the harness has not set the flag, see
# skip_input_logic() in sim/quiet.h.
SIM_INPUT_LOGIC := s/vlSelf->(__VicoTriggered\.at\(0U\)) = \(0U == vlSelf->__VicoIterCount\);/bool \&settled = vlSelf->\1; settled = !settled \&\& 0U == vlSelf->__VicoIterCount;/
sim_libs = $(SIM_DIR)/$(1)/libcard.a $(SIM_DIR)/$(1)/Vsluice_soc__ALL.a $(SIM_RUNTIME_$(1):%=$(SIM_DIR)/$(1)/%)
CARD_LIB := $(SIM_DIR)/checked/libcard.a
CARD_FAST_LIB := $(SIM_DIR)/fast/libcard.a
CARD_LIBS := $(call sim_libs,checked)
CARD_FAST_LIBS := $(call sim_libs,fast)
CARD_TRAINING_LIB := $(SIM_DIR)/training/libcard.a
CARD_TRAINING_LIBS := $(call sim_libs,training)
CARD_LDFLAGS := -lstdc++ -lm -lz -lpthread

# OPT_SLOW: the harness settles the logic behind registers that it moved (sim/quiet.h), which is such code. A compiler looks
# for an object's profile beside it.
$(SIM_DIR)/%/Vsluice_soc__ALL.a: $(RTL_ALL) $(RTL_VLT)
	@mkdir -p $(SIM_DIR)
	{ verilator $(SIM_VERILATOR) $(SIM_VERILATOR_$*) $(RTL_VLT) $(RTL_ALL) --top-module sluice_soc --Mdir $(@D) && \
	  sed -i -E '$(SIM_INPUT_LOGIC)' $(@D)/Vsluice_soc*root__DepSet_*.cpp && \
	  $(if $(SIM_PROFILE_$*),cp $(SIM_PROFILE_$*)/*.gcda $(@D) &&) \
	  $(MAKE) -C $(@D) -f Vsluice_soc.mk OPT_FAST='$(SIM_OPT_$*)' OPT_SLOW='$(SIM_OPT_$*)' Vsluice_soc__ALL.a $(SIM_RUNTIME_$*); } \
	  >$(SIM_DIR)/verilate_$*.log 2>&1 || { cat $(SIM_DIR)/verilate_$*.log; exit 1; }
ifneq ($(SIM_TRAINED),)
SIM_PROFILE_fast := $(SIM_DIR)/training
$(SIM_DIR)/fast/Vsluice_soc__ALL.a: $(SIM_DIR)/training/trained
$(SIM_DIR)/training/trained: $(SIM_DIR)/training/cosim
	rm -f $(@D)/*.gcda
	$< --training >$@.log || { cat $@.log; exit 1; }
	touch $@
endif
$(SIM_DIR)/%.o: sim/%.c $(SIM_H)
	@mkdir -p $(SIM_DIR)
	gcc -std=c11 -O2 -g -ffile-prefix-map=$(CURDIR)=. -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -I. -c $< -o $@
$(SIM_DIR)/boot_rom.o: sim/boot_rom.S $(BUILD)/fw/boot.bin
	@mkdir -p $(SIM_DIR)
	gcc -Wa,-I$(BUILD)/fw -c $< -o $@
define card_rules
$(SIM_DIR)/$(1)/%.o: sim/%.cpp $(SIM_H) rtl/soc/$(CORE)/core_probe.h $(SIM_DIR)/$(1)/Vsluice_soc__ALL.a
	g++ -std=c++17 -Wall -Wextra $(SIM_CXXFLAGS) $(SIM_CXXFLAGS_$(1)) -I$$(@D) -c $$< -o $$@
$(SIM_DIR)/$(1)/libcard.a: $(SIM_CXX:sim/%.cpp=$(SIM_DIR)/$(1)/%.o) $(SIM_C:sim/%.c=$(SIM_DIR)/%.o) $(SIM_DIR)/boot_rom.o
	ar rcs $$@ $$^
endef
$(eval $(call card_rules,checked))
$(eval $(call card_rules,fast))
$(eval $(call card_rules,training))

$(BUILD)/bin/sluice-sim: $(patsubst sim/%.c,$(SIM_DIR)/%.o,sim/main.c sim/serve.c sim/pty.c sim/clip.c sim/serprog.c \
  sim/adapter.c sim/tap.c sim/capture.c sim/sim_manual.c) $(CARD_LIB) \
  $(patsubst %.c,$(HOST_DIR)/%.o,host/options.c host/manual.c host/io.c host/mctp_serial.c host/pcapng.c $(PLDM_CODEC_SRC))
	@mkdir -p $(BUILD)/bin
	gcc -o $@ $(filter %.o,$^) $(CARD_LIBS) $(CARD_LDFLAGS)
TOOLS += $(BUILD)/bin/sluice-sim
$(HOST_DIR)/sluice-sim-manual: $(SIM_DIR)/sim_manual.o $(SIM_DIR)/nor_parts.o $(HOST_MANUAL_OBJ)
$(eval $(call manual_rules,sluice-sim))

# The demonstration (tools/demo says what it does).
DEMO_FILES := $(BUILD)/bin/sluice-sim $(BUILD)/bin/fwpkg $(BUILD)/bin/fwup $(BUILD)/fw/app-1.0.0.bin $(BUILD)/fw/app-2.0.0.bin \
	$(BUILD)/bitstream/blinky-1.bin $(BUILD)/bitstream/blinky-2.bin
.PHONY: run-demo
run-demo: $(DEMO_FILES)
	@tools/demo $(BUILD) $(PY)
