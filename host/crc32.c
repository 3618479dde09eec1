// SPDX-License-Identifier: Apache-2.0
//
// Promises of crc32.h; bit by bit, as a package header is a few hundred bytes.
#include "host/crc32.h"

uint32_t crc32_of(const uint8_t *data, size_t len) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}
