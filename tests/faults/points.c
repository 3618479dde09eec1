// SPDX-License-Identifier: Apache-2.0
//
// See points.h.
#include "tests/faults/points.h"

#include "tests/faults/forgery.h"
#include "tests/faults/story.h"

#include <stdlib.h>

const char *const kind_names[KIND_COUNT] = {"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"};
const char *const kind_texts[KIND_COUNT] = {
    "power cut at a flash transaction's end",
    "page program torn",
    "erase torn, unstable reads included",
    "power cut inside a transaction, an operation, around journal commits",
    "second power cut during the recovery",
    "bit flips, WIP stuck, write enable ignored, operations without effect",
    "link: loss, duplicate, reorder, bad length, wrong byte, cancel, silence",
    "stale, rolled back, wrong key, truncated, oversized, forged images",
    "watchdog and failed boots",
};

enum { RESET_EVERY = 16, MOST_STARTS = 3, FLIPS = 24, OPERATION_PARTS = 8 };

static void add(struct points *points, struct point point) {
    if (points->count == points->room) {
        points->room = points->room ? 2 * points->room : 4096;
        points->list = realloc(points->list, points->room * sizeof *points->list);
        if (!points->list) exit(1);
    }
    points->list[points->count++] = point;
}

bool point_is_live(const struct point *p) {
    return p->act >= ACT_DEFECT && p->act <= ACT_RESET;
}

// ---- what each kind makes of a moment
// --------------------------------------------------------------------------------------

static bool is_operation(const struct moment *m) {
    return m->kind == MOMENT_PROGRAM || m->kind == MOMENT_ERASE;
}

static bool is_packet(const struct moment *m) {
    return m->kind == MOMENT_TO_CARD || m->kind == MOMENT_FROM_CARD;
}

static void add_cut(struct points *points, const struct point *base, uint64_t ns, enum nor_torn how) {
    struct point p = *base;
    p.act = ACT_CUT;
    p.ns = ns;
    p.how = how;
    add(points, p);
}

static void boundaries(struct points *points, const struct point *base, const struct history *h,
                       const struct moment *m) {
    (void)h;
    if (!is_packet(m) && m->kind != MOMENT_SELECTED) add_cut(points, base, m->ns, NOR_TORN_NOT);
}

static void torn_programs(struct points *points, const struct point *base, const struct history *h,
                          const struct moment *m) {
    (void)h;
    if (m->kind != MOMENT_PROGRAM) return;
    for (int how = NOR_TORN_FIRST_BYTE; how <= NOR_TORN_WEAK_BYTE; how++)
        add_cut(points, base, m->ns, (enum nor_torn)how);
}

static void torn_erases(struct points *points, const struct point *base, const struct history *h,
                        const struct moment *m) {
    (void)h;
    if (m->kind != MOMENT_ERASE) return;
    for (int how = NOR_TORN_ZEROED; how <= NOR_TORN_WEAK_BLANK; how++) add_cut(points, base, m->ns, (enum nor_torn)how);
}

static bool in_journal(const struct history *h, const struct moment *m) {
    const struct layout *l = h->world->layout;
    for (unsigned i = 0; i < 2; i++)
        if (layout_chip(l, l->journal[i]) == m->chip && m->address - l->journal[i] < NOR_SECTOR) return true;
    return false;
}

/** Clock cycles before and behind the ends of a journal operation. */
static void around(struct points *points, const struct point *base, uint64_t ns) {
    for (unsigned cycles = 1; cycles <= 256; cycles *= 4) {
        const uint64_t away = cycles * 1000000000ull / card_clk_hz();
        add_cut(points, base, ns - away, NOR_TORN_BY_SEED);
        add_cut(points, base, ns + away, NOR_TORN_BY_SEED);
    }
}

static void inside(struct points *points, const struct point *base, const struct history *h, const struct moment *m) {
    if (m > h->moments && m[-1].kind == MOMENT_SELECTED && !is_packet(m))
        add_cut(points, base, m[-1].ns + (m->ns - m[-1].ns) / 2, NOR_TORN_BY_SEED);
    if (!is_operation(m)) return;
    for (unsigned i = 1; i < OPERATION_PARTS; i++)
        add_cut(points, base, m->ns + (m->end_ns - m->ns) * i / OPERATION_PARTS, NOR_TORN_BY_SEED);
    if (!in_journal(h, m)) return;
    // A record's fields are in the first eighth of its page.
    for (unsigned i = 1; i < OPERATION_PARTS && m->kind == MOMENT_PROGRAM; i++)
        add_cut(points, base, m->ns + (m->end_ns - m->ns) * i / (OPERATION_PARTS * OPERATION_PARTS), NOR_TORN_BY_SEED);
    around(points, base, m->ns);
    around(points, base, m->end_ns);
}

