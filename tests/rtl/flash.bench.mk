# SPDX-License-Identifier: Apache-2.0
#
# Benches of rtl/flash against the NOR model.
NOR_C := sim/nor.c sim/nor_faults.c sim/nor_ops.c sim/nor_parts.c sim/nor_sfdp.c
FLASH_BENCH_H := tests/rtl/flash_bench.h sim/nor.h sim/nor_internal.h

$(eval $(call rtl_bench,spi_nor,spi_nor,$(RTL_PKG) rtl/flash/spi_nor.sv,$(NOR_C),\
-CFLAGS -DCS_HIGH_CYCLES=2,$(FLASH_BENCH_H)))
$(eval $(call rtl_bench,spi_nor_quad,spi_nor,$(RTL_PKG) rtl/flash/spi_nor.sv,$(NOR_C),\
-GQuad=1 -GCsHighCycles=5 -CFLAGS -DCS_HIGH_CYCLES=5,$(FLASH_BENCH_H) tests/rtl/spi_nor.cpp))
$(eval $(call rtl_bench,flash_port,flash_port,$(RTL_PKG) $(RTL_FLASH),$(NOR_C),-GChips=2,$(FLASH_BENCH_H)))
