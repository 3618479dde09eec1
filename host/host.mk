# SPDX-License-Identifier: Apache-2.0
#
# fwpkg and fwup, and the lists of sources that tests link: HOST_PKG_SRC reads and writes packages.
HOST_CFLAGS := -std=c11 -O2 -g -Wall -Wextra -Wconversion -Wshadow -D_POSIX_C_SOURCE=200809L -I.
HOST_DIR := $(BUILD)/host
HOST_HEADERS := $(wildcard host/*.h fw/pldm/*.h fw/mctp/*.h fw/image/*.h fw/update/journal.h sim/lockstep.h)

PLDM_CODEC_SRC := fw/pldm/pldm_wire.c fw/pldm/pldm_base_msgs.c fw/pldm/pldm_inventory.c fw/pldm/pldm_update.c
HOST_PKG_SRC := host/pkg.c host/pkg_write.c host/descriptor.c host/options.c $(PLDM_CODEC_SRC)
FWPKG_SRC := host/fwpkg.c host/fwpkg_create.c host/fwpkg_show.c host/fwpkg_flash.c host/component.c \
	host/component_spec.c host/file.c host/text.c $(HOST_PKG_SRC) fw/image/image.c fw/update/journal.c

$(HOST_DIR)/%.o: %.c $(HOST_HEADERS)
	@mkdir -p $(@D)
	gcc $(HOST_CFLAGS) -Werror -c -o $@ $<

$(BUILD)/bin/fwpkg: $(FWPKG_SRC:%.c=$(HOST_DIR)/%.o)
	@mkdir -p $(@D)
	gcc -o $@ $^ -lcrypto
TOOLS += $(BUILD)/bin/fwpkg
