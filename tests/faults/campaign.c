// SPDX-License-Identifier: Apache-2.0
//
// See campaign.h.
#define _POSIX_C_SOURCE 200809L
#include "tests/faults/campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/faults/forgery.h"
#include "tests/faults/live.h"
#include "tests/faults/story.h"
#include "tests/faults/talk.h"

#define AGAIN_NS 120000000000ull

struct campaign {
    const struct layout *layout;
    struct ways *ways;
    struct judge *judges[STORY_COUNT];
    struct world *told[STORY_COUNT];  // worlds whose history is kept
    struct history *histories[STORY_COUNT];
    struct world *struck;   // the one that suffers
    struct world *at_work;  // and the one that does while it works
    struct points points;
    struct history *recovery;  // from the first cut of this point to the end, at its ns
    struct point recovered;
};

double campaign_processor(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void begin(void *ctx, struct world *world) {
    *(struct history **)ctx = history_begin(world, false);
}

static void begin_revert(void *ctx, struct world *world) {
    *(struct history **)ctx = history_begin(world, true);
}

static void tell(struct campaign *c, unsigned story) {
    struct world *w = world_new(c->layout, c->ways);
    c->told[story] = w;
    c->judges[story] = judge_new(c->layout, stories[story].which);
    const bool told =
        story_tell(&stories[story], w, story_reverts(&stories[story]) ? begin_revert : begin, &c->histories[story]);
    if (!told || w->violation[0] || w->rig->flash_errors) {
        fprintf(stderr, "faults: %s: the story of the %s does not end well: %s%s\n", c->layout->name,
                stories[story].name, w->violation, w->rig->agent ? agent_error(w->rig->agent) : "");
        fprintf(stderr, "%s", w->rig->console);
        exit(1);
    }
    history_end(c->histories[story]);
    points_add(&c->points, story, c->histories[story]);
}

struct campaign *campaign_new(const struct layout *layout) {
    struct campaign *c = calloc(1, sizeof *c);
    if (!c) exit(1);
    c->layout = layout;
    c->ways = ways_new(layout);
    for (unsigned i = 0; i < STORY_COUNT; i++) tell(c, i);
    points_number(&c->points);
    c->struck = world_new(layout, c->ways);
    c->at_work = world_new(layout, c->ways);
    return c;
}

void campaign_trace(struct campaign *c) {
    c->struck->trace = c->at_work->trace = true;
    c->struck->rig->quiet = c->at_work->rig->quiet = false;
}

void campaign_free(struct campaign *c) {
    for (unsigned i = 0; i < STORY_COUNT; i++) {
        history_free(c->histories[i]);
        world_free(c->told[i]);
        judge_free(c->judges[i]);
    }
    if (c->recovery) history_free(c->recovery);
    world_free(c->struck);
    world_free(c->at_work);
    ways_free(c->ways);
    free(c->points.list);
    free(c);
}

const struct points *campaign_points(const struct campaign *c) {
    return &c->points;
}

const char *campaign_name(const struct campaign *c, const struct point *p) {
    static char name[64];
    snprintf(name, sizeof name, "%s/%s/%s/%04u", kind_names[p->kind], c->layout->name, phase_names[p->phase],
             p->number);
    return name;
}

/** From the name, so that a run does not depend on those before it. */
static uint64_t seed_of(const struct campaign *c, const struct point *p) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *s = campaign_name(c, p); *s; s++) hash = (hash ^ (uint8_t)*s) * 0x100000001b3u;
    return hash;
}

// ---- cuts
// ------------------------------------------------------------------------------------------------------------------

/** Turns one bit of a region of the board's map: the regions take turns, the bit is the seed's. */
static void flip(struct world *w, const struct point *p, uint64_t seed) {
    const struct layout *l = w->layout;
    const struct layout_region r = l->regions[(p->arg + seed) % l->region_count];
    uint32_t at = (uint32_t)(seed >> 8) % r.size;
    // Where something is: a payload is at the begin of its slot, the header at its end, a record at the begin.
    static const uint32_t spans[] = {64, 0x2000, 0x1000};
    const uint32_t span = r.size <= NOR_SECTOR ? spans[0] : spans[1 + (p->arg & 1)];
    at %= span;
    if (r.size > NOR_SECTOR && (p->arg & 1)) at = r.size - 1 - at;
    w->flash[r.chip][r.base + at] ^= (uint8_t)(1u << (seed >> 40 & 7));
    w->flipped = true;
    w->golden_flipped = (p->arg + seed) % l->region_count == l->region_count - 1;
}

/** The repeated update after the first cut of @p p, undisturbed: the second cuts of the same first one share it. NULL:
 * no firmware starts, which is for the judge to say. */
static const struct history *recovery(struct campaign *c, const struct point *p, struct world *w) {
    if (c->recovery && c->recovered.story == p->story && c->recovered.moment == p->moment) return c->recovery;
    if (c->recovery) history_free(c->recovery);
    c->recovery = NULL;
    history_cut(c->histories[p->story], p->ns, w, p->how, p->moment);
    world_power_on(w);
    if (!w->up || talk_settle(w)) return NULL;
    c->recovery = history_begin(w, false);
    c->recovered = *p;
    (void)talk_update(w, judge_package(c->judges[p->story]), AGAIN_NS);
    history_end(c->recovery);
    c->recovered.ns = card_now_ns(w->rig->card);
    world_power_cut(w, NOR_TORN_NOT, 1);
    return c->recovery;
}

