// SPDX-License-Identifier: Apache-2.0
//
// What the boot ROM tells the firmware that it starts, in the one argument of its main().
#pragma once
#include <stdbool.h>
#include <stdint.h>

/** Bits 1:0 the firmware's slot (0 A, 1 B, 2 golden) | 8 it is on trial | 15:12 starts of what is on trial, this one
 * included. */
static inline uint32_t handover_pack(uint32_t slot, bool trial, uint32_t attempts) {
    return slot | (trial ? 1u << 8 | attempts << 12 : 0u);
}

static inline uint8_t handover_slot(uint32_t handover) {
    return handover & 3u;
}

static inline bool handover_trial(uint32_t handover) {
    return (handover >> 8 & 1u) != 0;
}

static inline uint8_t handover_attempts(uint32_t handover) {
    return handover >> 12 & 15u;
}
