// SPDX-License-Identifier: Apache-2.0
//
// Everything random of a run comes from one state, in the order of simulated events: the same seed, the same run.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/** Evenly from 0 to @p below - 1; below is not 0. */
static inline uint32_t dice_below(struct dice *dice, uint32_t below) {  // splitmix64
    uint64_t z = dice->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z >> 32) * below >> 32);
}

static inline bool dice_per_mille(struct dice *dice, uint32_t chance) {
    return chance != 0 && dice_below(dice, 1000) < chance;
}

/** Below 2^@p most_log2, which is 44 at most: each power of two as likely as the next. */
static inline uint64_t dice_magnitude(struct dice *dice, uint32_t most_log2) {
    const uint32_t log2 = dice_below(dice, most_log2);
    const uint64_t low = UINT64_C(1) << log2;
    return low + (low * dice_below(dice, 1u << 20) >> 20);
}
