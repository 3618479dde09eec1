// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: compare orders. Each block of the flash that is planned and has its table entry's hash is marked as
// equal, nothing else is, and whatever differs stops nothing.
#include <algorithm>

#include "tests/rtl/stream_bench.h"

enum { EQUAL_AT = 0x100, EQUAL_STRIDE = 128, FILL = 0x01, COMPARE_AT = 0x20000 };

static Order compare_order(unsigned count, unsigned groups) {
    Order order;
    order.source = Order::FLASH;
    order.compare = true;
    order.sink = false;
    order.count = count;
    order.groups = groups;
    order.flash_address = COMPARE_AT;
    return order;
}

/* The flash holds what the order's table says; then fill what it finds. */
static void prepare(StreamBench &bench, const Order &order, unsigned slot) {
    std::copy_n(bench.image.begin(), order.count * BLOCK, bench.array.begin() + order.flash_address);
    bench.write_table(order, bench.image.data());
    for (unsigned i = 0; i < EQUAL_STRIDE; i += 4)
        bench.ram_write(EQUAL_AT + slot * EQUAL_STRIDE + i, FILL * 0x01010101u);
}

static void damage(StreamBench &bench, const Order &order, unsigned block, unsigned byte) {
    bench.array[order.flash_address + block * BLOCK + byte] ^= (uint8_t)(1u << bench.random() % 8);
}

static bool is_equal(StreamBench &bench, unsigned slot, unsigned block) {
    uint32_t at = EQUAL_AT + slot * EQUAL_STRIDE + block;
    uint8_t mark = (uint8_t)(bench.ram_read(at & ~3u) >> at % 4 * 8);
    CHECK(mark == 0 || mark == FILL);
    return mark == 0;
}

/* @p differs one bit a block */
static void check_marks(StreamBench &bench, unsigned slot, const Order &order, const uint32_t differs[4]) {
    for (unsigned b = 0; b < EQUAL_STRIDE; b++)
        CHECK_EQ(is_equal(bench, slot, b), order.planned(b) && !(differs[b / 32] >> b % 32 & 1));
}

static void test_marks(StreamBench &bench) {
    const struct {
        const char *name;
        unsigned count, groups;
        uint32_t plan[4], differs[4];
    } cases[] = {
        {"given a slot that is equal / when it is compared / then each block is marked", 6, 64, {~0u}, {}},
        {"given a slot that differs everywhere / when it is compared / then no block is marked", 6, 64, {~0u}, {~0u}},
        {"given one block that differs / when it is compared / then all others are marked", 5, 7, {~0u}, {4}},
        {"given one block that is equal / when it is compared / then it alone is marked", 5, 7, {~0u}, {~4u}},
        {"given a plan with holes / when 128 blocks are compared / then holes stay as they are",
         128,
         1,
         {0x80000001, 0x00F0000F, 0, 0x80010000},
         {1, 0x0050000A, 0, 0x00010000}},
        {"given an empty plan / when it is compared / then nothing is read", 20, 64, {}, {}},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            bench.restart(c.count);
            Order order = compare_order(c.count, c.groups);
            std::copy_n(c.plan, 4, order.plan);
            prepare(bench, order, 0);
            unsigned blocks = 0;
            for (unsigned b = 0; b < c.count; b++) {
                blocks += order.planned(b);
                if (c.differs[b / 32] >> b % 32 & 1) damage(bench, order, b, bench.random() % order.bytes_of(b));
            }
            bench.expected = bench.array;
            CHECK(bench.run(order));
            check_marks(bench, 0, order, c.differs);
            CHECK_EQ(nor_get_stats(bench.flash)->bytes_read,
                     blocks * BLOCK - (order.planned(c.count - 1) ? BLOCK - c.groups * GROUP : 0));
            CHECK_EQ(bench.ua.requests, 0);
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
        }
    }
    TEST("given a short last block / when flash behind its end differs / then it is equal") {
        bench.restart(2);
        Order order = compare_order(2, 3);
        prepare(bench, order, 0);
        damage(bench, order, 1, 3 * GROUP);
        const uint32_t none[4] = {};
        CHECK(bench.run(order));
        check_marks(bench, 0, order, none);
    }
    TEST("given a table block in the flash / when it is compared and kept / then it is in the RAM, equal or not") {
        for (unsigned differs = 0; differs < 2; differs++) {
            bench.restart(1);
            Order order = compare_order(1, 64);
            order.keep = true;
            order.dest = KEEP_BLOCK;
            prepare(bench, order, 0);
            if (differs) damage(bench, order, 0, 77);
            CHECK(bench.run(order));
            CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, &bench.array[COMPARE_AT], BLOCK));
            CHECK_EQ(is_equal(bench, 0, 0), !differs);
        }
    }
}

