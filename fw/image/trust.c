// SPDX-License-Identifier: Apache-2.0
//
// Promises of trust.h.
#include "fw/image/trust.h"

_Static_assert(IMAGE_PUBLIC_KEY == LMS_PUBLIC_KEY && IMAGE_SIGNATURE == LMS_SIGNATURE && IMAGE_HASH == LMS_HASH,
               "a manifest has room for this signature");

#define PADDING_WORDS 3u  // behind what is signed, which ends 12 bytes before the end of a group of 64

/* Whether the key may sign, from the hash of its public key. */
static enum image_trust judge_key(const struct image_roots *roots, const uint8_t *manifest, const uint8_t *hash) {
    uint32_t root = 0;
    if (!lms_same(hash, manifest + IMAGE_AT_KEY_ID, IMAGE_KEY_ID)) return IMAGE_WRONG_KEY;
    while (root < roots->count && !lms_same(hash, roots->hash[root], IMAGE_HASH)) root++;
    if (root == roots->count) return IMAGE_UNKNOWN_KEY;
    return (roots->revoked >> root & 1u) != 0 ? IMAGE_REVOKED_KEY : IMAGE_AUTHENTIC;
}

/* The engine is kept busy: what its next orders are over is laid out while it hashes the manifest. */
enum image_trust image_judge(const struct lms_engine *engine, const struct image_roots *roots, uint8_t *manifest,
                             const struct image *image) {
    const uint8_t *key = manifest + image_public_key_at(image);
    uint8_t *signature = manifest + image_signature_at(image);
    uint32_t *behind = (uint32_t *)(void *)signature, kept[PADDING_WORDS];
    if (image_unsigned(image)) return IMAGE_UNSIGNED;
    uint32_t *message = lms_begin(engine, key, signature, IMAGE_HASH);
    for (uint32_t i = 0; i < PADDING_WORDS; i++) kept[i] = behind[i];
    lms_hash(engine, (uint32_t *)(void *)manifest, image_signature_at(image), message);
    const uint32_t *hash = lms_hash_key(engine, key);
    lms_prepare(engine, key, kept[0]);
    bool good = engine->finish(engine->ctx);
    for (uint32_t i = 0; i < PADDING_WORDS; i++) behind[i] = kept[i];
    if (!good || !engine->finish(engine->ctx)) return IMAGE_BAD_SIGNATURE;
    good = lms_walk(engine, key, signature, IMAGE_HASH);
    enum image_trust trust = judge_key(roots, manifest, (const uint8_t *)hash);
    good = good && lms_end(engine, key, signature);
    return trust != IMAGE_AUTHENTIC || good ? trust : IMAGE_BAD_SIGNATURE;
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
