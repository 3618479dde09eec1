# SPDX-License-Identifier: Apache-2.0
#
# `make bench`: runs what is to be measured, puts the figures into $(BUILD)/bench.json and prints them. The programs run anew
# each time, because two rows are times of this machine; the bitstream is built when something changed.
BENCH := $(BUILD)/tests/bench
BENCH_MAP := $(BUILD)/fw/app-1.0.0.map

$(BENCH)/transfer $(BENCH)/flash_bound: $(BENCH)/%: tests/bench/%.c tests/system/rig.c $(wildcard tests/system/*.h) $(SYSTEM_OBJ) $(CARD_LIB) $(SYSTEM_FW)
	@mkdir -p $(@D)
	gcc $(SYSTEM_CFLAGS) -o $@ $< tests/system/rig.c $(SYSTEM_OBJ) $(CARD_LIBS) -lcrypto $(CARD_LDFLAGS)

# Its logic cells alone, by synthesis and packing for iCE40 UP5K.
BENCH_SHA256_RTL := rtl/prim/prim_ram_2p.sv $(filter rtl/hash/sha256%,$(RTL_HASH))
$(BENCH)/sha256_area.txt: constraints/area $(BENCH_SHA256_RTL)
	@mkdir -p $(@D)
	BUILD=$(BUILD) constraints/area $(VENV) sha256 $(BENCH_SHA256_RTL) >$@.cells
	sed -n 's/^sha256 ICESTORM_LC /# sha256_lc /p' $@.cells >$@

# The same download with each of the other cores, and the iCEBreaker's bitstream with SERV.
CORE_BITSTREAM_serv := $(BUILD)/serv/bitstream/icebreaker
CORE_FIGURES := $(OTHER_CORES:%=$(BENCH)/transfer_%.txt)
$(CORE_FIGURES): $(BENCH)/transfer_%.txt: ALWAYS | $(BITSTREAM)/icebreaker.asc
	@mkdir -p $(@D)
	$(call core_make,$*,$(BUILD)/$*/tests/bench/transfer $(CORE_BITSTREAM_$*:%=%.asc))
	$(BUILD)/$*/tests/bench/transfer --large >$@ || { cat $@; exit 1; }
CORE_BENCH = $(foreach c,$(OTHER_CORES),--core-figures $(c)=$(BENCH)/transfer_$(c).txt \
	$(CORE_BITSTREAM_$(c):%=--core-bitstream $(c)=%.report.json))

.PHONY: run-bench
run-bench: $(BENCH)/transfer $(BENCH)/flash_bound $(BUILD)/tests/rtl/sha256 $(BENCH)/sha256_area.txt $(BUILD)/fw/app-1.0.0.elf $(BITSTREAM)/icebreaker.asc \
  $(COVERAGE)/summary.json $(CORE_FIGURES)
	$(BENCH)/transfer >$(BENCH)/transfer.txt || { cat $(BENCH)/transfer.txt; exit 1; }
	$(BENCH)/flash_bound >$(BENCH)/flash_bound.txt || { cat $(BENCH)/flash_bound.txt; exit 1; }
	$(BUILD)/tests/rtl/sha256 >$(BENCH)/sha256.txt || { cat $(BENCH)/sha256.txt; exit 1; }
	@$(PY) tools/bench.py --figures $(BENCH)/transfer.txt --figures $(BENCH)/flash_bound.txt --figures $(BENCH)/sha256.txt \
	  --figures $(BENCH)/sha256_area.txt --map $(BENCH_MAP) \
	  --bitstream $(BITSTREAM)/icebreaker.report.json --coverage $(COVERAGE)/summary.json \
	  $(CORE_BENCH) --out $(BUILD)/bench.json
