# SPDX-License-Identifier: Apache-2.0
#
# fwpkg, fwup, fwrelease and ocfd, and the lists of sources that tests link: HOST_PKG_SRC reads and writes packages, HOST_AGENT_SRC is
# the update agent with all that it needs up to the bytes of a serial line, OCF_SRC all of ocfd that needs no network.
HOST_CFLAGS := -std=c11 -O2 -g -ffile-prefix-map=$(CURDIR)=. -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -I.
HOST_DIR := $(BUILD)/host
HOST_HEADERS := $(wildcard host/*.h host/ocf/*.h fw/pldm/*.h fw/mctp/*.h fw/image/*.h fw/update/*.h fw/board/board.h sim/lockstep.h)

PLDM_CODEC_SRC := $(filter-out fw/pldm/pldm_base.c,$(wildcard fw/pldm/pldm_*.c)) fw/image/crc32.c
HOST_PKG_SRC := host/pkg.c host/pkg_write.c host/pkg_check.c host/descriptor.c host/strings.c host/timestamp.c \
	host/options.c $(PLDM_CODEC_SRC)
HOST_AGENT_SRC := $(wildcard host/agent*.c) host/endpoint.c host/mctp_serial.c host/text.c fw/mctp/mctp.c \
	fw/mctp/mctp_control.c fw/update/vendor.c fw/update/counters.c fw/update/slots_status.c \
	fw/update/policy_record.c host/policy_text.c $(HOST_PKG_SRC)
HOST_LINK_SRC := host/link.c host/link_serial.c host/link_sim.c host/io.c
HOST_CHANNEL_SRC := host/channel.c host/pcapng.c host/link_mctp.c host/link_mctp_linux.c $(HOST_LINK_SRC)
HOST_SIGN_SRC := host/signer.c host/key_store.c host/lms_key.c host/durable.c host/lms_sign.c host/lms_soft.c \
	host/component_sign.c host/simulation_key.c fw/update/policy_record.c fw/image/trust.c fw/image/lms.c
FWPKG_SRC := $(wildcard host/fwpkg*.c) host/manual.c host/component.c host/component_spec.c host/file.c host/text.c \
	$(HOST_SIGN_SRC) $(HOST_PKG_SRC) fw/image/image.c fw/update/journal.c fw/update/planner.c host/policy_text.c
HOST_NOTES_SRC := host/notes.c host/range.c host/day.c host/file.c fw/update/version.c
HOST_RELEASE_SRC := host/release.c host/release_hash.c host/json_read.c host/json_form.c $(HOST_NOTES_SRC)
FWUP_SRC := $(wildcard host/fwup*.c host/fleet*.c host/replay*.c) host/manual.c $(HOST_RELEASE_SRC) \
	$(HOST_CHANNEL_SRC) $(HOST_AGENT_SRC)
OCF_SRC := $(addprefix host/ocf/,pstat.c access.c codec.c cbor_item.c image.c record.c choose.c schedule.c keys.c) \
	host/durable.c host/file.c host/text.c fw/update/version.c $(HOST_PKG_SRC)
OCFD_SRC := $(addprefix host/ocf/,ocfd.c options.c manual.c server.c job.c work.c source.c) host/manual.c host/component.c host/component_spec.c \
	fw/image/image.c $(HOST_SIGN_SRC) $(HOST_CHANNEL_SRC) $(HOST_AGENT_SRC) $(OCF_SRC)
OCFD_LIBS := -lcoap-3-openssl -lcbor -lssl -lcrypto

$(HOST_DIR)/%.o: %.c $(HOST_HEADERS)
	@mkdir -p $(@D)
	gcc $(HOST_CFLAGS) -Werror -c -o $@ $<

$(BUILD)/bin/fwpkg: $(FWPKG_SRC:%.c=$(HOST_DIR)/%.o)
	@mkdir -p $(@D)
	gcc -o $@ $^ -lcrypto
TOOLS += $(BUILD)/bin/fwpkg

$(BUILD)/bin/fwup: $(FWUP_SRC:%.c=$(HOST_DIR)/%.o)
	@mkdir -p $(@D)
	gcc -o $@ $^ -lcrypto
TOOLS += $(BUILD)/bin/fwup

# The manual page and the completion of each tool, written by a program made of the tool's table of options, and laid out
# as they are installed below a prefix. Whoever has a tool says what its program is made of: $(HOST_DIR)/TOOL-manual.
HOST_MANUAL_OBJ := $(patsubst %.c,$(HOST_DIR)/%.o,$(wildcard host/manual*.c) host/options.c)
MAN_DIR := $(BUILD)/share/man/man1
COMPLETION_DIR := $(BUILD)/share/bash-completion/completions
MANUALS :=
define manual_rules
$(HOST_DIR)/$(1)-manual:
	@mkdir -p $$(@D)
	gcc -o $$@ $$^
$(MAN_DIR)/$(1).1: $(HOST_DIR)/$(1)-manual
	@mkdir -p $$(@D)
	$$< page >$$@
$(COMPLETION_DIR)/$(1): $(HOST_DIR)/$(1)-manual
	@mkdir -p $$(@D)
	$$< completion >$$@
MANUALS += $(MAN_DIR)/$(1).1 $(COMPLETION_DIR)/$(1)
endef
$(HOST_DIR)/fwup-manual: $(patsubst %.c,$(HOST_DIR)/%.o,host/fwup_manual.c host/agent_personality.c) $(HOST_MANUAL_OBJ)
$(eval $(call manual_rules,fwup))
$(HOST_DIR)/fwpkg-manual: $(patsubst %.c,$(HOST_DIR)/%.o,host/fwpkg_manual.c host/component_spec.c host/policy_text.c host/text.c \
		$(HOST_PKG_SRC)) $(HOST_MANUAL_OBJ)
$(eval $(call manual_rules,fwpkg))
$(BUILD)/bin/ocfd: $(sort $(OCFD_SRC:%.c=$(HOST_DIR)/%.o))
	@mkdir -p $(@D)
	gcc -o $@ $^ $(OCFD_LIBS)
TOOLS += $(BUILD)/bin/ocfd
$(HOST_DIR)/ocfd-manual: $(patsubst %.c,$(HOST_DIR)/%.o,host/ocf/manual.c host/ocf/schedule.c) $(HOST_MANUAL_OBJ)
$(eval $(call manual_rules,ocfd))

FWRELEASE_SRC := $(wildcard host/fwrelease*.c host/advisory*.c) host/release_write.c host/manual.c $(HOST_RELEASE_SRC) \
	host/text.c $(HOST_PKG_SRC)
$(BUILD)/bin/fwrelease: $(FWRELEASE_SRC:%.c=$(HOST_DIR)/%.o)
	@mkdir -p $(@D)
	gcc -o $@ $^ -lcrypto
TOOLS += $(BUILD)/bin/fwrelease
$(HOST_DIR)/fwrelease-manual: $(HOST_DIR)/host/fwrelease_manual.o $(HOST_MANUAL_OBJ)
$(eval $(call manual_rules,fwrelease))
