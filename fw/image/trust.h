// SPDX-License-Identifier: Apache-2.0
//
// Whether an image is authentic: its manifest names a key, brings the public key of that name and a signature, and the
// key is one of the roots, of which the caller knows no more than the hashes. Shared by boot ROM, firmware and fwpkg.
//
// Signed is the SHA-256 of all bytes of the manifest before the signature, so key identifier and public key as well:
// the message of LMS has 32 bytes, whatever the manifest's size, and an HSM gets no more than that to see.
#pragma once
#include "fw/image/image.h"
#include "fw/image/lms.h"

/** What is known of an image; image_trust_name() puts it into words. */
enum image_trust {
    IMAGE_AUTHENTIC = 0,
    IMAGE_UNSIGNED,       // the key identifier is zero
    IMAGE_WRONG_KEY,      // the public key is not the one that the key identifier names
    IMAGE_UNKNOWN_KEY,    // none of the roots
    IMAGE_REVOKED_KEY,    // a root that is trusted no more
    IMAGE_BAD_SIGNATURE,  // not made by this key, or the manifest was changed after it
    IMAGE_TRUSTS
};

/** Keys that may sign. */
struct image_roots {
    const uint8_t (*hash)[IMAGE_HASH];  // SHA-256 of each public key, from a multiple of 4 on
    uint32_t count;                     // 0..32
    uint32_t revoked;                   // bit i: root i
};

/** Judges a manifest that image_parse() accepted. What is wrong with a key counts more than what is with a signature.
 *
 * On the card fw/hal/judge.h has the stream engine hash.
 *
 * @param manifest  all its blocks; begins at a multiple of 4, on the card with a block of the stream RAM, not in the
 *                  engine's room; changed meanwhile, afterwards as it was */
enum image_trust image_judge(const struct lms_engine *engine, const struct image_roots *roots, uint8_t *manifest,
                             const struct image *image);

/** The identifier of the key whose public key has this SHA-256: its first bytes. */
static inline void image_key_id(const uint8_t hash[IMAGE_HASH], uint8_t id[IMAGE_KEY_ID]) {
    for (uint32_t i = 0; i < IMAGE_KEY_ID; i++) id[i] = hash[i];
}

/** One short English phrase, lower case, to follow a colon. */
const char *image_trust_name(enum image_trust trust);
