// SPDX-License-Identifier: Apache-2.0
//
// The engine of fw/image/lms.h as orders, and the judgement itself; see judge.h.
#include "fw/hal/judge.h"

#include "fw/board/board.h"
#include "fw/hal/orders.h"

/* RAM block of what begins at @p at. */
static uint32_t block_of(const uint32_t *at) {
    return (uint32_t)((const uint8_t *)at - orders_ram(0)) / IMAGE_BLOCK;
}

static void walk(void *ctx, uint32_t *steps, uint32_t count) {
    (void)ctx;
    orders_push_groups(ORDERS_CHAIN, block_of(steps), count);
}

static void hash(void *ctx, const uint32_t *message, size_t len) {
    (void)ctx;
    orders_push_groups(ORDERS_DIGEST, block_of(message), ((uint32_t)len + 9u + IMAGE_GROUP - 1u) / IMAGE_GROUP);
}

static bool finish(void *ctx, uint8_t *digest) {
    (void)ctx;
    if (!orders_finish()) return false;
    const uint32_t *from = (const uint32_t *)(const void *)(orders_ram(0) + offsetof(stream_ram_map_t, DIGEST));
    if (digest == NULL) return true;
#ifndef __OPTIMIZE_SIZE__  // the boot ROM has no room for it
#pragma GCC unroll 8
#endif
    for (uint32_t i = 0; i < LMS_HASH; i += 4u) {
        const uint32_t word = *from++;
        const uint16_t low = (uint16_t)word, high = (uint16_t)(word >> 16);
        __builtin_memcpy(__builtin_assume_aligned(digest + i, 2), &low, 2);
        __builtin_memcpy(__builtin_assume_aligned(digest + i + 2u, 2), &high, 2);
    }
    return true;
}

enum image_trust judge(uint8_t *manifest, const struct image *image) {
    uint8_t *room = orders_ram(manifest == orders_ram(1) ? 2 : 1);
    const struct lms_engine engine = {.room = (uint32_t *)(void *)room, .walk = walk, .hash = hash, .finish = finish};
    const struct image_roots roots = {.hash = board_roots, .count = board_root_count, .revoked = board_revoked()};
    hal_timer(0);  // the only event to wait for, but for packets
    return image_judge(&engine, &roots, manifest, image);
}
