// SPDX-License-Identifier: Apache-2.0
//
// Pins and instructions of the NOR model: bits to bytes, bytes to instruction, address and data, and what each
// instruction does that does not change the array. The host samples and the chip samples at the rising clock edge, both
// change their lines at the falling edge.
#include "sim/nor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/nor_internal.h"

#define READ(op, addr, clocks, data_on, need)                                                                   \
    {                                                                                                           \
        .opcode = (op), .action = DO_READ_ARRAY, .address = (addr), .dummy = (clocks), .data_lines = (data_on), \
        .needs = (need), .excluded_by = (data_on) == 4 ? NOR_NO_QUAD : 0                                        \
    }
#define PROGRAM(op, addr, addr_on, data_on, need)                                                                     \
    {                                                                                                                 \
        .opcode = (op), .action = DO_PROGRAM, .address = (addr), .address_lines = (addr_on), .data_lines = (data_on), \
        .needs = (need)                                                                                               \
    }
#define ERASE(op, addr, log2, need, unless) \
    { .opcode = (op), .action = DO_ERASE, .reg = (log2), .address = (addr), .needs = (need), .excluded_by = (unless) }
#define PLAIN(op, what) \
    { .opcode = (op), .action = (what) }

/* Fields that are absent are zero; zero lines mean one. */
static const struct nor_instruction instructions[] = {
    READ(0x03, ADDR_MODE, 0, 1, 0),
    READ(0x0B, ADDR_MODE, 8, 1, 0),
    READ(0x6B, ADDR_MODE, 8, 4, 0),
    READ(0x13, ADDR_4, 0, 1, NOR_ADDR4),
    READ(0x0C, ADDR_4, 8, 1, NOR_ADDR4),
    READ(0x6C, ADDR_4, 8, 4, NOR_ADDR4),
    PROGRAM(0x02, ADDR_MODE, 1, 1, 0),
    PROGRAM(0x32, ADDR_MODE, 1, 4, NOR_QUAD_PP_114),
    PROGRAM(0x38, ADDR_MODE, 4, 4, NOR_QUAD_PP_144),
    PROGRAM(0x12, ADDR_4, 1, 1, NOR_ADDR4),
    PROGRAM(0x34, ADDR_4, 1, 4, NOR_QUAD4_PP_114),
    PROGRAM(0x3E, ADDR_4, 4, 4, NOR_QUAD4_PP_144),
    ERASE(0x20, ADDR_MODE, 12, 0, 0),
    ERASE(0x52, ADDR_MODE, 15, 0, 0),
    ERASE(0xD8, ADDR_MODE, 16, 0, 0),
    ERASE(0x21, ADDR_4, 12, NOR_ADDR4, 0),
    ERASE(0x5C, ADDR_4, 15, NOR_ADDR4, 0),
    ERASE(0xDC, ADDR_4, 16, NOR_ADDR4, 0),
    ERASE(0xC7, ADDR_NONE, 0, 0, NOR_DIE_ERASE),
    ERASE(0x60, ADDR_NONE, 0, 0, NOR_DIE_ERASE),
    ERASE(0xC4, ADDR_MODE, 0, NOR_DIE_ERASE, 0),
    {.opcode = 0x05, .action = DO_READ_STATUS, .reg = 1, .while_busy = true},
    {.opcode = 0x35, .action = DO_READ_STATUS, .reg = 2, .while_busy = true, .needs_sr2 = true},
    {.opcode = 0x70, .action = DO_READ_STATUS, .reg = 0, .while_busy = true, .needs = NOR_FLAG_STATUS},
    {.opcode = 0x01, .action = DO_WRITE_STATUS, .reg = 1},
    {.opcode = 0x31, .action = DO_WRITE_STATUS, .reg = 2, .needs_sr2 = true},
    {.opcode = 0x50, .action = DO_VOLATILE_ENABLE, .excluded_by = NOR_FLAG_STATUS},
    {.opcode = 0x50, .action = DO_NOTHING, .needs = NOR_FLAG_STATUS},
    PLAIN(0x06, DO_WRITE_ENABLE),
    PLAIN(0x04, DO_WRITE_DISABLE),
    PLAIN(0x9F, DO_READ_JEDEC),
    {.opcode = 0x90, .action = DO_READ_ID, .address = ADDR_3},
    {.opcode = 0x5A, .action = DO_READ_SFDP, .address = ADDR_3, .dummy = 8},
    {.opcode = 0xAB, .action = DO_WAKE, .dummy = 24},
    PLAIN(0xB9, DO_POWER_DOWN),
    {.opcode = 0xB7, .action = DO_ENTER_ADDR4, .needs = NOR_ADDR4},
    {.opcode = 0xE9, .action = DO_EXIT_ADDR4, .needs = NOR_ADDR4, .excluded_by = NOR_EXIT4_29},
    {.opcode = 0x29, .action = DO_EXIT_ADDR4, .needs = NOR_ADDR4 | NOR_EXIT4_29},
    {.opcode = 0x66, .action = DO_RESET_ENABLE, .while_busy = true},
    {.opcode = 0x99, .action = DO_RESET, .while_busy = true},
};

