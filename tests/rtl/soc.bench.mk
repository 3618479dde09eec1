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
