// SPDX-License-Identifier: Apache-2.0
//
// Whether a manifest is authentic: signed, changed, by a key that is known, unknown or revoked, or by another one than
// it says.
#include "fw/image/trust.h"

#include "host/lms_sign.h"
#include "tests/check.h"

struct rig {
    struct lms_soft soft;
    struct lms_private private[2];
    struct lms_tree tree[2];
    _Alignas(4) uint8_t root[2][IMAGE_HASH];
    struct image image;
    uint32_t manifest[IMAGE_MAX_MANIFEST_BLOCKS * IMAGE_BLOCK / 4];
};

static bool make_keys(struct rig *rig) {
    for (unsigned k = 0; k < 2; k++) {
        uint8_t key[LMS_PUBLIC_KEY];
        memset(&rig->private[k], 0x40 + (int)k, sizeof rig->private[k]);
        if (!lms_build_tree(&rig->soft, &rig->private[k], &rig -> tree[k])) return false;
        lms_public_key(&rig->private[k], rig -> tree[k].node[1], key);
        if (!lms_soft_hash(&rig->soft, key, sizeof key, rig->root[k])) return false;
    }
    return true;
}

static uint8_t *bytes_of(struct rig *rig) {
    return (uint8_t *)rig->manifest;
}

/* A manifest for @p tables tables, which names key @p named, brings key @p brought and is signed by @p by. */
static void make(struct rig *rig, uint32_t tables, unsigned named, unsigned brought, unsigned by) {
    struct image image = {.payload_size = tables * IMAGE_TABLE_ENTRIES * IMAGE_BLOCK,
                          .version_type = 1,
                          .version_length = 1,
                          .version = (const uint8_t *)"1"};
    uint8_t digest[IMAGE_HASH], c[LMS_HASH] = {1, 2, 3}, *m = bytes_of(rig);
    CHECK(image_layout(&image));
    image_key_id(rig->root[named], image.key_id);
    CHECK_EQ(image_encode(&image, m), IMAGE_OK);
    lms_public_key(&rig->private[brought], rig -> tree[brought].node[1], m + image_public_key_at(&image));
    CHECK(lms_soft_hash(&rig->soft, m, image_signature_at(&image), digest));
    CHECK(lms_sign(&rig->soft, &rig->private[by], &rig -> tree[by], 77, c, digest, sizeof digest,
                   m + image_signature_at(&image)));
    CHECK_EQ(image_parse(m, image.manifest_blocks * IMAGE_BLOCK, &rig->image), IMAGE_OK);
}

static enum image_trust judge(struct rig *rig, uint32_t first, uint32_t count, uint32_t revoked) {
    const struct image_roots roots = {(const uint8_t(*)[IMAGE_HASH])rig->root + first, count, revoked};
    static uint32_t before[sizeof rig->manifest / 4];
    memcpy(before, rig->manifest, sizeof before);
    const enum image_trust trust = image_judge(&rig->soft.engine, &roots, bytes_of(rig), &rig->image);
    CHECK_MEM(rig->manifest, before, sizeof before);
    return trust;
}

static void judged(struct rig *rig) {
    static const struct {
        const char *what;
        unsigned named, brought, by, first, count, revoked;
        enum image_trust want;
    } cases[] = {
        {"by the first root", 0, 0, 0, 0, 2, 0, IMAGE_AUTHENTIC},
        {"by the second root", 1, 1, 1, 0, 2, 0, IMAGE_AUTHENTIC},
        {"the other root is revoked", 1, 1, 1, 0, 2, 1, IMAGE_AUTHENTIC},
        {"by a revoked root", 1, 1, 1, 0, 2, 2, IMAGE_REVOKED_KEY},
        {"all roots are revoked", 0, 0, 0, 0, 2, ~0u, IMAGE_REVOKED_KEY},
        {"by none of the roots", 0, 0, 0, 1, 1, 0, IMAGE_UNKNOWN_KEY},
        {"there are no roots", 0, 0, 0, 0, 0, 0, IMAGE_UNKNOWN_KEY},
        {"names a root, brings a key that is none", 1, 0, 0, 1, 1, 0, IMAGE_WRONG_KEY},
        {"names a key that it does not bring", 0, 1, 1, 0, 2, 0, IMAGE_WRONG_KEY},
        {"brings a root, signed by another key", 0, 0, 1, 0, 2, 0, IMAGE_BAD_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make(rig, 1, cases[i].named, cases[i].brought, cases[i].by);
        const enum image_trust got = judge(rig, cases[i].first, cases[i].count, cases[i].revoked);
        if (got != cases[i].want) printf("# %s: %s\n", cases[i].what, image_trust_name(got));
        CHECK_EQ(got, cases[i].want);
    }
}

/* What the parser lets through, the signature must not. */
static void changed(struct rig *rig) {
    static const uint32_t tables[] = {1, 41, 42, 425};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        make(rig, tables[i], 0, 0, 0);
        CHECK_EQ(judge(rig, 0, 2, 0), IMAGE_AUTHENTIC);
        const uint32_t end = rig->image.manifest_blocks * IMAGE_BLOCK;
        for (uint32_t at = 0; at < end; at += at < IMAGE_AT_TABLE_HASHES + 64 ? 1 : 61) {
            bytes_of(rig)[at] ^= (uint8_t)(1u << at % 8);
            if (image_parse(bytes_of(rig), end, &rig->image) == IMAGE_OK) CHECK(judge(rig, 0, 2, 0) != IMAGE_AUTHENTIC);
            if (!check_ok) printf("# at %u of %u\n", at, end);
            bytes_of(rig)[at] ^= (uint8_t)(1u << at % 8);
            if (!check_ok) return;
        }
        CHECK_EQ(image_parse(bytes_of(rig), end, &rig->image), IMAGE_OK);
        CHECK_EQ(judge(rig, 0, 2, 0), IMAGE_AUTHENTIC);
    }
}

static void not_signed(struct rig *rig) {
    make(rig, 1, 0, 0, 0);
    memset(bytes_of(rig) + IMAGE_AT_KEY_ID, 0, IMAGE_KEY_ID);
    CHECK_EQ(image_parse(bytes_of(rig), IMAGE_BLOCK, &rig->image), IMAGE_OK);
    rig->soft.steps = 0;
    CHECK_EQ(judge(rig, 0, 2, 0), IMAGE_UNSIGNED);
    CHECK_EQ(rig->soft.steps, 0);
}

static void names(void) {
    for (int i = 0; i < IMAGE_TRUSTS; i++)
        for (int k = 0; k < i; k++)
            CHECK(strcmp(image_trust_name((enum image_trust)i), image_trust_name((enum image_trust)k)) != 0);
    CHECK(strcmp(image_trust_name((enum image_trust)99), "unknown") == 0);
}

int main(void) {
    static struct rig rig;
    if (!lms_soft_open(&rig.soft) || !make_keys(&rig)) return 1;
    TEST("given keys named, brought and used in all ways when judged then each is what it is") judged(&rig);
    TEST("given an authentic manifest of 1 to 4 blocks when a bit of it is changed then it is authentic no more")
    changed(&rig);
    TEST("given no key identifier when judged then it is not signed and no chain is walked") not_signed(&rig);
    TEST("given each judgement when its name is asked for then it is its own") names();
    lms_soft_close(&rig.soft);
    return check_result();
}
