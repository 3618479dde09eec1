// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: what orders do when nothing goes wrong.
#include "tests/rtl/stream_bench.h"

#include <algorithm>

static void test_fetch(StreamBench &bench) {
    TEST("given a fetch order / when the agent answers / then the blocks are in the stream RAM and stay there") {
        bench.restart(4);
        Order order;
        order.check = order.sink = false;
        order.keep = true;
        order.dest = KEEP_BLOCK;
        order.count = 3;
        order.groups = 17;
        order.image_offset = BLOCK - 96;
        CHECK(bench.run(order));
        CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, &bench.image[BLOCK - 96], 2 * BLOCK + 17 * GROUP));
        CHECK_EQ(bench.ua.requests, 16 + 3);
        CHECK_EQ(bench.dut.count_requests_o, 16 + 3);
        CHECK_EQ(bench.dut.count_bytes_o, 2 * BLOCK + 17 * GROUP);
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
    }
}

static void test_sizes(StreamBench &bench) {
    const struct {
        unsigned count, groups;
        const char *name;
    } cases[] = {
        {1, 64, "given one block / when it is transferred / then the flash holds it"},
        {1, 1, "given one group / when it is transferred / then the flash holds it and the erased rest"},
        {16, 27, "given 16 blocks with a partial last one / when transferred / then the flash holds them"},
        {128, 64, "given 128 blocks / when they are transferred / then the flash holds them"},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            bench.restart(c.count);
            Order order;
            order.count = c.count;
            order.groups = c.groups;
            order.flash_address = 0x40000;
            bench.write_table(order, bench.image.data());
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK_EQ(bench.dut.order_block_o, c.count - 1);
            CHECK(bench.all_well());
            printf("# %u blocks, %u groups: %llu cycles, link idle %u, flash idle %u\n", c.count, c.groups,
                   (unsigned long long)(bench.cycle - bench.started), bench.dut.count_link_idle_o,
                   bench.dut.count_flash_idle_o);
        }
    }
}

static void test_chunks(StreamBench &bench) {
    TEST("given each chunk size / when blocks are transferred / then requests of it and one remainder cover them") {
        for (unsigned log2 = 5; log2 <= 12; log2++) {
            bench.restart(2);
            bench.dut.request_chunk_log2_i = log2;
            Order order;
            order.count = 2;
            order.groups = 1 + bench.random() % 64;
            bench.write_table(order, bench.image.data());
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.all_well());
            uint32_t chunk = 1u << log2, at = 0, end = BLOCK + order.groups * GROUP;
            for (unsigned i = 0; i < bench.ua.requests; i++) {
                const agent_request &request = bench.ua.log[i];
                CHECK_EQ(request.offset, at);
                CHECK_EQ(request.length, at + chunk <= end ? chunk : end - at);
                CHECK_EQ(request.bytes[3] & 3, request.bytes[5] & 3);  // tag and instance ID
                if (i) CHECK(request.bytes[5] != bench.ua.log[i - 1].bytes[5]);
                at += request.length;
            }
            CHECK_EQ(at, end);
        }
    }
}

