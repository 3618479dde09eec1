// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4) in plain C, for the benches' software path alone.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { SHA256_DIGEST = 32 };

/** The digest of @p len bytes, a multiple of 64. */
void sha256(const uint8_t *bytes, size_t len, uint8_t digest[SHA256_DIGEST]);
