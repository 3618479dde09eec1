// SPDX-License-Identifier: Apache-2.0
//
// LMS signing: the keys and the signature of RFC 8554's test case 2 from their seed, and that the card's verifier takes
// what is signed.
#include "host/lms_sign.h"

#include "tests/check.h"
#include "tests/host/lms_vectors.h"

enum { RFC_Q = 3, RFC_STEPS = 525, MESSAGE = sizeof rfc8554_message / 2 };

struct rig {
    struct lms_soft soft;
    struct lms_private private;
    struct lms_tree tree;
    uint32_t key[LMS_PUBLIC_KEY / 4], signature[LMS_SIGNATURE / 4];
};

/* Appendix F gives seed and I of the upper tree. */
static const struct lms_private rfc8554_private = {
    {0x55, 0x8b, 0x89, 0x66, 0xc4, 0x8a, 0xe9, 0xcb, 0x89, 0x8b, 0x42, 0x3c, 0x83, 0x44, 0x3a, 0xae,
     0x01, 0x4a, 0x72, 0xf1, 0xb1, 0xab, 0x5c, 0xc8, 0x5c, 0xf1, 0xd8, 0x92, 0x90, 0x3b, 0x54, 0x39},
    {0xd0, 0x8f, 0xab, 0xd4, 0xa2, 0x09, 0x1f, 0xf0, 0xa8, 0xcb, 0x4e, 0xd8, 0x34, 0xe7, 0x45, 0x34}};

static bool sign(struct rig *rig, uint32_t q, const uint8_t *c, const uint8_t *message, size_t len) {
    return lms_sign(&rig->soft, &rig->private, &rig->tree, q, c, message, len, (uint8_t *)rig->signature);
}

static bool verify(struct rig *rig, const uint8_t *message, size_t len) {
    return lms_verify(&rig->soft.engine, (const uint8_t *)rig->key, (const uint8_t *)rig->signature, message, len);
}

static void as_published(struct rig *rig) {
    uint8_t key[LMS_PUBLIC_KEY], signature[LMS_SIGNATURE], message[MESSAGE];
    unhex(rfc8554_key, key);
    unhex(rfc8554_signature, signature);
    unhex(rfc8554_message, message);
    CHECK_MEM(rig->key, key, sizeof key);
    CHECK(sign(rig, RFC_Q, signature + LMS_AT_C, message, MESSAGE));
    CHECK_MEM(rig->signature, signature, sizeof signature);
    CHECK_EQ(lms_count_steps(&rig->soft, rig->private.identifier, RFC_Q, signature + LMS_AT_C, message, MESSAGE),
             RFC_STEPS);
}

static void round_trips(struct rig *rig) {
    static uint8_t message[LMS_MESSAGE_MOST + 1];
    static const struct {
        uint32_t q;
        size_t len;
    } cases[] = {{0, 0}, {1, 1}, {2, 32}, {511, 1588}, {512, 64}, {1022, 3900}, {1023, LMS_MESSAGE_MOST}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t c[LMS_HASH];
        memset(c, (int)i, sizeof c);
        memset(message, (int)(i + 7), sizeof message);
        CHECK(sign(rig, cases[i].q, c, message, cases[i].len));
        rig->soft.steps = 0;
        CHECK(verify(rig, message, cases[i].len));
        CHECK_EQ(rig->soft.steps,
                 lms_count_steps(&rig->soft, rig->private.identifier, cases[i].q, c, message, cases[i].len));
        ((uint8_t *)rig->signature)[LMS_AT_Q + 3] ^= 1;
        CHECK(!verify(rig, message, cases[i].len));
    }
    CHECK(!sign(rig, 0, message, message, LMS_MESSAGE_MOST + 1));
}

int main(void) {
    static struct rig rig;
    rig.private = rfc8554_private;
    if (!lms_soft_open(&rig.soft) || !lms_build_tree(&rig.soft, &rig.private, &rig.tree)) return 1;
    lms_public_key(&rig.private, rig.tree.node[1], (uint8_t *)rig.key);
    TEST("given seed and I of RFC 8554 when the key is made and signs then both are as published") as_published(&rig);
    TEST("given border indices and lengths when signed then the card's verifier takes it, and steps are as foretold")
    round_trips(&rig);
    lms_soft_close(&rig.soft);
    return check_result();
}
