# SPDX-License-Identifier: Apache-2.0
UPDATE_SRC := fw/image/image.c fw/update/transfer.c fw/update/transfer_orders.c fw/update/transfer_log.c fw/update/planner.c fw/update/policy_keys.c \
	tests/fw/roots.c tests/fw/update_fake.h
$(eval $(call fw_test,update_transfer_test,$(UPDATE_SRC)))
$(eval $(call fw_test,update_compare_test,$(UPDATE_SRC)))
$(eval $(call fw_test,update_resume_test,$(UPDATE_SRC)))
$(eval $(call fw_test,vendor_test,$(addprefix fw/update/,vendor.c counters.c slots_status.c) fw/pldm/pldm_wire.c))
$(eval $(call fw_test,policy_record_test,$(addprefix fw/update/,policy_record.c notice.c vendor.c) fw/pldm/pldm_wire.c))
$(eval $(call fw_test,journal_test,fw/update/journal.c fw/image/crc32.c))
$(eval $(call fw_test,select_test,fw/boot/select.c))
$(eval $(call fw_test,update_planner_test,fw/update/planner.c))
UPDATE_DEVICE_SRC := $(UPDATE_SRC) $(addprefix fw/update/,device.c device_trial.c device_policy.c notice.c vendor.c slots.c journal.c policy.c \
	policy_record.c version.c) fw/boot/select.c fw/image/crc32.c \
	$(wildcard fw/pldm/*.c)
$(eval $(call fw_test,update_device_test,$(UPDATE_DEVICE_SRC)))
$(eval $(call fw_test,update_trust_test,$(UPDATE_DEVICE_SRC)))
$(eval $(call fw_test,update_policy_test,$(UPDATE_DEVICE_SRC)))
$(eval $(call fw_test,update_operator_test,$(UPDATE_DEVICE_SRC)))
$(eval $(call fw_test,update_flash_test,fw/hal/sfdp.c fw/hal/quad.c $(wildcard sim/nor*.c)))
$(eval $(call fw_test,update_trial_test,$(UPDATE_DEVICE_SRC)))
$(eval $(call fw_test,board_test,fw/update/sound.c))
