// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: what does not match its table, and orders that cannot be.
#include <algorithm>

#include "tests/rtl/stream_bench.h"

/* Damages the answers to the first `times` requests for offset `at`. */
struct Damage {
    uint32_t at;
    unsigned times;
};
static enum agent_fault damage(void *ctx, unsigned, const struct agent_request *request) {
    Damage *damage = (Damage *)ctx;
    if (request->offset != damage->at || damage->times == 0) return AGENT_NONE;
    damage->times--;
    return AGENT_CORRUPT;
}

static void test_refetch(StreamBench &bench) {
    TEST("given one answer with a wrong bit / when its block is checked / then the block is fetched once more") {
        for (unsigned block : {0u, 2u, 5u}) {
            bench.restart(6);
            Order order;
            order.count = 6;
            order.groups = 20;
            Damage one = {block * BLOCK + 512, 1};
            bench.ua.choose = damage;
            bench.ua.ctx = &one;
            bench.write_table(order, bench.image.data());
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK_EQ(bench.ua.requests, 43 + (block == 5 ? 3 : 8));
            CHECK_EQ(bench.dut.count_retries_o, 0);
            CHECK(bench.all_well());
        }
    }
    TEST("given a block that is wrong twice / when it is checked / then HASH stops the engine and it is not written") {
        bench.restart(6);
        Order order;
        order.count = 6;
        Damage both = {3 * BLOCK, 2};
        bench.ua.choose = damage;
        bench.ua.ctx = &both;
        bench.write_table(order, bench.image.data());
        bench.write_order(0, order);
        bench.push(0);
        CHECK_EQ(bench.stop_reason(), STOP_REASON_HASH);
        CHECK_EQ(bench.dut.order_block_o, 3);
        CHECK_EQ(bench.dut.order_slot_o, 0);
        CHECK_EQ(bench.dut.order_done_o, 0);
        order.plan[0] = 7;  // what may have been written: a beginning of it, and never block 3
        for (size_t i = 3 * BLOCK; i < bench.array.size(); i++) CHECK(bench.array[i] == bench.expected[i]);
        CHECK(bench.all_well());
        bench.clear();
        order.plan[0] = ~0u;
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
    TEST(
        "given a block that is wrong twice in each of two blocks once / when checked / then each gets its own chance") {
        bench.restart(4);
        Order order;
        order.count = 4;
        Damage all = {0, 1};
        bench.ua.ctx = &all;
        bench.ua.choose = [](void *ctx, unsigned, const struct agent_request *request) {
            Damage *next = (Damage *)ctx;
            if (request->offset != next->at) return AGENT_NONE;
            next->at += BLOCK;
            return AGENT_CORRUPT;
        };
        bench.write_table(order, bench.image.data());
        CHECK(bench.run(order));
        CHECK_EQ(bench.ua.requests, 2 * 4 * 8);
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
}

static void test_mismatch_elsewhere(StreamBench &bench) {
    const struct {
        const char *name;
        unsigned source;
    } cases[] = {
        {"given a flash that differs in one bit / when it is hashed / then HASH stops at that block", Order::FLASH},
        {"given a RAM block that differs in one bit / when it is checked / then HASH stops at that block", Order::RAM},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            for (unsigned wrong = 0; wrong < 3; wrong++) {
                bench.restart(3);
                Order order;
                order.source = c.source;
                order.sink = false;
                order.count = 3;
                order.groups = 12;
                order.dest = KEEP_BLOCK;
                std::copy(bench.image.begin(), bench.image.end(), bench.array.begin());
                bench.write_table(order, bench.image.data());
                bench.array[wrong * BLOCK + 700] ^= 4;
                bench.ram_fill(KEEP_BLOCK * BLOCK, bench.array.data(), 3 * BLOCK);
                bench.write_order(1, order);
                bench.push(1);
                CHECK_EQ(bench.stop_reason(), STOP_REASON_HASH);
                CHECK_EQ(bench.dut.order_block_o, wrong);
                CHECK_EQ(bench.dut.order_slot_o, 1);
                CHECK_EQ(bench.ua.requests, 0);
                bench.clear();
            }
        }
    }
    TEST("given a digest that differs in one bit of any word / when a block is checked / then HASH") {
        bench.restart(1);
        Order order;
        order.source = Order::RAM;
        order.sink = false;
        order.dest = KEEP_BLOCK;
        order.groups = 1;
        bench.ram_fill(KEEP_BLOCK * BLOCK, bench.image.data(), GROUP);
        bench.write_table(order, bench.image.data());
        bench.write_order(0, order);
        for (unsigned bit = 0; bit < 256; bit++) {
            uint32_t at = TABLE_AT + bit / 32 * 4;
            uint32_t word = bench.ram_read(at);
            bench.ram_write(at, word ^ 1u << bit % 32);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_HASH);
            bench.clear();
            bench.ram_write(at, word);
        }
        CHECK(bench.run(order));
    }
}

