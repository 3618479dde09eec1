// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: requests for two blocks, which builds for several outstanding have when they have eight buffers or
// more. The bench with one outstanding runs the first part of it: its requests stay below a block.
#include "tests/rtl/stream_script.h"

enum { WIDE = OUTSTANDING > 1 && BUFFERS >= 8 };

struct Wanted {
    uint32_t offset, length;
};

/* The requests for an order, as they leave: for block 2k and the next one together where both are planned. */
static void add_requests(std::vector<Wanted> &all, const Order &order) {
    for (unsigned i = 0; i < order.count; i++) {
        if (!order.planned(i)) continue;
        const bool pair = WIDE && i % 2 == 0 && order.planned(i + 1);
        const uint32_t length = pair ? BLOCK + order.bytes_of(i + 1) : order.bytes_of(i);
        all.push_back({order.image_offset + i * BLOCK, length});
        i += pair;
    }
}

static void check_requests(const StreamBench &bench, const std::vector<Wanted> &wanted) {
    if (!CHECK_EQ(bench.ua.requests, wanted.size())) return;
    for (size_t i = 0; i < wanted.size(); i++) {
        CHECK_EQ(bench.ua.log[i].offset, wanted[i].offset);
        CHECK_EQ(bench.ua.log[i].length, wanted[i].length);
    }
}

/* Everything as after power-on, chunks of two blocks, a time-out that is longer than four answers. */
static Order wide_order(StreamBench &bench, Script *script, unsigned blocks) {
    Order order = script_order(bench, script, blocks);
    bench.chunk(13);
    bench.dut.request_timeout_ms_i = 400;
    return order;
}

static void test_requests(StreamBench &bench) {
    const struct {
        unsigned count;
        uint32_t plan[2];
    } plans[] = {{1, {~0u, 0}},  {2, {~0u, 0}},  {3, {~0u, 0}},          {9, {0x1b6, 0}},
                 {8, {0xaa, 0}}, {7, {0x55, 0}}, {40, {0xf00f'ff7e, 61}}};
    TEST(
        "given plans with and without holes, a link slower and faster than the flash / when 8 KiB may be asked for / "
        "then two blocks are asked for at once where both are planned, else one") {
        for (auto &plan : plans) {
            for (unsigned byte_cycles : {1u, 12u}) {
                Script script = {};
                Order order = wide_order(bench, &script, plan.count);
                order.plan[0] = plan.plan[0];
                order.plan[1] = plan.plan[1];
                order.groups = 1 + bench.random() % 64;
                bench.write_table(order, bench.image.data());
                bench.ua.byte_cycles = byte_cycles;
                CHECK(bench.run(order));
                bench.execute(order, bench.image.data());
                CHECK(bench.flash_as_expected());
                CHECK(bench.all_well());
                std::vector<Wanted> wanted;
                add_requests(wanted, order);
                check_requests(bench, wanted);
                uint32_t bytes = 0;
                for (auto &request : wanted) bytes += request.length;
                CHECK_EQ(bench.dut.count_bytes_o, bytes);
                CHECK_EQ(bench.dut.count_retries_o, 0);
            }
        }
    }
    TEST("given two orders of odd numbers of blocks / when both run / then no request reaches over their border") {
        Script script = {};
        Order first = wide_order(bench, &script, 8), second = first;
        first.count = 3;
        first.groups = 64;
        second.count = 5;
        second.image_offset = second.flash_address = 3 * BLOCK;
        second.table = TABLE_AT + 0x400;
        bench.write_table(second, &bench.image[3 * BLOCK]);
        bench.write_order(0, first);
        bench.write_order(1, second);
        bench.push(0);
        bench.push(1);
        CHECK(bench.wait(2));
        bench.execute(first, bench.image.data());
        bench.execute(second, &bench.image[3 * BLOCK]);
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
        std::vector<Wanted> wanted;
        add_requests(wanted, first);
        add_requests(wanted, second);
        check_requests(bench, wanted);
    }
    TEST("given blocks that stay in the RAM, from the middle of an image / when fetched / then they are there") {
        Script script = {};
        Order order = wide_order(bench, &script, 4);
        order.check = order.sink = false;
        order.keep = true;
        order.dest = KEEP_BLOCK;
        order.count = 3;
        order.groups = 17;
        order.image_offset = BLOCK - 96;
        CHECK(bench.run(order));
        CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, &bench.image[BLOCK - 96], 2 * BLOCK + 17 * GROUP));
        CHECK(bench.all_well());
        std::vector<Wanted> wanted;
        add_requests(wanted, order);
        check_requests(bench, wanted);
    }
}

static void test_border(StreamBench &bench) {
    TEST(
        "given packets that end at the border of two blocks or near it / when they come, mixed / then all is written") {
        for (uint8_t first : {5, 6, 7, 63, 64}) {
            for (uint64_t gap : {0, 700}) {
                Script script = {};
                Order order = wide_order(bench, &script, 9);
                bench.ua.first_payload = first;
                bench.ua.byte_cycles = 1;
                bench.ua.gap = gap;
                script_run(bench, order);
                CHECK_EQ(bench.dut.count_retries_o, 0);
                if (gap) CHECK(bench.ua.mixed > 100);
            }
        }
    }
}

static void test_refetch(StreamBench &bench) {
    const struct {
        unsigned groups, wrong;  // the agent's wrong bit is in the middle of its answer
    } cases[] = {{1, 0}, {64, 1}};
    TEST("given a wrong bit in one of two blocks / when it is found / then that one alone is fetched once more") {
        for (auto &c : cases) {
            Script script = {{{0, AGENT_CORRUPT, 1}}, {}};
            Order order = wide_order(bench, &script, 2);
            order.groups = c.groups;
            bench.write_table(order, bench.image.data());
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
            check_requests(bench, {{0, BLOCK + c.groups * GROUP}, {c.wrong * BLOCK, BLOCK}});
            CHECK_EQ(bench.dut.count_retries_o, 0);
        }
    }
    TEST("given a wrong bit in it then, too / when it is found / then the engine stops with HASH and its number") {
        for (auto &c : cases) {
            Script script = {{{0, AGENT_CORRUPT, 2}, {BLOCK, AGENT_CORRUPT, 1}}, {}};
            Order order = wide_order(bench, &script, 2);
            order.groups = c.groups;
            bench.write_table(order, bench.image.data());
            bench.write_order(0, order);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_HASH);
            CHECK_EQ(bench.dut.order_block_o, c.wrong);
            bench.clear();
        }
    }
}