void nor_error(struct nor *nor, uint64_t now_ns, const char *format, ...) {
    nor->stats.errors++;
    if (nor->report == NULL) return;
    char text[160];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    nor->report(nor->report_ctx, now_ns, text);
}

static void begin_phase(struct nor *nor, enum nor_phase phase, uint8_t lines, uint8_t bits) {
    nor->phase = (uint8_t)phase;
    nor->lines = lines == 0 ? 1 : lines;
    nor->left = bits;
    nor->shift = 0;
}

static void begin_data(struct nor *nor) {
    const struct nor_instruction *in = nor->instruction;
    nor->out_left = 0;
    switch ((enum nor_action)in->action) {
        case DO_READ_ARRAY:
        case DO_READ_STATUS:
        case DO_READ_JEDEC:
        case DO_READ_ID:
        case DO_READ_SFDP:
        case DO_WAKE:
            begin_phase(nor, PHASE_OUT, in->data_lines, 8);
            return;
        case DO_PROGRAM:
        case DO_WRITE_STATUS:
            begin_phase(nor, PHASE_IN, in->data_lines, 8);
            return;
        default:
            begin_phase(nor, PHASE_END, 1, 8);
    }
}

static void begin_dummy_or_data(struct nor *nor) {
    if (nor->instruction->dummy != 0)
        begin_phase(nor, PHASE_DUMMY, 1, nor->instruction->dummy);
    else
        begin_data(nor);
}

static bool quad_allowed(const struct nor *nor) {
    switch (nor->part->quad_enable) {
        case NOR_QE_SR2_BIT1:
            return (nor->status[1] & 0x02) != 0;
        case NOR_QE_SR1_BIT6:
            return (nor->status[0] & 0x40) != 0;
        default:
            return true;
    }
}

/* The first byte is there: is it an instruction, and may it come now? */
static bool instruction_allowed(struct nor *nor, uint64_t now_ns, uint8_t opcode) {
    const struct nor_instruction *in = nor->decode[opcode];
    if (in == NULL) {
        nor_error(nor, now_ns, "unknown instruction %02Xh", opcode);
    } else if (nor->deep_power_down && in->action != DO_WAKE) {
        nor_error(nor, now_ns, "instruction %02Xh in deep power-down", opcode);
    } else if (now_ns < nor->ready_ns) {
        nor_error(nor, now_ns, "instruction %02Xh before wake-up or reset is over", opcode);
    } else if (!in->while_busy && nor_is_busy(nor, now_ns)) {
        nor_error(nor, now_ns, "instruction %02Xh while busy", opcode);
    } else if (in->data_lines == 4 && !quad_allowed(nor)) {
        nor_error(nor, now_ns, "quad instruction %02Xh while the quad-enable bit is zero", opcode);
    } else if (in->action == DO_RESET && !nor->reset_enabled) {
        nor_error(nor, now_ns, "reset instruction without 66h before it");
    } else {
        return true;
    }
    return false;
}

