// SPDX-License-Identifier: Apache-2.0
//
// The SFDP table of a part (JESD216B): header, basic flash parameter table of 16 words and, for parts with four-byte
// addresses, the 4-byte address instruction table. Built from the same figures as the behaviour; times are rounded up
// to what the fields can say.
#include <string.h>

#include "sim/nor_internal.h"

enum {
    BASIC_AT = 0x30, /* byte offset of the basic table */
    BASIC_WORDS = 16,
    ADDR4_AT = BASIC_AT + 4 * BASIC_WORDS,
    ADDR4_WORDS = 2
};

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (8 * i));
}

/* Smallest {unit, count} field, unit << count_bits | count, that says at least `time`; units ascend, count is minus 1.
 */
static uint32_t duration(uint64_t time_ns, const uint64_t *units_ns, uint32_t units, unsigned count_bits) {
    uint32_t most = 1u << count_bits;
    for (uint32_t unit = 0; unit < units; unit++) {
        uint64_t count = (time_ns + units_ns[unit] - 1) / units_ns[unit];
        if (count <= most) return unit << count_bits | (uint32_t)(count - 1);
    }
    return (units << count_bits) - 1;
}

/* JESD216: maximum = 2 * (field + 1) * typical. */
static uint32_t multiplier(struct nor_time time) {
    uint64_t half = (time.maximum_ns + 2 * time.typical_ns - 1) / (2 * time.typical_ns);
    return half > 16 ? 15 : (uint32_t)(half - 1);
}

static uint32_t erase_time(struct nor_time time) {
    static const uint64_t units[] = {1000000, 16000000, 128000000, 1000000000};
    return duration(time.typical_ns, units, 4, 5);
}

static uint32_t largest_erase_multiplier(const struct nor_part *part) {
    uint32_t a = multiplier(part->erase4k), b = multiplier(part->erase32k), c = multiplier(part->erase64k);
    uint32_t ab = a > b ? a : b;
    return ab > c ? ab : c;
}

/* Words 10 and 11: how long. */
static uint32_t erase_times_word(const struct nor_part *part) {
    return largest_erase_multiplier(part) | erase_time(part->erase4k) << 4 | erase_time(part->erase32k) << 11 |
           erase_time(part->erase64k) << 18;
}

static uint32_t program_times_word(const struct nor_part *part) {
    static const uint64_t byte_units[] = {1000, 8000};
    static const uint64_t page_units[] = {8000, 64000};
    static const uint64_t chip_units[] = {16000000, 256000000, 4000000000, 64000000000};
    return multiplier(part->page_program) | 8u << 4 | duration(part->page_program.typical_ns, page_units, 2, 5) << 8 |
           duration(part->page_program.typical_ns, byte_units, 2, 4) << 14 |
           duration(part->erase_chip.typical_ns, chip_units, 4, 5) << 24 | 1u << 31;
}

/* Word 14: deep power-down by B9h and ABh, how to poll for the end of an operation. */
static uint32_t power_word(const struct nor_part *part) {
    static const uint64_t units[] = {128, 1000, 8000, 64000};
    uint32_t poll = (part->features & NOR_FLAG_STATUS) != 0 ? 3 : 1;
    return 3 | poll << 2 | duration(part->wake_ns, units, 4, 5) << 8 | 0xABu << 15 | 0xB9u << 23;
}

/* Word 15: where the quad-enable bit is; no modes with the instruction on four lines. */
static uint32_t quad_word(const struct nor_part *part) {
    uint32_t requirement = part->quad_enable == NOR_QE_SR1_BIT6 ? 2 : part->quad_enable == NOR_QE_SR2_BIT1 ? 4 : 0;
    return 0xFF000000u | requirement << 20;
}

/* Word 16: status register kinds, reset by 66h 99h, ways into and out of four-byte addresses. */
static uint32_t modes_word(const struct nor_part *part) {
    uint32_t status = (part->features & NOR_FLAG_STATUS) != 0 ? 1u << 0 : 1u << 3;
    uint32_t word = 0x80C00080u | status | 1u << 12;
    if ((part->features & NOR_ADDR4) == 0) return word;
    if ((part->features & NOR_EXIT4_29) == 0) word |= 1u << 14;
    return word | 1u << 20 | 1u << 21 | 1u << 24 | 1u << 29;
}

static void basic_table(const struct nor_part *part, uint8_t *at) {
    bool addr4 = (part->features & NOR_ADDR4) != 0, quad = (part->features & NOR_NO_QUAD) == 0;
    const uint32_t words[BASIC_WORDS] = {
        0xFF8020E5u | (addr4 ? 1u << 17 : 0) | (quad ? 1u << 22 : 0), /* 4 KiB erase 20h, 64-byte writes, 1-1-4 reads */
        part->size * 8u - 1u,                                         /* bits minus 1 */
        quad ? 0x6B080000u : 0,                                       /* 1-1-4: 6Bh, 8 dummy clocks; no 1-4-4 */
        0x00000000u,                                                  /* no 1-1-2, no 1-2-2 */
        0xFFFFFFEEu,                                                  /* no 2-2-2, no 4-4-4 */
        0x0000FFFFu,
        0x0000FFFFu,
        0x520F200Cu, /* erase types 1 and 2: 2^12 by 20h, 2^15 by 52h */
        0x0000D810u, /* erase type 3: 2^16 by D8h; no type 4 */
        erase_times_word(part),
        program_times_word(part),
        0xFFFFFFFFu, /* no suspend */
        0xFFFFFFFFu,
        power_word(part),
        quad_word(part),
        modes_word(part),
    };
    for (int i = 0; i < BASIC_WORDS; i++) put32(at + 4 * i, words[i]);
}

static void addr4_table(const struct nor_part *part, uint8_t *at) {
    uint32_t word = 0xFFF00000u | 1u << 0 | 1u << 1 | 1u << 6 | 7u << 9; /* 13h 0Ch 12h, erase types 1..3 */
    if ((part->features & NOR_NO_QUAD) == 0) word |= 1u << 4;            /* 6Ch */
    if ((part->features & NOR_QUAD4_PP_114) != 0) word |= 1u << 7;
    if ((part->features & NOR_QUAD4_PP_144) != 0) word |= 1u << 8;
    put32(at, word);
    put32(at + 4, 0xFFDC5C21u); /* 21h, 5Ch, DCh */
}

/* A parameter header: table `id`, version 1.`minor`, `words` long, at byte `pointer`. */
static void header(uint8_t *at, uint16_t id, uint8_t minor, uint8_t words, uint8_t pointer) {
    const uint8_t bytes[8] = {(uint8_t)id, minor, 1, words, pointer, 0, 0, (uint8_t)(id >> 8)};
    memcpy(at, bytes, sizeof bytes);
}

void nor_build_sfdp(struct nor *nor) {
    const struct nor_part *part = nor->part;
    bool addr4 = (part->features & NOR_ADDR4) != 0;
    memset(nor->sfdp, 0xFF, sizeof nor->sfdp);
    memcpy(nor->sfdp, "SFDP", 4);
    nor->sfdp[4] = 6; /* JESD216B is 1.6 */
    nor->sfdp[5] = 1;
    nor->sfdp[6] = addr4 ? 1 : 0; /* parameter headers minus 1 */
    header(nor->sfdp + 8, 0xFF00, 6, BASIC_WORDS, BASIC_AT);
    basic_table(part, nor->sfdp + BASIC_AT);
    if (!addr4) return;
    header(nor->sfdp + 16, 0xFF84, 0, ADDR4_WORDS, ADDR4_AT);
    addr4_table(part, nor->sfdp + ADDR4_AT);
}
