// SPDX-License-Identifier: Apache-2.0
//
// Two hashes of 64 bits, of what the campaign compares by them.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mixed {
    uint64_t of[2];
};

struct mixed mix_begin(void);
void mix(struct mixed *mixed, const void *bytes, size_t len);
/** The same as a visitor: @p ctx is a struct mixed. */
void mix_visit(void *ctx, const void *bytes, size_t len);
bool mix_same(const struct mixed *a, const struct mixed *b);
