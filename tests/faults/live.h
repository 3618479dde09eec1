// SPDX-License-Identifier: Apache-2.0
//
// Faults that strike a card at work: of its flash chip, of the link, of its clock. The story is told once more; at each
// chosen moment the process forks, the child suffers the fault, lets the update end as it may, cuts the power and has
// the card judged.
#pragma once
#include "tests/faults/campaign.h"
#include "tests/faults/story.h"

/** @param points  those of one story, sorted by moment */
void live_run(const struct story *story, struct judge *judge, struct world *world, const struct point *const *points,
              size_t count, void (*done)(void *ctx, const struct point *point, const struct run_result *result),
              void *ctx);
