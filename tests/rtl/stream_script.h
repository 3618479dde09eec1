// SPDX-License-Identifier: Apache-2.0
//
// What the tests with several RequestFirmwareData outstanding share: an agent that follows a script.
#pragma once
#include "tests/rtl/stream_bench.h"

/* What the agent does with the requests for some chunks, by the image offset that they ask for. */
struct Script {
    struct Line {
        uint32_t at;
        enum agent_fault fault;
        unsigned times;  // of its first sendings
    } lines[4];
    uint64_t hold[4];  // of the answers to the first requests
};

/** Everything as after power-on, as many requests allowed as the build has, the agent with @p script. @return an order
 * for an image of @p blocks blocks in chunks of 512 bytes; its table is written */
Order script_order(StreamBench &bench, Script *script, unsigned blocks);

/** Runs the order; nothing may be amiss afterwards. */
void script_run(StreamBench &bench, const Order &order);

/** Requests for offset @p at so far; @p same is whether all had the same bytes. */
unsigned script_sendings(const StreamBench &bench, uint32_t at, bool *same);
