// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: several RequestFirmwareData outstanding, and what happens to one of them is no business of the others.
// Also run by the bench with one outstanding.
#include "tests/rtl/stream_script.h"

/* Chunk 3 of block 0 fails, and chunk 1 of block 1, of 512 bytes each. */
static const uint32_t kFirst = 3 * 512, kSecond = BLOCK + 512;

static const struct {
    enum agent_fault fault;
    unsigned after;  // ms until the repeat, 0: at once
    unsigned reason;
} kFaults[] = {
    {AGENT_SILENT, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_LOSE_FIRST, 0, STOP_REASON_LENGTH},
    {AGENT_LOSE_MIDDLE, 0, STOP_REASON_LENGTH},
    {AGENT_LOSE_LAST, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_BAD_FRAME, 0, STOP_REASON_LENGTH},
    {AGENT_WRONG_SEQUENCE, 0, STOP_REASON_LENGTH},
    {AGENT_WRONG_INSTANCE, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_SOURCE, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_SHORT, 0, STOP_REASON_LENGTH},
    {AGENT_LONG, 0, STOP_REASON_LENGTH},
    {AGENT_RETRY, DEFAULT_RETRY_MS, STOP_REASON_COMPLETION_CODE},
};

static void test_one_fails(StreamBench &bench) {
    TEST(
        "given requests of two blocks that fail as often as allowed / when the others are answered / then each of the "
        "two has its own repeats, of the same bytes, and its own delay, and no other is repeated") {
        for (auto &c : kFaults) {
            for (uint64_t gap : {0, 200}) {
                Script script = {{{kFirst, c.fault, 2}, {kSecond, c.fault, 2}}, {}};
                Order order = script_order(bench, &script, 3);
                bench.ua.gap = gap;
                script_run(bench, order);
                CHECK_EQ(bench.dut.count_retries_o, 4);
                for (uint32_t at = 0; at < 2 * BLOCK + order.groups * GROUP; at += 512) {
                    bool same;
                    CHECK_EQ(script_sendings(bench, at, &same), at == kFirst || at == kSecond ? 3 : 1);
                    CHECK(same);
                }
                uint64_t last = 0;
                for (unsigned i = 0; i < bench.ua.requests; i++) {
                    const agent_request &request = bench.ua.log[i];
                    if (request.offset != kFirst) continue;
                    if (last) CHECK(request.at - last >= (c.after ? c.after - 1 : 0) * bench.kTick);
                    if (last && c.after == 0) CHECK(request.at - last < (DEFAULT_RETRY_MS - 1) * bench.kTick);
                    last = request.at;
                }
            }
        }
    }
    TEST(
        "given a request that fails once too often among others / when it did / then its reason and block are shown, "
        "and new orders work while late answers come in") {
        for (auto &c : kFaults) {
            for (uint32_t at : {kFirst, kSecond}) {
                Script script = {{{at, c.fault, 3}}, {0, 900, 0, 2500}};
                Order order = script_order(bench, &script, 3);
                bench.write_order(1, order);
                bench.push(1);
                CHECK_EQ(bench.stop_reason(), c.reason);
                CHECK_EQ(bench.dut.order_block_o, at / BLOCK);
                CHECK_EQ(bench.dut.order_slot_o, 1);
                if (c.fault == AGENT_RETRY) CHECK_EQ(bench.dut.order_code_o, 0x89);
                bench.clear();
                agent_forget(&bench.ua);
                bench.expected = bench.array;
                CHECK(bench.run(order));
                bench.execute(order, bench.image.data());
                CHECK(bench.flash_as_expected());
                CHECK(bench.all_well());
            }
        }
    }
    TEST("given an error code for one of several / when it comes / then the engine stops with it and its block") {
        for (unsigned block = 0; block < 4; block++) {
            Script script = {{{block * BLOCK, AGENT_ERROR, 1}}, {}};
            Order order = script_order(bench, &script, 6);
            script.hold[block] = 500;
            for (unsigned i = 0; i < 4; i++) script.hold[i] += 1500;
            bench.dut.request_chunk_log2_i = 12;
            bench.dut.request_timeout_ms_i = 400;
            bench.ua.error_code = (uint8_t)(0x90 + block);
            bench.write_order(0, order);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_COMPLETION_CODE);
            CHECK_EQ(bench.dut.order_code_o, 0x90 + block);
            CHECK_EQ(bench.dut.order_block_o, block);
            bench.clear();
            agent_forget(&bench.ua);
            bench.expected = bench.array;
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
        }
    }
    TEST("given a silent request / when its time-out passes / then the others went on as far as the buffers reach") {
        Script script = {{{0, AGENT_SILENT, 1}}, {}};
        Order order = script_order(bench, &script, 16);
        bench.ua.byte_cycles = 1;
        bench.dut.request_chunk_log2_i = 11;
        bench.dut.request_timeout_ms_i = 200;
        script_run(bench, order);
        CHECK_EQ(bench.dut.count_retries_o, 1);
        unsigned before = 1;  // requests until the first one is repeated
        while (bench.ua.log[before].offset != 0) before++;
        CHECK_EQ(before, OUTSTANDING > 1 ? 2 * BUFFERS : 1);
    }
    TEST("given wrong bits in two blocks / when they are checked / then both are fetched once more among the others") {
        for (unsigned log2 : {9u, 12u}) {
            Script script = {{{0, AGENT_CORRUPT, 1}, {BLOCK, AGENT_CORRUPT, 1}}, {}};
            Order order = script_order(bench, &script, 6);
            bench.dut.request_chunk_log2_i = log2;
            bench.dut.request_timeout_ms_i = 100;
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
            bool same;
            CHECK_EQ(script_sendings(bench, 0, &same), 2);
            CHECK_EQ(script_sendings(bench, BLOCK, &same), 2);
            CHECK_EQ(script_sendings(bench, 2 * BLOCK, &same), 1);
            CHECK_EQ(bench.dut.count_retries_o, 0);
        }
    }
}

