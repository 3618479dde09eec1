// SPDX-License-Identifier: Apache-2.0
//
// See forge.h.
#include "tests/system/forge.h"

#include <string.h>

#include "fw/image/image.h"

enum { SIGNATURE_AT = IMAGE_BLOCK - IMAGE_SIGNATURE, KEY_AT = IMAGE_BLOCK - IMAGE_SIGNATURE_ROOM };

void forge_unsigned(uint8_t *image, size_t len) {
    (void)len;
    memset(image + IMAGE_AT_KEY_ID, 0, IMAGE_KEY_ID);
    memset(image + KEY_AT, 0, IMAGE_SIGNATURE_ROOM);
}

void forge_key(uint8_t *image, size_t len) {
    (void)len;
    image[KEY_AT + IMAGE_PUBLIC_KEY - 1] ^= 1;
}

void forge_security_version(uint8_t *image, size_t len) {
    (void)len;
    image[IMAGE_AT_SECURITY_VERSION + 1] ^= 0x10;
}

void forge_signature(uint8_t *image, size_t len) {
    (void)len;
    image[SIGNATURE_AT + 1000] ^= 2;
}

void forge_path(uint8_t *image, size_t len) {
    (void)len;
    image[IMAGE_BLOCK - 1] ^= 0x80;
}

void forge_table_hash(uint8_t *image, size_t len) {
    (void)len;
    image[IMAGE_AT_TABLE_HASHES + 31] ^= 1;
}
