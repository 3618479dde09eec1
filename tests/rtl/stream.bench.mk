# SPDX-License-Identifier: Apache-2.0
#
# Bench of rtl/stream with its neighbours; the hashes in its tables come from OpenSSL. And of what a build without chains does.
STREAM_RTL = $(RTL_PKG) rtl/stream/stream_pkg.sv $(filter-out %_pkg.sv,$(RTL_STREAM)) $(RTL_PRIM) \
	$(filter rtl/hash/sha256%,$(RTL_HASH)) $(RTL_FLASH) tests/rtl/stream_tb.sv
STREAM_C = tests/rtl/stream_agent.c fw/image/lms.c $(wildcard sim/nor*.c) \
	$(filter-out tests/rtl/stream.cpp tests/rtl/stream_one.cpp,$(wildcard tests/rtl/stream*.cpp))
STREAM_FLAGS = -O3 -MAKEFLAGS OPT_FAST=-O2 -CFLAGS "-I$(abspath $(GEN))" -LDFLAGS -lcrypto
STREAM_H = $(GEN_H) $(wildcard tests/rtl/stream*.h) sim/nor.h fw/image/lms.h tests/host/lms_vectors.h
$(eval $(call rtl_bench,stream,stream_tb,$(STREAM_RTL),$(STREAM_C),$(STREAM_FLAGS),$(STREAM_H)))
$(eval $(call rtl_bench,stream_one,stream_tb,$(STREAM_RTL),$(STREAM_C),\
$(STREAM_FLAGS) -GOutstanding=1 -CFLAGS -DSTREAM_OUTSTANDING=1,$(STREAM_H) tests/rtl/stream.cpp))

$(eval $(call rtl_bench,orders_no_chain,stream_orders,$(RTL_PKG) rtl/stream/stream_pkg.sv rtl/stream/stream_orders.sv,,\
-GChain=0 -CFLAGS "-I$(abspath $(GEN))",$(GEN_H)))