/* The first chunk's answer comes `turnaround` after each of its requests. @return cycles between the first two */
static uint64_t race(StreamBench &bench, uint64_t turnaround, enum agent_fault fault) {
    Script script = {{{0, fault, 1}}, {}};
    Order order = script_order(bench, &script, 1);
    bench.allow(2);
    order.groups = 1;
    order.check = order.sink = false;
    order.keep = true;
    order.dest = KEEP_BLOCK;
    bench.dut.request_chunk_log2_i = 5;
    bench.dut.request_timeout_ms_i = 2;
    bench.dut.request_retry_ms_i = 1;
    bench.dut.request_retries_i = 6;  // a bad answer that comes late costs two
    bench.ua.turnaround = turnaround;
    bench.ua.byte_cycles = 1;
    bench.idle(bench.kTick - bench.cycle % bench.kTick);  // the ticks come at the same time in each race
    if (fault == AGENT_ERROR) {
        bench.write_order(0, order);
        bench.push(0);
        CHECK_EQ(bench.stop_reason(), STOP_REASON_COMPLETION_CODE);
        CHECK_EQ(bench.dut.order_code_o, bench.ua.error_code);
        bench.clear();
    }
    CHECK(bench.run(order));
    CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, bench.image.data(), GROUP));
    CHECK(bench.all_well());
    for (unsigned i = 1; i < bench.ua.requests; i++)
        if (bench.ua.log[i].offset == 0) return bench.ua.log[i].at - bench.ua.log[0].at;
    return 0;
}

static void test_races(StreamBench &bench) {
    TEST("given an answer that is complete in each cycle around its time-out / when it comes / then nothing is stuck") {
        const uint64_t repeat = race(bench, 0, AGENT_SILENT);  // from request to request
        CHECK(repeat > 1000);
        for (auto fault : {AGENT_NONE, AGENT_SHORT, AGENT_RETRY, AGENT_ERROR}) {
            unsigned repeats = 0, rounds = 0;
            for (uint64_t turnaround = repeat - 100; turnaround < repeat + 30 && check_ok; turnaround++, rounds++)
                repeats += race(bench, turnaround, fault) != 0;
            if (fault == AGENT_NONE) CHECK(repeats > 0 && repeats < rounds);
        }
    }
}

int test_faults(StreamBench &bench) {
    test_one_fails(bench);
    test_races(bench);
    return check_result();
}
