// SPDX-License-Identifier: Apache-2.0
//
// Promises of simulation_key.h.
#include "host/simulation_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/component_sign.h"

static const char *const seeds[SIMULATION_KEYS] = {
    [SIMULATION_ROOT] = "sluice: for simulation only, everybody has this key",
    [SIMULATION_REVOKED] = "sluice: for simulation only, everybody has this key, which is revoked",
    [SIMULATION_STRANGER] = "sluice: for simulation only, everybody has this key, which is no root",
};

struct held {
    bool ready;
    struct lms_private private;
    struct lms_tree tree;
};

bool simulation_key(struct lms_soft *soft, enum simulation_key which, struct lms_private *private) {
    uint8_t hash[LMS_HASH];
    if (!lms_soft_hash(soft, seeds[which], strlen(seeds[which]), private->seed) ||
        !lms_soft_hash(soft, private->seed, LMS_SEED, hash))
        return false;
    memcpy(private->identifier, hash, LMS_IDENTIFIER);
    return true;
}

bool simulation_root(struct lms_soft *soft, struct lms_private *private) {
    return simulation_key(soft, SIMULATION_ROOT, private);
}

static void die(const char *why) {
    fprintf(stderr, "simulation key: %s\n", why);
    exit(1);
}

static const struct held *key_of(struct lms_soft *soft, enum simulation_key which) {
    static struct held keys[SIMULATION_KEYS];
    struct held *held = &keys[which];
    if (!held->ready &&
        (!simulation_key(soft, which, &held->private) || !lms_build_tree(soft, &held->private, &held->tree)))
        die("OpenSSL: SHA-256 failed");
    held->ready = true;
    return held;
}

/* The message's own hash, its hash and so on. */
static bool next_randomizer(struct lms_soft *soft, const struct held *held, uint32_t q, const uint8_t *message,
                            uint8_t c[LMS_HASH]) {
    return lms_soft_hash(soft, c, LMS_HASH, c) &&
           lms_count_steps(soft, held->private.identifier, q, c, message, IMAGE_HASH) <= LMS_STEPS_FEW;
}

static void sign(struct lms_soft *soft, const struct held *held, uint8_t *bytes, struct image *image, bool few) {
    uint8_t key[LMS_PUBLIC_KEY], message[IMAGE_HASH], c[LMS_HASH];
    lms_public_key(&held->private, held->tree.node[1], key);
    if (!component_set_key(soft, bytes, image, key) || !component_digest(soft, bytes, image, message))
        die("OpenSSL: SHA-256 failed");
    const uint32_t q = (uint32_t)(message[0] << 8 | message[1]) % LMS_KEYS;
    memcpy(c, message, sizeof c);
    while (!next_randomizer(soft, held, q, message, c) && few && soft->good) {
    }
    if (!lms_sign(soft, &held->private, &held->tree, q, c, message, sizeof message, bytes + image_signature_at(image)))
        die("OpenSSL: SHA-256 failed");
}

void simulation_sign(enum simulation_key which, uint8_t *bytes, size_t len, bool few) {
    static struct lms_soft soft;
    struct image image;
    struct policy_record record;
    const enum image_error fault =
        component_policy(bytes, len, &record, &image) ? IMAGE_OK : image_parse(bytes, len, &image);
    if (fault != IMAGE_OK) die(image_error_name(fault));
    if (soft.sha256 == NULL && !lms_soft_open(&soft)) die("out of memory");
    sign(&soft, key_of(&soft, which), bytes, &image, few);
}
