# SPDX-License-Identifier: Apache-2.0
HOST_CFLAGS := -std=c11 -O2 -g -Wall -Wextra -Wconversion -Wshadow -D_POSIX_C_SOURCE=200809L -I.
HOST_HEADERS := $(wildcard host/*.h fw/pldm/*.h fw/mctp/*.h fw/image/*.h sim/lockstep.h)

# The package: reader, writer and the little they need.
HOST_PKG_SRC := host/pkg.c host/pkg_write.c host/crc32.c host/descriptor.c host/options.c