static const struct {
    enum agent_fault fault;
    unsigned reason;  // when it happens too often
} kFaults[] = {
    {AGENT_SILENT, STOP_REASON_TIMEOUT},        {AGENT_LOSE_FIRST, STOP_REASON_LENGTH},
    {AGENT_LOSE_MIDDLE, STOP_REASON_LENGTH},    {AGENT_LOSE_LAST, STOP_REASON_TIMEOUT},
    {AGENT_BAD_FRAME, STOP_REASON_LENGTH},      {AGENT_PACKET_TWICE, STOP_REASON_LENGTH},
    {AGENT_WRONG_SEQUENCE, STOP_REASON_LENGTH}, {AGENT_WRONG_INSTANCE, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_SOURCE, STOP_REASON_TIMEOUT},  {AGENT_WRONG_COMMAND, STOP_REASON_TIMEOUT},
    {AGENT_SHORT, STOP_REASON_LENGTH},          {AGENT_LONG, STOP_REASON_LENGTH},
    {AGENT_EMPTY, STOP_REASON_LENGTH},          {AGENT_RETRY, STOP_REASON_COMPLETION_CODE},
};

static void test_answer_fails(StreamBench &bench) {
    TEST(
        "given an answer of two blocks that fails as often as allowed / when others come meanwhile / then its request "
        "alone is repeated, the same bytes") {
        for (auto &c : kFaults) {
            Script script = {{{2 * BLOCK, c.fault, 2}}, {0, 900, 0, 2500}};
            Order order = wide_order(bench, &script, 9);
            bench.ua.byte_cycles = 1;
            bench.dut.request_timeout_ms_i = 60;
            script_run(bench, order);
            CHECK_EQ(bench.dut.count_retries_o, 2);
            for (uint32_t at = 0; at < 9 * BLOCK; at += 2 * BLOCK) {
                bool same;
                CHECK_EQ(script_sendings(bench, at, &same), at == 2 * BLOCK ? 3 : 1);
                CHECK(same);
            }
        }
    }
    TEST(
        "given such an answer once too often, or an error code / when it comes / then reason and first block are "
        "shown, and new orders work while late answers come in") {
        for (unsigned i = 0; i <= sizeof kFaults / sizeof kFaults[0]; i++) {
            const bool error = i == sizeof kFaults / sizeof kFaults[0];
            Script script = {{{2 * BLOCK, error ? AGENT_ERROR : kFaults[i].fault, 3}}, {0, 900, 0, 2500}};
            Order order = wide_order(bench, &script, 7);
            bench.ua.byte_cycles = 1;
            bench.dut.request_timeout_ms_i = 60;
            bench.write_order(1, order);
            bench.push(1);
            CHECK_EQ(bench.stop_reason(), error ? STOP_REASON_COMPLETION_CODE : kFaults[i].reason);
            CHECK_EQ(bench.dut.order_block_o, 2);
            CHECK_EQ(bench.dut.order_slot_o, 1);
            bench.clear();
            agent_forget(&bench.ua);
            bench.expected = bench.array;
            script.lines[0].times = 0;
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
        }
    }
}

int test_wide(StreamBench &bench) {
    test_requests(bench);
    if (WIDE) {
        test_border(bench);
        test_refetch(bench);
        test_answer_fails(bench);
    }
    return check_result();
}
