// SPDX-License-Identifier: Apache-2.0
//
// Bit by bit: what is covered is short, and the boot ROM has no room for a table.
#include "fw/image/crc32.h"

uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t len) {
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}
