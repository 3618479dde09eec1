# SPDX-License-Identifier: Apache-2.0
#
# Firmware: $(BUILD)/fw/boot.hex (boot ROM, 1536 words for $readmemh) and $(BUILD)/fw/app-VERSION.bin for any VERSION, both for
# board BOARD_FW (a folder of fw/board). RV32I without extensions, so that every core will do.
BOARD_FW ?= demo
FW_CC := riscv64-unknown-elf-gcc
FW_SIZE := riscv64-unknown-elf-size
FW_OBJCOPY := riscv64-unknown-elf-objcopy
FW_FLAGS := --specs=picolibc.specs -march=rv32i -mabi=ilp32 -Os -std=c11 -ffreestanding -ffunction-sections -fdata-sections \
	-fno-common -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -fstack-usage -msmall-data-limit=0 -msave-restore
FW_LDFLAGS := -nostartfiles -Wl,--gc-sections -Wl,--fatal-warnings -Wl,--no-warn-rwx-segments

FW_HAL := fw/hal/start.S $(wildcard fw/hal/*.c)
FW_BOARD := fw/board/$(BOARD_FW)/flash_map.c
FW_BOOT := $(FW_HAL) $(FW_BOARD) fw/board/$(BOARD_FW)/roots.c fw/boot/boot.c fw/boot/select.c fw/boot/load.c $(wildcard fw/image/*.c) fw/update/journal.c
FW_APP := $(FW_HAL) $(FW_BOARD) $(filter-out $(FW_BOARD),$(wildcard fw/board/$(BOARD_FW)/*.c)) $(filter-out fw/app/version.c,$(wildcard fw/app/*.c)) \
	$(wildcard fw/update/*.c fw/image/*.c fw/pldm/*.c fw/mctp/*.c)
FW_HEADERS = $(wildcard fw/*/*.h) $(GEN_H)
fw_objects = $(patsubst %,$(BUILD)/fw/obj/%.o,$(1))

$(BUILD)/fw/obj/%.c.o: %.c $(FW_HEADERS)
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) -I. -I$(GEN) -c $< -o $@
# Reading and judging a manifest and giving orders are most of what the processor does in an update: there instructions count
# more than size (lms_verify_cycles and insn_per_payload_byte in the bench).
$(call fw_objects,fw/image/lms.c fw/image/trust.c fw/hal/judge.c fw/hal/orders.c fw/hal/engine.c): FW_FLAGS += -O3 -mno-save-restore
$(call fw_objects,fw/update/transfer.c fw/update/transfer_orders.c fw/update/planner.c): FW_FLAGS += -O2 -mno-save-restore
$(call fw_objects,fw/app/card.c fw/app/main.c): FW_FLAGS += -mno-save-restore
$(call fw_objects,fw/image/image.c): FW_FLAGS += -O2 -mno-save-restore
$(BUILD)/fw/obj/%.S.o: %.S
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) -c $< -o $@
$(BUILD)/fw/obj/version-%.o: fw/app/version.c $(FW_HEADERS)
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) -DAPP_VERSION='"$*"' -I. -I$(GEN) -c $< -o $@

# As one, so that what its few callers do not need is left away.
$(BUILD)/fw/boot.elf: $(FW_BOOT) $(FW_HEADERS) fw/boot/boot.ld
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) -flto -I. -I$(GEN) $(FW_LDFLAGS) -T fw/boot/boot.ld $(FW_BOOT) -Wl,-Map=$(@:.elf=.map) -o $@
	$(FW_SIZE) $@ >$@.size
$(BUILD)/fw/boot.bin: $(BUILD)/fw/boot.elf
	$(FW_OBJCOPY) -O binary -j .text $< $@
$(BUILD)/fw/boot.hex: $(BUILD)/fw/boot.bin
	{ od -An -v -w4 -tx4 --endian=little $<; yes 00000000; } | tr -d ' ' | head -n 1536 >$@

$(BUILD)/fw/app-%.elf: $(call fw_objects,$(FW_APP)) $(BUILD)/fw/obj/version-%.o fw/app/app.ld
	$(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS) -T fw/app/app.ld $(filter %.o,$^) -Wl,-Map=$(@:.elf=.map) -o $@
	$(FW_SIZE) $@ >$@.size
$(BUILD)/fw/app-%.bin: $(BUILD)/fw/app-%.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@

# Host unit tests of firmware parts: $(call fw_test,NAME,C FILES) builds $(BUILD)/tests/fw/NAME from tests/fw/NAME.c.
define fw_test
$(BUILD)/tests/fw/$(1): tests/fw/$(1).c $(2) tests/check.h $(wildcard fw/*/*.h tests/fw/*.h) $(GEN_H)
	@mkdir -p $$(@D)
	gcc $$(CFLAGS_TEST) -I. -I$(GEN) tests/fw/$(1).c $(filter %.c,$(2)) -o $$@
TESTS += $(BUILD)/tests/fw/$(1)
endef
