# SPDX-License-Identifier: Apache-2.0
#
# `make test-linux`: fwup over a real kernel's MCTP (tests/linux/run), with the card and the package of `make demo`. It is
# no part of `make test`: a kernel is built for it once, and qemu interprets it. What a static libcrypto makes the linker warn
# of, looking up hosts, fwup does not do.
LINUX_DIR := $(BUILD)/linux
$(LINUX_DIR)/bzImage: tests/linux/kernel tests/linux/kernel.config
	tests/linux/kernel $@ $(JOBS)
$(LINUX_DIR)/fwup: $(FWUP_SRC:%.c=$(HOST_DIR)/%.o)
	@mkdir -p $(@D)
	gcc -static -Wl,--no-warnings -o $@ $^ -lcrypto
$(LINUX_DIR)/mctp_attach: tests/linux/mctp_attach.c
	@mkdir -p $(@D)
	gcc $(HOST_CFLAGS) -Werror -static -o $@ $<

.PHONY: test-linux run-test-linux
test-linux: setup
	tools/setup $(VENV) linux
	$(MAKE_INSIDE) run-test-linux
run-test-linux: $(LINUX_DIR)/bzImage $(LINUX_DIR)/fwup $(LINUX_DIR)/mctp_attach $(DEMO_FILES)
	@tests/run -j 1 "tests/linux/run $(BUILD) $(LINUX_DIR)/bzImage"
