# SPDX-License-Identifier: Apache-2.0
CFLAGS_TEST := -std=c11 -g -O1 -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -fsanitize=address,undefined -fno-sanitize-recover

include tests/rtl/rtl.mk
include $(wildcard tests/fw/*.mk tests/host/*.mk tests/walk/*.mk tests/system/*.mk tests/faults/*.mk tests/evidence/*.mk) tests/fuzz/fuzz.mk tests/coverage.mk \
	tests/bench/bench.mk tests/formal/formal.mk tests/linux/linux.mk
