// SPDX-License-Identifier: Apache-2.0
//
// CRC-32 as in zlib and IEEE 802.3 (polynomial EDB88320h reflected, final complement), of journal records,
// GetPLDMVersion and package headers.
#pragma once
#include <stddef.h>
#include <stdint.h>

/** Start with @p crc = 0; a later part continues with the value returned for the part before. */
uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t len);
