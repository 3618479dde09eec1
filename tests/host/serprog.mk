# SPDX-License-Identifier: Apache-2.0
#
# The flash behind a programmer: the protocol over memory, and sluice-sim --serprog with flashrom.
$(eval $(call host_test,serprog_protocol_test,sim/serprog.c sim/serprog.h))
$(BUILD)/tests/host/serprog_test: tests/host/serprog_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/bin/fwpkg \
		$(BUILD)/bin/sluice-sim $(BUILD)/fw/app-1.0.0.bin
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/serprog_test
