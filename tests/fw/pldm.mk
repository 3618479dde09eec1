# SPDX-License-Identifier: Apache-2.0
#
# Tests of the portable protocol code, on the build machine with sanitizers.
PLDM_TEST_SRC := $(wildcard fw/pldm/*.c fw/mctp/*.c) fw/image/crc32.c
PLDM_TEST_HEADERS := $(wildcard fw/pldm/*.h fw/mctp/*.h tests/fw/fd_rig.h) tests/check.h

define pldm_test
$(BUILD)/tests/fw/$(1): tests/fw/$(1).c $(2) $(PLDM_TEST_SRC) $(PLDM_TEST_HEADERS)
	@mkdir -p $(BUILD)/tests/fw
	gcc $(CFLAGS_TEST) -I. $$(filter %.c,$$^) -o $$@
TESTS += $(BUILD)/tests/fw/$(1)
PLDM_TESTS += $(1)
PLDM_TEST_MORE += $(2)
endef
$(eval $(call pldm_test,pldm_test,))
$(eval $(call pldm_test,pldm_tables_test,))
$(eval $(call pldm_test,mctp_test,))
$(eval $(call pldm_test,fd_states_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_data_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_status_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_errors_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_timers_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_corners_test,tests/fw/fd_rig.c))
$(eval $(call pldm_test,fd_soak_test,tests/fw/fd_rig.c))