static bool is_operation(const struct moment *m) {
    return m->kind == MOMENT_PROGRAM || m->kind == MOMENT_ERASE;
}

/** The repeated update is cut as well, in one of its flash operations. */
static void cut_twice(struct campaign *c, const struct point *p, struct world *w, uint64_t seed) {
    const struct history *h = recovery(c, p, w);
    if (!h) return;
    size_t operations = 0, n = 0;
    for (size_t i = 0; i < h->count; i++) operations += is_operation(&h->moments[i]);
    const size_t part = operations / POINTS_SECOND_CUTS + 1,
                 wanted = p->arg * operations / POINTS_SECOND_CUTS + seed % part;
    uint64_t ns = c->recovered.ns;
    for (size_t i = 0; i < h->count; i++) {
        const struct moment *m = &h->moments[i];
        if (is_operation(m) && n++ == wanted) ns = m->ns + (m->end_ns - m->ns) * (seed >> 32 & 7) / 8;
    }
    history_cut(h, ns, w, NOR_TORN_BY_SEED, seed);
}

/** The next starts are cut as well, as soon as they are up. */
static void cut_starts(const struct point *p, struct world *w, uint64_t seed) {
    for (uint32_t i = 0; i < p->arg && !w->violation[0]; i++) {
        world_power_on(w);
        world_power_cut(w, NOR_TORN_BY_SEED, seed + i);
    }
}

/** An image that must be refused is sent, or was put into a slot while there was no power. */
static void offer_forgery(const struct campaign *c, const struct point *p, struct world *w, struct verdict *v) {
    const unsigned component = stories[p->story].which >> 1;
    w->flipped = p->act != ACT_FORGED_UPDATE;
    history_cut(c->histories[p->story], 0, w, NOR_TORN_NOT, 1);
    if (w->flipped) {
        forgery_place(c->layout, component, p->arg, p->act == ACT_FORGED_SLOT, w);
        return;
    }
    forgery_prepare(component, p->arg, w);
    world_power_on(w);
    const char *error = w->up ? forgery_send(c->layout, component, p->arg, w) : "no firmware starts";
    if (error) {
        v->passed = false;
        snprintf(v->why, sizeof v->why, "%s: %s", forgery_name(p->arg), error);
    }
    world_power_cut(w, NOR_TORN_NOT, 1);
}

static struct run_result run_cut(struct campaign *c, const struct point *p) {
    const double begun = campaign_processor();
    const uint64_t seed = seed_of(c, p);
    struct world *w = c->struck;
    world_forget(w);
    struct run_result result = {.verdict = {.passed = true}};
    if (p->kind == F8)
        offer_forgery(c, p, w, &result.verdict);
    else if (p->act == ACT_SECOND_CUT)
        cut_twice(c, p, w, seed);
    else
        history_cut(c->histories[p->story], p->ns, w, p->how, seed);
    if (p->act == ACT_FLIP) flip(w, p, seed);
    if (p->act == ACT_BOOTS) cut_starts(p, w, seed);
    if (result.verdict.passed) result.verdict = judge_card(c->judges[p->story], w);
    result.seconds = campaign_processor() - begun;
    result.cycles = w->simulated;
    return result;
}

// ---- all of them
// ------------------------------------------------------------------------------------------------------------

/** Those of a card at work last; points that follow each other leave flashes that have much in common. */
static int by_moment(const void *a, const void *b) {
    const struct point *x = *(const struct point *const *)a, *y = *(const struct point *const *)b;
    if (point_is_live(x) != point_is_live(y)) return point_is_live(x) ? 1 : -1;
    if (x->moment != y->moment) return x->moment < y->moment ? -1 : 1;
    return x < y ? -1 : x > y;
}

void campaign_run(struct campaign *c, const bool *chosen,
                  void (*done)(void *ctx, const struct point *point, const struct run_result *result), void *ctx) {
    const struct point **points = malloc((c->points.count + 1) * sizeof *points);
    if (!points) exit(1);
    for (unsigned story = 0; story < STORY_COUNT; story++) {
        size_t count = 0, at_rest = 0;
        for (size_t i = 0; i < c->points.count; i++)
            if (chosen[i] && c->points.list[i].story == story) points[count++] = &c->points.list[i];
        qsort(points, count, sizeof *points, by_moment);
        for (; at_rest < count && !point_is_live(points[at_rest]); at_rest++) {
            const struct run_result result = run_cut(c, points[at_rest]);
            done(ctx, points[at_rest], &result);
        }
        const struct live_walk walk = {.story = &stories[story],
                                       .history = c->histories[story],
                                       .judge = c->judges[story],
                                       .world = c->at_work,
                                       .judged = c->struck,
                                       .points = points + at_rest,
                                       .count = count - at_rest};
        live_run(&walk, done, ctx);
    }
    free(points);
}
