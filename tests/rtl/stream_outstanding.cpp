// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: several RequestFirmwareData outstanding. How many there are, answers in any order and mixed packet by
// packet, and what that gains. Also run by the bench with one outstanding.
#include <algorithm>

#include "tests/rtl/stream_script.h"

static void test_number(StreamBench &bench) {
    TEST("given 1 to 4 allowed / when blocks are transferred / then so many are outstanding, as far as the build has") {
        for (unsigned allowed = 1; allowed <= 4; allowed++) {
            for (unsigned log2 : {5u, 9u, 12u, 13u}) {
                Script script = {};
                Order order = script_order(bench, &script, 8);
                bench.allow(allowed);
                bench.ua.turnaround = 5000;
                bench.dut.request_timeout_ms_i = 1000;
                bench.chunk(log2);
                script_run(bench, order);
                CHECK_EQ(bench.dut.count_retries_o, 0);
                CHECK_EQ(bench.ua.open_most, std::min<unsigned>(allowed, OUTSTANDING));
            }
        }
    }
    TEST("given requests outstanding / when more leave / then their tags differ and are those of their instance IDs") {
        Script script = {};
        Order order = script_order(bench, &script, 4);
        bench.ua.turnaround = 2000;
        script_run(bench, order);
        for (unsigned i = 0; i < bench.ua.requests; i++) {
            const agent_request *request = &bench.ua.log[i];
            CHECK_EQ(request->bytes[3] & 3, request->bytes[5] & 3);
            for (unsigned k = 1; k < OUTSTANDING && k <= i; k++) CHECK((request - k)->bytes[3] != request->bytes[3]);
            for (unsigned k = 1; k < 28 && k <= i; k++) CHECK((request - k)->bytes[5] != request->bytes[5]);
        }
    }
}

static void test_orders(StreamBench &bench) {
    TEST("given four outstanding / when their answers come in each of 24 orders / then each is put to its place") {
        unsigned rank[4] = {0, 1, 2, 3};
        do {
            for (unsigned log2 : {9u, 12u, 13u}) {
                Script script = {};
                for (unsigned i = 0; i < 4; i++) script.hold[i] = rank[i] * 3000;
                Order order = script_order(bench, &script, log2 == 13 ? 8 : 3);
                bench.chunk(log2);
                bench.dut.request_timeout_ms_i = 400;
                script_run(bench, order);
                CHECK_EQ(bench.dut.count_retries_o, 0);
            }
        } while (std::next_permutation(rank, rank + 4));
    }
    const struct {
        uint64_t gap;
        unsigned log2;
        unsigned byte_cycles;
    } mixes[] = {{600, 9, 1}, {1500, 9, 4}, {1500, 12, 4}, {400, 10, 1}, {2000, 8, 2}, {600, 13, 1}, {1500, 13, 4}};
    TEST("given several outstanding / when the packets of their answers come mixed / then no request is repeated") {
        for (auto &mix : mixes) {
            Script script = {};
            Order order = script_order(bench, &script, 6);
            bench.ua.gap = mix.gap;
            bench.ua.byte_cycles = mix.byte_cycles;
            bench.ua.first_sequence = (uint8_t)bench.random() & 3;
            bench.chunk(mix.log2);
            bench.dut.request_timeout_ms_i = 800;
            script_run(bench, order);
            CHECK_EQ(bench.dut.count_retries_o, 0);
            if (OUTSTANDING > 1) CHECK(bench.ua.mixed > 10);
        }
    }
    TEST("given each answer twice / when the second comes during later requests / then it is ignored") {
        for (uint64_t gap : {0, 300, 900}) {
            for (unsigned round = 0; round < 8; round++) {
                Script script = {};
                Order order = script_order(bench, &script, 4);
                bench.ua.gap = gap;
                bench.ua.choose = [](void *, unsigned, const struct agent_request *) { return AGENT_TWICE; };
                for (auto &hold : script.hold) hold = bench.random() % 4000;
                bench.dut.request_chunk_log2_i = 8;
                bench.dut.request_timeout_ms_i = 400;
                script_run(bench, order);
                CHECK_EQ(bench.dut.count_retries_o, 0);
            }
        }
    }
    TEST("given two orders / when the first one's last answers are late / then the second one's requests left before") {
        Script script = {};
        Order first = script_order(bench, &script, 4), second;
        first.count = second.count = 2;
        first.groups = 64;
        second.image_offset = second.flash_address = 2 * BLOCK;
        second.table = TABLE_AT + 0x400;
        bench.write_table(second, &bench.image[2 * BLOCK]);
        bench.dut.request_chunk_log2_i = 12;
        bench.dut.request_timeout_ms_i = 400;
        bench.ua.turnaround = 20'000;
        bench.write_order(0, first);
        bench.write_order(1, second);
        bench.push(0);
        bench.push(1);
        CHECK(bench.wait(2));
        bench.execute(first, bench.image.data());
        bench.execute(second, &bench.image[2 * BLOCK]);
        CHECK(bench.flash_as_expected());
        CHECK_EQ(bench.ua.requests, 4);
        CHECK_EQ(bench.ua.open_most, OUTSTANDING);
        CHECK(bench.all_well());
    }
}

