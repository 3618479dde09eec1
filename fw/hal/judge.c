// SPDX-License-Identifier: Apache-2.0
//
// The engine of fw/image/lms.h as orders, and the judgement itself; see judge.h.
#include "fw/hal/judge.h"

#include "fw/board/board.h"
#include "fw/hal/orders.h"

/* Where it is in the stream RAM. */
static uint32_t ram_at(const void *at) {
    return (uint32_t)((const uint8_t *)at - orders_ram(0));
}

static void walk(void *ctx, uint32_t *ends, const uint8_t *values) {
    (void)ctx;
    orders_push_groups(ORDERS_CHAINS, ram_at(ends) / IMAGE_BLOCK, LMS_CHAINS * IMAGE_BLOCK_GROUPS,
                       ram_at(values) - ORDERS_BEFORE_VALUES);
}

static void hash(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    (void)ctx;
    orders_push_groups(hole != 0 ? ORDERS_LMS_DIGEST : ORDERS_DIGEST, ram_at(message) / IMAGE_BLOCK, lms_groups(len),
                       ram_at(digest));
}

static void climb(void *ctx, uint32_t *message, const uint8_t *path) {
    (void)ctx;
    orders_push_groups(ORDERS_TREE, ram_at(message) / IMAGE_BLOCK, (LMS_HEIGHT - 1u) * IMAGE_BLOCK_GROUPS + 2u,
                       ram_at(path) - ORDERS_BEFORE_VALUES);
}

static bool finish(void *ctx) {
    (void)ctx;
    return orders_finish();
}

enum image_trust judge(uint8_t *manifest, const struct image *image) {
    uint8_t *room = orders_ram(manifest == orders_ram(1) ? 2 : 1);
    uint8_t *numbers = orders_ram(0) + offsetof(stream_ram_map_t, NUMBERS);
    const struct lms_engine engine = {.room = (uint32_t *)(void *)room,
                                      .numbers = (uint32_t *)(void *)numbers,
                                      .walk = walk,
                                      .hash = hash,
                                      .climb = climb,
                                      .finish = finish};
    const struct image_roots roots = {.hash = board_roots, .count = board_root_count, .revoked = board_revoked()};
    return image_judge(&engine, &roots, manifest, image);
}