static void got_opcode(struct nor *nor, uint64_t now_ns, uint8_t opcode) {
    nor_settle(nor, now_ns);
    bool allowed = instruction_allowed(nor, now_ns, opcode);
    nor->reset_enabled = allowed && nor->reset_enabled && nor->decode[opcode]->action == DO_RESET;
    if (!allowed) {
        begin_phase(nor, PHASE_IGNORE, 1, 8);
        return;
    }
    nor->instruction = nor->decode[opcode];
    nor->count = 0;
    nor->address = 0;
    uint8_t bytes = nor->instruction->address;
    if (bytes == ADDR_MODE) bytes = nor->addr4 ? ADDR_4 : ADDR_3;
    if (bytes != 0)
        begin_phase(nor, PHASE_ADDRESS, nor->instruction->address_lines, (uint8_t)(bytes * 8));
    else
        begin_dummy_or_data(nor);
}

static void got_address(struct nor *nor, uint64_t now_ns) {
    nor->address = nor->shift;
    uint8_t action = nor->instruction->action;
    bool in_array = action == DO_READ_ARRAY || action == DO_PROGRAM || action == DO_ERASE;
    if (in_array && nor->address >= nor->part->size) {
        nor_error(nor, now_ns, "address %08Xh is beyond the end", (unsigned)nor->address);
        nor->address &= nor->part->size - 1;
    }
    nor->room = nor->part->size - nor->address;
    begin_dummy_or_data(nor);
}

static void got_data(struct nor *nor, uint64_t now_ns, uint8_t byte) {
    if (nor->instruction->action == DO_PROGRAM) {
        uint32_t offset = nor->address % NOR_PAGE;
        if (offset + nor->count == NOR_PAGE)
            nor_error(nor, now_ns, "program wraps in the page at %08Xh", (unsigned)nor->address);
        nor->page[(offset + nor->count) % NOR_PAGE] = byte;
    } else if (nor->count < sizeof nor->status) {
        nor->page[nor->count] = byte;
    }
    nor->count++;
}

static uint8_t read_status(const struct nor *nor, uint64_t now_ns, uint8_t reg) {
    bool busy = nor_is_busy(nor, now_ns);
    if (reg == 0) return (uint8_t)((busy ? 0 : 0x80) | (nor->addr4 ? 0x01 : 0));
    if (reg == 2) return nor->status[1];
    return (uint8_t)((nor->status[0] & 0xFC) | (nor->write_enabled ? 0x02 : 0) | (busy ? 0x01 : 0));
}

static uint8_t next_out_byte(struct nor *nor, uint64_t now_ns) {
    const struct nor_part *part = nor->part;
    uint32_t n = nor->count++;
    switch ((enum nor_action)nor->instruction->action) {
        case DO_READ_ARRAY: {
            uint32_t at = nor->address;
            nor->address = (at + 1) & (part->size - 1);
            return nor->unstable_count == 0 ? nor->array[at] : nor_read_cell(nor, at);
        }
        case DO_READ_STATUS:
            nor_settle(nor, now_ns);
            return read_status(nor, now_ns, nor->instruction->reg);
        case DO_READ_JEDEC:
            return n < sizeof part->jedec ? part->jedec[n] : 0;
        case DO_READ_ID:
            return ((n ^ nor->address) & 1) == 0 ? part->jedec[0] : part->device_id;
        case DO_READ_SFDP:
            n += nor->address;
            return n < sizeof nor->sfdp ? nor->sfdp[n] : 0xFF;
        default:
            return part->device_id;
    }
}