/* Cycles from the last byte of each answer to the first byte of the request that waited for it, at most. */
static unsigned longest_turn(StreamBench &bench, const Order &order) {
    bench.write_order(0, order);
    bench.push(0);
    unsigned longest = 0;
    uint64_t answered = 0;
    while (!bench.dut.order_done_o && !bench.dut.order_stopped_o) {
        uint32_t was_open = bench.ua.open_count;
        bench.step();
        if (bench.ua.open_count < was_open) answered = bench.cycle;
        if (!bench.dut.tx_valid_o || !answered) continue;
        longest = std::max(longest, (unsigned)(bench.cycle - answered + 1));
        answered = 0;
    }
    CHECK(!bench.dut.order_stopped_o);
    return longest;
}

static void test_turn(StreamBench &bench) {
    TEST(
        "given as many outstanding as allowed / when an answer is there / then the next request starts 5 or 6 cycles "
        "later") {
        for (unsigned allowed = 1; allowed <= OUTSTANDING; allowed += 3) {
            Script script = {};
            Order order = script_order(bench, &script, 1);
            bench.allow(allowed);
            bench.ua.turnaround = 1000;
            order.groups = 64;
            order.check = order.sink = false;  // they would compete for the RAM
            unsigned turn = longest_turn(bench, order);
            printf("# %u outstanding: %u cycles\n", allowed, turn);
            CHECK(turn <= (OUTSTANDING == 1 ? 5 : 6));
        }
    }
    TEST("given one request allowed / when the answer with a block or two is there / then the next starts soon") {
        for (unsigned log2 : {12u, 13u}) {
            Script script = {};
            Order order = script_order(bench, &script, 12);
            bench.allow(1);
            bench.chunk(log2);
            order.groups = 64;
            order.check = order.sink = false;
            unsigned turn = longest_turn(bench, order);
            printf("# chunks of %u bytes: %u cycles\n", 1u << log2, turn);
            CHECK(turn <= (log2 == 13 && OUTSTANDING > 1 ? 30 : 18));
        }
    }
}

/* Answers of 4 KiB and 8 KiB on a line whose byte takes 4 cycles: at 12 Mbaud 20 ms are 96000 of them, at 3 Mbaud
 * 24000. */
static void test_use(StreamBench &bench) {
    const struct {
        const char *baud;
        uint64_t turnaround;
        unsigned log2;
    } lines[] = {{"12 Mbaud", 96'000, 12}, {"12 Mbaud", 96'000, 13}, {"3 Mbaud", 24'000, 12}, {"3 Mbaud", 24'000, 13}};
    TEST("given an agent that takes 20 ms / when blocks are fetched / then as many requests overlap as are allowed") {
        const unsigned blocks = 48;
        for (auto &line : lines) {
            if (OUTSTANDING == 1 && line.log2 == 13) continue;
            const unsigned chunk = 1u << line.log2, requests = blocks * BLOCK / chunk;
            const uint64_t answer = (chunk + 5 + (chunk / 64 + 1) * 4) * 4;
            for (unsigned allowed = 1; allowed <= OUTSTANDING; allowed += 3) {
                Script script = {};
                Order order = script_order(bench, &script, blocks);
                order.groups = 64;
                bench.write_table(order, bench.image.data());
                bench.allow(allowed);
                order.sink = false;  // the flash of the bench is slower than these lines
                bench.ua.turnaround = line.turnaround;
                bench.chunk(line.log2);
                bench.dut.request_timeout_ms_i = 1000;
                CHECK(bench.run(order));
                CHECK_EQ(bench.dut.count_retries_o, 0);
                uint64_t cycles = bench.cycle - bench.started;
                uint64_t least = std::max(requests / allowed * (line.turnaround + answer), requests * answer);
                printf("# %s, %u outstanding of %u bytes: link in use %.1f %% of the time\n", line.baud, allowed, chunk,
                       100. * (double)(requests * answer) / (double)cycles);
                CHECK(cycles >= least);
                CHECK(cycles < least + line.turnaround + 4 * answer);  // the first answer, the last blocks
                CHECK(bench.all_well());
            }
        }
    }
}

int test_outstanding(StreamBench &bench) {
    test_number(bench);
    test_orders(bench);
    test_turn(bench);
    test_use(bench);
    return check_result();
}
