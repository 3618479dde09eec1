# SPDX-License-Identifier: Apache-2.0
#
# The fault campaign (docs/faults.md). Each layout has a board's map of its own, with which boot ROM and firmware are built;
# all run on the same Verilated card, the one without assertions.
FAULTS := $(BUILD)/tests/faults
FAULTS_LAYOUTS := w25q is25wp gd25q two
FAULTS_MAP_w25q := $(FW_BOARD)
FAULTS_MAP_is25wp := tests/faults/boards/is25wp.c
FAULTS_MAP_gd25q := tests/faults/boards/gd25q.c
FAULTS_MAP_two := tests/faults/boards/two.c

# Their cards: the demonstration board's roots, an identity of their own.
FAULTS_BOOT := $(filter-out $(FW_BOARD),$(FW_BOOT))
FAULTS_APP := $(filter-out $(FW_BOARD) fw/board/$(BOARD_FW)/identity.c fw/board/$(BOARD_FW)/hooks.c,$(FW_APP)) tests/faults/boards/identity.c
FAULTS_LINK = @mkdir -p $(@D); $(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS)

define faults_layout
$(FAULTS)/fw/boot-$(1).elf: $(FAULTS_BOOT) $(FAULTS_MAP_$(1)) $(FW_HEADERS) fw/boot/boot.ld
	$$(FAULTS_LINK) -flto -I. -I$(GEN) -T fw/boot/boot.ld $(FAULTS_BOOT) $(FAULTS_MAP_$(1)) -o $$@
$(FAULTS)/fw/app-$(1)-%.elf: $(call fw_objects,$(FAULTS_APP) $(FAULTS_MAP_$(1))) $(BUILD)/fw/obj/version-%.o fw/app/app.ld
	$$(FAULTS_LINK) -T fw/app/app.ld $$(filter %.o,$$^) -o $$@
$(FAULTS)/fw/app-$(1)-hangs.elf: $(call fw_objects,$(FAULTS_APP) $(FAULTS_MAP_$(1)) tests/system/hang.c) \
  $(BUILD)/fw/obj/version-1.0.0.o fw/app/app.ld
	$$(FAULTS_LINK) -Wl,--wrap=card_init -T fw/app/app.ld $$(filter %.o,$$^) -o $$@
$(FAULTS)/map-$(1).o: $(FAULTS_MAP_$(1)) $(wildcard fw/board/*.h fw/pldm/*.h)
	@mkdir -p $$(@D)
	gcc $(SYSTEM_CFLAGS) -Dboard_components=$(1)_components -Dboard_component_count=$(1)_count -Dboard_journal=$(1)_journal \
	  -Dboard_trial_starts=$(1)_starts -Dboard_fused_minimum=$(1)_fused -Wno-missing-prototypes \
	  -c $$< -o $$@
endef
$(foreach l,$(FAULTS_LAYOUTS),$(eval $(call faults_layout,$(l))))
$(FAULTS_LAYOUTS:%=$(FAULTS)/fw/boot-%.elf) $(FAULTS_LAYOUTS:%=$(FAULTS)/map-%.o): $(BOARD_PARTS)
$(FAULTS)/fw/%.bin: $(FAULTS)/fw/%.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@
$(FAULTS)/fw/boot-%.hex: $(FAULTS)/fw/boot-%.elf
	$(FW_OBJCOPY) -O binary -j .text $< $(@:.hex=.bin)
	{ od -An -v -w4 -tx4 --endian=little $(@:.hex=.bin); yes 00000000; } | tr -d ' ' | head -n 1536 >$@
FAULTS_FW := $(foreach l,$(FAULTS_LAYOUTS),$(FAULTS)/fw/boot-$(l).hex $(FAULTS)/fw/app-$(l)-1.0.0.bin $(FAULTS)/fw/app-$(l)-2.0.0.bin $(FAULTS)/fw/app-$(l)-hangs.bin)

FAULTS_SRC := $(filter-out tests/faults/faults.c %_test.c,$(wildcard tests/faults/*.c))
$(FAULTS)/faults $(FAULTS)/starts_test: $(FAULTS)/%: tests/faults/%.c $(FAULTS_SRC) $(SYSTEM_RIG) $(wildcard tests/faults/*.h tests/system/*.h) \
  $(SYSTEM_OBJ) $(CARD_FAST_LIB) $(FAULTS_LAYOUTS:%=$(FAULTS)/map-%.o)
	@mkdir -p $(@D)
	gcc $(SYSTEM_CFLAGS) -DFAULTS_FW='"$(FAULTS)/fw"' -o $@ $(filter %.c,$^) $(FAULTS_LAYOUTS:%=$(FAULTS)/map-%.o) $(SYSTEM_OBJ) \
	  $(CARD_FAST_LIBS) -lcrypto $(CARD_LDFLAGS)
$(FAULTS)/starts_test: $(FAULTS_FW)

# The whole campaign, FAULTS_RUNS of them spread over boards, kinds and phases, in two processes; FAULTS_RUNS=0: all there are.
FAULTS_RUNS ?= 14000
FAULTS_JOBS ?= 2
FAULTS_PROGRAM := --program $(FAULTS)/faults --firmware $(FAULTS)/fw
.PHONY: run-faults run-faults-mutants
run-faults: $(FAULTS)/faults $(FAULTS_FW)
	@$(PY) tools/faults.py run $(FAULTS_PROGRAM) --runs $(FAULTS_RUNS) --jobs $(FAULTS_JOBS) --out $(BUILD)/faults

# Defects in boot ROM and firmware, each of which must be found; MUTANT=n: that one alone.
run-faults-mutants: $(FAULTS)/faults $(FAULTS_FW)
	@$(PY) tools/faults_mutants.py --program $(FAULTS)/faults --mutants tests/faults/mutants --out $(FAULTS)/mutants \
	  --cc "$(FW_CC) $(FW_FLAGS)" --ld "$(FW_LDFLAGS)" --objcopy $(FW_OBJCOPY) --generated $(GEN) --objects $(BUILD)/fw/obj \
	  --boot "$(FAULTS_BOOT)" --app "$(FAULTS_APP)" --maps "$(foreach l,$(FAULTS_LAYOUTS),$(l)=$(FAULTS_MAP_$(l)))" \
	  $(MUTANT:%=--defect %)

# A sample that has every kind and phase, in two halves that run beside each other.
FAULTS_SAMPLE ?= 300
FAULTS_TESTS := $(FAULTS)/faults_0_test $(FAULTS)/faults_1_test
$(FAULTS_TESTS): $(FAULTS)/faults_%_test: $(FAULTS)/faults $(FAULTS_FW) tools/faults.py tools/faults_report.py
	printf '#!/bin/sh\nexec $(PY) tools/faults.py test $(FAULTS_PROGRAM) --runs $(FAULTS_SAMPLE) --shards 2 --shard $* --out $(FAULTS)/sample\n' >$@
	chmod +x $@
TESTS := $(FAULTS_TESTS) $(FAULTS)/starts_test $(TESTS)
