// SPDX-License-Identifier: Apache-2.0
//
// The engine of fw/image/lms.h in software: SHA-256 by OpenSSL, one context for a million hashes. For the host tools
// and for tests; signing uses its hash, too.
#pragma once
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/image/lms.h"

struct lms_soft {
    struct lms_engine engine;
    EVP_MD_CTX *sha256;
    bool good;      /* no hash has failed */
    uint32_t steps; /* of all walks */
    uint32_t numbers[LMS_NUMBERS];
    uint32_t side; /* of the hash begun last: whether of a right node */
    uint32_t room[LMS_ROOM / 4u];
};

/** Gets ready. @return false when memory ran out; to be closed in any case */
bool lms_soft_open(struct lms_soft *soft);
void lms_soft_close(struct lms_soft *soft);

/** SHA-256 of any bytes, also over a part of them. @return false when OpenSSL could not; `good` is false from then on
 */
bool lms_soft_hash(struct lms_soft *soft, const void *bytes, size_t len, uint8_t digest[LMS_HASH]);

/** Takes the step at @p step: the hash takes the value's place, j moves on. */
void lms_soft_step(struct lms_soft *soft, uint8_t step[LMS_GROUP]);
