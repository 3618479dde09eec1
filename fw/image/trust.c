// SPDX-License-Identifier: Apache-2.0
//
// Promises of trust.h.
#include "fw/image/trust.h"

_Static_assert(IMAGE_PUBLIC_KEY == LMS_PUBLIC_KEY && IMAGE_SIGNATURE == LMS_SIGNATURE && IMAGE_HASH == LMS_HASH,
               "a manifest has room for this signature");

__attribute__((noinline)) static bool equal(const uint8_t *a, const uint8_t *b, uint32_t len) {
    while (len != 0 && *a == *b) a++, b++, len--;
    return len == 0;
}

enum image_trust image_judge(const struct lms_engine *engine, const struct image_roots *roots, const uint8_t *manifest,
                             const struct image *image, const uint8_t digest[IMAGE_HASH]) {
    const uint8_t *key = manifest + image_public_key_at(image);
    _Alignas(4) uint8_t hash[IMAGE_HASH];
    uint32_t root = 0;
    if (image_unsigned(image)) return IMAGE_UNSIGNED;
    if (!lms_hash_key(engine, key, hash)) return IMAGE_WRONG_KEY;
    if (!equal(hash, image->key_id, IMAGE_KEY_ID)) return IMAGE_WRONG_KEY;
    while (root < roots->count && !equal(hash, roots->hash[root], IMAGE_HASH)) root++;
    if (root == roots->count) return IMAGE_UNKNOWN_KEY;
    if ((roots->revoked >> root & 1u) != 0) return IMAGE_REVOKED_KEY;
    return lms_verify(engine, key, manifest + image_signature_at(image), digest, IMAGE_HASH) ? IMAGE_AUTHENTIC
                                                                                             : IMAGE_BAD_SIGNATURE;
}

const char *image_trust_name(enum image_trust trust) {
    static const char *const names[IMAGE_TRUSTS] = {
        [IMAGE_AUTHENTIC] = "authentic",
        [IMAGE_UNSIGNED] = "not signed",
        [IMAGE_WRONG_KEY] = "the public key is not the one that the key identifier names",
        [IMAGE_UNKNOWN_KEY] = "signed with an unknown key",
        [IMAGE_REVOKED_KEY] = "signed with a revoked key",
        [IMAGE_BAD_SIGNATURE] = "wrong signature: another key made it, or the manifest was changed after it",
    };
    return (unsigned)trust < IMAGE_TRUSTS ? names[trust] : "unknown";
}
