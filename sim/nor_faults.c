// SPDX-License-Identifier: Apache-2.0
//
// How operations of the NOR model end badly: cells that a cut left unstable, torn programs and erases, and defects of
// the chip itself.
#include <string.h>

#include "sim/nor_internal.h"

static uint32_t draw(struct nor *nor) { /* splitmix64 */
    uint64_t z = nor->random_state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(z >> 32);
}

void nor_set_seed(struct nor *nor, uint64_t seed) {
    nor->random_state = seed;
}

// ---- unstable cells -------------------------------------------------------------------------------------------------

static void add_unstable(struct nor *nor, uint32_t first, uint32_t length, unsigned odds_log2) {
    if (length == 0) return;
    if (nor->unstable_count == NOR_UNSTABLE_MAX) { /* the oldest is forgotten */
        nor->unstable_count--;
        memmove(&nor->unstable[0], &nor->unstable[1], nor->unstable_count * sizeof nor->unstable[0]);
    }
    nor->unstable[nor->unstable_count++] = (struct nor_unstable){first, length, odds_log2};
}

/* A complete erase of [first, first + length) heals what it covers; what is left of a range stays. */
void nor_heal(struct nor *nor, uint32_t first, uint32_t length) {
    struct nor_unstable old[NOR_UNSTABLE_MAX];
    size_t count = nor->unstable_count;
    memcpy(old, nor->unstable, sizeof old);
    nor->unstable_count = 0;
    uint64_t end = (uint64_t)first + length;
    for (size_t i = 0; i < count; i++) {
        uint64_t from = old[i].first, to = from + old[i].length;
        if (to <= first || from >= end) {
            add_unstable(nor, old[i].first, old[i].length, old[i].odds_log2);
            continue;
        }
        if (from < first) add_unstable(nor, old[i].first, first - old[i].first, old[i].odds_log2);
        if (to > end) add_unstable(nor, (uint32_t)end, (uint32_t)(to - end), old[i].odds_log2);
    }
}

static const struct nor_unstable *find_unstable(const struct nor *nor, uint32_t address) {
    for (size_t i = 0; i < nor->unstable_count; i++) {
        const struct nor_unstable *u = &nor->unstable[i];
        if (address >= u->first && address - u->first < u->length) return u;
    }
    return NULL;
}

bool nor_is_unstable(const struct nor *nor, uint32_t address) {
    return find_unstable(nor, address) != NULL;
}

uint8_t nor_read_cell(struct nor *nor, uint32_t address) {
    const struct nor_unstable *u = find_unstable(nor, address);
    uint8_t byte = nor->array[address];
    if (u == NULL || (draw(nor) & ((1u << u->odds_log2) - 1)) != 0) return byte;
    return (uint8_t)(byte ^ 1u << (draw(nor) & 7));
}

// ---- power
// ------------------------------------------------------------------------------------------------------------

/* `done` of `whole` as a part of `length`; with the sizes and times here nothing overflows. */
static uint32_t portion(uint32_t length, uint64_t done, uint64_t whole) {
    if (done >= whole) return length;
    return (uint32_t)(length * (double)done / (double)whole);
}

/* One byte of the program's page: half of its bits, as the seed wants. */
static void half_write(struct nor *nor, uint32_t i) {
    uint32_t page = nor->op.address - nor->op.address % NOR_PAGE, offset = (nor->op.address + i) % NOR_PAGE;
    nor->array[page + offset] &= (uint8_t)(nor->page[offset] | draw(nor));
    add_unstable(nor, page + offset, 1, 1);
}

/* @return whether @p how is about programs */
static bool tear_program_as(struct nor *nor, enum nor_torn how) {
    const uint32_t length = nor->op.length, last = length - 1;
    switch (how) {
        case NOR_TORN_FIRST_BYTE:
            nor_program_bytes(nor, 1);
            return true;
        case NOR_TORN_MIDDLE:
            nor_program_bytes(nor, length / 2);
            half_write(nor, length / 2);
            return true;
        case NOR_TORN_LAST_BYTE:
            nor_program_bytes(nor, last);
            return true;
        case NOR_TORN_WEAK_BYTE:
            nor_program_bytes(nor, length);
            add_unstable(nor, nor->op.address - nor->op.address % NOR_PAGE + (nor->op.address + last) % NOR_PAGE, 1, 1);
            return true;
        default:
            return false;
    }
}

/* Erases @p erased bytes from @p first on; all else of the block is unstable. */
static void erase_part(struct nor *nor, uint32_t first, uint32_t erased) {
    memset(nor->array + nor->op.address + first, 0xFF, erased);
    add_unstable(nor, nor->op.address, first, 8);
    add_unstable(nor, nor->op.address + first + erased, nor->op.length - first - erased, 8);
}

