# SPDX-License-Identifier: Apache-2.0
#
# Benches of rtl/hash and of the stream RAM arbiter. The expected values come from Python's hashlib and zlib.
HASH_VECTORS := $(BUILD)/tests/rtl/hash_vectors

$(HASH_VECTORS)/%_vectors.h: tests/rtl/%_vectors.py
	@mkdir -p $(@D)
	$(PY) $< $@

$(eval $(call rtl_bench,sha256,sha256,rtl/prim/prim_ram_2p.sv rtl/hash/sha256_table.sv rtl/hash/sha256.sv,,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/sha256_vectors.h))

$(eval $(call rtl_bench,crc32,crc32,rtl/hash/crc32.sv,,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/crc32_vectors.h))