static void test_speed(StreamBench &bench) {
    TEST(
        "given blocks that differ and blocks that do not / when they are compared / then the flash is read at its "
        "pace") {
        bench.restart(33);
        uint64_t cycles[2];
        const unsigned counts[] = {1, 33};
        for (unsigned i = 0; i < 2; i++) {
            Order order = compare_order(counts[i], 64);
            prepare(bench, order, 0);
            for (unsigned b = 1; b < order.count; b += 2) damage(bench, order, b, 5);
            CHECK(bench.run(order));
            cycles[i] = bench.cycle - bench.started;
        }
        uint64_t a_block = (cycles[1] - cycles[0]) / (counts[1] - counts[0]);
        printf("# compare_cycles_per_block %llu\n", (unsigned long long)a_block);
        // Two bits a cycle, and 40 of command, address and dummy byte on one line.
        CHECK(a_block >= BLOCK * 4 + 80);
        CHECK(a_block <= BLOCK * 4 + 80 + 30);
    }
}

static void test_beside_transfers(StreamBench &bench) {
    TEST("given a transfer and a compare order in either order / when both ran / then each did its own") {
        for (unsigned compare_slot = 0; compare_slot < 2; compare_slot++) {
            for (unsigned allowed = 1; allowed <= 4; allowed += 3) {
                bench.restart(9);
                bench.allow(allowed);
                Order transfer, compare = compare_order(9, 10);
                transfer.count = 7;
                transfer.erase32 = 1;
                transfer.table = TABLE_AT + BLOCK;
                prepare(bench, compare, compare_slot);
                bench.write_table(transfer, bench.image.data());
                const uint32_t differs[4] = {0x92};
                for (unsigned b = 0; b < 9; b++)
                    if (differs[0] >> b & 1) damage(bench, compare, b, 100);
                bench.expected = bench.array;
                bench.write_order(compare_slot, compare);
                bench.write_order(!compare_slot, transfer);
                bench.push(0);
                bench.push(1);
                CHECK(bench.wait(2));
                CHECK_EQ(bench.dut.order_done_o, 2);
                bench.ack();
                bench.ack();
                bench.execute(transfer, bench.image.data());
                check_marks(bench, compare_slot, compare, differs);
                CHECK(bench.flash_as_expected());
                CHECK_EQ(bench.dut.count_bytes_o, transfer.count * BLOCK);
                CHECK(bench.all_well());
            }
        }
    }
}

static void test_abort(StreamBench &bench) {
    TEST("given a compare order / when it is aborted in any cycle / then no block is marked wrongly and orders work") {
        unsigned marked = 0;
        for (unsigned round = 0; round < 60; round++) {
            bench.restart(4);
            Order compare = compare_order(4, 5);
            prepare(bench, compare, 1);
            damage(bench, compare, 1, 9);
            bench.expected = bench.array;
            bench.write_order(1, compare);
            bench.push(1);
            bench.idle(bench.random() % 75'000);
            bench.abort();
            CHECK_EQ(bench.stop_reason(), STOP_REASON_ABORT);
            for (unsigned b = 0; b < 4; b++) marked += is_equal(bench, 1, b);
            CHECK(!is_equal(bench, 1, 1));
            bench.clear();
            Order transfer;
            bench.write_table(transfer, bench.image.data());
            CHECK(bench.run(transfer));
            bench.execute(transfer, bench.image.data());
            CHECK(bench.flash_as_expected());
            if (!CHECK(bench.all_well())) break;
        }
        CHECK(marked > 30 && marked < 150);  // neither always before nor always after all
    }
}

static void test_bad_orders(StreamBench &bench) {
    const struct {
        const char *name;
        unsigned source;
        bool check, sink;
    } cases[] = {
        {"given a compare order from the link / when it is pushed / then BAD_ORDER", Order::LINK, true, false},
        {"given a compare order of RAM blocks / when it is pushed / then BAD_ORDER", Order::RAM, true, false},
        {"given a compare order without a check / when it is pushed / then BAD_ORDER", Order::FLASH, false, false},
        {"given a compare order with a sink / when it is pushed / then BAD_ORDER", Order::FLASH, true, true},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            bench.restart(1);
            Order order = compare_order(1, 64);
            order.source = c.source;
            order.check = c.check;
            order.sink = c.sink;
            bench.write_order(0, order);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_BAD_ORDER);
            CHECK(bench.flash_as_expected());
            bench.clear();
        }
    }
}

int test_compares(StreamBench &bench) {
    test_marks(bench);
    test_speed(bench);
    test_beside_transfers(bench);
    test_abort(bench);
    test_bad_orders(bench);
    return check_result();
}