/* The whole block reads @p value, unstably. */
static void level(struct nor *nor, uint8_t value, unsigned odds_log2) {
    memset(nor->array + nor->op.address, value, nor->op.length);
    add_unstable(nor, nor->op.address, nor->op.length, odds_log2);
}

/* @return whether @p how is about erases */
static bool tear_erase_as(struct nor *nor, enum nor_torn how, uint32_t erased) {
    switch (how) {
        case NOR_TORN_HEAD_ERASED: /* headers are gone, tails are intact */
            erase_part(nor, 0, erased);
            return true;
        case NOR_TORN_TAIL_ERASED: /* headers are intact, tails are gone */
            erase_part(nor, nor->op.length - erased, erased);
            return true;
        case NOR_TORN_ZEROED: /* cut while the chip programmed everything before erasing it */
            level(nor, 0x00, 8);
            return true;
        case NOR_TORN_WEAK_BLANK: /* looks blank and is not */
            level(nor, 0xFF, 12);
            return true;
        default:
            return false;
    }
}

static void tear_by_seed(struct nor *nor, uint64_t done, uint64_t whole) {
    static const enum nor_torn erases[] = {NOR_TORN_HEAD_ERASED, NOR_TORN_TAIL_ERASED, NOR_TORN_ZEROED,
                                           NOR_TORN_WEAK_BLANK};
    const uint32_t count = portion(nor->op.length, done, whole);
    if (nor->op.action == DO_PROGRAM) {
        nor_program_bytes(nor, count);
        if (count != nor->op.length) half_write(nor, count);
    } else if (nor->op.action == DO_ERASE) {
        (void)tear_erase_as(nor, erases[draw(nor) % 4], count);
    } else if ((draw(nor) & 1) != 0) {
        nor_end_status_write(nor);
    }
}

void nor_tear(struct nor *nor, uint64_t now_ns, enum nor_torn how) {
    struct nor_operation *op = &nor->op;
    op->under_way = false;
    uint64_t done = now_ns - op->start_ns, whole = op->end_ns - op->start_ns;
    if (done > whole) done = whole; /* stuck busy */
    nor->stats.busy_ns += done;
    if (how == NOR_TORN_NOT || op->void_) return;
    if (op->action == DO_PROGRAM && tear_program_as(nor, how)) return;
    if (op->action == DO_ERASE && tear_erase_as(nor, how, op->length / 2)) return;
    tear_by_seed(nor, done, whole);
}

void nor_power_cut_torn(struct nor *nor, uint64_t now_ns, enum nor_torn how) {
    nor_settle(nor, now_ns);
    if (nor->op.under_way) nor_tear(nor, now_ns, how);
    nor->powered = false;
    nor->oe = 0;
}

void nor_power_cut(struct nor *nor, uint64_t now_ns) {
    nor_power_cut_torn(nor, now_ns, NOR_TORN_BY_SEED);
}

void nor_power_on(struct nor *nor, uint64_t now_ns) {
    nor->powered = true;
    nor->oe = 0;
    nor->phase = PHASE_IGNORE;
    nor->write_enabled = nor->volatile_enabled = nor->deep_power_down = nor->addr4 = nor->reset_enabled = false;
    memcpy(nor->status, nor->status_kept, sizeof nor->status);
    nor->ready_ns = now_ns;
}

void nor_set_stuck_busy(struct nor *nor, bool stuck) {
    nor->stuck = stuck;
}

// ---- defects
// ----------------------------------------------------------------------------------------------------------

void nor_set_defect(struct nor *nor, enum nor_defect defect, unsigned count) {
    nor->defect = defect;
    nor->defect_left = count;
}

bool nor_suffers(struct nor *nor, enum nor_defect defect) {
    if (nor->defect != defect || nor->defect_left == 0) return false;
    nor->defect_left--;
    return true;
}

/* Of the bits that the operation would clear, the lowest of the first byte that has any. */
void nor_weaken_program(struct nor *nor) {
    uint32_t page = nor->op.address - nor->op.address % NOR_PAGE;
    for (uint32_t i = 0; i < nor->op.length; i++) {
        uint32_t offset = (nor->op.address + i) % NOR_PAGE;
        uint8_t cleared = (uint8_t)(nor->array[page + offset] & ~nor->page[offset]);
        if (cleared == 0) continue;
        nor->page[offset] = (uint8_t)(nor->page[offset] | (cleared & -cleared));
        return;
    }
}
