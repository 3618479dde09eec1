// SPDX-License-Identifier: Apache-2.0
//
// stream_orders in a build without chains: what it says of orders that another build could do.
#include "Vstream_orders.h"
// clang-format off: bench.h needs the model before it
#include "bench.h"
// clang-format on
#include "stream_ram_map.h"

using Orders = Bench<Vstream_orders>;

struct Outcome {
    unsigned jobs, bad;
};

// Pushes an order of one block whose first word is `what`, and answers its reads until it is over.
static Outcome walk(Orders &b, uint32_t what) {
    const uint32_t plan_word = offsetof(order_rf__stride40_t, PLAN) / 4;
    Outcome outcome = {};
    b.reset();
    b.dut.room_i = 1;
    b.dut.push_i = 1;
    b.tick();
    b.dut.push_i = 0;
    for (unsigned limit = 0; limit < 100; limit++) {
        b.eval();
        outcome.jobs += b.dut.job_write_o;
        outcome.bad += b.dut.bad_o;
        b.dut.stop_i = b.dut.stop_i || b.dut.bad_o;
        const bool answer = b.dut.word_req_o && !b.dut.word_ack_i;
        const uint32_t word = b.dut.word_o == 0 ? what : b.dut.word_o == plan_word ? 1 : 0;
        b.tick();
        b.dut.word_ack_i = answer;
        b.dut.ram_rdata_i = answer ? word : b.random();
    }
    CHECK(b.dut.idle_o);
    b.dut.stop_i = 0;
    return outcome;
}

int main(int argc, char **argv) {
    Orders b(argc, argv);
    const uint32_t ram = 2u << ORDER_RF__WHAT__SOURCE_bp;
    const struct {
        const char *name;
        uint32_t what;
        unsigned bad;
    } cases[] = {
        {"given a build without chains / when a chain order is pushed / then it is bad", ram | ORDER_RF__WHAT__CHAIN_bm,
         1},
        {"given a build without chains / when a digest order for a message with a hole is pushed / then it is bad",
         ram | ORDER_RF__WHAT__DIGEST_bm | ORDER_RF__WHAT__CHAIN_bm, 1},
        {"given a build without chains / when a digest order is pushed / then it is handed out",
         ram | ORDER_RF__WHAT__DIGEST_bm, 0},
        {"given a build without chains / when a RAM order is pushed / then it is handed out", ram, 0},
    };
    for (const auto &c : cases) {
        TEST(c.name) {
            const Outcome outcome = walk(b, c.what);
            CHECK_EQ(outcome.bad, c.bad);
            CHECK_EQ(outcome.jobs, c.bad ? 1 : 2);  // the block and, unless stopped, the order's finish
        }
    }
    return check_result();
}
