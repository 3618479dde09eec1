// SPDX-License-Identifier: Apache-2.0
//
// See release.h.
#include <openssl/sha.h>

#include "host/release.h"

void release_hash(const uint8_t *bytes, size_t len, char text[RELEASE_HASH_TEXT]) {
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(bytes, len, digest);
    for (size_t i = 0; i < sizeof digest; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
}
