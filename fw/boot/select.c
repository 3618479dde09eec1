// SPDX-License-Identifier: Apache-2.0
//
// See select.h.
#include "fw/boot/select.h"

#include "fw/board/board.h"

/* What is pending has failed, all of it: no part of it was ever tried without the others. */
static void give_up(struct journal *journal) {
    for (struct journal_entry *e = journal->entry; e < journal->entry + JOURNAL_COMPONENTS; e++) {
        if (journal_waits(e)) e->failed = e->pending;
        e->pending = JOURNAL_NO_SLOT;
    }
    journal->attempts = 0;
}

struct select_choice select_next(struct journal *journal, const struct select_board *board, unsigned bad) {
    const struct journal_entry *firmware = &journal->entry[BOARD_FIRMWARE];
    const uint8_t active = journal_active(firmware), other = active ^ 1u;
    struct select_choice choice = {SELECT_NOTHING, false, false};
    if (journal_any_waits(journal) && (bad >> SELECT_NO_JOURNAL & 1u) == 0) {
        choice.store = true;
        choice.slot = journal_waits(firmware) ? firmware->pending : active;
        choice.trial = bad == 0 && journal->attempts < board->starts && (board->slots >> choice.slot & 1u) != 0;
        if (choice.trial) {
            journal->attempts++;
            return choice;
        }
        give_up(journal);
    }
    const bool failed = firmware->failed == other;
    const uint8_t order[] = {active, failed ? SELECT_GOLDEN : other, failed ? other : SELECT_GOLDEN};
    bad |= ~(unsigned)board->slots;
    choice.slot = SELECT_NOTHING;
    for (unsigned i = 3; i-- != 0;)
        if ((bad >> order[i] & 1u) == 0) choice.slot = order[i];
    return choice;
}