static void second_cuts(struct points *points, const struct point *base, const struct history *h,
                        const struct moment *m) {
    (void)h;
    if (!is_operation(m)) return;
    for (uint32_t i = 0; i < POINTS_SECOND_CUTS; i++) {
        struct point p = *base;
        p.act = ACT_SECOND_CUT;
        p.ns = m->ns + (m->end_ns - m->ns) / 2;
        p.how = NOR_TORN_BY_SEED;
        p.arg = i;
        add(points, p);
    }
}

static void chip_faults(struct points *points, const struct point *base, const struct history *h,
                        const struct moment *m) {
    static const enum nor_defect of_program[] = {NOR_NO_PROGRAM, NOR_WEAK_PROGRAM}, of_erase[] = {NOR_NO_ERASE};
    (void)h;
    struct point p = *base;
    if (!is_operation(m)) return;
    p.act = ACT_DEFECT;
    const bool program = m->kind == MOMENT_PROGRAM;
    const enum nor_defect *defects = program ? of_program : of_erase;
    for (unsigned i = 0; i < (program ? 2u : 1u); i++) {
        p.arg = (uint32_t)defects[i];
        add(points, p);
    }
    p.arg = NOR_NO_WRITE_ENABLE;
    add(points, p);
    p.act = ACT_STUCK;
    add(points, p);
    p.act = ACT_FLIP;
    p.how = NOR_TORN_NOT;
    p.ns = m->ns;
    for (p.arg = 0; p.arg < FLIPS / 8; p.arg++) add(points, p);
}

static void link_faults(struct points *points, const struct point *base, const struct history *h,
                        const struct moment *m) {
    (void)h;
    if (!is_packet(m)) return;
    for (int act = ACT_LOSE; act <= ACT_SILENT; act++) {
        struct point p = *base;
        p.act = (enum act)act;
        add(points, p);
    }
}

static void resets(struct points *points, const struct point *base, const struct history *h, const struct moment *m) {
    struct point p = *base;
    if (is_packet(m) || (!is_operation(m) && (m - h->moments) % RESET_EVERY != 0)) return;
    p.act = ACT_RESET;
    add(points, p);
    if (!is_operation(m) || p.phase < PHASE_TRIAL) return;
    p.act = ACT_BOOTS;
    p.ns = m->ns + (m->end_ns - m->ns) / 2;
    for (p.arg = 1; p.arg <= MOST_STARTS; p.arg++) add(points, p);
}

static void (*const makers[KIND_COUNT])(struct points *, const struct point *, const struct history *,
                                        const struct moment *) = {
    [F1] = boundaries,  [F2] = torn_programs, [F3] = torn_erases, [F4] = inside,
    [F5] = second_cuts, [F6] = chip_faults,   [F7] = link_faults, [F9] = resets,
};

/** Forgeries strike at the begin, whatever the story does. */
static void add_forgeries(struct points *points, unsigned story, const struct history *h) {
    const bool firmware = stories[story].which == 1u << BOARD_FIRMWARE;
    if (h->revert || stories[story].again) return;
    for (unsigned i = 0; i < forgery_count; i++) {
        struct point p = {.kind = F8, .phase = PHASE_DOWNLOAD, .story = story, .act = ACT_FORGED_UPDATE, .arg = i};
        add(points, p);
        p.act = ACT_FORGED_REST;
        add(points, p);
        if (!firmware || forgery_may_start(i)) continue;  // what the boot ROM does not start it cannot refuse
        p.phase = PHASE_TRIAL;
        p.act = ACT_FORGED_SLOT;
        add(points, p);
    }
}

void points_add(struct points *points, unsigned story, const struct history *h) {
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        for (size_t i = 0; makers[kind] && i < h->count; i++) {
            const struct moment *m = &h->moments[i];
            const struct point base = {.kind = (enum kind)kind, .phase = m->phase, .story = story, .moment = i};
            if (m->phase != PHASE_BEFORE) makers[kind](points, &base, h, m);
        }
    }
    add_forgeries(points, story, h);
}

void points_number(struct points *points) {
    unsigned next[KIND_COUNT][PHASE_COUNT] = {{0}};
    for (size_t i = 0; i < points->count; i++) {
        struct point *p = &points->list[i];
        p->number = next[p->kind][p->phase]++;
    }
}
