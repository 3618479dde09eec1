// SPDX-License-Identifier: Apache-2.0
//
// What must hold after every fault: power comes back and the card starts with one authentic image; no byte in a slot is
// neither of an authentic image nor being replaced; nothing else was written; the same update then succeeds, and what
// it brought runs from the next start on.
#pragma once
#include "tests/faults/history.h"

struct verdict {
    bool passed, known;  // known: the card's state had been judged before
    char why[200];       // if not passed
};

struct judge;

/** For updates of the components in bitmap @p which of a layout. */
struct judge *judge_new(const struct layout *layout, unsigned which);
void judge_free(struct judge *judge);

/** Judges a card without power. Its state is lost. */
struct verdict judge_card(struct judge *judge, struct world *world);

/** The package of the update. */
const struct pkg *judge_package(const struct judge *judge);
