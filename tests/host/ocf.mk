# SPDX-License-Identifier: Apache-2.0
#
# ocfd: its parts that need no network, and the daemon with libcoap's client.
$(foreach t,ocf_pstat_test ocf_codec_test ocf_record_test ocf_choose_test ocf_files_test,\
  $(eval $(call host_test,$(t),$(OCF_SRC),-lcbor)))

$(BUILD)/tests/host/ocfd_lib.sh: tests/host/ocfd_lib.sh
	@mkdir -p $(@D)
	install -m 644 $< $@
# The daemon with the sanitizers on; the one for people is bin/ocfd.
$(BUILD)/tests/host/ocfd: $(sort $(OCFD_SRC)) $(HOST_HEADERS)
	@mkdir -p $(@D)
	gcc $(HOST_TEST_FLAGS) -o $@ $(filter %.c,$^) $(OCFD_LIBS)
OCFD_TESTS := ocfd_test ocfd_update_test ocfd_sim_test
$(OCFD_TESTS:%=$(BUILD)/tests/host/%): $(BUILD)/tests/host/%: tests/host/%.sh $(BUILD)/tests/host/cli_lib.sh \
		$(BUILD)/tests/host/ocfd_lib.sh $(BUILD)/tests/host/cli_card $(BUILD)/tests/host/ocfd $(addprefix $(BUILD)/bin/,fwpkg fwup)
	install -m 755 $< $@
$(BUILD)/tests/host/ocfd_sim_test: $(BUILD)/bin/sluice-sim $(BUILD)/fw/app-1.0.0.bin $(BUILD)/fw/app-2.0.0.bin
TESTS += $(OCFD_TESTS:%=$(BUILD)/tests/host/%)
