# SPDX-License-Identifier: Apache-2.0
#
# Every linter over every file that is ours. Generated and third-party RTL is compiled along, its warnings are waived by
# file (rtl/soc/foreign.vlt).
OUR_SV := $(shell git ls-files '*.sv')
OUR_C := $(shell git ls-files '*.c')
OUR_C_CXX := $(shell git ls-files '*.c' '*.h' '*.cpp')
LINT_INCLUDES := -I. -Itests -I$(GEN)
LINT += lint-verilator lint-verible lint-gcc lint-cppcheck lint-format
.PHONY: $(LINT)

lint-verilator: $(RTL_ALL)
	verilator --lint-only -Wall -fno-const-bit-op-tree $(RTL_VLT) $(RTL_ALL) --top-module sluice_soc
lint-verible:
	$(BIN)/verible-verilog-lint $(OUR_SV)
	$(BIN)/verible-verilog-format --verify $(OUR_SV) >/dev/null
lint-gcc: $(GEN_H)
	gcc -std=c11 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror $(LINT_INCLUDES) $(filter-out fw/hal/% fw/boot/% fw/app/%,$(OUR_C))
lint-cppcheck: $(GEN_H)
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem $(LINT_INCLUDES) $(OUR_C)
lint-format:
	clang-format --dry-run -Werror $(OUR_C_CXX)
