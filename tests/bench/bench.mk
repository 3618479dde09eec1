# SPDX-License-Identifier: Apache-2.0
#
# `make bench`: runs what is to be measured, puts the figures into $(BUILD)/bench.json and prints them. The programs run anew
# each time, because two rows are times of this machine; the bitstream is built when something changed.
BENCH := $(BUILD)/tests/bench
BENCH_MAP := $(BUILD)/fw/app-1.0.0.map

BENCH_PROGRAMS := transfer flash_bound link_bound smbus_bound crossover turnaround growth software lms_verify cosim resume
BENCH_FW := large_map fast_line software judge judge_boot
BENCH_CFLAGS := $(SYSTEM_CFLAGS) -DFW_LARGE_MAP='"$(BENCH)/large_map.bin"' -DFW_SOFTWARE='"$(BENCH)/software.bin"' \
	-DFW_FAST_LINE='"$(BENCH)/fast_line.bin"' -DFW_JUDGE='"$(BENCH)/judge.bin"' -DFW_JUDGE_BOOT='"$(BENCH)/judge_boot.bin"'
$(BENCH_PROGRAMS:%=$(BENCH)/%): $(BENCH)/%: tests/bench/%.c tests/bench/measure.c $(SYSTEM_RIG) \
  $(wildcard tests/system/*.h tests/bench/*.h) $(SYSTEM_OBJ) $(CARD_FAST_LIB) $(SYSTEM_FW) $(BENCH_FW:%=$(BENCH)/%.bin)
	@mkdir -p $(@D)
	gcc $(BENCH_CFLAGS) -o $@ $(filter %.c,$^) $(SYSTEM_OBJ) $(CARD_FAST_LIBS) -lcrypto $(CARD_LDFLAGS)

# The one whose run the compiler's profile of the fast simulation is of (sim/sim.mk). What else it is made of matters little to
# the profile and is no reason to compile the simulation anew.
$(SIM_DIR)/training/cosim: tests/bench/cosim.c tests/bench/measure.c $(CARD_TRAINING_LIB) | $(SYSTEM_RIG) $(SYSTEM_OBJ) $(SYSTEM_FW)
	gcc $(BENCH_CFLAGS) -o $@ $(filter %.c,$^) $(SYSTEM_RIG) $(SYSTEM_OBJ) $(CARD_TRAINING_LIBS) -lcrypto $(CARD_LDFLAGS) -lgcov

# The application for a board with large slots, the same on a fast line, the one whose orders are run by the processor, and
# one that only judges manifests; the latter also compiled as the boot ROM is.
BENCH_FW_large_map := $(filter-out $(FW_BOARD),$(FW_APP)) tests/bench/large_map.c
BENCH_FW_fast_line := $(filter-out $(FW_BOARD) fw/board/demo/identity.c,$(FW_APP)) tests/bench/large_map.c tests/bench/fast_line.c
BENCH_FW_software := $(filter-out fw/app/main.c fw/hal/engine.c,$(FW_APP)) $(wildcard tests/bench/software/*.c)
BENCH_FW_judge := $(FW_HAL) fw/board/$(BOARD_FW)/flash_map.c fw/board/$(BOARD_FW)/roots.c $(wildcard fw/image/*.c) tests/bench/judge/main.c
BENCH_FW_LDFLAGS_software := -Wl,--wrap=fd_response_piece
define bench_fw
$(BENCH)/$(1).elf: $(call fw_objects,$(BENCH_FW_$(1))) $(BUILD)/fw/obj/version-1.0.0.o fw/app/app.ld
	@mkdir -p $$(@D)
	$(FW_CC) $(FW_FLAGS) $(FW_LDFLAGS) $(BENCH_FW_LDFLAGS_$(1)) -T fw/app/app.ld $$(filter %.o,$$^) -o $$@
$(BENCH)/$(1).bin: $(BENCH)/$(1).elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $$< $$@
endef
$(foreach fw,$(filter-out %_boot,$(BENCH_FW)),$(eval $(call bench_fw,$(fw))))
$(BENCH)/judge_boot.elf: $(BENCH_FW_judge) $(FW_HEADERS) fw/app/app.ld
	@mkdir -p $(@D)
	$(FW_CC) $(FW_FLAGS) -flto -I. -I$(GEN) $(FW_LDFLAGS) -T fw/app/app.ld $(filter %.c %.S,$^) -o $@
$(BENCH)/judge_boot.bin: $(BENCH)/judge_boot.elf
	$(FW_OBJCOPY) -O binary -j .text -j .data $< $@

# Logic cells of the hash alone, with and without multiplier blocks as its adders, and of it with its loader, without and with
# what walks an LM-OTS signature: by synthesis and packing for iCE40 UP5K.
BENCH_CHECKER_RTL = $(RTL_PKG) rtl/stream/stream_pkg.sv $(SHA256_RTL) rtl/stream/stream_message.sv rtl/stream/stream_checker.sv
# $(call bench_cells,NAME,TOP,FILES AND OPTIONS): figures NAME_LC, NAME_DSP
bench_cells = BUILD=$(BUILD) constraints/area $(VENV) $(2) $(3) | sed -n 's/^$(2) ICESTORM_/\# $(1)_/p' >>$@
$(BENCH)/sha256_area.txt: constraints/area $(BENCH_CHECKER_RTL) $(ICE40_MAC)
	@mkdir -p $(@D)
	rm -f $@
	$(call bench_cells,sha256,sha256,$(ICE40_MAC_OPTIONS) $(SHA256_RTL))
	$(call bench_cells,sha256_no_mac,sha256,$(SHA256_RTL))
	$(call bench_cells,checker,stream_checker,-GChain=0 $(ICE40_MAC_OPTIONS) $(BENCH_CHECKER_RTL))
	$(call bench_cells,checker_chain,stream_checker,$(ICE40_MAC_OPTIONS) $(BENCH_CHECKER_RTL))

# The same download with each of the other cores, and the iCEBreaker's bitstream with SERV.
CORE_BITSTREAM_serv := $(BUILD)/serv/bitstream/icebreaker
CORE_FIGURES := $(OTHER_CORES:%=$(BENCH)/transfer_%.txt)
$(CORE_FIGURES): $(BENCH)/transfer_%.txt: ALWAYS | $(BITSTREAM)/icebreaker.asc
	@mkdir -p $(@D)
	$(call core_make,$*,$(BUILD)/$*/tests/bench/transfer $(CORE_BITSTREAM_$*:%=%.asc))
	$(BUILD)/$*/tests/bench/transfer --large >$@ || { cat $@; exit 1; }
