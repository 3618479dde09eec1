// SPDX-License-Identifier: Apache-2.0
//
// What the engine must know of the SPI NOR, from its JESD216 tables (SFDP) or, for parts without, from its JEDEC ID.
// Portable: tested on the host.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct flash_parameters {
    uint64_t bytes;
    uint32_t timeout_ms;  // longest that a program or one of these erases may take
    uint8_t read_opcode;  // fast read with one dummy byte
    uint8_t program_opcode;
    uint8_t erase4_opcode;   // 4 KiB
    uint8_t erase32_opcode;  // 32 KiB, 0: the part has none
    uint8_t erase64_opcode;  // 64 KiB, 0: the part has none
    bool address4;           // all of these take four address bytes
};

/** Reads the little-endian 32-bit word at SFDP address @p address (opcode 5Ah). */
typedef uint32_t sfdp_read_fn(void *context, uint32_t address);

/** Fills @p out from the basic parameter table and, beyond 16 MiB, the 4-byte instruction table.
 * @return false when there are no tables or they name no 4 KiB erase; @p out is then unchanged */
bool sfdp_parse(sfdp_read_fn *read, void *context, struct flash_parameters *out);

/** Fills @p out with the common instructions and patient timeouts for the part with this @p id (manufacturer << 16 |
 * type << 8 | capacity). @return false when no part can have that ID */
bool flash_from_id(uint32_t id, struct flash_parameters *out);
