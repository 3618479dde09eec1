// SPDX-License-Identifier: Apache-2.0
//
// Which firmware to try next: what the journal says and what could not be loaded lead to one slot. Pure arithmetic, so
// that a test can go through every journal and every failure.
//
// Promise: what is pending is started at most `starts` times, each counted in the journal before; as a whole or not at
// all; then, or when it cannot be loaded, it has failed and what was active runs. Every slot that there is gets its
// turn, the golden one before an image that failed its trial.
#pragma once
#include "fw/update/journal.h"

enum {
    SELECT_A,
    SELECT_B,
    SELECT_GOLDEN,
    SELECT_NOTHING,     // there is no more
    SELECT_NO_JOURNAL,  // a bit of @p bad: no record can be written
};

/** What the board has. */
struct select_board {
    uint8_t slots;   // bit s: the firmware has slot s; A always
    uint8_t starts;  // of what is on trial, 1..15
};

struct select_choice {
    uint8_t slot;  // SELECT_A .. SELECT_NOTHING
    bool trial;    // what is pending runs
    bool store;    // the journal was changed: it has to be stored before the slot is loaded
};

/** @param journal as loaded, at first; then as the call before left it
 * @param bad bit s: slot s was tried in vain in this start of the card, or could not be stored (SELECT_NO_JOURNAL) */
struct select_choice select_next(struct journal *journal, const struct select_board *board, unsigned bad);
