# SPDX-License-Identifier: Apache-2.0
$(BUILD)/tests/host/packet_pins_test: tests/host/packet_pins_test.c sim/packet_pins.c sim/packet_pins.h tests/check.h
	@mkdir -p $(@D)
	gcc $(CFLAGS_TEST) -I. -Itests -o $@ $(filter %.c,$^)
TESTS += $(BUILD)/tests/host/packet_pins_test
