// SPDX-License-Identifier: Apache-2.0
//
// What changes the cells of the NOR model: program, erase and status write with their durations, and the ways in which
// they end badly. An operation takes effect when it ends, so a cut sees the old contents and how far it had come.
#include <string.h>

#include "sim/nor_internal.h"

enum { PROTECT_BITS = 0x1C }; /* BP0..BP2 of status register 1: here any of them protects the whole array */

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
static void heal(struct nor *nor, uint32_t first, uint32_t length) {
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

// ---- start
// ------------------------------------------------------------------------------------------------------------

/* The checks that program, erase and status write share. */
static bool may_start(struct nor *nor, uint64_t now_ns) {
    uint8_t opcode = nor->instruction->opcode;
    if (!nor->write_enabled) {
        nor_error(nor, now_ns, "instruction %02Xh without write-enable", opcode);
    } else if (nor->instruction->action != DO_WRITE_STATUS && (nor->status[0] & PROTECT_BITS) != 0) {
        nor_error(nor, now_ns, "instruction %02Xh while the block-protect bits are set", opcode);
        nor->write_enabled = false;
    } else {
        return true;
    }
    return false;
}

static void start(struct nor *nor, uint64_t now_ns, struct nor_time time) {
    nor->op.under_way = true;
    nor->op.action = nor->instruction->action;
    nor->op.start_ns = now_ns;
    nor->op.end_ns = now_ns + (nor->timing == NOR_MAXIMUM ? time.maximum_ns : time.typical_ns);
}

void nor_start_program(struct nor *nor, uint64_t now_ns) {
    if (nor->count == 0) {
        nor_error(nor, now_ns, "program without data");
        return;
    }
    if (!may_start(nor, now_ns)) return;
    /* Of more than a page the last 256 bytes count, and the first of those lies behind the last one sent. */
    uint32_t page = nor->address - nor->address % NOR_PAGE, length = nor->count, first = nor->address % NOR_PAGE;
    if (length > NOR_PAGE) {
        first = (first + length) % NOR_PAGE;
        length = NOR_PAGE;
    }
    for (uint32_t i = 0; i < length; i++) {
        uint32_t offset = (first + i) % NOR_PAGE;
        if ((nor->page[offset] & ~nor->array[page + offset]) == 0) continue;
        nor_error(nor, now_ns, "program of %02Xh over %02Xh at %08Xh cannot set bits", nor->page[offset],
                  nor->array[page + offset], (unsigned)(page + offset));
        break;
    }
    nor->op.address = page + first;
    nor->op.length = length;
    start(nor, now_ns, nor->part->page_program);
}

void nor_start_erase(struct nor *nor, uint64_t now_ns) {
    if (!may_start(nor, now_ns)) return;
    const struct nor_part *part = nor->part;
    nor->op.size_log2 = nor->instruction->reg;
    switch (nor->op.size_log2) {
        case 12:
            start(nor, now_ns, part->erase4k);
            break;
        case 15:
            start(nor, now_ns, part->erase32k);
            break;
        case 16:
            start(nor, now_ns, part->erase64k);
            break;
        default:
            start(nor, now_ns, part->erase_chip);
    }
    nor->op.length = nor->op.size_log2 == 0 ? part->size : 1u << nor->op.size_log2;
    nor->op.address = nor->address & ~(nor->op.length - 1);
}

void nor_start_status_write(struct nor *nor, uint64_t now_ns) {
    bool both = nor->instruction->reg == 1 && nor->count == 2 && nor->part->quad_enable == NOR_QE_SR2_BIT1;
    if (nor->count != 1 && !both) {
        nor_error(nor, now_ns, "status write of %u bytes", (unsigned)nor->count);
        return;
    }
    memcpy(nor->op.status, nor->status, sizeof nor->op.status);
    nor->op.status[nor->instruction->reg - 1] = nor->page[0];
    if (both) nor->op.status[1] = nor->page[1];
    if (!nor->write_enabled && nor->volatile_enabled) { /* at once, and gone with the power */
        memcpy(nor->status, nor->op.status, sizeof nor->status);
        nor->volatile_enabled = false;
        return;
    }
    if (may_start(nor, now_ns)) start(nor, now_ns, nor->part->status_write);
}

// ---- end
// --------------------------------------------------------------------------------------------------------------

static void program_bytes(struct nor *nor, uint32_t count) {
    uint32_t page = nor->op.address - nor->op.address % NOR_PAGE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = (nor->op.address + i) % NOR_PAGE;
        nor->array[page + offset] &= nor->page[offset];
    }
}

static void end_program(struct nor *nor) {
    program_bytes(nor, nor->op.length);
    nor->stats.bytes_programmed += nor->op.length;
    nor->stats.pages_programmed++;
}

