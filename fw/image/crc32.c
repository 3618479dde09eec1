// SPDX-License-Identifier: Apache-2.0
//
// Four bits at a time: sixteen words of table, and a quarter of the time of bit by bit, which every start would pay for
// each journal record.
#include "fw/image/crc32.h"

static const uint32_t remainders[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};

uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t len) {
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ remainders[crc & 15U];
        crc = crc >> 4 ^ remainders[crc & 15U];
    }
    return ~crc;
}
