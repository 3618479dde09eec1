// SPDX-License-Identifier: Apache-2.0
//
// See mix.h.
#include "tests/faults/mix.h"

#include <string.h>

struct mixed mix_begin(void) {
    return (struct mixed){{0x9E3779B97F4A7C15u, 0xD1B54A32D192ED03u}};
}

void mix(struct mixed *mixed, const void *bytes, size_t len) {
    const uint8_t *p = bytes;
    uint64_t a = mixed->of[0] ^ len, b = mixed->of[1] + len;
    for (; len >= 8; len -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        a = (a ^ word) * 0x9FB21C651E98DF25u;
        b = (b ^ word) * 0xC2B2AE3D27D4EB4Fu;
        a ^= a >> 29;
        b ^= b >> 31;
    }
    for (; len; len--, p++) {
        a = (a ^ *p) * 0x9FB21C651E98DF25u;
        b = (b ^ *p) * 0xC2B2AE3D27D4EB4Fu;
    }
    *mixed = (struct mixed){{a ^ a >> 32, b ^ b >> 32}};
}

void mix_visit(void *ctx, const void *bytes, size_t len) {
    mix(ctx, bytes, len);
}

bool mix_same(const struct mixed *a, const struct mixed *b) {
    return a->of[0] == b->of[0] && a->of[1] == b->of[1];
}
