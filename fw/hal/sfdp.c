// SPDX-License-Identifier: Apache-2.0
//
// JESD216 basic flash parameter table (dwords 1 to 3, 8 to 11, 15, 16) and 4-byte address instruction table.
#include "fw/hal/sfdp.h"

#define SIGNATURE    0x50444653u  // "SFDP"
#define BASIC        0xFF00u
#define FOUR_BYTE    0xFF84u
#define MAX_HEADERS  16u
#define MOST_3_BYTES 0x1000000u  // bytes that three address bytes reach
#define PATIENCE_MS  8000u       // where the tables tell no times: above every part known
#define MARGIN_MS    50u

#define QUAD_READ   (1u << 22)  // dword 1: fast read 1-1-4
#define FOUR_READ   (1u << 4)   // 4-byte table, dword 1: the same, 6Ch
#define FOUR_PP_114 (1u << 7)   // 34h
#define FOUR_PP_144 (1u << 8)   // 3Eh

struct table {
    uint32_t address;
    uint32_t dwords;  // 0: not there
};

struct reader {
    sfdp_read_fn *read;
    void *context;
};

/* Dword @p n of a table, counted from 1 as JESD216 does. */
static uint32_t dword(const struct reader *r, const struct table *table, uint32_t n) {
    return r->read(r->context, table->address + 4u * (n - 1u));
}

/* The last header with an ID is the newest version of that table. */
static struct table find(const struct reader *r, uint32_t headers, uint32_t id) {
    struct table found = {0, 0};
    for (uint32_t i = 0; i < headers; i++) {
        uint32_t first = r->read(r->context, 8u + 8u * i), second = r->read(r->context, 12u + 8u * i);
        if (((second >> 24) << 8 | (first & 0xFFu)) != id) continue;
        found = (struct table){second & 0xFFFFFFu, first >> 24};
    }
    return found;
}

static uint64_t density(uint32_t dword2) {
    if (dword2 >> 31 == 0) return ((uint64_t)dword2 + 1u) / 8u;
    uint32_t log2 = dword2 & 0x7FFFFFFFu;
    return log2 >= 16 && log2 < 40 ? 1ull << (log2 - 3u) : 0;
}

/* Typical in ms of erase type 0..3, from dword 10. */
static uint16_t erase_ms(uint32_t dword10, uint32_t type) {
    static const uint16_t units[4] = {1, 16, 128, 1000};
    uint32_t field = dword10 >> (4u + 7u * type);
    return (uint16_t)(((field & 0x1Fu) + 1u) * units[field >> 5 & 3u]);
}

static uint16_t page_us(uint32_t dword11) {
    return (uint16_t)(((dword11 >> 8 & 0x1Fu) + 1u) * ((dword11 >> 13 & 1u) != 0 ? 64u : 8u));
}

/* The erase of 2^@p log2 bytes among those of @p out. */
static struct flash_erase *erase_of(struct flash_parameters *out, uint32_t log2) {
    switch (log2) {
        case 12:
            return &out->erase4;
        case 15:
            return &out->erase32;
        case 16:
            return &out->erase64;
        default:
            return 0;
    }
}

/* @p four: the 4-byte instruction table, or one of no dwords. Without times the common ones stay. */
static void erase_types(const struct reader *r, const struct table *basic, const struct table *four,
                        struct flash_parameters *out) {
    uint32_t times = basic->dwords >= 10 ? dword(r, basic, 10) : 0;
    if (basic->dwords >= 11) out->page_us = page_us(dword(r, basic, 11));
    out->timeout_ms = basic->dwords >= 10 ? 0 : PATIENCE_MS;
    for (uint32_t type = 0; type < 4; type++) {
        uint32_t entry = dword(r, basic, 8u + type / 2u) >> 16u * (type % 2u);
        struct flash_erase *erase = erase_of(out, entry & 0xFFu);
        if (erase == 0) continue;
        erase->opcode = (uint8_t)(entry >> 8);
        if (four->dwords >= 2) {
            bool there = (dword(r, four, 1) >> (9u + type) & 1u) != 0;
            erase->opcode = (uint8_t)(there ? dword(r, four, 2) >> 8u * type : 0u);
        }
        if (basic->dwords < 10) continue;
        erase->typical_ms = erase_ms(times, type);
        uint32_t longest = 2u * ((times & 0xFu) + 1u) * erase->typical_ms;
        if (longest > out->timeout_ms) out->timeout_ms = longest;
    }
    out->timeout_ms += MARGIN_MS;
}

