// SPDX-License-Identifier: Apache-2.0
//
// What changes the cells of the NOR model: program, erase and status write with their durations. An operation takes
// effect when it ends, so a cut (nor_faults.c) sees the old contents and how far it had come.
#include <string.h>

#include "sim/nor_internal.h"

enum { PROTECT_BITS = 0x1C }; /* BP0..BP2 of status register 1: here any of them protects the whole array */

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
    nor->op.void_ = false;
    nor->op.action = nor->instruction->action;
    nor->op.start_ns = now_ns;
    nor->op.end_ns = now_ns + (nor->timing == NOR_MAXIMUM ? time.maximum_ns : time.typical_ns);
}

uint32_t nor_unset_bits(const struct nor *nor) {
    const uint32_t page = nor->op.address - nor->op.address % NOR_PAGE;
    for (uint32_t i = 0; i < nor->op.length; i++) {
        const uint32_t offset = (nor->op.address + i) % NOR_PAGE;
        if ((nor->page[offset] & ~nor->array[page + offset]) != 0) return offset;
    }
    return NOR_PAGE;
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
    nor->op.address = page + first;
    nor->op.length = length;
    const uint32_t offset = nor_unset_bits(nor);
    if (offset != NOR_PAGE)
        nor_error(nor, now_ns, "program of %02Xh over %02Xh at %08Xh cannot set bits", nor->page[offset],
                  nor->array[page + offset], (unsigned)(page + offset));
    start(nor, now_ns, nor->part->page_program);
    nor->op.void_ = nor_suffers(nor, NOR_NO_PROGRAM);
    if (nor_suffers(nor, NOR_WEAK_PROGRAM)) nor_weaken_program(nor);
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
    nor->op.void_ = nor_suffers(nor, NOR_NO_ERASE);
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

void nor_program_bytes(struct nor *nor, uint32_t count) {
    uint32_t page = nor->op.address - nor->op.address % NOR_PAGE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = (nor->op.address + i) % NOR_PAGE;
        nor->array[page + offset] &= nor->page[offset];
    }
}

static void end_program(struct nor *nor) {
    nor_program_bytes(nor, nor->op.length);
    nor->stats.bytes_programmed += nor->op.length;
    nor->stats.pages_programmed++;
}

static void end_erase(struct nor *nor) {
    memset(nor->array + nor->op.address, 0xFF, nor->op.length);
    nor_heal(nor, nor->op.address, nor->op.length);
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

void nor_end_status_write(struct nor *nor) {
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
    if (nor->op.void_) return;
    if (nor->op.action == DO_PROGRAM)
        end_program(nor);
    else if (nor->op.action == DO_ERASE)
        end_erase(nor);
    else
        nor_end_status_write(nor);
}

uint64_t nor_busy_until(const struct nor *nor) {
    if (!nor->op.under_way) return 0;
    return nor->stuck ? UINT64_MAX : nor->op.end_ns;
}

enum nor_work nor_work(const struct nor *nor, uint64_t now_ns) {
    if (!nor_is_busy(nor, now_ns)) return NOR_FREE;
    return nor->op.action == DO_PROGRAM ? NOR_PROGRAMS : nor->op.action == DO_ERASE ? NOR_ERASES : NOR_WRITES_STATUS;
}