/* Clock rises: the chip samples, and so does the host. */
static void rise(struct nor *nor, uint64_t now_ns, uint8_t sd_in) {
    if (nor->phase == PHASE_IGNORE) return;
    if (nor->lines == 4)
        nor->shift = nor->shift << 4 | (sd_in & 15);
    else
        nor->shift = nor->shift << 1 | (sd_in & 1);
    nor->left = (uint8_t)(nor->left - (nor->phase == PHASE_DUMMY ? 1 : nor->lines));
    if (nor->left != 0) return;
    nor->left = 8;
    switch ((enum nor_phase)nor->phase) {
        case PHASE_OPCODE:
            got_opcode(nor, now_ns, (uint8_t)nor->shift);
            break;
        case PHASE_ADDRESS:
            got_address(nor, now_ns);
            break;
        case PHASE_DUMMY:
            begin_data(nor);
            break;
        case PHASE_IN:
            got_data(nor, now_ns, (uint8_t)nor->shift);
            break;
        case PHASE_OUT:
            if (nor->instruction->action != DO_READ_ARRAY) break;
            nor->stats.bytes_read++;
            if (nor->room != 0)
                nor->room--;
            else
                nor_error(nor, now_ns, "read goes on beyond the end");
            break;
        case PHASE_END:
            nor->overrun = true;
            break;
        case PHASE_IGNORE:
            break;
    }
}

/* Clock falls: the chip shows its next bits. */
static void fall(struct nor *nor, uint64_t now_ns) {
    if (nor->phase != PHASE_OUT) return;
    if (nor->out_left == 0) {
        nor->out_byte = next_out_byte(nor, now_ns);
        nor->out_left = 8;
    }
    nor->out_left = (uint8_t)(nor->out_left - nor->lines);
    if (nor->lines == 4) {
        nor->out = (nor->out_byte >> nor->out_left) & 15;
        nor->oe = 15;
    } else {
        nor->out = (uint8_t)((nor->out_byte >> nor->out_left & 1) << 1);
        nor->oe = 2;
    }
}

static void execute(struct nor *nor, uint64_t now_ns) {
    switch ((enum nor_action)nor->instruction->action) {
        case DO_WRITE_ENABLE:
            nor->write_enabled = nor->write_enabled || !nor_suffers(nor, NOR_NO_WRITE_ENABLE);
            break;
        case DO_WRITE_DISABLE:
            nor->write_enabled = false;
            break;
        case DO_VOLATILE_ENABLE:
            nor->volatile_enabled = true;
            break;
        case DO_PROGRAM:
            nor_start_program(nor, now_ns);
            break;
        case DO_ERASE:
            nor_start_erase(nor, now_ns);
            break;
        case DO_WRITE_STATUS:
            nor_start_status_write(nor, now_ns);
            break;
        case DO_POWER_DOWN:
            nor->deep_power_down = true;
            break;
        case DO_WAKE:
            if (nor->deep_power_down) nor->ready_ns = now_ns + nor->part->wake_ns;
            nor->deep_power_down = false;
            break;
        case DO_ENTER_ADDR4:
        case DO_EXIT_ADDR4:
            nor->addr4 = nor->instruction->action == DO_ENTER_ADDR4;
            break;
        case DO_RESET_ENABLE:
            nor->reset_enabled = true;
            break;
        case DO_RESET:
            if (nor->op.under_way) nor_tear(nor, now_ns, NOR_TORN_BY_SEED);
            nor_power_on(nor, now_ns);
            nor->ready_ns = now_ns + nor->part->reset_ns;
            break;
        default:
            break;
    }
}

/* Tells of what the host has just ended. @p was_busy: an operation was under way before it */
static void tell(struct nor *nor, uint64_t now_ns, bool was_busy) {
    struct nor_event event = {.kind = NOR_DESELECTED};
    if (nor->phase == PHASE_OUT && nor->instruction->action == DO_READ_ARRAY) {
        event.kind = NOR_READ;
        event.address = (nor->address - nor->count) & (nor->part->size - 1);
        event.length = nor->count;
    } else if (!was_busy && nor->op.under_way && nor->op.action != DO_WRITE_STATUS) {
        event.kind = nor->op.action == DO_PROGRAM ? NOR_PROGRAM : NOR_ERASE;
        event.address = nor->op.address;
        event.length = nor->op.length;
    }
    nor->watch(nor->watch_ctx, now_ns, &event);
}

