# SPDX-License-Identifier: Apache-2.0
#
# The NOR model alone; its sources are named in tests/rtl/flash.bench.mk.
NOR_TESTS := $(addprefix $(BUILD)/tests/host/,nor_test nor_sfdp_test nor_fault_test)
$(NOR_TESTS): $(BUILD)/tests/host/%: tests/host/%.c tests/host/nor_rig.h tests/check.h $(NOR_C) sim/nor.h sim/nor_internal.h
	@mkdir -p $(@D)
	gcc $(CFLAGS_TEST) -I. -Itests $< $(NOR_C) -o $@
TESTS += $(NOR_TESTS)
