// SPDX-License-Identifier: Apache-2.0
//
// What the engine must know of the SPI NOR, from its JESD216 tables (SFDP) or, for parts without, from its JEDEC ID.
// Portable: tested on the host.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/** One kind of erase; opcode 0: the part has none. */
struct flash_erase {
    uint8_t opcode;
    uint16_t typical_ms;
};

/** What JESD216 calls the Quad Enable Requirements (dword 15, bits 22:20). */
#define FLASH_QER_NONE    0u  // no bit to set
#define FLASH_QER_UNKNOWN 7u  // reserved by the standard; here also: not told

/** Data on four lines; an opcode of 0: not on offer. */
struct flash_quad {
    uint8_t read_opcode;  // instruction and address on one line
    uint8_t read_dummy;   // bytes
    uint8_t program_opcode;
    bool program_address;  // the program's address is on four lines, too
    bool volatile_enable;  // status registers take a value that lasts until power-off, by 50h
    uint8_t enable;        // FLASH_QER_*, or a code of the standard
};

struct flash_parameters {
    uint64_t bytes;       // of one chip
    uint16_t page_us;     // to program a page, typical
    uint32_t timeout_ms;  // longest that a program or one of these erases may take
    uint8_t read_opcode;  // fast read with one dummy byte
    uint8_t program_opcode;
    struct flash_erase erase4, erase32, erase64;  // 4, 32, 64 KiB
    bool address4;                                // all of these take four address bytes
    struct flash_quad quad;
    uint8_t chips;   // all of this kind; this and what follows is filled by flash_init()
    bool quad_used;  // four lines are switched on
};

/** Reads the little-endian 32-bit word at SFDP address @p address (opcode 5Ah). */
typedef uint32_t sfdp_read_fn(void *context, uint32_t address);

/** Fills @p out from the basic parameter table and, beyond 16 MiB, the 4-byte instruction table. The part's @p id
 * (manufacturer << 16 | type << 8 | capacity) tells the one thing that no table does: how parts of up to 16 MiB program
 * by four lines.
 * @return false when there are no tables or they name no 4 KiB erase; @p out is then unchanged */
bool sfdp_parse(sfdp_read_fn *read, void *context, uint32_t id, struct flash_parameters *out);

/** Fills @p out with the common instructions on one line, middling erase times and patient timeouts for the part with
 * this @p id. @return false when no part can have that ID */
bool flash_from_id(uint32_t id, struct flash_parameters *out);
