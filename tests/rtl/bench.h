// SPDX-License-Identifier: Apache-2.0
//
// What every RTL bench shares: the clock, reset, a cycle count and a seeded random source. Included after the Verilated
// model's header. A bench prints its seed; SEED=n in the environment replays it.
#pragma once
#include <verilated.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "check.h"

template <class Model>
struct Bench {
    VerilatedContext context;
    Model dut;
    uint64_t cycle = 0;
    uint64_t random_state;

    explicit Bench(int argc, char **argv) : context(), dut(&context) {
        context.commandArgs(argc, argv);
        const char *seed = getenv("SEED");
        random_state = seed ? strtoull(seed, nullptr, 0) : 1;
        printf("# seed %llu\n", (unsigned long long)random_state);
        random_state = random_state * 0x9E3779B97F4A7C15u + 1;
    }

    // Settles combinational outputs for the inputs set so far.
    void eval() { dut.eval(); }

    // One clock cycle: inputs set before the call are sampled at the rising edge.
    void tick() {
        dut.clk_i = 0;
        dut.eval();
        rise();
    }

    // The second half of one whose first half was evaluated, with the inputs as they are.
    void rise() {
        dut.clk_i = 1;
        dut.eval();
        context.timeInc(1);
        cycle++;
    }

    void reset() {
        dut.rst_ni = 0;
        for (int i = 0; i < 4; i++) tick();
        dut.rst_ni = 1;
        tick();
    }

    uint32_t random() {  // xorshift64*
        random_state ^= random_state >> 12;
        random_state ^= random_state << 25;
        random_state ^= random_state >> 27;
        return (uint32_t)((random_state * 0x2545F4914F6CDD1Du) >> 32);
    }
    bool chance(unsigned percent) { return random() % 100 < percent; }
};
