# SPDX-License-Identifier: Apache-2.0
#
# Benches of rtl/hash and of the stream RAM arbiter, also over iCE40's cells. The expected values come from Python's hashlib
# and zlib.
HASH_VECTORS := $(BUILD)/tests/rtl/hash_vectors

$(HASH_VECTORS)/%_vectors.h: tests/rtl/%_vectors.py
	@mkdir -p $(@D)
	$(PY) $< $@

SHA256_RTL := rtl/prim/prim_ram_2p.sv rtl/prim/prim_adder.sv $(filter rtl/hash/sha256%,$(RTL_HASH))
$(eval $(call rtl_bench,sha256,sha256,$(SHA256_RTL),,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/sha256_vectors.h))
$(eval $(call rtl_bench,sha256_mac,sha256,$(SHA256_RTL) $(ICE40_MAC),,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))" -DSLUICE_MAC16,$(HASH_VECTORS)/sha256_vectors.h tests/rtl/sha256.cpp))

$(eval $(call rtl_bench,crc32,crc32,rtl/hash/crc32.sv,,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/crc32_vectors.h))

RAM_ARBITER_RTL = $(RTL_PKG) rtl/prim/prim_ram_1p.sv rtl/stream/stream_ram_arbiter.sv
$(eval $(call rtl_bench,ram_arbiter,stream_ram_arbiter,$(RAM_ARBITER_RTL),,\
-GClients=3 -GWords=200 -CFLAGS -DRAM_WORDS=200))

$(eval $(call rtl_bench,ram_arbiter_spram,stream_ram_arbiter,$(RAM_ARBITER_RTL) $(GEN)/SB_SPRAM256KA.v,,\
-GClients=3 -GWords=32768 -CFLAGS -DRAM_WORDS=32768 -DSLUICE_ICE40,tests/rtl/ram_arbiter.cpp))
