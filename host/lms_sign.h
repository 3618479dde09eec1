// SPDX-License-Identifier: Apache-2.0
//
// LMS key generation and signatures (RFC 8554) for the parameters of fw/image/lms.h: arithmetic only. One-time private
// keys come from a seed (appendix A). Which one-time key may be used, and that never twice, is host/signer.h's.
#pragma once
#include "host/lms_soft.h"

#define LMS_SEED 32u

/** All that is secret. */
struct lms_private {
    uint8_t seed[LMS_SEED];
    uint8_t identifier[LMS_IDENTIFIER];  // I
};

/** Every node, the root at 1, the leaf of one-time key q at LMS_KEYS + q. */
struct lms_tree {
    uint8_t node[2u * LMS_KEYS][LMS_HASH];
};

/** A number as RFC 8554's u32str has it. */
static inline void lms_put32(uint8_t out[4], uint32_t value) {
    for (unsigned i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/** Computes the tree: a million hashes, a good half of a second. @return false when OpenSSL failed */
bool lms_build_tree(struct lms_soft *soft, const struct lms_private *private, struct lms_tree *tree);

/** The public key of a tree. */
void lms_public_key(const struct lms_private *private, const uint8_t root[LMS_HASH], uint8_t key[LMS_PUBLIC_KEY]);

/** Steps that a verifier takes for this randomizer @p c: what the engine of a card spends its time with.
 * @return UINT32_MAX when OpenSSL failed */
uint32_t lms_count_steps(struct lms_soft *soft, const uint8_t identifier[LMS_IDENTIFIER], uint32_t q,
                         const uint8_t c[LMS_HASH], const uint8_t *message, size_t len);

/** Signs with one-time key @p q and randomizer @p c; @p len at most LMS_MESSAGE_MOST. The same @p q with another
 * message or randomizer gives the key away. @return false when OpenSSL failed */
bool lms_sign(struct lms_soft *soft, const struct lms_private *private, const struct lms_tree *tree, uint32_t q,
              const uint8_t c[LMS_HASH], const uint8_t *message, size_t len, uint8_t signature[LMS_SIGNATURE]);
