// SPDX-License-Identifier: Apache-2.0
//
// The campaign's table: kinds of faults, the phases in which they strike, and every point of a story where one can. A
// run is named KIND/LAYOUT/PHASE/NUMBER; the number counts the points of that kind, layout and phase.
#pragma once
#include "tests/faults/history.h"

enum kind { F1, F2, F3, F4, F5, F6, F7, F8, F9, KIND_COUNT };

/** Of a first cut, one behind the other in the list. */
enum { POINTS_SECOND_CUTS = 8 };

/** What the user gets to read of a kind. */
extern const char *const kind_names[KIND_COUNT];
extern const char *const kind_texts[KIND_COUNT];

/** What a fault does beside the cut. */
enum act {
    ACT_CUT,         // power fails at ns
    ACT_SECOND_CUT,  // and once more on the way back, in part `arg` of POINTS_SECOND_CUTS of the repeated update
    ACT_FLIP,        // and bit `arg` of the flash turns
    ACT_DEFECT,      // the chip has defect `arg` at moment `moment`
    ACT_STUCK,       // the operation that begins at moment `moment` does not end
    ACT_LOSE,        // of packets, at moment `moment`
    ACT_TWICE,
    ACT_LATE,  // behind the next one the same way
    ACT_SHORT,
    ACT_LONG,
    ACT_WRONG,
    ACT_CANCEL,         // the agent gives up there
    ACT_SILENT,         // the agent is gone from there on
    ACT_RESET,          // the card is reset there, its flash is not
    ACT_BOOTS,          // a cut, and `arg` starts more that are cut
    ACT_FORGED_UPDATE,  // forgery `arg` is sent
    ACT_FORGED_SLOT,    // forgery `arg` is in a slot and waits to be started
    ACT_FORGED_REST,    // forgery `arg` is in the slot that does not run
};

struct point {
    enum kind kind;
    enum phase phase;
    unsigned story;
    unsigned number;  // in its kind, layout and phase
    enum act act;
    uint64_t ns;  // of a cut
    enum nor_torn how;
    size_t moment;
    uint32_t arg;
};

struct points {
    struct point *list;
    size_t count, room;
};

/** Adds all points of a story. */
void points_add(struct points *points, unsigned story, const struct history *history);
/** Numbers them once all stories are there. */
void points_number(struct points *points);

/** Whether the point is one that only the card under way can suffer. */
bool point_is_live(const struct point *point);
