// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: aborts in any cycle, and a flash that does not do what it is told.
#include "tests/rtl/stream_bench.h"

static void test_abort(StreamBench &bench) {
    TEST("given an idle engine / when it is aborted / then it stops, and works again after a clear") {
        bench.restart(1);
        bench.abort();
        CHECK_EQ(bench.stop_reason(100), STOP_REASON_ABORT);
        Order order;
        bench.write_table(order, bench.image.data());
        bench.write_order(0, order);
        bench.push(0);  // ignored
        bench.idle(1000);
        CHECK_EQ(bench.ua.requests, 0);
        CHECK(!bench.dut.order_busy_o);
        bench.clear();
        CHECK(!bench.dut.order_stopped_o);
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
    TEST(
        "given orders under way / when they are aborted in any cycle / then the flash ends in order and new orders "
        "work") {
        unsigned reasons[16] = {};
        for (unsigned round = 0; round < 120; round++) {
            bench.restart(6);
            const unsigned allowed = 1 + round % 4;
            bench.allow(allowed);
            bench.meddling = round & 1 ? 20 : 0;
            bench.dut.request_timeout_ms_i = (round % 3 == 0 ? 60 : 6) * allowed;
            if (round % 3 == 0) bench.chunk(13);
            bench.ua.byte_cycles = 1 + bench.random() % 12;
            bench.ua.gap = bench.random() % 3 * 150;
            bench.ua.ctx = &bench;
            bench.ua.hold = [](void *ctx, unsigned, const struct agent_request *) {
                return (uint64_t)(((StreamBench *)ctx)->random() % 2000);
            };
            bench.ua.choose = [](void *ctx, unsigned, const struct agent_request *) {
                StreamBench *b = (StreamBench *)ctx;
                return b->chance(90) ? AGENT_NONE : (enum agent_fault)(b->random() % AGENT_RETRY);
            };
            Order first, second;
            first.count = 3;
            second.count = 3;
            second.source = round % 3;
            second.check = round & 2;
            second.sink = second.source != Order::FLASH;
            second.dest = KEEP_BLOCK;
            second.image_offset = 3 * BLOCK;
            second.flash_address = 0x10000;
            second.table = TABLE_AT + 0x100;
            const uint8_t *content = second.source == Order::FLASH ? &bench.array[0x10000] : &bench.image[3 * BLOCK];
            bench.ram_fill(KEEP_BLOCK * BLOCK, content, 3 * BLOCK);
            bench.write_table(first, bench.image.data());
            bench.write_table(second, content);
            bench.write_order(0, first);
            bench.write_order(1, second);
            bench.push(0);
            bench.push(1);
            bench.idle(bench.random() % 140'000);
            bench.abort();
            unsigned reason = bench.stop_reason(200'000);
            CHECK(reason == STOP_REASON_ABORT || reason == STOP_REASON_TIMEOUT || reason == STOP_REASON_LENGTH ||
                  reason == STOP_REASON_HASH);
            reasons[reason]++;
            CHECK_EQ(nor_busy_until(bench.flash), 0);  // the operation under way was waited for
            CHECK(!bench.dut.tx_valid_o);
            bench.clear();
            if (round & 4) agent_flush(&bench.ua);  // else late answers come during the next order
            bench.ua.choose = nullptr;
            bench.dut.request_timeout_ms_i = 10 * DEFAULT_TIMEOUT_MS;
            bench.expected = bench.array;
            Order whole;
            whole.count = 2;
            whole.flash_address = 0x20000;
            whole.table = TABLE_AT + 0x200;
            bench.write_table(whole, bench.image.data());
            CHECK(bench.run(whole));
            bench.execute(whole, bench.image.data());
            CHECK(bench.flash_as_expected());
            if (!CHECK(bench.all_well())) break;
        }
        printf("# aborted %u, stopped before that %u\n", reasons[STOP_REASON_ABORT], 120 - reasons[STOP_REASON_ABORT]);
        CHECK(reasons[STOP_REASON_ABORT] > 60);
    }
}

static void test_flash(StreamBench &bench) {
    TEST("given a flash that stays busy / when its time is up / then FLASH_TIMEOUT stops the engine") {
        bench.restart(2);
        Order order;
        order.count = 2;
        bench.write_table(order, bench.image.data());
        bench.write_order(1, order);
        nor_set_stuck_busy(bench.flash, true);
        bench.push(1);
        CHECK_EQ(bench.stop_reason(), STOP_REASON_FLASH_TIMEOUT);
        CHECK_EQ(bench.dut.order_block_o, 0);
        CHECK_EQ(bench.dut.order_slot_o, 1);
        CHECK(bench.cycle - bench.started > 9 * bench.kTick);
        nor_set_stuck_busy(bench.flash, false);
        bench.idle(2000);
        bench.clear();
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
    }
    TEST("given a slow flash within its patience / when it is written / then the order is done") {
        bench.restart(2);
        nor_set_timing(bench.flash, NOR_MAXIMUM);
        bench.dut.flash_timeout_ms_i = 4;
        Order order;
        order.count = 2;
        order.erase64 = 1;
        bench.write_table(order, bench.image.data());
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
    TEST("given a bit that cannot be programmed / when its page is read back / then PROGRAM stops the engine") {
        for (unsigned bit = 0; bit < 32; bit++) {
            bench.restart(2);
            Order order;
            order.count = 2;
            order.no_erase = true;
            order.plan[0] = 2;
            std::fill_n(bench.array.begin(), 2 * BLOCK, (uint8_t)0xff);
            unsigned page = bench.random() % 16;
            size_t at = BLOCK + page * PAGE + bench.random() % 64 * 4 + bit / 8;
            bench.image[at] |= (uint8_t)(1 << bit % 8);
            bench.array[at] = (uint8_t) ~(1 << bit % 8);
            bench.write_table(order, bench.image.data());
            bench.write_order(0, order);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_PROGRAM);
            CHECK_EQ(bench.dut.order_block_o, 1);
            CHECK_EQ(nor_get_stats(bench.flash)->pages_programmed, page + 1);
            bench.clear();
        }
    }
}

int test_stops(StreamBench &bench) {
    test_abort(bench);
    test_flash(bench);
    return check_result();
}
