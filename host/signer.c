// SPDX-License-Identifier: Apache-2.0
//
// Promises of signer.h.
#define _DEFAULT_SOURCE
#include "host/signer.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { DRAWS = 1 << 20 /* so many fail once in 10^101 signatures; then the last one will do */ };

static bool refuse(char *error, const char *reason) {
    snprintf(error, KEY_ERROR_TEXT, "%s", reason);
    return false;
}

static bool draw(void *bytes, size_t len) {
    return getrandom(bytes, len, 0) == (ssize_t)len; /* whole up to 256 bytes */
}

static struct signer *allocate(char *error) {
    struct signer *signer = calloc(1, sizeof *signer);
    if (signer == NULL || !lms_soft_open(&signer->soft)) {
        refuse(error, "out of memory");
        if (signer != NULL) lms_soft_close(&signer->soft);
        free(signer);
        return NULL;
    }
    signer->store.soft = &signer->soft;
    signer->store.lock = -1;
    return signer;
}

static bool create(struct signer *signer, const char *path, const char *folder, signer_derive_fn *derive, char *error) {
    struct lms_key key = {.next = 0};
    bool good = derive != NULL ? derive(&signer->soft, &key.private) : draw(&key.private, sizeof key.private);
    good = good || refuse(error, "no random numbers from the system");
    good = good &&
           (lms_build_tree(&signer->soft, &key.private, &signer->tree) || refuse(error, "OpenSSL: SHA-256 failed"));
    memcpy(key.root, signer->tree.node[1], LMS_HASH);
    lms_public_key(&key.private, key.root, (uint8_t *)signer->public_key);
    good = good && key_store_create(&signer->store, path, folder, &key, error);
    explicit_bzero(&key, sizeof key);
    return good;
}

bool signer_create(const char *path, const char *folder, signer_derive_fn *derive, uint8_t public_key[LMS_PUBLIC_KEY],
                   char *error) {
    struct signer *signer = allocate(error);
    const bool good = signer != NULL && create(signer, path, folder, derive, error);
    if (good) memcpy(public_key, signer->public_key, LMS_PUBLIC_KEY);
    signer_close(signer);
    return good;
}

static bool open_key(struct signer *signer, const char *path, const char *folder, uint32_t skip_to, char *error) {
    struct key_store *store = &signer->store;
    if (!key_store_open(store, path, folder, skip_to, error)) return false;
    if (!lms_build_tree(&signer->soft, &store->key.private, &signer->tree))
        return refuse(error, "OpenSSL: SHA-256 failed");
    if (memcmp(signer->tree.node[1], store->key.root, LMS_HASH) != 0)
        return refuse(error, "the tree has another root than the key says");
    lms_public_key(&store->key.private, store->key.root, (uint8_t *)signer->public_key);
    return true;
}

struct signer *signer_open(const char *path, const char *folder, uint32_t skip_to, char *error) {
    struct signer *signer = allocate(error);
    if (signer == NULL || open_key(signer, path, folder, skip_to, error)) return signer;
    signer_close(signer);
    return NULL;
}

/* What a randomizer is hashed from: as RFC 8554, appendix A, makes a chain's secret, with a number that no chain has,
 * and behind it the message and how many were tried before. Who has no seed cannot tell it from chance. */
struct randomizer_input {
    uint8_t identifier[LMS_IDENTIFIER];
    uint8_t q[4], number[2], mark;
    uint8_t seed[LMS_SEED];
    uint8_t draw[4];
    uint8_t message[LMS_MESSAGE_MOST];
};

static bool choose_randomizer(struct signer *signer, uint32_t q, const uint8_t *message, size_t len,
                              uint8_t c[LMS_HASH]) {
    const struct lms_private *private = &signer->store.key.private;
    struct randomizer_input in = {.number = {0xFF, 0xFD}, .mark = 0xFF};
    bool good = true, few = false;
    memcpy(in.identifier, private->identifier, sizeof in.identifier);
    memcpy(in.seed, private->seed, sizeof in.seed);
    memcpy(in.message, message, len);
    lms_put32(in.q, q);
    for (uint32_t draws = 0; good && !few && draws < DRAWS; draws++) {
        lms_put32(in.draw, draws);
        good = lms_soft_hash(&signer->soft, &in, offsetof(struct randomizer_input, message) + len, c);
        few = lms_count_steps(&signer->soft, private->identifier, q, c, message, len) <= LMS_STEPS_FEW;
    }
    explicit_bzero(&in, sizeof in);
    return good;
}

bool signer_sign(struct signer *signer, const uint8_t *message, size_t len, uint8_t signature[LMS_SIGNATURE],
                 uint32_t *index, char *error) {
    uint8_t c[LMS_HASH], *made = (uint8_t *)signer->signature;
    uint32_t aligned[LMS_MESSAGE_MOST / 4u + 1u];
    if (len > LMS_MESSAGE_MOST) return refuse(error, "the message is too long");
    memcpy(aligned, message, len);
    if (!key_store_reserve(&signer->store, index, error)) return false;
    if (!choose_randomizer(signer, *index, message, len, c) ||
        !lms_sign(&signer->soft, &signer->store.key.private, &signer->tree, *index, c, message, len, made))
        return refuse(error, "OpenSSL: SHA-256 failed");
    if (!lms_verify(&signer->soft.engine, (const uint8_t *)signer->public_key, made, (const uint8_t *)aligned, len))
        return refuse(error, "the signature just made is wrong (a fault of this machine?)");
    memcpy(signature, made, LMS_SIGNATURE);
    return true;
}

void signer_close(struct signer *signer) {
    if (signer == NULL) return;
    key_store_close(&signer->store);
    lms_soft_close(&signer->soft);
    explicit_bzero(signer, sizeof *signer);
    free(signer);
}
