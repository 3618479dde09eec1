# SPDX-License-Identifier: Apache-2.0
#
# System tests: the Verilated card and the update agent in one process, in simulated time. They start long after the small
# tests, so they come first in the list and run beside them.
SYSTEM_TESTS := $(patsubst tests/system/%.c,$(BUILD)/tests/system/%,$(wildcard tests/system/*_test.c))
SYSTEM_FW := $(BUILD)/fw/app-1.0.0.bin $(BUILD)/fw/app-2.0.0.bin
SYSTEM_CFLAGS := -std=c11 -O1 -g -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -I. -Itests \
	-DSLUICE_CORE='"$(CORE)"' -DFW_1_0_0='"$(BUILD)/fw/app-1.0.0.bin"' -DFW_2_0_0='"$(BUILD)/fw/app-2.0.0.bin"' \
	-DFW_TWO_FLASHES='"$(BUILD)/tests/system/two_flashes.bin"' -DFW_HANGS='"$(BUILD)/tests/system/hangs.bin"'
SYSTEM_OBJ := $(SIM_DIR)/tap.o $(SIM_DIR)/adapter.o $(patsubst %.c,$(HOST_DIR)/%.o,$(sort $(HOST_AGENT_SRC) $(HOST_PKG_SRC) host/component.c \
	host/component_spec.c host/file.c $(HOST_SIGN_SRC) fw/image/image.c fw/update/journal.c))

SYSTEM_RIG := tests/system/rig.c tests/system/rig_package.c tests/system/rig_image.c tests/system/noise.c tests/system/forge.c

$(BUILD)/tests/system/%: tests/system/%.c $(SYSTEM_RIG) $(wildcard tests/system/*.h) $(SYSTEM_OBJ) $(CARD_LIB) $(SYSTEM_FW)
	@mkdir -p $(@D)
	gcc $(SYSTEM_CFLAGS) -o $@ $< $(SYSTEM_RIG) $(SYSTEM_OBJ) $(CARD_LIBS) -lcrypto $(CARD_LDFLAGS)

# What maps and identities of tests' boards are made of.
BOARD_PARTS := tests/system/two_components.h tests/system/plain_identity.h
$(call fw_objects,tests/system/two_flashes_map.c tests/bench/large_map.c tests/system/netlist/identity.c $(wildcard tests/faults/boards/*.c)): $(BOARD_PARTS)

# The application for a board with a second flash chip.
$(BUILD)/tests/system/two_flashes.elf: $(call fw_objects,$(filter-out $(FW_BOARD),$(FW_APP)) tests/system/two_flashes_map.c) \
  $(BUILD)/fw/obj/version-1.0.0.o fw/app/app.ld
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS) -T fw/app/app.ld $(filter %.o,$^) -o $@
$(BUILD)/tests/system/two_flashes.bin: $(BUILD)/tests/system/two_flashes.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@
$(BUILD)/tests/system/two_flashes_test: $(BUILD)/tests/system/two_flashes.bin

# The application, but for a start that never ends.
$(BUILD)/tests/system/hangs.elf: $(call fw_objects,$(FW_APP) tests/system/hang.c) $(BUILD)/fw/obj/version-2.0.0.o fw/app/app.ld
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS) -T fw/app/app.ld -Wl,--wrap=card_init $(filter %.o,$^) -o $@
$(BUILD)/tests/system/hangs.bin: $(BUILD)/tests/system/hangs.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@
$(BUILD)/tests/system/trial_test: $(BUILD)/tests/system/hangs.bin

include tests/system/netlist/netlist.mk

# Random updates of the whole card, as many as wanted.
.PHONY: run-random
run-random: $(BUILD)/tests/system/random_test
	$< --seed $(or $(SEED),1) --runs $(or $(RUNS),1000)

# The main job with each of the other cores; all system tests of one: make BUILD=build/serv CORE=serv test.
CORE_TESTS := $(OTHER_CORES:%=$(BUILD)/tests/system/update_%_test)
$(CORE_TESTS): $(BUILD)/tests/system/update_%_test: ALWAYS
	@mkdir -p $(@D)
	$(call core_make,$*,$(BUILD)/$*/tests/system/update_test)
	ln -sf ../../$*/tests/system/update_test $@

# A slow SMBus is another simulation.
SMBUS_100K := $(BUILD)/smbus_100k/tests/system/smbus_test
$(SMBUS_100K): ALWAYS
	+$(MAKE) --no-print-directory BUILD=$(BUILD)/smbus_100k VENV=$(VENV) SIM_TRACED= SIM_SMBUS_HZ=100000 $@
$(BUILD)/tests/system/smbus_100k_test: $(SMBUS_100K)
	@mkdir -p $(@D)
	ln -sf ../../smbus_100k/tests/system/smbus_test $@
TESTS := $(SYSTEM_TESTS) $(CORE_TESTS) $(BUILD)/tests/system/smbus_100k_test $(TESTS)
