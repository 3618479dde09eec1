# SPDX-License-Identifier: Apache-2.0
#
# The whole card on the host against the update agent. The firmware is linked to one object of its own: nothing of it but
# its two programs is visible outside, so the agent's copy of the codec is another one, and its variables lie in sections
# of their own, so that a restart can make them fresh.
WALK_DIR := $(BUILD)/tests/walk
WALK_CFLAGS := $(CFLAGS_TEST) -Itests/walk/hal -I. -Itests -I$(GEN)
WALK_BOARD := tests/walk/board.c fw/board/demo/hooks.c fw/board/demo/roots.c
WALK_FW_SRC := $(filter-out fw/hal/sluice.c fw/board/%,$(filter %.c,$(FW_APP))) fw/app/version.c fw/boot/boot.c fw/boot/select.c fw/boot/load.c $(WALK_BOARD)
WALK_SRC := $(sort $(wildcard tests/walk/*.c) $(WALK_BOARD) $(filter-out host/endpoint.c,$(HOST_AGENT_SRC)) host/component.c \
	host/component_spec.c host/file.c host/text.c fw/image/image.c fw/update/journal.c $(HOST_SIGN_SRC)) $(wildcard sim/nor*.c)
WALK_HEADERS := $(wildcard tests/walk/*.h tests/walk/hal/fw/hal/*.h sim/nor*.h fw/*/*.h) $(HOST_HEADERS) tests/check.h
WALK_SECTIONS := $(foreach s,.data .data.rel .data.rel.local,--rename-section $(s)=firmware_data) \
	--rename-section .bss=firmware_bss

$(WALK_DIR)/fw/app/main.o: WALK_MAIN := -Dmain=application_main
$(WALK_DIR)/fw/boot/boot.o: WALK_MAIN := -Dmain=boot_main
$(WALK_DIR)/fw/app/version.o: WALK_MAIN := -DAPP_VERSION='"0.0.0"'
$(WALK_DIR)/%.o: %.c $(WALK_HEADERS) $(GEN_H)
	@mkdir -p $(@D)
	gcc $(WALK_CFLAGS) $(WALK_MAIN) -c $< -o $@
$(WALK_DIR)/firmware.o: $(WALK_FW_SRC:%.c=$(WALK_DIR)/%.o)
	gcc -r -nostdlib -o $@.all $^
	objcopy --keep-global-symbol=application_main --keep-global-symbol=boot_main $(WALK_SECTIONS) $@.all $@
$(WALK_DIR)/walk: $(WALK_SRC:%.c=$(WALK_DIR)/%.o) $(WALK_DIR)/firmware.o
	gcc $(CFLAGS_TEST) -o $@ $^ -lcrypto
TESTS += $(WALK_DIR)/walk

# The operator's policy on the same card: a story of its own in place of walk's.
POLICY_WALK_SRC := tests/walk/policy/story.c $(filter-out tests/walk/walk.c tests/walk/world_story.c,$(WALK_SRC))
$(WALK_DIR)/policy_walk: $(POLICY_WALK_SRC:%.c=$(WALK_DIR)/%.o) $(WALK_DIR)/firmware.o
	gcc $(CFLAGS_TEST) -o $@ $^ -lcrypto
TESTS += $(WALK_DIR)/policy_walk

# A long campaign; the test itself walks for some seconds only.
.PHONY: run-walk
run-walk: $(WALK_DIR)/walk
	WALKS=$(or $(WALKS),20000) SEED=$(or $(SEED),1) $(WALK_DIR)/walk
