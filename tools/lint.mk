# SPDX-License-Identifier: Apache-2.0
#
# Every linter over every file that is ours. Generated and third-party RTL is compiled along, what is waived, and why,
# is in rtl/soc/foreign.vlt. The lists are made when they are asked for: an unpacked archive of the sources has no git.
OUR_SV = $(shell git ls-files '*.sv')
OUR_C = $(shell git ls-files '*.c')
OUR_C_CXX = $(shell git ls-files '*.c' '*.h' '*.cpp')
LINT_INCLUDES := -I. -Itests -I$(GEN)
# Programs for the card's processor; their own rules compile them with the same warnings as errors.
TARGET_C = $(filter fw/hal/% fw/boot/% fw/app/% tests/rtl/soc/% tests/bench/software/% tests/bench/judge/% tests/system/hang.c,$(OUR_C))
LINT += lint-verilator lint-verible lint-gcc lint-cppcheck lint-format lint-documents
.PHONY: $(LINT)

lint-verilator: $(RTL_ALL) $(foreach c,$(CORES),$(RTL_CORE_$(c)))
	$(foreach c,$(CORES),verilator --lint-only -Wall -fno-const-bit-op-tree $(RTL_VLT) \
	  $(subst $(RTL_CORE),$(RTL_CORE_$(c)),$(RTL_ALL)) --top-module sluice_soc &&) true
	verilator --lint-only -Wall -fno-const-bit-op-tree -GPacketPort="1'b1" -GSmbusLink="1'b1" $(RTL_VLT) $(RTL_ALL) --top-module sluice_soc
lint-verible:
	$(BIN)/verible-verilog-lint $(OUR_SV)
	for f in $(OUR_SV); do $(BIN)/verible-verilog-format --verify $$f >/dev/null || exit 1; done
lint-gcc: $(GEN_H)
	gcc -std=c11 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror $(LINT_INCLUDES) \
	  -DSLUICE_CORE='""' -DFW_1_0_0='""' -DFW_2_0_0='""' -DFW_TWO_FLASHES='""' -DFW_HANGS='""' -DFAULTS_FW='""' -DFW_LARGE_MAP='""' -DFW_FAST_LINE='""' -DFW_SOFTWARE='""' -DFW_JUDGE='""' -DFW_JUDGE_BOOT='""' \
	  $(filter-out $(TARGET_C),$(OUR_C))
lint-cppcheck: $(GEN_H)
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem $(LINT_INCLUDES) $(OUR_C)
lint-format:
	clang-format --dry-run -Werror $(OUR_C_CXX)
lint-documents:
	$(PY) tools/doc_tests.py README.md SECURITY.md docs/*.md