/* Quad page program with three address bytes, by manufacturer: in no table of JESD216. */
static void quad_program(uint32_t id, struct flash_quad *quad) {
    static const struct {
        uint8_t maker, opcode;
        bool address;
    } known[] = {
        {0xEF, 0x32, false},  // Winbond
        {0x20, 0x32, false},  // Micron
        {0xC8, 0x32, false},  // GigaDevice
        {0x9D, 0x32, false},  // ISSI
        {0x01, 0x32, false},  // Infineon
        {0xC2, 0x38, true},   // Macronix
    };
    for (uint32_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].maker != id >> 16) continue;
        quad->program_opcode = known[i].opcode;
        quad->program_address = known[i].address;
    }
}

/* Reads and programs by four lines as far as they are told, and how to enable them. */
static void quad_instructions(const struct reader *r, const struct table *basic, const struct table *four, uint32_t id,
                              struct flash_parameters *out) {
    struct flash_quad *quad = &out->quad;
    uint32_t read = dword(r, basic, 3) >> 16, clocks = (read & 0x1Fu) + (read >> 5 & 7u);
    bool there = (dword(r, basic, 1) & QUAD_READ) != 0;
    if (out->address4) {
        uint32_t has = four->dwords >= 2 ? dword(r, four, 1) : 0;
        there = there && (has & FOUR_READ) != 0;
        quad->program_opcode = (uint8_t)((has & FOUR_PP_144) != 0 ? 0x3E : (has & FOUR_PP_114) != 0 ? 0x34 : 0);
        quad->program_address = (has & FOUR_PP_144) != 0;
    } else if (there) {
        quad_program(id, quad);
    }
    if (there && clocks % 8u == 0) {
        quad->read_opcode = (uint8_t)(out->address4 ? 0x6Cu : read >> 8);
        quad->read_dummy = (uint8_t)(clocks / 8u);
    }
    quad->enable = (uint8_t)(basic->dwords >= 15 ? dword(r, basic, 15) >> 20 & 7u : FLASH_QER_UNKNOWN);
    quad->volatile_enable = basic->dwords >= 16 && (dword(r, basic, 16) & 1u << 3) != 0;
}

static void common(struct flash_parameters *out, bool address4) {
    out->address4 = address4;
    out->page_us = 700;
    out->read_opcode = address4 ? 0x0C : 0x0B;
    out->program_opcode = address4 ? 0x12 : 0x02;
    out->erase4 = (struct flash_erase){address4 ? 0x21 : 0x20, 50};
    out->erase32 = (struct flash_erase){address4 ? 0x5C : 0x52, 150};
    out->erase64 = (struct flash_erase){address4 ? 0xDC : 0xD8, 250};
    out->quad = (struct flash_quad){.enable = FLASH_QER_UNKNOWN};
}

bool sfdp_parse(sfdp_read_fn *read, void *context, uint32_t id, struct flash_parameters *out) {
    const struct reader r = {read, context};
    if (read(context, 0) != SIGNATURE) return false;
    uint32_t headers = (read(context, 4) >> 16 & 0xFFu) + 1u;
    if (headers > MAX_HEADERS) headers = MAX_HEADERS;
    struct table basic = find(&r, headers, BASIC), four = {0, 0};
    struct flash_parameters found = {0};
    if (basic.dwords < 9) return false;
    found.bytes = density(dword(&r, &basic, 2));
    if (found.bytes > MOST_3_BYTES) {
        common(&found, true);
        four = find(&r, headers, FOUR_BYTE);
    } else {
        common(&found, false);
    }
    if (found.bytes <= MOST_3_BYTES || four.dwords >= 2) {
        found.erase4.opcode = found.erase32.opcode = found.erase64.opcode = 0;
        erase_types(&r, &basic, &four, &found);
    } else {
        found.timeout_ms = PATIENCE_MS;
    }
    if (found.bytes == 0 || found.erase4.opcode == 0) return false;
    quad_instructions(&r, &basic, &four, id, &found);
    *out = found;
    return true;
}

bool flash_from_id(uint32_t id, struct flash_parameters *out) {
    uint32_t capacity = id & 0xFFu;
    uint32_t log2 = capacity >= 0x20u ? capacity - 6u : capacity;  // 64 MiB is 1Ah or 20h, as the maker likes
    if (id >> 16 == 0 || id >> 16 == 0xFFu || log2 < 16 || log2 > 28) return false;
    out->bytes = 1ull << log2;
    out->timeout_ms = PATIENCE_MS;
    common(out, out->bytes > MOST_3_BYTES);
    return true;
}
