// SPDX-License-Identifier: Apache-2.0
//
// Promises of lms_sign.h: RFC 8554, algorithms 1, 3 and 5, appendices A and C.
#include "host/lms_sign.h"

#include <string.h>

enum {
    AT_NUMBER = 16,
    AT_D = 20,
    AT_CHAIN = 20,
    AT_J = 22,
    AT_VALUE = 23,
    LEFT = 22,
    SECRET = 0xFF,  // j of the hash that gives a chain's first value
    STEP_BYTES = 55,
};

static void put_head(uint8_t *message, const uint8_t identifier[LMS_IDENTIFIER], uint32_t number, uint32_t d) {
    memcpy(message, identifier, LMS_IDENTIFIER);
    lms_put32(message + AT_NUMBER, number);
    message[AT_D] = message[AT_D + 1] = (uint8_t)(d >> 16);
}

/* The value of chain @p chain after @p steps steps, at AT_VALUE of @p step. */
static void walk(struct lms_soft *soft, const struct lms_private *private, uint32_t q, uint32_t chain, uint32_t steps,
                 uint8_t step[LMS_GROUP]) {
    put_head(step, private->identifier, q, 0);
    step[AT_CHAIN] = 0;
    step[AT_CHAIN + 1] = (uint8_t)chain;
    step[AT_J] = SECRET;
    memcpy(step + AT_VALUE, private->seed, LMS_SEED);
    lms_soft_hash(soft, step, STEP_BYTES, step + AT_VALUE);
    step[AT_J] = 0;
    while (steps-- != 0) lms_soft_step(soft, step);
}

static void leaf(struct lms_soft *soft, const struct lms_private *private, uint32_t q, uint8_t out[LMS_HASH]) {
    uint8_t step[LMS_GROUP], message[LEFT + LMS_CHAINS * LMS_HASH];
    put_head(message, private->identifier, q, LMS_D_PBLK);
    for (uint32_t i = 0; i < LMS_CHAINS; i++) {
        walk(soft, private, q, i, LMS_CHAIN_END, step);
        memcpy(message + LEFT + (size_t)i * LMS_HASH, step + AT_VALUE, LMS_HASH);
    }
    lms_soft_hash(soft, message, sizeof message, message + LEFT);
    put_head(message, private->identifier, LMS_KEYS + q, LMS_D_LEAF);
    lms_soft_hash(soft, message, LEFT + LMS_HASH, out);
}

bool lms_build_tree(struct lms_soft *soft, const struct lms_private *private, struct lms_tree *tree) {
    uint8_t message[LEFT + 2 * LMS_HASH];
    memset(tree->node[0], 0, LMS_HASH);
    for (uint32_t q = 0; q < LMS_KEYS; q++) leaf(soft, private, q, tree->node[LMS_KEYS + q]);
    for (uint32_t n = LMS_KEYS - 1; n != 0; n--) {
        put_head(message, private->identifier, n, LMS_D_INTR);
        memcpy(message + LEFT, tree->node[2 * n], LMS_HASH);
        memcpy(message + LEFT + LMS_HASH, tree->node[2 * n + 1], LMS_HASH);
        lms_soft_hash(soft, message, sizeof message, tree->node[n]);
    }
    return soft->good;
}

void lms_public_key(const struct lms_private *private, const uint8_t root[LMS_HASH], uint8_t key[LMS_PUBLIC_KEY]) {
    lms_put32(key + LMS_KEY_TYPE, LMS_TYPE);
    lms_put32(key + LMS_KEY_OTS_TYPE, LMS_OTS_TYPE);
    memcpy(key + LMS_KEY_I, private->identifier, LMS_IDENTIFIER);
    memcpy(key + LMS_KEY_ROOT, root, LMS_HASH);
}

static bool digits_of(struct lms_soft *soft, const uint8_t identifier[LMS_IDENTIFIER], uint32_t q,
                      const uint8_t c[LMS_HASH], const uint8_t *message, size_t len, uint32_t digits[LMS_NUMBERS]) {
    uint8_t bytes[LMS_ROOM_BLOCK];
    if (len > LMS_MESSAGE_MOST) return false;
    put_head(bytes, identifier, q, LMS_D_MESG);
    memcpy(bytes + LEFT, c, LMS_HASH);
    memcpy(bytes + LMS_MESSAGE_AT, message, len);
    if (!lms_soft_hash(soft, bytes, LMS_MESSAGE_AT + len, (uint8_t *)digits)) return false;
    digits[LMS_HASH / 4u] = lms_checksum(digits);
    return true;
}

uint32_t lms_count_steps(struct lms_soft *soft, const uint8_t identifier[LMS_IDENTIFIER], uint32_t q,
                         const uint8_t c[LMS_HASH], const uint8_t *message, size_t len) {
    uint32_t digits[LMS_NUMBERS];
    uint32_t steps = 0;
    if (!digits_of(soft, identifier, q, c, message, len, digits)) return UINT32_MAX;
    for (uint32_t i = 0; i < LMS_CHAINS; i++) steps += LMS_CHAIN_END - lms_digit((const uint8_t *)digits, i);
    return steps;
}

bool lms_sign(struct lms_soft *soft, const struct lms_private *private, const struct lms_tree *tree, uint32_t q,
              const uint8_t c[LMS_HASH], const uint8_t *message, size_t len, uint8_t signature[LMS_SIGNATURE]) {
    uint32_t digits[LMS_NUMBERS];
    uint8_t step[LMS_GROUP];
    if (!digits_of(soft, private->identifier, q, c, message, len, digits)) return false;
    lms_put32(signature + LMS_AT_Q, q);
    lms_put32(signature + LMS_AT_OTS_TYPE, LMS_OTS_TYPE);
    memcpy(signature + LMS_AT_C, c, LMS_HASH);
    for (uint32_t i = 0; i < LMS_CHAINS; i++) {
        walk(soft, private, q, i, lms_digit((const uint8_t *)digits, i), step);
        memcpy(signature + LMS_AT_Y + (size_t)i * LMS_HASH, step + AT_VALUE, LMS_HASH);
    }
    lms_put32(signature + LMS_AT_TYPE, LMS_TYPE);
    for (uint32_t level = 0; level < LMS_HEIGHT; level++)
        memcpy(signature + LMS_AT_PATH + (size_t)level * LMS_HASH, tree->node[((LMS_KEYS + q) >> level) ^ 1u],
               LMS_HASH);
    return soft->good;
}
