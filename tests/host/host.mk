# SPDX-License-Identifier: Apache-2.0
#
# Host programs are tested with the sanitizers on. $(call host_test,NAME,MORE C FILES) builds tests/host/NAME.c.
HOST_TEST_FLAGS := $(CFLAGS_TEST) -I.
define host_test
$(BUILD)/tests/host/$(1): tests/host/$(1).c $(2) tests/check.h $(wildcard tests/host/*.h) $(HOST_HEADERS)
	@mkdir -p $$(@D)
	gcc $(HOST_TEST_FLAGS) -o $$@ tests/host/$(1).c $(filter %.c,$(2)) $(3)
TESTS += $(BUILD)/tests/host/$(1)
endef

FAKE_SRC := $(wildcard tests/host/fake_*.c) $(HOST_AGENT_SRC)
$(eval $(call host_test,text_test,$(HOST_PKG_SRC)))
$(eval $(call host_test,pkg_test,$(HOST_PKG_SRC)))
$(eval $(call host_test,pkg_forms_test,$(HOST_PKG_SRC)))
$(eval $(call host_test,link_mctp_test,tests/host/mctp_model.c host/link_mctp.c $(FAKE_SRC)))
$(eval $(call host_test,pcapng_test,host/pcapng.c host/mctp_serial.c sim/capture.c))
AGENT_TESTS := $(filter-out agent_fd_test,$(patsubst tests/host/%.c,%,$(wildcard tests/host/agent_*_test.c))) agent_test
$(foreach t,$(AGENT_TESTS),$(eval $(call host_test,$(t),$(FAKE_SRC))))

$(BUILD)/tests/host/cli_card: tests/host/cli_card.c host/io.c $(FAKE_SRC) $(HOST_HEADERS) \
		$(wildcard tests/host/*.h)
	@mkdir -p $(@D)
	gcc $(HOST_TEST_FLAGS) -o $@ $(filter %.c,$^)
$(BUILD)/tests/host/cli_lib.sh: tests/host/cli_lib.sh
	@mkdir -p $(@D)
	install -m 644 $< $@
$(BUILD)/tests/host/fwpkg_test: tests/host/fwpkg_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/bin/fwpkg
	install -m 755 $< $@
$(BUILD)/tests/host/fwpkg_diff_test: tests/host/fwpkg_diff_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/bin/fwpkg
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/fwpkg_test $(BUILD)/tests/host/fwpkg_diff_test
$(BUILD)/tests/host/cli_test: tests/host/cli_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/tests/host/cli_card \
		$(BUILD)/bin/fwpkg $(BUILD)/bin/fwup $(BUILD)/bin/sluice-sim
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/cli_test
$(BUILD)/tests/host/cli_capture_test: tests/host/cli_capture_test.sh $(BUILD)/tests/host/cli_lib.sh \
		$(BUILD)/tests/host/cli_card $(BUILD)/bin/fwpkg $(BUILD)/bin/fwup $(BUILD)/bin/sluice-sim
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/cli_capture_test
$(BUILD)/tests/host/cli_discover_test: tests/host/cli_discover_test.sh $(BUILD)/tests/host/cli_lib.sh \
		$(BUILD)/tests/host/cli_card $(BUILD)/bin/fwup
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/cli_discover_test
$(BUILD)/tests/host/cli_policy_test: tests/host/cli_policy_test.sh $(BUILD)/tests/host/cli_lib.sh \
		$(BUILD)/tests/host/cli_card $(BUILD)/bin/fwpkg $(BUILD)/bin/fwup
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/cli_policy_test
$(BUILD)/tests/host/events.py: tests/host/events.py
	@mkdir -p $(@D)
	install -m 644 $< $@
$(BUILD)/tests/host/events.md: docs/fwup.md
	@mkdir -p $(@D)
	install -m 644 $< $@
$(BUILD)/tests/host/cli_events_test: tests/host/cli_events_test.sh $(BUILD)/tests/host/cli_lib.sh $(BUILD)/tests/host/cli_card \
		$(BUILD)/tests/host/events.py $(BUILD)/tests/host/events.md $(BUILD)/bin/fwpkg $(BUILD)/bin/fwup
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/cli_events_test
$(BUILD)/tests/host/manual_test: tests/host/manual_test.sh $(BUILD)/tests/host/cli_lib.sh $(MANUALS) \
		$(BUILD)/bin/fwpkg $(BUILD)/bin/fwup $(BUILD)/bin/ocfd $(BUILD)/bin/sluice-sim
	install -m 755 $< $@
TESTS += $(BUILD)/tests/host/manual_test
$(eval $(call host_test,agent_fd_test,tests/fw/fd_rig.c $(wildcard fw/pldm/fd*.c) $(HOST_AGENT_SRC)))
