// SPDX-License-Identifier: Apache-2.0
//
// Stream engine: answers that are late, lost, broken, foreign or errors (DSP0267 clause 11.6, and what
// order_rf and the REQUEST registers say about repeats).
#include "tests/rtl/stream_bench.h"

/* The same fault for `times` requests from request `first` on. */
struct Script {
    unsigned first, times;
    enum agent_fault fault;
};
static enum agent_fault scripted(void *ctx, unsigned number, const struct agent_request *) {
    Script *script = (Script *)ctx;
    return number - script->first < script->times ? script->fault : AGENT_NONE;
}

static Order prepare(StreamBench &bench, Script *script) {
    bench.restart(2);
    bench.ua.choose = scripted;
    bench.ua.ctx = script;
    Order order;
    order.count = 2;
    order.groups = 10;
    bench.write_table(order, bench.image.data());
    return order;
}

static bool same_bytes(const agent_request &a, const agent_request &b) {
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static const struct {
    enum agent_fault fault;
    const char *what;
    bool repeated;    // asked for again
    unsigned after;   // at least so many ms later; 0: at once
    unsigned reason;  // when it happens too often
} kFaults[] = {
    {AGENT_SILENT, "no answer", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_LOSE_FIRST, "an answer without its first packet", true, 0, STOP_REASON_LENGTH},
    {AGENT_LOSE_MIDDLE, "an answer without one packet in the middle", true, 0, STOP_REASON_LENGTH},
    {AGENT_LOSE_LAST, "an answer without its last packet", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_BAD_FRAME, "an answer with a damaged packet", true, 0, STOP_REASON_LENGTH},
    {AGENT_PACKET_TWICE, "an answer with one packet twice", true, 0, STOP_REASON_LENGTH},
    {AGENT_WRONG_SEQUENCE, "an answer with a wrong sequence number", true, 0, STOP_REASON_LENGTH},
    {AGENT_WRONG_INSTANCE, "an answer with another instance ID", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_TAG, "an answer with another tag", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_SOURCE, "an answer from another endpoint", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_TYPE, "an answer of another PLDM type", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_WRONG_COMMAND, "an answer to another command", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_REQUEST_BIT, "a request instead of an answer", true, DEFAULT_TIMEOUT_MS, STOP_REASON_TIMEOUT},
    {AGENT_SHORT, "an answer with a byte less", true, 0, STOP_REASON_LENGTH},
    {AGENT_LONG, "an answer with a byte more", true, 0, STOP_REASON_LENGTH},
    {AGENT_EMPTY, "an answer without data", true, 0, STOP_REASON_LENGTH},
    {AGENT_RETRY, "RETRY_REQUEST_FW_DATA", true, DEFAULT_RETRY_MS, STOP_REASON_COMPLETION_CODE},
    {AGENT_TWICE, "an answer twice", false, 0, 0},
    {AGENT_FOREIGN, "an answer with another message in between", false, 0, 0},
};

static void test_each_fault(StreamBench &bench) {
    char name[200];
    for (auto &c : kFaults) {
        snprintf(name, sizeof name, "given %s / when it comes %s / then %s", c.what,
                 c.repeated ? "as often as repeats are allowed" : "",
                 c.repeated ? "the same request is repeated and the order done" : "the order is done without a repeat");
        TEST(name) {
            for (unsigned first : {0u, 5u, 9u}) {
                Script script = {first, 2, c.fault};
                Order order = prepare(bench, &script);
                bench.ua.first_sequence = (uint8_t)bench.random() & 3;
                CHECK(bench.run(order));
                bench.execute(order, bench.image.data());
                CHECK(bench.flash_as_expected());
                CHECK_EQ(bench.ua.requests, 10 + (c.repeated ? 2 : 0));
                CHECK_EQ(bench.dut.count_requests_o, bench.ua.requests);
                CHECK_EQ(bench.dut.count_retries_o, c.repeated ? 2 : 0);
                CHECK_EQ(bench.dut.count_bytes_o, BLOCK + 640);
                for (unsigned i = 0; c.repeated && i < 2; i++) {
                    const agent_request *request = &bench.ua.log[first + i];
                    CHECK(same_bytes(request[0], request[1]));
                    uint64_t waited = request[1].at - request[0].at;
                    uint64_t answer = bench.ua.turnaround + (512 + 5 + 10 * 4) * bench.ua.byte_cycles;
                    if (c.after == 0)
                        CHECK(waited < answer + 70 * bench.ua.byte_cycles + 100);
                    else
                        CHECK(waited >= (c.after - 1) * bench.kTick && waited < (c.after + 1) * bench.kTick + answer);
                }
                CHECK(bench.all_well());
            }
        }
        if (!c.repeated) continue;
        snprintf(name, sizeof name,
                 "given %s / when it comes once more than that / then the engine stops with reason %u", c.what,
                 c.reason);
        TEST(name) {
            Script script = {9, 3, c.fault};
            Order order = prepare(bench, &script);
            bench.write_order(1, order);
            bench.push(1);
            CHECK_EQ(bench.stop_reason(), c.reason);
            CHECK_EQ(bench.ua.requests, 12);
            CHECK_EQ(bench.dut.order_block_o, 1);
            CHECK_EQ(bench.dut.order_slot_o, 1);
            if (c.fault == AGENT_RETRY) CHECK_EQ(bench.dut.order_code_o, 0x89);
            CHECK(bench.all_well());
            bench.clear();
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
        }
    }
}

static void test_errors(StreamBench &bench) {
    TEST("given an error completion code / when it comes / then the engine stops with it at once") {
        for (unsigned code : {0x01, 0x05, 0x80, 0x82, 0x87, 0xff}) {
            Script script = {3, 1, AGENT_ERROR};
            Order order = prepare(bench, &script);
            bench.ua.error_code = (uint8_t)code;
            bench.write_order(0, order);
            bench.push(0);
            CHECK_EQ(bench.stop_reason(), STOP_REASON_COMPLETION_CODE);
            CHECK_EQ(bench.dut.order_code_o, code);
            CHECK_EQ(bench.dut.order_block_o, 0);
            CHECK_EQ(bench.ua.requests, 4);
            bench.clear();
        }
    }
    TEST("given no repeats allowed / when no answer comes / then TIMEOUT after one request") {
        Script script = {0, 1, AGENT_SILENT};
        Order order = prepare(bench, &script);
        bench.dut.request_retries_i = 0;
        bench.write_order(0, order);
        bench.push(0);
        CHECK_EQ(bench.stop_reason(), STOP_REASON_TIMEOUT);
        CHECK_EQ(bench.ua.requests, 1);
        bench.clear();
    }
    TEST("given failures in different requests / when none has too many / then each request has its own repeats") {
        Script script = {0, ~0u, AGENT_NONE};
        Order order = prepare(bench, &script);
        bench.ua.choose = [](void *, unsigned number, const struct agent_request *) {
            return number % 3 == 2 ? AGENT_NONE : number % 3 == 1 ? AGENT_SHORT : AGENT_LOSE_MIDDLE;
        };
        CHECK(bench.run(order));
        CHECK_EQ(bench.ua.requests, 30);
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
}

static void test_late(StreamBench &bench) {
    TEST(
        "given an answer later than the timeout / when both answers come / then the first counts, the other is "
        "ignored") {
        for (unsigned late = 15; late < 35; late++) {
            Script script = {4, 1, AGENT_LATE};
            Order order = prepare(bench, &script);
            bench.ua.late_cycles = late * 1000 + bench.random() % 1000;
            CHECK(bench.run(order));
            bench.execute(order, bench.image.data());
            CHECK(bench.flash_as_expected());
            CHECK(bench.ua.requests <= 12);
            CHECK(bench.all_well());
        }
    }
    TEST("given a slow link / when an answer takes longer than the timeout / then it is awaited while packets come") {
        Script script = {0, 0, AGENT_NONE};
        Order order = prepare(bench, &script);
        bench.ua.byte_cycles = 80;
        bench.dut.request_chunk_log2_i = 10;
        CHECK(bench.run(order));
        CHECK_EQ(bench.dut.count_retries_o, 0);
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
    }
    TEST("given a link that is busy with other packets / when requests leave / then each is whole and in order") {
        Script script = {0, 0, AGENT_NONE};
        Order order = prepare(bench, &script);
        bench.busy_tx = 90;
        CHECK(bench.run(order));
        bench.execute(order, bench.image.data());
        CHECK(bench.flash_as_expected());
        CHECK(bench.all_well());
    }
}

int test_answers(StreamBench &bench) {
    test_each_fault(bench);
    test_errors(bench);
    test_late(bench);
    return check_result();
}
