// SPDX-License-Identifier: Apache-2.0
//
// What the fuzz targets share. A target takes its input apart from the front (what is missing at the end reads as
// zero), calls one parser, and REQUIREs what must hold whatever the input was; the sanitizers watch the rest. Messages
// are handed over at the very end of an arena, so that one byte read or written beyond them is noticed.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define REQUIRE(condition) fuzz_require((condition), __FILE__, __LINE__, #condition)

static inline void fuzz_require(bool holds, const char *file, int line, const char *what) {
    if (holds) return;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* The next @p len bytes of the input, fewer at its end. */
static inline const uint8_t *fuzz_bytes(struct fuzz_input *in, size_t *len) {
    const uint8_t *bytes = in->at;
    if (*len > in->left) *len = in->left;
    in->at += *len;
    in->left -= *len;
    return bytes;
}

static inline uint8_t fuzz_u8(struct fuzz_input *in) {
    size_t len = 1;
    const uint8_t *byte = fuzz_bytes(in, &len);
    return len == 1 ? *byte : 0;
}

static inline uint16_t fuzz_u16(struct fuzz_input *in) {
    const uint8_t low = fuzz_u8(in);
    return (uint16_t)(low | fuzz_u8(in) << 8);
}

enum { FUZZ_ARENA = 5 * 4096 };

struct fuzz_arena {
    uint8_t bytes[FUZZ_ARENA];
};

/* The last @p len bytes of the arena. */
static inline uint8_t *fuzz_room(struct fuzz_arena *arena, size_t len) {
    REQUIRE(len <= sizeof arena->bytes);
    return arena->bytes + sizeof arena->bytes - len;
}

/* Puts @p len bytes at the end of the arena. */
static inline uint8_t *fuzz_put(struct fuzz_arena *arena, const uint8_t *bytes, size_t len) {
    uint8_t *at = fuzz_room(arena, len);
    if (len != 0) memcpy(at, bytes, len);
    return at;
}

/* A message out of the input, behind a byte with its length; FFh: 300 bytes, more than any request has. */
static inline uint8_t *fuzz_message(struct fuzz_input *in, struct fuzz_arena *arena, size_t *len) {
    *len = fuzz_u8(in);
    if (*len == UINT8_MAX) *len = 300;
    const uint8_t *bytes = fuzz_bytes(in, len);
    return fuzz_put(arena, bytes, *len);
}
