// SPDX-License-Identifier: Apache-2.0
//
// Faults that strike a card at work: of its flash chip, of the link, of its clock. The story is told once more; at each
// chosen moment the process forks, the child suffers the fault, lets the update end as it may, cuts the power and
// leaves the card's flash to the parent, which judges it.
#pragma once
#include "tests/faults/campaign.h"
#include "tests/faults/story.h"

struct live_walk {
    const struct story *story;
    const struct history *history;  // of the story
    struct judge *judge;
    struct world *world;                // that the story is told to
    struct world *judged;               // that gets what is left of it
    const struct point *const *points;  // of the story, sorted by moment
    size_t count;
};

void live_run(const struct live_walk *walk,
              void (*done)(void *ctx, const struct point *point, const struct run_result *result), void *ctx);
