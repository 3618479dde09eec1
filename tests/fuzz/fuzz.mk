# SPDX-License-Identifier: Apache-2.0
#
# Fuzzing with libFuzzer, ASan and UBSan. tests/fuzz/NAME.c is one target, tests/fuzz/corpus/NAME.hex its corpus, one input
# a line. `make fuzz` looks for more (FUZZ_SECONDS or FUZZ_RUNS a target, FUZZ_SEED, FUZZ_ONLY=NAMES), `make fuzz-corpus`
# takes what it found into the .hex files; `make test` replays them and tries a fixed number of inputs with a fixed seed.
FUZZ_CC ?= clang-14
FUZZ_SECONDS ?= 60
FUZZ_RUNS ?=
FUZZ_SEED ?=
FUZZ_DIR := $(BUILD)/tests/fuzz
FUZZ_CFLAGS := -std=c11 -g -O1 -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I.
FUZZ_HEADERS := tests/fuzz/fuzz.h $(wildcard tests/fw/fd_rig.h tests/host/fake_*.h) $(HOST_HEADERS)
FUZZ_NAMES :=

# $(call fuzz_target,NAME,LONGEST INPUT,RUNS OF make test,C FILES,LIBRARIES)
define fuzz_target
$(FUZZ_DIR)/$(1): tests/fuzz/$(1).c $(4) $(FUZZ_HEADERS)
	@mkdir -p $$(@D)
	$$(FUZZ_CC) $$(FUZZ_CFLAGS) $$(filter %.c,$$^) -o $$@ $(5)
$(FUZZ_DIR)/$(1)_fuzz: $(FUZZ_DIR)/$(1) tests/fuzz/corpus/$(1).hex tools/fuzz.py tests/fuzz/fuzz.mk
	printf '#!/bin/sh\nexec tools/fuzz.py test %s tests/fuzz/corpus/%s.hex --max-len %s --runs %s\n' \
	  $(FUZZ_DIR)/$(1) $(1) $(2) $(3) >$$@
	chmod +x $$@
TESTS += $(FUZZ_DIR)/$(1)_fuzz
FUZZ_NAMES += $(1)
FUZZ_MAX_LEN_$(1) := $(2)
endef
FUZZ_FD := tests/fw/fd_rig.c $(wildcard fw/pldm/*.c) fw/image/crc32.c
$(eval $(call fuzz_target,mctp_control,256,600000,$(wildcard fw/mctp/*.c)))
$(eval $(call fuzz_target,mctp_assembler,2048,300000,fw/mctp/mctp.c))
$(eval $(call fuzz_target,pldm_base,256,600000,$(wildcard fw/pldm/*.c) fw/image/crc32.c))
$(eval $(call fuzz_target,pldm_codec,1024,1000000,$(PLDM_CODEC_SRC)))
$(eval $(call fuzz_target,pldm_tables,1024,400000,$(PLDM_CODEC_SRC)))
$(eval $(call fuzz_target,fd,512,50000,$(FUZZ_FD)))
$(eval $(call fuzz_target,fd_response,128,200000,$(FUZZ_FD)))
$(eval $(call fuzz_target,agent,1024,40000,$(FAKE_SRC)))
$(eval $(call fuzz_target,package,2048,200000,$(HOST_PKG_SRC)))
$(eval $(call fuzz_target,descriptor,1024,400000,$(HOST_PKG_SRC)))
$(eval $(call fuzz_target,manifest,194,800000,fw/image/image.c))
$(eval $(call fuzz_target,signature,64,12000,fw/image/lms.c fw/image/trust.c fw/image/image.c))
$(eval $(call fuzz_target,journal,513,150000,fw/update/journal.c fw/image/crc32.c))
$(eval $(call fuzz_target,policy,256,10000,$(filter %.c,$(UPDATE_DEVICE_SRC)) $(GEN_H),-I$(GEN) -Wno-missing-field-initializers))
$(eval $(call fuzz_target,select,96,300000,fw/boot/select.c))
$(eval $(call fuzz_target,json,1024,200000,host/json_read.c $(HOST_NOTES_SRC) host/text.c $(HOST_PKG_SRC)))
$(eval $(call fuzz_target,serial,1024,250000,host/mctp_serial.c))
$(eval $(call fuzz_target,serprog,512,200000,sim/serprog.c sim/serprog.h))
$(eval $(call fuzz_target,ocf_post,128,300000,$(OCF_SRC),-lcbor))
$(eval $(call fuzz_target,ocf_record,1024,300000,$(OCF_SRC),-lcbor))

FUZZ_ONLY ?= $(FUZZ_NAMES)
fuzz_run = $(FUZZ_DIR)/$(1) tests/fuzz/corpus/$(1).hex --max-len $(FUZZ_MAX_LEN_$(1))
.PHONY: run-fuzz run-fuzz-corpus
run-fuzz: $(FUZZ_ONLY:%=$(FUZZ_DIR)/%)
	@$(foreach t,$(FUZZ_ONLY),tools/fuzz.py run $(call fuzz_run,$(t)) $(if $(FUZZ_SEED),--seed $(FUZZ_SEED)) \
	  $(if $(FUZZ_RUNS),--runs $(FUZZ_RUNS),--seconds $(FUZZ_SECONDS)) &&) true
run-fuzz-corpus: $(FUZZ_ONLY:%=$(FUZZ_DIR)/%)
	@$(foreach t,$(FUZZ_ONLY),tools/fuzz.py merge $(call fuzz_run,$(t)) &&) true
