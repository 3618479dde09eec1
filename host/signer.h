// SPDX-License-Identifier: Apache-2.0
//
// Signing with a key of host/key_store.h: one-time key reserved first, signature second, and only one that the card's
// verifier takes is handed out.
#pragma once
#include "host/key_store.h"

/** An opened key. Large: it holds the whole tree. */
struct signer {
    struct key_store store;
    struct lms_soft soft;
    struct lms_tree tree;
    uint32_t signature[LMS_SIGNATURE / 4u];
    uint32_t public_key[LMS_PUBLIC_KEY / 4u];
};

/** Makes a new key; arguments as key_store_create()'s.
 *
 * @param derive      NULL: from the system's random numbers; else the one who gives it, false when he cannot
 * @param public_key  what to give away
 * @return false with the reason in @p error (KEY_ERROR_TEXT bytes) */
typedef bool signer_derive_fn(struct lms_soft *soft, struct lms_private *private);
bool signer_create(const char *path, const char *folder, signer_derive_fn *derive, uint8_t public_key[LMS_PUBLIC_KEY],
                   char *error);

/** Opens a key for signing; arguments as key_store_open()'s. Takes a good half of a second.
 * @return NULL with the reason in @p error */
struct signer *signer_open(const char *path, const char *folder, uint32_t skip_to, char *error);

/** Signs a message of at most LMS_MESSAGE_MOST bytes with the next one-time key, which is gone whatever happens.
 *
 * The randomizer follows from key, one-time key and message: the same three give the same signature, so that a build
 * can be repeated. Some 4500 are tried until the card has at most LMS_STEPS_FEW steps to walk.
 * @param index  set to the one-time key used */
bool signer_sign(struct signer *signer, const uint8_t *message, size_t len, uint8_t signature[LMS_SIGNATURE],
                 uint32_t *index, char *error);

/** Signatures that the key can still make. */
static inline uint32_t signer_left(const struct signer *signer) {
    return LMS_KEYS - signer->store.key.next;
}

/** Wipes and frees; NULL is fine. */
void signer_close(struct signer *signer);
