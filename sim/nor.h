// SPDX-License-Identifier: Apache-2.0
//
// A serial NOR flash at its pins, for the simulated card and for benches: what the host clocks in decides, not an API
// call. It keeps the time of the modelled part, programs by AND, wraps in the page, and tells of everything a careful
// host never does. One `struct nor` is one chip; there is no other state. Time is in nanoseconds of the caller's clock
// and must not run backwards. SPI modes 0 and 3; single-line instructions and quad data.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    NOR_PAGE = 256,   /* program page, bytes */
    NOR_SECTOR = 4096 /* smallest erase unit, bytes */
};

/** Typical and maximum duration of an operation. */
struct nor_time {
    uint64_t typical_ns, maximum_ns;
};

/** Where the bit is that turns /WP and /HOLD into data lines (JESD216 "Quad Enable Requirements"). */
enum nor_quad_enable {
    NOR_QE_NONE,     /* quad instructions always work */
    NOR_QE_SR2_BIT1, /* status register 2 bit 1, written by 31h or as second byte of 01h */
    NOR_QE_SR1_BIT6  /* status register 1 bit 6 */
};

/** Instructions beyond the set that every part has; bits of nor_part.features. */
enum nor_feature {
    NOR_QUAD_PP_114 = 1 << 0,  /* 32h: quad page program, address on one line */
    NOR_QUAD_PP_144 = 1 << 1,  /* 38h: quad page program, address on four lines */
    NOR_ADDR4 = 1 << 2,        /* B7h/E9h and the instructions with four address bytes */
    NOR_QUAD4_PP_114 = 1 << 3, /* 34h: quad page program, four address bytes on one line */
    NOR_QUAD4_PP_144 = 1 << 4, /* 3Eh: quad page program, four address bytes on four lines */
    NOR_FLAG_STATUS = 1 << 5,  /* 70h flag status register, bit 7 ready; 50h clears it */
    NOR_DIE_ERASE = 1 << 6,    /* C4h erases everything, C7h and 60h do not exist */
    NOR_EXIT4_29 = 1 << 7,     /* four-byte mode is left with 29h, not with E9h */
    NOR_NO_QUAD = 1 << 8       /* no read on four lines; without it every part has 6Bh */
};

/** One kind of chip. Times are those of facts in its data sheet or SFDP. */
struct nor_part {
    const char *name;
    const char *maker;
    uint8_t jedec[3];  /* answer to 9Fh */
    uint8_t device_id; /* answer to ABh and 90h */
    uint32_t size;     /* bytes, a power of two */
    uint32_t features;
    enum nor_quad_enable quad_enable;
    struct nor_time page_program, erase4k, erase32k, erase64k, erase_chip, status_write;
    uint64_t wake_ns;  /* release from deep power-down */
    uint64_t reset_ns; /* software reset while nothing is under way */
};

/** Parts by name. nor_part_at() gives NULL behind the last one: for help texts and for loops over all of them. */
const struct nor_part *nor_part_find(const char *name);
const struct nor_part *nor_part_at(size_t index);

struct nor;

/** A chip after power-on.
 *
 * @param array  the cells, part->size bytes; stays the caller's (for instance an mmap) and must outlive the chip. An
 *               operation changes it when it ends, not when it starts: see nor_settle().
 * @return NULL when memory is short
 */
struct nor *nor_new(const struct nor_part *part, uint8_t *array);
void nor_free(struct nor *nor);
/** Gives a chip the state of another: what it is doing, registers, counters, what is unstable. The array's contents,
 * part, timing, report and watch functions stay its own. */
void nor_copy(struct nor *to, const struct nor *from);
/** Shows @p see, in pieces, all that decides what the chip does from here on, but for contents and unstable cells. What
 * is only left over of instructions that ended is not shown. */
void nor_visit(const struct nor *nor, void (*see)(void *ctx, const void *bytes, size_t len), void *ctx);

/** To be called whenever a pin changed (calls without a change are harmless).
 *
 * @param sd_in   levels of the four data lines as driven by the host, bit 0 = line 0 (MOSI)
 * @param sd_out  levels that the chip drives, meaningful where @p sd_oe has a one; line 1 is MISO
 */
void nor_pins(struct nor *nor, uint64_t now_ns, bool csn, bool sck, uint8_t sd_in, uint8_t *sd_out, uint8_t *sd_oe);

/** When the operation under way ends; 0 when none is, UINT64_MAX when it never will (nor_set_stuck_busy). */
uint64_t nor_busy_until(const struct nor *nor);

/** What keeps the chip busy at @p now_ns. */
enum nor_work { NOR_FREE, NOR_PROGRAMS, NOR_ERASES, NOR_WRITES_STATUS };
enum nor_work nor_work(const struct nor *nor, uint64_t now_ns);

/** Ends an operation whose time has come, so that the array can be looked at. nor_pins() does it by itself. */
void nor_settle(struct nor *nor, uint64_t now_ns);