static void test_holes(StreamBench &bench) {
    TEST("given a plan with holes / when it is transferred / then only planned blocks are requested and written") {
        bench.restart(128);
        Order order;
        order.count = 128;
        order.groups = 5;
        order.image_offset = 0;
        for (auto &word : order.plan) word = bench.random() & bench.random() & bench.random();
        order.plan[3] |= 0x8000'0000;
        bench.write_table(order, bench.image.data());
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        unsigned wanted = 0;
        for (unsigned i = 0; i < 128; i++) wanted += order.planned(i) ? (order.bytes_of(i) + 511) / 512 : 0;
        CHECK_EQ(bench.ua.requests, wanted);
        for (unsigned i = 0; i < bench.ua.requests; i++) CHECK(order.planned(bench.ua.log[i].offset / BLOCK));
        CHECK(bench.all_well());
    }
    TEST(
        "given an empty plan behind a transfer / when both ran / then two orders are done, the transfer's last block") {
        bench.restart(3);
        Order order, nothing;
        order.count = 3;
        nothing.count = 128;
        memset(nothing.plan, 0, sizeof nothing.plan);
        bench.write_table(order, bench.image.data());
        bench.write_order(0, order);
        bench.write_order(1, nothing);
        bench.push(0);
        bench.push(1);
        CHECK(bench.dut.order_busy_o);
        CHECK(bench.wait(2));
        CHECK(!bench.dut.order_stopped_o && !bench.dut.order_busy_o);
        CHECK_EQ(bench.dut.order_block_o, 2);
        bench.ack();
        CHECK_EQ(bench.dut.order_done_o, 1);
        bench.ack();
        CHECK_EQ(bench.dut.order_done_o, 0);
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
}

static void test_erases(StreamBench &bench) {
    const struct {
        const char *name;
        bool no_erase;
        uint8_t erase64;
        uint16_t erase32;
        uint32_t plan;
        unsigned count4, count32, count64;
    } cases[] = {
        {"given no erase bits / when 32 blocks are written / then each is erased by 4 KiB", false, 0, 0, ~0u, 32, 0, 0},
        {"given erase32 bits / when written / then 32 KiB go before their first planned block", false, 0, 5, 0xffff00f8,
         8, 2, 0},
        {"given an erase64 bit / when written / then 64 KiB go before its first planned block", false, 1, 0, 0x8003fff0,
         3, 0, 1},
        {"given erase64 and erase32 bits / when written / then each region is erased once", false, 2, 0xd, 0xff0100ff,
         0, 1, 1},
        {"given no_erase / when written on blank flash / then nothing is erased", true, 3, 0xf, 0x00f0f00f, 0, 0, 0},
    };
    for (auto &c : cases) {
        TEST(c.name) {
            bench.restart(32);
            Order order;
            order.count = 32;
            order.plan[0] = c.plan;
            order.no_erase = c.no_erase;
            order.erase64 = c.erase64;
            order.erase32 = c.erase32;
            order.flash_address = 0x30000;
            if (c.no_erase) {
                std::fill_n(bench.array.begin() + 0x30000, 0x20000, (uint8_t)0xff);
                bench.expected = bench.array;
            }
            bench.write_table(order, bench.image.data());
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            const nor_stats *stats = nor_get_stats(bench.flash);
            CHECK_EQ(stats->erases_4k, c.count4);
            CHECK_EQ(stats->erases_32k, c.count32);
            CHECK_EQ(stats->erases_64k, c.count64);
            CHECK(bench.all_well());
        }
    }
}

static void test_four_byte_part(StreamBench &bench) {
    TEST(
        "given a part above 16 MiB / when blocks go to its upper half, erased in all sizes, and back / then they are "
        "there and the chip saw nothing wrong") {
        bench.restart_large(26);
        Order order;
        order.count = 26;
        order.erase64 = 1;
        order.erase32 = 4;
        order.flash_address = 0x18f0000;
        bench.write_table(order, bench.image.data());
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        const nor_stats *stats = nor_get_stats(bench.flash);
        CHECK_EQ(stats->erases_4k, 2);
        CHECK_EQ(stats->erases_32k, 1);
        CHECK_EQ(stats->erases_64k, 1);
        Order back;
        back.source = Order::FLASH;
        back.check = back.sink = false;
        back.keep = true;
        back.dest = KEEP_BLOCK;
        back.flash_address = order.flash_address;
        CHECK(bench.run(back));
        CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, bench.image.data(), BLOCK));
        CHECK(bench.all_well());
    }
}

