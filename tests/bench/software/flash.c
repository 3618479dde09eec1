// SPDX-License-Identifier: Apache-2.0
//
// See flash.h.
#include "tests/bench/software/flash.h"

#include "fw/hal/flash.h"

enum { CMD_PROGRAM = 0x02, CMD_READ = 0x03, CMD_STATUS = 0x05, CMD_ENABLE = 0x06, CMD_ERASE4 = 0x20, ERASED = 0xFF };

/* Most significant byte first, as it leaves. */
static uint32_t address_bytes(uint32_t address) {
    return (address & 0xFFu) << 16 | (address & 0xFF00u) | (address >> 16 & 0xFFu);
}

static void change(uint8_t opcode, uint32_t out, unsigned writes) {
    (void)flash_command(0, CMD_ENABLE, 0, 0, 0);
    (void)flash_command(0, opcode, out, writes, 0);
    while ((flash_command(0, CMD_STATUS, 0, 0, 1) & 1u) != 0) {
    }
}

void software_flash_read(uint32_t address, uint8_t *out, uint32_t len) {
    for (uint32_t i = 0; i < len; i += 4) {
        const uint32_t word = flash_command(0, CMD_READ, address_bytes(address + i), 3, 4);
        for (unsigned b = 0; b < 4; b++) out[i + b] = (uint8_t)(word >> 8u * b);
    }
}

static bool holds(uint32_t address, const uint8_t *bytes, uint32_t len) {
    for (uint32_t i = 0; i < len; i += 4) {
        const uint32_t word = flash_command(0, CMD_READ, address_bytes(address + i), 3, 4);
        for (unsigned b = 0; b < 4; b++)
            if (bytes[i + b] != (uint8_t)(word >> 8u * b)) return false;
    }
    return true;
}

bool software_flash_write(uint32_t address, const uint8_t *bytes, uint32_t len, bool erase) {
    if (erase) change(CMD_ERASE4, address_bytes(address), 3);
    for (uint32_t i = 0; i < len; i++)
        if (bytes[i] != ERASED) change(CMD_PROGRAM, address_bytes(address + i) | (uint32_t)bytes[i] << 24, 4);
    return holds(address, bytes, len);
}
