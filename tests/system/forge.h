// SPDX-License-Identifier: Apache-2.0
//
// What a forger does to a signed image of one manifest block, of @p len bytes: any of it makes the manifest one that
// nobody has signed.
#pragma once
#include <stddef.h>
#include <stdint.h>

void forge_unsigned(uint8_t *image, size_t len);          // takes key and signature away
void forge_key(uint8_t *image, size_t len);               // of the public key, one bit
void forge_security_version(uint8_t *image, size_t len);  // one bit
void forge_signature(uint8_t *image, size_t len);         // one bit of the one-time signature
void forge_path(uint8_t *image, size_t len);              // of its path to the root, the last byte
void forge_table_hash(uint8_t *image, size_t len);        // one bit