enum nor_timing { NOR_TYPICAL, NOR_MAXIMUM };
/** Which duration later operations have; typical after nor_new(). */
void nor_set_timing(struct nor *nor, enum nor_timing timing);

/** Counters since nor_new(). */
struct nor_stats {
    uint64_t bytes_programmed, pages_programmed; /* of operations that ended; bytes that the host sent */
    uint64_t erases_4k, erases_32k, erases_64k, erases_chip;
    uint64_t bytes_read; /* from the array */
    uint64_t busy_ns;    /* time spent in programs, erases and status writes that ended or were cut */
    uint64_t errors;     /* calls of the report function */
};
const struct nor_stats *nor_get_stats(const struct nor *nor);

/** Called for everything that a correct host never does: an instruction while busy or in deep power-down, program or
 * erase without write-enable, a bit programmed from 0 to 1, data beyond the page end, an unknown instruction, CS# high
 * in the middle of a byte, an address beyond the end, a quad instruction without the quad-enable bit, a second reset
 * instruction without the first. The chip then does what the real one does, mostly nothing. @p text is valid during the
 * call. */
typedef void (*nor_report_fn)(void *ctx, uint64_t now_ns, const char *text);
void nor_set_report(struct nor *nor, nor_report_fn report, void *ctx);

/** An instruction that ended, as CS# rose, or began. */
struct nor_event {
    enum nor_event_kind {
        NOR_SELECTED,   /* CS# fell; nothing else is known */
        NOR_DESELECTED, /* an instruction that neither reads nor changes the array, or none at all */
        NOR_READ,       /* of the array */
        NOR_PROGRAM,    /* begun */
        NOR_ERASE       /* begun */
    } kind;
    uint32_t address, length; /* of the array, of the last three */
};
typedef void (*nor_watch_fn)(void *ctx, uint64_t now_ns, const struct nor_event *event);
/** Hears of every selection; NULL: nobody does. It must not touch the chip's pins. */
void nor_set_watch(struct nor *nor, nor_watch_fn watch, void *ctx);

// ---- faults
// -----------------------------------------------------------------------------------------------------------

/** Seed of everything torn or unstable; the same seed and the same calls give the same bytes. */
void nor_set_seed(struct nor *nor, uint64_t seed);

/** Power fails. A program under way leaves a prefix with one byte half written and unstable; an erase under way leaves,
 * as the seed wants, its first part erased, its last part erased, all bits at zero, or a block that reads FFh but is
 * unstable. Until nor_power_on() the chip drives nothing and hears nothing. */
void nor_power_cut(struct nor *nor, uint64_t now_ns);
void nor_power_on(struct nor *nor, uint64_t now_ns);

/** What a power cut leaves of the operation under way; each fits one action and is NOR_TORN_BY_SEED for the others. */
enum nor_torn {
    NOR_TORN_BY_SEED,     /* as nor_power_cut() */
    NOR_TORN_NOT,         /* the array is as before: the cut came before the first pulse */
    NOR_TORN_FIRST_BYTE,  /* program: the first byte is there, nothing else */
    NOR_TORN_MIDDLE,      /* program: half of it, then one byte half written and unstable */
    NOR_TORN_LAST_BYTE,   /* program: all but the last byte */
    NOR_TORN_WEAK_BYTE,   /* program: everything, the last byte unstable */
    NOR_TORN_ZEROED,      /* erase, early: all bits at zero, unstable */
    NOR_TORN_HEAD_ERASED, /* erase: the first half erased, the rest as before and unstable */
    NOR_TORN_TAIL_ERASED, /* erase: the last half erased, what is before it unstable */
    NOR_TORN_WEAK_BLANK   /* erase, late: reads FFh and is unstable */
};
/** Power fails and leaves the operation under way torn as wanted. */
void nor_power_cut_torn(struct nor *nor, uint64_t now_ns, enum nor_torn how);

/** What goes wrong without anybody being told. */
enum nor_defect {
    NOR_SOUND,
    NOR_NO_WRITE_ENABLE, /* 06h is not taken: the program or erase behind it does not begin */
    NOR_NO_PROGRAM,      /* a program takes its time and changes nothing */
    NOR_NO_ERASE,        /* so does an erase */
    NOR_WEAK_PROGRAM     /* one bit of a program that was to become 0 stays 1 */
};
/** The next @p count instructions that the defect is about suffer it; 0: none does. */
void nor_set_defect(struct nor *nor, enum nor_defect defect, unsigned count);

/** While on, a program, erase or status write that is under way does not end: WIP stays set. */
void nor_set_stuck_busy(struct nor *nor, bool stuck);

/** Whether a byte reads differently from time to time because an operation on it was torn and no erase healed it. */
bool nor_is_unstable(const struct nor *nor, uint32_t address);

#ifdef __cplusplus
}
#endif
