# SPDX-License-Identifier: Apache-2.0
#
# Host unit tests of firmware parts: $(call fw_test,NAME,C FILES) builds $(BUILD)/tests/fw/NAME from tests/fw/NAME.c.
define fw_test
$(BUILD)/tests/fw/$(1): tests/fw/$(1).c $(2) tests/check.h $(wildcard fw/*/*.h tests/fw/*.h)
	@mkdir -p $$(@D)
	gcc $$(CFLAGS_TEST) -I. tests/fw/$(1).c $(filter %.c,$(2)) -o $$@
TESTS += $(BUILD)/tests/fw/$(1)
endef
