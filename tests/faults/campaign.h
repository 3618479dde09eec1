// SPDX-License-Identifier: Apache-2.0
//
// One layout's part of the campaign: its stories, all their points, and what becomes of each.
#pragma once
#include "tests/faults/judge.h"
#include "tests/faults/points.h"

struct campaign;

struct run_result {
    struct verdict verdict;
    double seconds;   // of this machine's processor
    uint64_t cycles;  // of the card's clock that were simulated one by one
};

/** Seconds of the processor that this process has had. */
double campaign_processor(void);

/** Walks every story of a layout once. */
struct campaign *campaign_new(const struct layout *layout);
/** Every run tells on standard output what happens. */
void campaign_trace(struct campaign *campaign);
void campaign_free(struct campaign *campaign);

const struct points *campaign_points(const struct campaign *campaign);

/** KIND/LAYOUT/PHASE/NUMBER, valid until the next call. */
const char *campaign_name(const struct campaign *campaign, const struct point *point);

/** Runs the chosen points, @p chosen[i] of campaign_points(): @p done hears of each. */
void campaign_run(struct campaign *campaign, const bool *chosen,
                  void (*done)(void *ctx, const struct point *point, const struct run_result *result), void *ctx);
