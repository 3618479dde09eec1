// SPDX-License-Identifier: Apache-2.0
//
// Promises of lms_soft.h.
#include "host/lms_soft.h"

#include <openssl/evp.h>
#include <string.h>

enum { FIRST_VALUE = 6 /* word */, TWO_VALUES = 86, AT_CHAIN = 21, AT_J = 22, AT_VALUE = 23, STEP_BYTES = 55 };

bool lms_soft_hash(struct lms_soft *soft, const void *bytes, size_t len, uint8_t digest[LMS_HASH]) {
    if (EVP_DigestInit_ex2(soft->sha256, NULL, NULL) != 1 || EVP_DigestUpdate(soft->sha256, bytes, len) != 1 ||
        EVP_DigestFinal_ex(soft->sha256, digest, NULL) != 1)
        soft->good = false;
    return soft->good;
}

void lms_soft_step(struct lms_soft *soft, uint8_t step[LMS_GROUP]) {
    lms_soft_hash(soft, step, STEP_BYTES, step + AT_VALUE);
    step[AT_J]++;
    soft->steps++;
}

/* All at once; finish() has nothing to wait for. */
static void walk(void *ctx, uint32_t *ends, const uint8_t *values) {
    struct lms_soft *soft = ctx;
    uint8_t step[LMS_GROUP] = {0}, *end = (uint8_t *)ends;
    memcpy(step, end, LMS_HOLE_AT);
    end += LMS_HOLE_AT + LMS_HOLE + 2;
    for (uint32_t chain = 0; chain < LMS_CHAINS; chain++, values += LMS_HASH, end += LMS_HASH) {
        step[AT_CHAIN] = (uint8_t)chain;
        step[AT_J] = (uint8_t)lms_digit((const uint8_t *)soft->numbers, chain);
        memcpy(step + AT_VALUE, values, LMS_HASH);
        while (step[AT_J] < LMS_CHAIN_END) lms_soft_step(soft, step);
        memcpy(end, step + AT_VALUE, LMS_HASH);
    }
}

static void hash(void *ctx, uint32_t hole, const uint32_t *message, uint32_t len, uint32_t *digest) {
    struct lms_soft *soft = ctx;
    const uint8_t *bytes = (const uint8_t *)message;
    const size_t before = hole != 0 ? LMS_HOLE_AT : 0;
    soft->side = bytes[LMS_HOLE_AT - 1] & 1u;
    if (EVP_DigestInit_ex2(soft->sha256, NULL, NULL) != 1 || EVP_DigestUpdate(soft->sha256, bytes, before) != 1 ||
        EVP_DigestUpdate(soft->sha256, bytes + before + hole, len - before) != 1 ||
        EVP_DigestFinal_ex(soft->sha256, (uint8_t *)digest, NULL) != 1)
        soft->good = false;
}

static void climb(void *ctx, uint32_t *message, const uint8_t *path) {
    struct lms_soft *soft = ctx;
    uint32_t *values[] = {message + FIRST_VALUE, message + FIRST_VALUE + LMS_HASH / 4u};
    for (uint32_t level = 0; level < LMS_HEIGHT; level++, path += LMS_HASH) {
        uint32_t digest[LMS_HASH / 4u];
        memcpy(values[soft->side ^ 1u], path, LMS_HASH);
        message[LMS_HOLE_AT / 4u - 1u] = soft->numbers[level];
        hash(soft, LMS_HOLE, message, TWO_VALUES, digest);
        memcpy(values[soft->side], digest, LMS_HASH);
    }
}

static bool finish(void *ctx) {
    const struct lms_soft *soft = ctx;
    return soft->good;
}

bool lms_soft_open(struct lms_soft *soft) {
    soft->engine = (struct lms_engine){.ctx = soft,
                                       .room = soft->room,
                                       .numbers = soft->numbers,
                                       .walk = walk,
                                       .hash = hash,
                                       .climb = climb,
                                       .finish = finish};
    soft->steps = 0;
    soft->sha256 = EVP_MD_CTX_new();
    soft->good = soft->sha256 != NULL && EVP_DigestInit_ex2(soft->sha256, EVP_sha256(), NULL) == 1;
    return soft->good;
}

void lms_soft_close(struct lms_soft *soft) {
    EVP_MD_CTX_free(soft->sha256);
    soft->sha256 = NULL;
}
