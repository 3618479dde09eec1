// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: what orders do when nothing goes wrong.
#include "tests/rtl/stream_bench.h"

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

void test_transfers(StreamBench &bench) {
    test_fetch(bench);
    test_sizes(bench);
}
