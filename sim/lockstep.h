// SPDX-License-Identifier: Apache-2.0
//
// The lock-step link between a simulated card and a host program: frames on a unix stream socket, by which the host
// says how far simulated time may go. No time passes while the host thinks, so its timers are simulated and every run
// repeats.
//
//   u8 type | u64 time, ns | u32 length | payload      (little-endian)
//   'R' host to card: run until `time` (absolute) or until the card sent a frame border (7Eh); payload = bytes to
//       send to the card from now on, at the line rate.
//   'S' card to host, once on connecting and then once for each 'R': simulation stands at `time`; payload = bytes from
//       the card since the last 'S'.
#pragma once
#include <stdint.h>

enum {
    LOCKSTEP_RUN = 'R',
    LOCKSTEP_STOPPED = 'S',
    LOCKSTEP_HEADER = 13,
    LOCKSTEP_PAYLOAD_MAX = 1 << 20,
};

struct lockstep_header {
    uint8_t type;
    uint64_t time_ns;
    uint32_t length;
};

static inline void lockstep_header_put(const struct lockstep_header *h, uint8_t out[LOCKSTEP_HEADER]) {
    out[0] = h->type;
    for (int i = 0; i < 8; i++) out[1 + i] = (uint8_t)(h->time_ns >> 8 * i);
    for (int i = 0; i < 4; i++) out[9 + i] = (uint8_t)(h->length >> 8 * i);
}

static inline struct lockstep_header lockstep_header_get(const uint8_t in[LOCKSTEP_HEADER]) {
    struct lockstep_header h = {.type = in[0]};
    for (int i = 0; i < 8; i++) h.time_ns |= (uint64_t)in[1 + i] << 8 * i;
    for (int i = 0; i < 4; i++) h.length |= (uint32_t)in[9 + i] << 8 * i;
    return h;
}
