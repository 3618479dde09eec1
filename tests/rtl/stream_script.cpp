// SPDX-License-Identifier: Apache-2.0
//
// See stream_script.h.
#include "tests/rtl/stream_script.h"

static enum agent_fault by_offset(void *ctx, unsigned, const struct agent_request *request) {
    Script *script = (Script *)ctx;
    for (auto &line : script->lines) {
        if (line.at != request->offset || line.times == 0) continue;
        line.times--;
        return line.fault;
    }
    return AGENT_NONE;
}

static uint64_t by_number(void *ctx, unsigned number, const struct agent_request *) {
    return ((Script *)ctx)->hold[number % 4];
}

Order script_order(StreamBench &bench, Script *script, unsigned blocks) {
    bench.restart(blocks);
    bench.allow(OUTSTANDING);
    bench.ua.choose = by_offset;
    bench.ua.hold = by_number;
    bench.ua.ctx = script;
    Order order;
    order.count = blocks;
    order.groups = 33;
    bench.write_table(order, bench.image.data());
    return order;
}

void script_run(StreamBench &bench, const Order &order) {
    CHECK(bench.run(order));
    bench.execute(order, bench.image.data());
    CHECK(bench.flash_as_expected());
    CHECK(bench.all_well());
    CHECK_EQ(bench.dut.count_bytes_o, (order.count - 1) * BLOCK + order.groups * GROUP);
    CHECK_EQ(bench.dut.count_requests_o, bench.ua.requests);
    CHECK_EQ(bench.ua.open_count, 0);
}

unsigned script_sendings(const StreamBench &bench, uint32_t at, bool *same) {
    const agent_request *first = nullptr;
    unsigned count = 0;
    *same = true;
    for (unsigned i = 0; i < bench.ua.requests; i++) {
        const agent_request &request = bench.ua.log[i];
        if (request.offset != at) continue;
        if (!first) first = &request;
        *same = *same && memcmp(first->bytes, request.bytes, sizeof request.bytes) == 0;
        count++;
    }
    return count;
}
