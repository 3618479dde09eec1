// SPDX-License-Identifier: Apache-2.0
//
// What the files of the NOR model share: nor.c (pins and instructions), nor_ops.c (operations on the array),
// nor_faults.c, nor_sfdp.c (the parameter table). Nobody else includes this but the card of tests/walk, which needs no
// pins.
#pragma once
#include "sim/nor.h"

enum nor_action {
    DO_READ_ARRAY,
    DO_READ_STATUS, /* reg 1, 2, or 0 for the flag status register */
    DO_READ_JEDEC,
    DO_READ_ID,
    DO_READ_SFDP,
    DO_WAKE,
    DO_PROGRAM,
    DO_ERASE,        /* reg: log2 of the size, 0 for everything */
    DO_WRITE_STATUS, /* reg: first register written */
    DO_WRITE_ENABLE,
    DO_WRITE_DISABLE,
    DO_VOLATILE_ENABLE,
    DO_NOTHING,
    DO_POWER_DOWN,
    DO_ENTER_ADDR4,
    DO_EXIT_ADDR4,
    DO_RESET_ENABLE,
    DO_RESET
};

enum { ADDR_NONE = 0, ADDR_3 = 3, ADDR_4 = 4, ADDR_MODE = 5 /* three or four, as B7h set it */ };

struct nor_instruction {
    uint8_t opcode;
    uint8_t action; /* enum nor_action */
    uint8_t reg;
    uint8_t address; /* ADDR_... */
    uint8_t dummy;   /* clocks */
    uint8_t address_lines, data_lines;
    bool while_busy;
    uint32_t needs, excluded_by; /* features of the part */
    bool needs_sr2;
};

enum nor_phase {
    PHASE_OPCODE,
    PHASE_ADDRESS,
    PHASE_DUMMY,
    PHASE_IN,    /* data to the chip */
    PHASE_OUT,   /* data from the chip */
    PHASE_END,   /* the instruction is complete, only CS# high may follow */
    PHASE_IGNORE /* nothing matters until CS# is high */
};

struct nor_operation {
    bool under_way;
    uint8_t action; /* DO_PROGRAM, DO_ERASE or DO_WRITE_STATUS */
    uint8_t size_log2;
    uint32_t address, length; /* program: first byte, at most a page; erase: the block */
    uint64_t start_ns, end_ns;
    uint8_t status[2]; /* to be written */
    bool void_;        /* takes its time and changes nothing */
};

/* One read in 2^odds_log2 of a byte in [first, first + length) has a wrong bit. */
struct nor_unstable {
    uint32_t first, length;
    unsigned odds_log2;
};
enum { NOR_UNSTABLE_MAX = 32 };

struct nor {
    /* Touched at every clock edge. */
    bool csn, sck, powered;
    uint8_t out, oe;
    uint8_t phase;
    uint8_t lines; /* of the running phase */
    uint8_t left;  /* clock bits to the end of the byte (address, dummy: of the phase) */
    uint8_t out_left;
    uint8_t out_byte;
    uint32_t shift;
    const struct nor_instruction *instruction;
    uint32_t address;
    uint32_t count; /* data bytes so far */
    uint32_t room;  /* bytes that a read may still deliver before the end of the array */
    bool overrun;   /* a byte after PHASE_END */

    const struct nor_part *part;
    uint8_t *array;
    uint8_t page[NOR_PAGE]; /* data of a program by offset in the page; of a status write from 0 */
    bool write_enabled, volatile_enabled, deep_power_down, addr4, reset_enabled, stuck;
    uint8_t status[2], status_kept[2]; /* now; after the next power-on */
    uint64_t ready_ns;                 /* end of a wake-up or a reset */
    struct nor_operation op;
    enum nor_timing timing;

    struct nor_unstable unstable[NOR_UNSTABLE_MAX];
    size_t unstable_count;
    uint64_t random_state;

    struct nor_stats stats;
    nor_report_fn report;
    void *report_ctx;
    nor_watch_fn watch;
    void *watch_ctx;
    enum nor_defect defect;
    unsigned defect_left; /* instructions that suffer it */
    const struct nor_instruction *decode[256];
    uint8_t sfdp[256];
};

/** Counts and reports one error of the host. */
void nor_error(struct nor *nor, uint64_t now_ns, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Starts what the instruction with its address and data asks for; called when CS# rises behind its last byte. */
void nor_start_program(struct nor *nor, uint64_t now_ns);
void nor_start_erase(struct nor *nor, uint64_t now_ns);
void nor_start_status_write(struct nor *nor, uint64_t now_ns);

/** Whether WIP is set at this instant. */
bool nor_is_busy(const struct nor *nor, uint64_t now_ns);
/** Ends an operation in the middle, leaving the array as a power cut leaves it. */
void nor_tear(struct nor *nor, uint64_t now_ns, enum nor_torn how);
/** Whether the instruction at hand suffers the defect @p defect; counts it. */
bool nor_suffers(struct nor *nor, enum nor_defect defect);
void nor_weaken_program(struct nor *nor);
/** Offset in the page of the first byte that the program in nor->op cannot make what it is to be, as bits would have to
 * be set; NOR_PAGE: none. */
uint32_t nor_unset_bits(const struct nor *nor);
/** The effect of the operation under way: the first @p count bytes of a program, a status write. */
void nor_program_bytes(struct nor *nor, uint32_t count);
void nor_end_status_write(struct nor *nor);
/** A complete erase of [@p first, @p first + @p length) makes stable what it covers; what is left of a range stays. */
void nor_heal(struct nor *nor, uint32_t first, uint32_t length);
/** A byte of the array as a read delivers it. */
uint8_t nor_read_cell(struct nor *nor, uint32_t address);

/** Fills nor->sfdp for nor->part. */
void nor_build_sfdp(struct nor *nor);
