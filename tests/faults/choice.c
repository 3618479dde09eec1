// SPDX-License-Identifier: Apache-2.0
//
// See choice.h.
#include "tests/faults/choice.h"

#include <string.h>

enum { GROUPS = KIND_COUNT * PHASE_COUNT, FEW = 4 };

static unsigned group_of(const struct point *p) {
    return (unsigned)p->kind * PHASE_COUNT + (unsigned)p->phase;
}

static size_t weight_of(unsigned group) {
    static const unsigned char of_kind[KIND_COUNT] = {
        [F1] = 8, [F2] = 2, [F3] = 2, [F4] = 8, [F5] = 8, [F6] = 2, [F7] = 1, [F8] = 16, [F9] = 1};
    return of_kind[group / PHASE_COUNT];
}

static size_t share_of(const size_t sizes[GROUPS], unsigned group, size_t level) {
    const size_t most = level * weight_of(group);
    return sizes[group] < most ? sizes[group] : most;
}

/** The level up to which every group may be filled, by its weight, so that all together have @p runs at most. */
static size_t level_for(const size_t sizes[GROUPS], size_t runs) {
    size_t low = 0, high = runs;
    while (low < high) {
        const size_t level = low + (high - low + 1) / 2;
        size_t sum = 0;
        for (unsigned g = 0; g < GROUPS; g++) sum += share_of(sizes, g, level);
        if (sum <= runs)
            low = level;
        else
            high = level - 1;
    }
    return low;
}

/** Whether the @p n th of @p all is one of the @p some chosen ones, which stand together. */
static bool is_near(size_t n, size_t some, size_t all, unsigned turn, unsigned turns) {
    const size_t first = (all - some) * (2 * turn + 1) / (2 * turns);
    return n >= first && n < first + some;
}

void choose(const struct points *points, size_t runs, unsigned turn, unsigned turns, bool *chosen) {
    size_t sizes[GROUPS] = {0}, shares[GROUPS], left = runs;
    for (size_t i = 0; i < points->count; i++) sizes[group_of(&points->list[i])]++;
    const size_t level = level_for(sizes, runs);
    for (unsigned g = 0; g < GROUPS; g++) {
        shares[g] = share_of(sizes, g, level);
        left -= shares[g];
    }
    for (bool any = true; any && left != 0;) {  // what the level's rounding left
        any = false;
        for (unsigned g = 0; g < GROUPS && left != 0; g++) {
            if (shares[g] == sizes[g]) continue;
            shares[g]++;
            left--;
            any = true;
        }
    }
    for (size_t i = 0; i < points->count; i++) {
        const struct point *p = &points->list[i];
        // Second cuts of the same first one have most of their way in common.
        const size_t share = shares[group_of(p)],
                     unit = p->kind == F5 && share >= 2 * POINTS_SECOND_CUTS ? POINTS_SECOND_CUTS : 1;
        const size_t n = p->number / unit, some = share / unit, all = (sizes[group_of(p)] + unit - 1) / unit;
        chosen[i] = share > FEW ? (n + 1) * some / all > n * some / all : is_near(n, some, all, turn, turns);
    }
}