CORE_BENCH = $(foreach c,$(OTHER_CORES),--core-figures $(c)=$(BENCH)/transfer_$(c).txt \
	$(CORE_BITSTREAM_$(c):%=--core-bitstream $(c)=%.report.json))

# What each program printed, as `# name value` lines, and the timelines that some of them write. They run anew each time.
BENCH_LINES := $(BUILD)/bench
BENCH_FIGURES := transfer flash_bound link_serial_3M link_serial_12M link_packet link_smbus_1M crossover crossover_16 turnaround \
	growth software lms_verify sha256 cosim resume
BENCH_RUN_transfer := $(BENCH)/transfer
BENCH_RUN_flash_bound := $(BENCH)/flash_bound --timelines $(BENCH_LINES)
BENCH_RUN_link_serial_3M := $(BENCH)/link_bound --timelines $(BENCH_LINES)
BENCH_RUN_link_serial_12M := $(BUILD)/serial_12M/tests/bench/link_bound --timelines $(BENCH_LINES)
BENCH_RUN_link_packet := $(BENCH)/link_bound --port --timelines $(BENCH_LINES)
BENCH_RUN_link_smbus_1M := $(BENCH)/smbus_bound --timelines $(BENCH_LINES)
BENCH_RUN_crossover := $(BENCH)/crossover --timelines $(BENCH_LINES)
BENCH_RUN_crossover_16 := $(BUILD)/buffers_16/tests/bench/crossover --timelines $(BENCH_LINES)
BENCH_RUN_turnaround := $(BUILD)/serial_12M_16/tests/bench/turnaround
BENCH_RUN_growth := $(BENCH)/growth
BENCH_RUN_software := $(BENCH)/software
BENCH_RUN_resume := $(BENCH)/resume
BENCH_RUN_lms_verify := $(BENCH)/lms_verify
BENCH_RUN_cosim := $(BENCH)/cosim
BENCH_RUN_sha256 := $(BUILD)/tests/rtl/sha256
BENCH_TIMELINES := w25q128jv_4bit mt25q_4bit crossover crossover_16 serial_3M serial_12M packet smbus_1M
$(BENCH_FIGURES:%=$(BENCH)/%.txt): $(BENCH)/%.txt: ALWAYS
	@mkdir -p $(BENCH_LINES)
	$(BENCH_RUN_$*) >$@ || { cat $@; exit 1; }
$(foreach f,$(BENCH_FIGURES),$(eval $(BENCH)/$(f).txt: $(firstword $(BENCH_RUN_$(f)))))

# 12 Mbaud need another clock, more buffers another RAM: other simulations, each in a build folder of its own.
$(BUILD)/serial_12M/tests/bench/link_bound: SIM_VARIANT := SIM_TRAINED= SIM_CLK_HZ=48000000 SIM_BAUD=12000000
$(BUILD)/buffers_16/tests/bench/crossover: SIM_VARIANT := SIM_TRAINED= SIM_BUFFERS=16 SIM_STREAM_RAM=131072
$(BUILD)/serial_12M_16/tests/bench/turnaround: SIM_VARIANT := SIM_TRAINED= SIM_CLK_HZ=48000000 SIM_BAUD=12000000 SIM_BUFFERS=16 SIM_STREAM_RAM=131072
$(BUILD)/serial_12M/tests/bench/link_bound $(BUILD)/buffers_16/tests/bench/crossover $(BUILD)/serial_12M_16/tests/bench/turnaround: ALWAYS
	+$(MAKE) --no-print-directory BUILD=$(@:%/tests/bench/$(@F)=%) VENV=$(VENV) $(SIM_VARIANT) $@

.PHONY: run-bench
run-bench: $(BENCH_FIGURES:%=$(BENCH)/%.txt) $(BENCH)/sha256_area.txt $(BUILD)/fw/app-1.0.0.elf $(BITSTREAM)/icebreaker.asc \
  $(BITSTREAM)/ulx3s_full.config $(COVERAGE)/summary.json $(CORE_FIGURES)
	@$(PY) tools/bench.py $(BENCH_FIGURES:%=--figures $(BENCH)/%.txt) --figures $(BENCH)/sha256_area.txt --map $(BENCH_MAP) \
	  --up5k $(BITSTREAM)/icebreaker.report.json --ecp5 $(BITSTREAM)/ulx3s_full.report.json --coverage $(COVERAGE)/summary.json \
	  $(CORE_BENCH) --out $(BUILD)/bench.json
	@$(PY) tools/bench_report.py $(BUILD)/bench.json $(BENCH_TIMELINES:%=--timeline $(BENCH_LINES)/%.txt) \
	  --out $(BENCH_LINES)/report.html
	@echo "As pictures: $(BENCH_LINES)/report.html"
