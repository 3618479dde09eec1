// SPDX-License-Identifier: Apache-2.0
//
// Which points of a layout are run when not all are: every kind and phase gets its share, small ones all of it, and
// within a kind and phase the chosen ones are spread evenly. Cuts get more than the others, many of which leave what
// another one left, and cost next to nothing, and forgeries, none of which is like another; faults of a card at work
// get less, which cost most. Where a kind and phase has only a few they stand together, and those of other kinds with
// them, at another place of the stories on each board: what has most of its way in common costs least.
#pragma once
#include "tests/faults/points.h"

/** @param turn  of @p turns boards; @param chosen  one for each point, set for @p runs of them, or for all if there are
 * no more */
void choose(const struct points *points, size_t runs, unsigned turn, unsigned turns, bool *chosen);
