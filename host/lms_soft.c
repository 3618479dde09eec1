// SPDX-License-Identifier: Apache-2.0
//
// Promises of lms_soft.h.
#include "host/lms_soft.h"

#include <openssl/evp.h>
#include <string.h>

enum { AT_J = 22, AT_VALUE = 23, STEP_BYTES = 55 };

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
static void walk(void *ctx, uint32_t *steps, uint32_t count) {
    uint8_t *step = (uint8_t *)steps;
    for (; count != 0; count--, step += LMS_GROUP)
        while (step[AT_J] < LMS_CHAIN_END) lms_soft_step(ctx, step);
}

static void hash(void *ctx, const uint32_t *message, size_t len) {
    struct lms_soft *soft = ctx;
    lms_soft_hash(soft, message, len, soft->digest);
}

static bool finish(void *ctx, uint8_t *digest) {
    const struct lms_soft *soft = ctx;
    if (digest != NULL) memcpy(digest, soft->digest, LMS_HASH);
    return soft->good;
}

bool lms_soft_open(struct lms_soft *soft) {
    soft->engine = (struct lms_engine){.ctx = soft, .room = soft->room, .walk = walk, .hash = hash, .finish = finish};
    soft->steps = 0;
    soft->sha256 = EVP_MD_CTX_new();
    soft->good = soft->sha256 != NULL && EVP_DigestInit_ex2(soft->sha256, EVP_sha256(), NULL) == 1;
    return soft->good;
}

void lms_soft_close(struct lms_soft *soft) {
    EVP_MD_CTX_free(soft->sha256);
    soft->sha256 = NULL;
}