static void end_erase(struct nor *nor) {
    memset(nor->array + nor->op.address, 0xFF, nor->op.length);
    heal(nor, nor->op.address, nor->op.length);
    switch (nor->op.size_log2) {
        case 12:
            nor->stats.erases_4k++;
            break;
        case 15:
            nor->stats.erases_32k++;
            break;
        case 16:
            nor->stats.erases_64k++;
            break;
        default:
            nor->stats.erases_chip++;
    }
}

static void end_status_write(struct nor *nor) {
    memcpy(nor->status, nor->op.status, sizeof nor->status);
    memcpy(nor->status_kept, nor->op.status, sizeof nor->status);
}

bool nor_is_busy(const struct nor *nor, uint64_t now_ns) {
    return nor->op.under_way && (nor->stuck || now_ns < nor->op.end_ns);
}

void nor_settle(struct nor *nor, uint64_t now_ns) {
    if (!nor->op.under_way || nor_is_busy(nor, now_ns)) return;
    nor->op.under_way = false;
    nor->write_enabled = false;
    nor->stats.busy_ns += nor->op.end_ns - nor->op.start_ns;
    if (nor->op.action == DO_PROGRAM)
        end_program(nor);
    else if (nor->op.action == DO_ERASE)
        end_erase(nor);
    else
        end_status_write(nor);
}

uint64_t nor_busy_until(const struct nor *nor) {
    if (!nor->op.under_way) return 0;
    return nor->stuck ? UINT64_MAX : nor->op.end_ns;
}

enum nor_work nor_work(const struct nor *nor, uint64_t now_ns) {
    if (!nor_is_busy(nor, now_ns)) return NOR_FREE;
    return nor->op.action == DO_PROGRAM ? NOR_PROGRAMS : nor->op.action == DO_ERASE ? NOR_ERASES : NOR_WRITES_STATUS;
}

void nor_set_stuck_busy(struct nor *nor, bool stuck) {
    nor->stuck = stuck;
}

// ---- faults
// -----------------------------------------------------------------------------------------------------------

/* `done` of `whole` as a part of `length`; with the sizes and times here nothing overflows. */
static uint32_t portion(uint32_t length, uint64_t done, uint64_t whole) {
    if (done >= whole) return length;
    return (uint32_t)(length * (double)done / (double)whole);
}

static void tear_program(struct nor *nor, uint64_t done, uint64_t whole) {
    uint32_t count = portion(nor->op.length, done, whole);
    program_bytes(nor, count);
    if (count == nor->op.length) return;
    uint32_t page = nor->op.address - nor->op.address % NOR_PAGE;
    uint32_t offset = (nor->op.address + count) % NOR_PAGE;
    nor->array[page + offset] &= (uint8_t)(nor->page[offset] | draw(nor));
    add_unstable(nor, page + offset, 1, 1);
}

static void tear_erase(struct nor *nor, uint64_t done, uint64_t whole) {
    uint8_t *block = nor->array + nor->op.address;
    uint32_t erased = portion(nor->op.length, done, whole);
    switch (draw(nor) % 4) {
        case 0: /* the first part is erased */
            memset(block, 0xFF, erased);
            add_unstable(nor, nor->op.address + erased, nor->op.length - erased, 8);
            break;
        case 1: /* headers are intact, tails are gone */
            memset(block + nor->op.length - erased, 0xFF, erased);
            add_unstable(nor, nor->op.address, nor->op.length - erased, 8);
            break;
        case 2: /* cut while the chip programmed everything before erasing it */
            memset(block, 0x00, nor->op.length);
            add_unstable(nor, nor->op.address, nor->op.length, 8);
            break;
        default: /* looks blank and is not */
            memset(block, 0xFF, nor->op.length);
            add_unstable(nor, nor->op.address, nor->op.length, 12);
    }
}

void nor_tear(struct nor *nor, uint64_t now_ns) {
    struct nor_operation *op = &nor->op;
    op->under_way = false;
    uint64_t done = now_ns - op->start_ns, whole = op->end_ns - op->start_ns;
    if (done > whole) done = whole; /* stuck busy */
    nor->stats.busy_ns += done;
    if (op->action == DO_PROGRAM)
        tear_program(nor, done, whole);
    else if (op->action == DO_ERASE)
        tear_erase(nor, done, whole);
    else if ((draw(nor) & 1) != 0)
        end_status_write(nor);
}

void nor_power_cut(struct nor *nor, uint64_t now_ns) {
    nor_settle(nor, now_ns);
    if (nor->op.under_way) nor_tear(nor, now_ns);
    nor->powered = false;
    nor->oe = 0;
}

void nor_power_on(struct nor *nor, uint64_t now_ns) {
    nor->powered = true;
    nor->oe = 0;
    nor->phase = PHASE_IGNORE;
    nor->write_enabled = nor->volatile_enabled = nor->deep_power_down = nor->addr4 = nor->reset_enabled = false;
    memcpy(nor->status, nor->status_kept, sizeof nor->status);
    nor->ready_ns = now_ns;
}
