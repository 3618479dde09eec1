// SPDX-License-Identifier: Apache-2.0
//
// The stream engine's bench: the engine with RAM and SPI controller (stream_tb.sv), a flash chip at its pins, an update
// agent at its packet streams, and the processor's part (orders, tables, status). One cycle is a microsecond of the
// flash's time; a millisecond of the engine's has kTick cycles, the flash is a fast one: see stream_bench.cpp.
#pragma once
#include "Vstream_tb.h"
// clang-format off: bench.h needs the model before it
#include "bench.h"
// clang-format on
#include <string>
#include <vector>

#include "sim/nor.h"
#include "sluice_enums.h"
#include "stream_ram_map.h"
#include "tests/rtl/stream_agent.h"

enum {
    BLOCK = 4096,
    GROUP = 64,
    PAGE = 256,
    FIRST_BUFFER = 4,
    BUFFERS = 8,
    RAM_BLOCKS = 16,
    FLASH_SIZE = 1 << 20,
    LARGE_FLASH = 32 << 20
};
#ifndef STREAM_OUTSTANDING
#define STREAM_OUTSTANDING 4
#endif
enum { OUTSTANDING = STREAM_OUTSTANDING /* of the build */ };
enum { TABLE_AT = BLOCK, KEEP_BLOCK = 12, DEFAULT_TIMEOUT_MS = 20, DEFAULT_RETRY_MS = 10 };

/** An order as a bench thinks of it; everything is in bytes or blocks, nothing minus 1. */
struct Order {
    enum { LINK = 0, FLASH = 1, RAM = 2 };
    unsigned source = LINK;
    bool check = true, sink = true, keep = false, no_erase = false, digest = false, chain = false, tree = false;
    bool compare = false;
    unsigned count = 1, groups = 64, dest = 0;
    uint32_t image_offset = 0, flash_address = 0, table = TABLE_AT;
    uint32_t plan[4] = {~0u, ~0u, ~0u, ~0u};
    uint8_t erase64 = 0;
    uint16_t erase32 = 0;

    bool planned(unsigned block) const { return block < count && (plan[block / 32] >> block % 32 & 1); }
    unsigned bytes_of(unsigned block) const { return (block + 1 == count ? groups : 64) * GROUP; }
};

struct StreamBench : Bench<Vstream_tb> {
    static constexpr unsigned kTick = 1000;
    std::vector<uint8_t> image;
    std::vector<uint8_t> array;        // the flash's cells
    std::vector<uint8_t> expected;     // what they should become, kept by execute()
    std::vector<std::string> reports;  // of the flash chip: nothing a correct host does
    nor *flash;
    agent ua;
    unsigned busy_tx = 0;   // percent of the cycles in which the link does not take a byte
    unsigned meddling = 0;  // the processor reads the chip's ID with this chance of 1/1000 a cycle
    unsigned wrong_ids = 0;
    uint64_t started = 0;  // cycle of the last push

   private:
    void restart_with(const nor_part &part, unsigned image_blocks);

   public:
    StreamBench(int argc, char **argv);
    ~StreamBench();

    /** Everything as after power-on, with a new random image of @p blocks blocks and a random flash. */
    void restart(unsigned image_blocks);
    /** The same with a flash of LARGE_FLASH bytes and the settings for four address bytes. */
    void restart_large(unsigned image_blocks);

    /** Lets @p requests be outstanding from now on, 1..4; 1 after a restart. */
    void allow(unsigned requests) { dut.request_outstanding_m1_i = requests - 1; }

    /** Lets a request ask for 2^@p log2 bytes, and the agent offer that much. */
    void chunk(unsigned log2) {
        dut.request_chunk_log2_i = log2;
        ua.max_transfer = 1u << log2;
    }

    /** One cycle of everything. @return what host_gnt_o was in it */
    bool step();

    // ---- the processor ----
    void ram_write(uint32_t address, uint32_t word);
    uint32_t ram_read(uint32_t address);
    void ram_fill(uint32_t address, const uint8_t *bytes, size_t size);
    bool ram_holds(uint32_t address, const uint8_t *bytes, size_t size);
    /** Writes the table entries that @p order needs, from @p content (what its block 0 has first). */
    void write_table(const Order &order, const uint8_t *content);
    void write_order(unsigned slot, const Order &order);
    void push(unsigned slot);
    void ack();
    void abort();
    /** After a stop. */
    void clear();

    /** Writes and pushes the order in slot 0, waits; acknowledges a completion. @return whether it was done */
    bool run(const Order &order, uint64_t cycles = 40'000'000);
    /** Steps until done or stopped or @p cycles are over. @return whether done or stopped */
    bool wait(unsigned done, uint64_t cycles = 40'000'000);
    /** Waits for a stop, then clears it. */
    unsigned stop_reason(uint64_t cycles = 4'000'000);
    void idle(uint64_t cycles) {
        while (cycles--) step();
    }

    /** What @p order does to the flash, done to `expected`. @param content block 0 first */
    void execute(const Order &order, const uint8_t *content);
    bool flash_as_expected();
    /** No violation by engine, no report of the flash, bytes taken quickly. */
    bool all_well();
};

/** The test files, one function each; called by main in stream.cpp. check.h counts by file.
 * @return check_result() of the file */
int test_transfers(StreamBench &bench);
int test_checks(StreamBench &bench);
int test_compares(StreamBench &bench);
int test_chains(StreamBench &bench);
int test_tree(StreamBench &bench);
int test_digests(StreamBench &bench);
int test_answers(StreamBench &bench);
int test_outstanding(StreamBench &bench);
int test_wide(StreamBench &bench);
int test_faults(StreamBench &bench);
int test_stops(StreamBench &bench);
int test_random(StreamBench &bench);
