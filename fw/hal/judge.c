// SPDX-License-Identifier: Apache-2.0
//
// The engine of fw/image/lms.h as orders, and the judgement itself; see judge.h.
#include "fw/hal/judge.h"

#include "fw/board/board.h"
#include "fw/hal/orders.h"

#define PADDING_WORDS 3u  // of a manifest's message, which ends 12 bytes before the end of a group

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
    for (uint32_t i = 0; digest != NULL && i < LMS_HASH / 4u; i++, digest += 4) {
        const uint32_t word = HAL_STREAM->DIGEST[i];
        const uint16_t half[2] = {(uint16_t)word, (uint16_t)(word >> 16)};
        __builtin_memcpy(__builtin_assume_aligned(digest, 2), &half[0], 2);
        __builtin_memcpy(__builtin_assume_aligned(digest + 2, 2), &half[1], 2);
    }
    return true;
}

enum image_trust judge(uint8_t *manifest, const struct image *image) {
    const struct lms_engine engine = {
        .room = (uint32_t *)(void *)orders_ram(JUDGE_ROOM), .walk = walk, .hash = hash, .finish = finish};
    const struct image_roots roots = {.hash = board_roots, .count = board_root_count, .revoked = board_revoked()};
    uint32_t *message = (uint32_t *)(void *)manifest, *end = message + image_signature_at(image) / 4u;
    uint32_t covered[PADDING_WORDS], digest[IMAGE_HASH / 4u];
    hal_timer(0);  // the only event to wait for, but for packets
    for (uint32_t i = 0; i < PADDING_WORDS; i++) covered[i] = end[i];
    bool good = lms_hash(&engine, message, image_signature_at(image), (uint8_t *)digest);
    for (uint32_t i = 0; i < PADDING_WORDS; i++) end[i] = covered[i];
    return good ? image_judge(&engine, &roots, manifest, image, (const uint8_t *)digest) : IMAGE_BAD_SIGNATURE;
}
