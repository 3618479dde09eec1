// SPDX-License-Identifier: Apache-2.0
//
// The card on the host: the real boot ROM and application over a model of the hardware below the HAL. There is one, for
// the firmware's own variables exist once. Whoever owns simulated time lets the firmware run with card_run(); the
// firmware gives time back whenever it waits.
#pragma once
#include "tests/walk/line.h"
#include "tests/walk/stream.h"

enum {
    CARD_PACKET = 74,     // longest packet received, with header
    CARD_FIFO = 4,        // packets in either FIFO of the processor
    CARD_MEMORY = 65536,  // bytes, at CARD_MEMORY_AT
    CARD_MEMORY_AT = 0x10000000,
    CARD_CONSOLE = 512,
    CARD_TEXT = 160,
};

/** How card_run() ended. */
enum card_end { CARD_OVER = 1, CARD_CUT, CARD_RESTARTED, CARD_WATCHDOG };

struct card_packet {
    size_t len;
    uint8_t bytes[CARD_PACKET];
};

struct card {
    uint64_t now_ns;
    /** Lets time pass to @p limit_ns at most: whatever is due in the world happens. May call card_leave(). */
    void (*advance)(void *ctx, uint64_t limit_ns);
    /** One packet of the card that is not for the line; true when it was taken. */
    bool (*overhear)(void *ctx, const uint8_t *packet, size_t len);
    /** The console's next line. */
    void (*says)(void *ctx, const char *line);
    /** The boot ROM starts the application. @return false: it hangs from its first instruction on */
    bool (*started)(void *ctx, uint32_t handover);
    void *ctx;
    struct line *line;
    struct chip chip;
    struct stream stream;
    struct dice *dice;

    hal_regs_t regs;
    uint32_t ram[STREAM_RAM_BLOCKS * STREAM_BLOCK / 4];
    uint32_t memory[CARD_MEMORY / 4];
    uint64_t reset_ns, timer_ns, watchdog_ns;  // UINT64_MAX: not running
    bool timer_ended;
    uint8_t cause;
    struct card_packet received[CARD_FIFO];
    unsigned received_first, received_count;
    unsigned boots, drops;
    char console[CARD_CONSOLE];
    size_t console_len;
    char violation[CARD_TEXT];
};

/** The card that the firmware runs on from now on. chip, line, dice and the callbacks are the caller's to fill in. */
void card_insert(struct card *card);
/** Resets the card and runs it from the boot ROM on, until somebody calls card_leave(). Power cuts and restarts are the
 * caller's to go on from. */
enum card_end card_run(struct card *card, uint8_t cause);
/** Ends card_run() from inside advance(). */
_Noreturn void card_leave(struct card *card, enum card_end end);

/** A packet that the link took for good. */
void card_packet(struct card *card, const uint8_t *packet, size_t len);
/** When the card itself has something to do, UINT64_MAX: never; and the time for it has come. */
uint64_t card_due(const struct card *card);
void card_tick(struct card *card);
