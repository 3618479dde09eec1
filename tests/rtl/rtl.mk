# SPDX-License-Identifier: Apache-2.0
#
# One test program a bench: $(call rtl_bench,NAME,TOP,SV FILES,C AND C++ FILES,MORE VERILATOR OPTIONS,MORE PREREQUISITES)
# builds $(BUILD)/tests/rtl/NAME from tests/rtl/NAME.cpp, top module TOP, assertions on. C sources are compiled as C.
VERILATOR_FLAGS := --cc --assert --x-assign unique --x-initial unique -fno-const-bit-op-tree -Wall -Wno-fatal \
	-CFLAGS "-I$(abspath .) -I$(abspath tests)" --build -j 1

define rtl_bench
$(BUILD)/tests/rtl/$(1): tests/rtl/$(1).cpp tests/rtl/bench.h tests/check.h $(3) $(4) $(6)
	@mkdir -p $(BUILD)/tests/rtl/$(1).dir
	for c in $(filter %.c,$(4)); do gcc -std=c11 -O2 -Wall -Wextra -I. -c $$$$c \
	  -o $(BUILD)/tests/rtl/$(1).dir/$$$$(basename $$$$c .c).c.o || exit 1; done
	verilator $(VERILATOR_FLAGS) $(5) --exe --Mdir $(BUILD)/tests/rtl/$(1).dir -o ../$(1) --top-module $(2) \
	  $(3) $(abspath tests/rtl/$(1).cpp $(filter %.cpp,$(4))) \
	  $(patsubst %.c,$(abspath $(BUILD)/tests/rtl/$(1).dir)/%.c.o,$(notdir $(filter %.c,$(4)))) >$$@.log 2>&1 || { cat $$@.log; exit 1; }
TESTS += $(BUILD)/tests/rtl/$(1)
endef
include $(wildcard tests/rtl/*.bench.mk)
