// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: random walks. Orders of every kind, two deep, with an agent that fails now and then, answers in any
// order and mixes its answers; the flash must become what the orders say.
#include "tests/rtl/stream_bench.h"

static enum agent_fault now_and_then(void *ctx, unsigned, const struct agent_request *) {
    StreamBench *bench = (StreamBench *)ctx;
    return bench->chance(96) ? AGENT_NONE : (enum agent_fault)(bench->random() % AGENT_ERROR);
}

static Order random_order(StreamBench &bench, unsigned slot, unsigned image_blocks) {
    Order order;
    order.source = bench.random() % 3;
    order.keep = order.source == Order::LINK && bench.chance(20);
    order.check = bench.chance(75);
    order.sink = order.source != Order::FLASH && bench.chance(80);
    order.compare = order.source == Order::FLASH && order.check && bench.chance(50);
    unsigned most = order.keep || order.source == Order::RAM ? 2 : image_blocks / 2;
    order.count = 1 + bench.random() % most;
    order.groups = 1 + bench.random() % 64;
    order.dest = KEEP_BLOCK + 2 * slot;
    order.table = TABLE_AT + slot * BLOCK + bench.random() % 32 * 4;
    order.image_offset = bench.random() % (image_blocks - order.count + 1) * BLOCK;
    if (order.image_offset) order.image_offset -= bench.random() % 128 * 32;
    order.flash_address = bench.random() % 8 * 0x10000;
    for (auto &word : order.plan) word = bench.random() | bench.random() | (bench.chance(50) ? ~0u : 0);
    order.erase64 = (uint8_t)(bench.random() & bench.random());
    order.erase32 = (uint16_t)(bench.random() & bench.random());
    return order;
}

/* Without a check a wrong bit goes unnoticed, as it should: such a walk has no wrong bits. */
static enum agent_fault careful(void *ctx, unsigned number, const struct agent_request *request) {
    enum agent_fault fault = now_and_then(ctx, number, request);
    return fault == AGENT_CORRUPT ? AGENT_NONE : fault;
}

static uint64_t any_time(void *ctx, unsigned, const struct agent_request *) {
    StreamBench *bench = (StreamBench *)ctx;
    return bench->chance(70) ? 0 : bench->random() % 6000;
}

static void walk(StreamBench &bench, unsigned orders) {
    const unsigned image_blocks = 24;
    bench.restart(image_blocks);
    const unsigned allowed = 1 + bench.random() % 4;
    bench.allow(allowed);
    bench.ua.choose = careful;
    bench.ua.hold = any_time;
    bench.ua.first_payload = (uint8_t)(bench.chance(50) ? AGENT_MTU : 5 + bench.random() % 60);
    bench.ua.gap = bench.chance(50) ? 0 : bench.random() % 1000;
    bench.ua.ctx = &bench;
    bench.ua.byte_cycles = 1 + bench.random() % 10;
    bench.ua.turnaround = bench.random() % 2000;
    bench.ua.late_cycles = bench.random() % 30'000;
    bench.busy_tx = bench.random() % 80;
    bench.meddling = bench.random() % 20;
    bench.chunk(7 + bench.random() % 7);
    bench.dut.request_retries_i = 15;
    // An answer may have to wait for those to all other requests.
    unsigned answer = (1u << bench.dut.request_chunk_log2_i) * bench.ua.byte_cycles * 5 / 4;
    bench.dut.request_timeout_ms_i = 25 + allowed * answer / bench.kTick;
    unsigned under_way = 0;
    for (unsigned i = 0; i < orders; i++) {
        unsigned slot = i & 1;
        if (under_way == 2) {
            if (!CHECK(bench.wait(1)) || !CHECK(!bench.dut.order_stopped_o)) return;
            bench.ack();
            under_way--;
        }
        Order order = random_order(bench, slot, image_blocks);
        // What is read must not be under change by the order before.
        if (order.source == Order::FLASH) {
            while (under_way--) {
                if (!CHECK(bench.wait(1)) || !CHECK(!bench.dut.order_stopped_o)) return;
                bench.ack();
            }
            under_way = 0;
        }
        std::vector<uint8_t> content(&bench.image[order.image_offset],
                                     &bench.image[order.image_offset] + order.count * BLOCK);
        if (order.source == Order::FLASH)
            content.assign(&bench.expected[order.flash_address],
                           &bench.expected[order.flash_address] + order.count * BLOCK);
        if (order.source == Order::RAM) bench.ram_fill(order.dest * BLOCK, content.data(), content.size());
        if (order.check) bench.write_table(order, content.data());
        bench.write_order(slot, order);
        bench.push(slot);
        under_way++;
        if (order.sink) bench.execute(order, content.data());
        if (!order.keep) continue;
        while (under_way--) {
            if (!CHECK(bench.wait(1)) || !CHECK(!bench.dut.order_stopped_o)) return;
            bench.ack();
        }
        under_way = 0;
        for (unsigned b = 0; b < order.count; b++) {
            if (order.planned(b))
                CHECK(bench.ram_holds((order.dest + b) * BLOCK, &content[b * BLOCK], order.bytes_of(b)));
        }
    }
    while (under_way--) {
        if (!CHECK(bench.wait(1)) || !CHECK(!bench.dut.order_stopped_o)) return;
        bench.ack();
    }
    CHECK(bench.flash_as_expected());
    CHECK(bench.all_well());
    CHECK_EQ(bench.dut.count_requests_o, bench.ua.requests);
    CHECK(bench.ua.open_most <= (allowed < OUTSTANDING ? allowed : OUTSTANDING));
}

int test_random(StreamBench &bench) {
    TEST(
        "given random orders and an agent that fails now and then / when they ran / then flash and RAM are as "
        "ordered") {
        for (unsigned i = 0; i < 12 && check_ok; i++) walk(bench, 12);
    }
    return check_result();
}
