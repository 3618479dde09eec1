# SPDX-License-Identifier: Apache-2.0
#
# Bench of rtl/stream with its neighbours; the hashes in its tables come from OpenSSL.
STREAM_RTL = $(RTL_PKG) rtl/stream/stream_pkg.sv $(filter-out %_pkg.sv,$(RTL_STREAM)) $(RTL_PRIM) \
	$(filter rtl/hash/sha256%,$(RTL_HASH)) $(RTL_FLASH) tests/rtl/stream_tb.sv
STREAM_NOR = $(wildcard sim/nor*.c)
$(eval $(call rtl_bench,stream,stream_tb,$(STREAM_RTL),\
tests/rtl/stream_agent.c $(STREAM_NOR) $(filter-out tests/rtl/stream.cpp,$(wildcard tests/rtl/stream*.cpp)),\
-O3 -CFLAGS -O2 -CFLAGS "-I$(abspath $(GEN))" -LDFLAGS -lcrypto,$(GEN_H) $(wildcard tests/rtl/stream*.h) sim/nor.h))
