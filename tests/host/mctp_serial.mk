# SPDX-License-Identifier: Apache-2.0
$(BUILD)/tests/host/mctp_serial_test: tests/host/mctp_serial_test.c host/mctp_serial.c host/mctp_serial.h tests/check.h
	@mkdir -p $(@D)
	gcc $(CFLAGS_TEST) -I. -o $@ $(filter %.c,$^)
TESTS += $(BUILD)/tests/host/mctp_serial_test