static void test_other_sources(StreamBench &bench) {
    TEST(
        "given blocks in the stream RAM / when an order programs them with the chip in 1-bit mode / then the flash "
        "holds "
        "whole pages") {
        bench.restart(2);
        bench.dut.flash_read_opcode_i = 0x0b;
        bench.dut.flash_read_quad_i = 0;
        bench.dut.flash_program_opcode_i = 0x02;
        bench.dut.flash_program_quad_i = 0;
        bench.ram_fill(2 * BLOCK, bench.image.data(), 2 * BLOCK);
        Order order;
        order.source = Order::RAM;
        order.check = false;
        order.dest = 2;
        order.count = 2;
        order.groups = 4;
        order.flash_address = 0x7e000;
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        CHECK_EQ(nor_get_stats(bench.flash)->pages_programmed, 17);
        CHECK(bench.all_well());
    }
    TEST("given a record at a page that is no block's begin / when programmed without erase / then it is there") {
        bench.restart(1);
        std::fill_n(bench.array.begin() + 0x21000, BLOCK, (uint8_t)0xff);
        bench.expected = bench.array;
        bench.ram_fill(3 * BLOCK, bench.image.data(), GROUP);
        Order order;
        order.source = Order::RAM;
        order.check = false;
        order.no_erase = true;
        order.dest = 3;
        order.groups = 1;
        order.flash_address = 0x21700;
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
    }
    TEST("given an image in the flash / when an order reads it with keep / then it is in the stream RAM") {
        bench.restart(1);
        Order order;
        order.source = Order::FLASH;
        order.check = order.sink = false;
        order.keep = true;
        order.count = 3;
        order.groups = 33;
        order.dest = KEEP_BLOCK;
        order.flash_address = 0x12300;
        CHECK(bench.run(order));
        CHECK(bench.ram_holds(KEEP_BLOCK * BLOCK, &bench.array[0x12300], 2 * BLOCK + 33 * GROUP));
        CHECK(bench.all_well());
    }
    TEST("given an image in the flash / when its blocks are hashed / then the order is done and nothing has changed") {
        bench.restart(1);
        Order order;
        order.source = Order::FLASH;
        order.sink = false;
        order.count = 21;
        order.groups = 7;
        order.flash_address = 0x55000;
        bench.write_table(order, &bench.array[0x55000]);
        CHECK(bench.run(order));
        CHECK(bench.flash_as_expected());
        CHECK_EQ(bench.ua.requests, 0);
        CHECK(bench.all_well());
    }
    TEST("given a table in the stream RAM / when it is checked there / then the order is done") {
        bench.restart(1);
        bench.ram_fill(2 * BLOCK, bench.image.data(), BLOCK);
        Order order;
        order.source = Order::RAM;
        order.sink = false;
        order.dest = 2;
        order.table = BLOCK + 196;
        bench.write_table(order, bench.image.data());
        CHECK(bench.run(order));
    }
    TEST("given a raw component / when it is transferred without check / then the flash holds it") {
        bench.restart(2);
        Order order;
        order.check = false;
        order.count = 2;
        order.groups = 2;
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
}

static void test_two_orders(StreamBench &bench) {
    TEST("given two orders queued and a fast flash / when both run / then the link has no gap between them") {
        bench.restart(16);
        bench.ua.byte_cycles = 40;
        Order first, second;
        first.count = second.count = 8;
        second.image_offset = second.flash_address = 8 * BLOCK;
        second.table = TABLE_AT + 0x400;
        bench.write_table(first, bench.image.data());
        bench.write_table(second, &bench.image[8 * BLOCK]);
        bench.write_order(1, first);
        bench.write_order(0, second);
        bench.push(1);
        bench.push(0);
        CHECK(bench.wait(2));
        bench.execute(first, bench.image.data());
        bench.execute(second, &bench.image[8 * BLOCK]);
        CHECK(bench.flash_as_expected());
        CHECK_EQ(bench.ua.requests, 128);
        printf("# link idle %u cycles for 128 requests\n", bench.dut.count_link_idle_o);
        CHECK(bench.dut.count_link_idle_o < 128 * 20);
        for (unsigned i = 1; i < bench.ua.requests; i++) {
            uint64_t answer = bench.ua.turnaround + (512 + 5 + 9 * 4) * bench.ua.byte_cycles;
            CHECK(bench.ua.log[i].at - bench.ua.log[i - 1].at < answer + 60);
        }
        CHECK(bench.all_well());
    }
    TEST("given orders pushed one by one as the one before is done / when ten ran / then all is written") {
        bench.restart(20);
        bench.meddling = 5;
        for (unsigned i = 0; i < 10; i++) {
            Order order;
            order.count = 2;
            order.image_offset = order.flash_address = i * 2 * BLOCK;
            order.table = TABLE_AT + (i & 1) * 64;
            if (i >= 2) {
                CHECK(bench.wait(1));
                bench.ack();
            }
            bench.write_table(order, &bench.image[i * 2 * BLOCK]);
            bench.write_order(i & 1, order);
            bench.push(i & 1);
            bench.execute(order, &bench.image[i * 2 * BLOCK]);
        }
        CHECK(bench.wait(2));
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
    }
}

int test_transfers(StreamBench &bench) {
    test_fetch(bench);
    test_sizes(bench);
    test_chunks(bench);
    test_holes(bench);
    test_erases(bench);
    test_four_byte_part(bench);
    test_other_sources(bench);
    test_two_orders(bench);
    return check_result();
}