static void test_bad_orders(StreamBench &bench) {
    const struct {
        const char *name;
        unsigned source;
        bool check, sink, digest, chain;
    } cases[] = {
        {"given source 3 / when the order is pushed / then BAD_ORDER", 3, true, true, false, false},
        {"given source flash with a sink / when the order is pushed / then BAD_ORDER", Order::FLASH, true, true, false,
         false},
        {"given a digest from the link / when the order is pushed / then BAD_ORDER", Order::LINK, false, false, true,
         false},
        {"given a digest from the flash / when the order is pushed / then BAD_ORDER", Order::FLASH, false, false, true,
         false},
        {"given a digest with a sink / when the order is pushed / then BAD_ORDER", Order::RAM, false, true, true,
         false},
        {"given a digest with a check / when the order is pushed / then BAD_ORDER", Order::RAM, true, false, true,
         false},
        {"given chains from the link / when the order is pushed / then BAD_ORDER", Order::LINK, false, false, false,
         true},
        {"given chains from the flash / when the order is pushed / then BAD_ORDER", Order::FLASH, false, false, false,
         true},
        {"given chains with a sink / when the order is pushed / then BAD_ORDER", Order::RAM, false, true, false, true},
        {"given chains with a check / when the order is pushed / then BAD_ORDER", Order::RAM, true, false, false, true},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            bench.restart(1);
            Order order;
            order.source = c.source;
            order.check = c.check;
            order.sink = c.sink;
            order.digest = c.digest;
            order.chain = c.chain;
            order.count = 5;
            order.plan[0] = 0x10;
            bench.write_order(1, order);
            bench.push(1);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_BAD_ORDER);
            CHECK_EQ(bench.dut.order_block_o, 4);
            CHECK_EQ(bench.dut.order_slot_o, 1);
            CHECK_EQ(bench.ua.requests, 0);
            CHECK(bench.flash_as_expected());
            bench.clear();
            CHECK_EQ(bench.dut.order_reason_o, STOP_REASON_NONE);
            Order good;
            bench.write_table(good, bench.image.data());
            CHECK(bench.run(good));
            bench.execute(good, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
        }
    }
    TEST("given two orders under way / when a third is pushed / then BAD_ORDER") {
        bench.restart(2);
        Order order;
        bench.write_table(order, bench.image.data());
        bench.write_order(0, order);
        bench.write_order(1, order);
        bench.push(0);
        bench.push(1);
        bench.idle(300);
        bench.push(0);
        CHECK_EQ(bench.stop_reason(), STOP_REASON_BAD_ORDER);
        bench.clear();
        CHECK(bench.run(order));
    }
}

int test_checks(StreamBench &bench) {
    test_refetch(bench);
    test_mismatch_elsewhere(bench);
    test_bad_orders(bench);
    return check_result();
}
