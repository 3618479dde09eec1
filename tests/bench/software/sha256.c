// SPDX-License-Identifier: Apache-2.0
//
// See sha256.h.
#include "tests/bench/software/sha256.h"

enum { BLOCK = 64, ROUNDS = 64 };

static const uint32_t rounds[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotated(uint32_t x, unsigned n) {
    return x >> n | x << (32u - n);
}

static uint32_t big_endian(const uint8_t *b) {
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void put_big_endian(uint8_t *b, uint32_t x) {
    for (unsigned i = 0; i < 4; i++) b[i] = (uint8_t)(x >> (24u - 8u * i));
}

static void compress(uint32_t h[8], const uint8_t *block) {
    uint32_t w[16], s[8];
    for (unsigned i = 0; i < 8; i++) s[i] = h[i];
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (i < 16) {
            w[i] = big_endian(block + 4u * i);
        } else {
            const uint32_t a = w[(i + 1u) & 15u], b = w[(i + 14u) & 15u];
            w[i & 15u] += (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) + w[(i + 9u) & 15u] +
                          (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
        }
        const uint32_t e = s[4], a = s[0];
        const uint32_t t1 = s[7] + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & s[5]) ^ (~e & s[6])) +
                            rounds[i] + w[i & 15u];
        const uint32_t t2 =
            (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        s[7] = s[6], s[6] = s[5], s[5] = e;
        s[4] = s[3] + t1;
        s[3] = s[2], s[2] = s[1], s[1] = a;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++) h[i] += s[i];
}

static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

void sha256(const uint8_t *bytes, size_t len, uint8_t digest[SHA256_DIGEST]) {
    uint8_t padding[BLOCK] = {0x80};
    uint32_t h[8];
    for (unsigned i = 0; i < 8; i++) h[i] = initial[i];
    for (size_t at = 0; at < len; at += BLOCK) compress(h, bytes + at);
    put_big_endian(padding + BLOCK - 4, (uint32_t)len * 8u);
    compress(h, padding);
    for (unsigned i = 0; i < 8; i++) put_big_endian(digest + 4u * i, h[i]);
}
