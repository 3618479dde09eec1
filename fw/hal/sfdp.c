// SPDX-License-Identifier: Apache-2.0
//
// JESD216 basic flash parameter table (dwords 1, 2, 8 to 11) and 4-byte address instruction table.
#include "fw/hal/sfdp.h"

#define SIGNATURE    0x50444653u  // "SFDP"
#define BASIC        0xFF00u
#define FOUR_BYTE    0xFF84u
#define MAX_HEADERS  16u
#define MOST_3_BYTES 0x1000000u  // bytes that three address bytes reach
#define PATIENCE_MS  8000u       // where the tables tell no times: above every part known
#define MARGIN_MS    50u

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

/* Maximum in ms of erase type 0..3, from dword 10. */
static uint32_t erase_ms(uint32_t dword10, uint32_t type) {
    static const uint16_t units[4] = {1, 16, 128, 1000};
    uint32_t field = dword10 >> (4u + 7u * type);
    uint32_t typical = ((field & 0x1Fu) + 1u) * units[field >> 5 & 3u];
    return 2u * ((dword10 & 0xFu) + 1u) * typical;
}

/* @p four: the 4-byte instruction table, or one of no dwords. */
static void erase_types(const struct reader *r, const struct table *basic, const struct table *four,
                        struct flash_parameters *out) {
    uint32_t times = basic->dwords >= 10 ? dword(r, basic, 10) : 0;
    out->timeout_ms = basic->dwords >= 10 ? 0 : PATIENCE_MS;
    for (uint32_t type = 0; type < 4; type++) {
        uint32_t entry = dword(r, basic, 8u + type / 2u) >> 16u * (type % 2u);
        uint8_t opcode = (uint8_t)(entry >> 8);
        if (four->dwords >= 2) {
            bool there = (dword(r, four, 1) >> (9u + type) & 1u) != 0;
            opcode = (uint8_t)(there ? dword(r, four, 2) >> 8u * type : 0u);
        }
        switch (entry & 0xFFu) {
            case 12:
                out->erase4_opcode = opcode;
                break;
            case 15:
                out->erase32_opcode = opcode;
                break;
            case 16:
                out->erase64_opcode = opcode;
                break;
            default:
                continue;
        }
        if (basic->dwords >= 10 && erase_ms(times, type) > out->timeout_ms) out->timeout_ms = erase_ms(times, type);
    }
    out->timeout_ms += MARGIN_MS;
}

static void common(struct flash_parameters *out, bool address4) {
    out->address4 = address4;
    out->read_opcode = address4 ? 0x0C : 0x0B;
    out->program_opcode = address4 ? 0x12 : 0x02;
    out->erase4_opcode = address4 ? 0x21 : 0x20;
    out->erase32_opcode = address4 ? 0x5C : 0x52;
    out->erase64_opcode = address4 ? 0xDC : 0xD8;
}

bool sfdp_parse(sfdp_read_fn *read, void *context, struct flash_parameters *out) {
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
        found.erase4_opcode = found.erase32_opcode = found.erase64_opcode = 0;
        erase_types(&r, &basic, &four, &found);
    } else {
        found.timeout_ms = PATIENCE_MS;
    }
    if (found.bytes == 0 || found.erase4_opcode == 0) return false;
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