static void deselect(struct nor *nor, uint64_t now_ns) {
    nor->oe = 0;
    nor_settle(nor, now_ns);
    bool waking = nor->phase == PHASE_DUMMY && nor->left == 24 && nor->instruction->action == DO_WAKE;
    bool cut = nor->left % 8 != 0;
    if (nor->phase == PHASE_IGNORE || (nor->phase == PHASE_OPCODE && !cut)) return;
    if (cut) {
        nor_error(nor, now_ns, "CS# high in the middle of a byte");
    } else if (!waking && (nor->phase == PHASE_ADDRESS || nor->phase == PHASE_DUMMY)) {
        nor_error(nor, now_ns, "CS# high before instruction %02Xh was complete", nor->instruction->opcode);
    } else if (nor->phase == PHASE_END && nor->overrun) {
        nor_error(nor, now_ns, "bytes after instruction %02Xh", nor->instruction->opcode);
    } else {
        execute(nor, now_ns);
    }
}

void nor_pins(struct nor *nor, uint64_t now_ns, bool csn, bool sck, uint8_t sd_in, uint8_t *sd_out, uint8_t *sd_oe) {
    if (!nor->powered) {
        nor->csn = csn;
    } else if (csn != nor->csn) {
        /* A clock edge at the same instant belongs to nobody. */
        nor->csn = csn;
        if (csn) {
            const bool was_busy = nor->op.under_way && nor_is_busy(nor, now_ns);
            deselect(nor, now_ns);
            if (nor->watch) tell(nor, now_ns, was_busy);
        } else {
            nor->overrun = false;
            begin_phase(nor, PHASE_OPCODE, 1, 8);
            if (nor->watch) nor->watch(nor->watch_ctx, now_ns, &(struct nor_event){.kind = NOR_SELECTED});
        }
    } else if (!csn && sck != nor->sck) {
        if (sck)
            rise(nor, now_ns, sd_in);
        else
            fall(nor, now_ns);
    }
    nor->sck = sck;
    *sd_out = nor->out;
    *sd_oe = nor->oe;
}

struct nor *nor_new(const struct nor_part *part, uint8_t *array) {
    struct nor *nor = calloc(1, sizeof *nor);
    if (nor == NULL) return NULL;
    nor->part = part;
    nor->array = array;
    nor->csn = true;
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        const struct nor_instruction *in = &instructions[i];
        bool exists = (part->features & in->needs) == in->needs && (part->features & in->excluded_by) == 0 &&
                      (!in->needs_sr2 || part->quad_enable == NOR_QE_SR2_BIT1);
        if (exists) nor->decode[in->opcode] = in;
    }
    nor_build_sfdp(nor);
    nor_set_seed(nor, 1);
    nor_power_on(nor, 0);
    return nor;
}

void nor_free(struct nor *nor) {
    free(nor);
}

void nor_copy(struct nor *to, const struct nor *from) {
    const struct nor own = *to;
    *to = *from;
    to->part = own.part;
    to->array = own.array;
    to->timing = own.timing;
    to->report = own.report;
    to->report_ctx = own.report_ctx;
    to->watch = own.watch;
    to->watch_ctx = own.watch_ctx;
    memcpy(to->decode, own.decode, sizeof to->decode);
    memcpy(to->sfdp, own.sfdp, sizeof to->sfdp);
}

void nor_set_watch(struct nor *nor, nor_watch_fn watch, void *ctx) {
    nor->watch = watch;
    nor->watch_ctx = ctx;
}

void nor_set_timing(struct nor *nor, enum nor_timing timing) {
    nor->timing = timing;
}

const struct nor_stats *nor_get_stats(const struct nor *nor) {
    return &nor->stats;
}

void nor_set_report(struct nor *nor, nor_report_fn report, void *ctx) {
    nor->report = report;
    nor->report_ctx = ctx;
}
