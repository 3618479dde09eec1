// SPDX-License-Identifier: Apache-2.0
//
// See live.h.
#define _DEFAULT_SOURCE
#include "tests/faults/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fw/mctp/mctp.h"
#include "fw/pldm/pldm_types.h"
#include "sim/nor_internal.h"
#include "tests/faults/talk.h"

// How long a chip stays busy until somebody cuts the power: longer than the card is patient, but for the journal's last
// operation, on which the processor waits cycle by cycle.
#define STUCK_JOURNAL_NS 100000000ull
#define CHILD_SECONDS    120              // of the processor: what does not end is a failure
#define STUCK_NS         6000000000ull    // of a chip that stays busy, until somebody cuts the power
#define RESET_NS         3000000000ull    // from a reset to the end
#define BEHIND_NS        1000000000ull    // from another fault to the end, once the activation is over
#define SILENCE_NS       130000000000ull  // more than FD_T1
#define AGAIN_NS         120000000000ull

enum { PACKET = 255 };

/** What a child leaves of its card, in memory that both share. */
struct remains {
    struct nor chips[LAYOUT_CHIPS];
    uint8_t flash[];  // the layout's regions, one behind the other
};

struct live {
    const struct live_walk *walk;
    struct world *world;
    size_t next;    // point
    size_t moment;  // that comes next
    struct remains *remains;
    size_t remains_size;
    void (*done)(void *ctx, const struct point *point, const struct run_result *result);
    void *ctx;
    // In the child:
    bool child;
    int out;
    const struct point *point;
    unsigned weak_programs;  // to come
    struct held {
        bool is, to_card;
        size_t len;
        uint8_t packet[PACKET];
    } held;
};

// ---- the child's end
// --------------------------------------------------------------------------------------------------------

/** A card at rest takes the same update again, without having lost its power. */
static void update_again(struct live *live, struct verdict *v) {
    struct world *w = live->world;
    const char *error = talk_update(w, judge_package(live->walk->judge), AGAIN_NS);
    if (w->violation[0]) snprintf(v->why, sizeof v->why, "%s", w->violation);
    if (error) snprintf(v->why, sizeof v->why, "the update at once: %.120s", error);
    v->passed = !error && !w->violation[0];
}

/** Lets the card come to rest, and to an end that its child alone can judge. */
static struct verdict end_of(struct live *live) {
    struct world *w = live->world;
    struct verdict v = {.passed = w->violation[0] == '\0'};
    snprintf(v.why, sizeof v.why, "%s", w->violation);
    if (!v.passed || live->point->kind != F7) return v;
    // What was activated would start, and be given up when nobody speaks to it.
    if (live->point->act == ACT_SILENT && (live->point->number & 1u) && !w->activated) rig_wait(w->rig, SILENCE_NS);
    w->rig->dead = false;
    if (!w->activated && (live->point->number & 1u)) update_again(live, &v);
    if (!v.passed || !w->rig->flash_errors) return v;
    snprintf(v.why, sizeof v.why, "misuse of the flash");
    v.passed = false;
    return v;
}

/** What a child tells, beside the flash that it leaves. */
struct told {
    struct verdict verdict;  // passed: what is left is to be judged
    uint64_t cycles;
    bool promised;
    struct layout_region torn[WORLD_TORN];
    unsigned torn_count;
};

static void copy_regions(const struct world *w, uint8_t *out, const uint8_t *in) {
    for (unsigned i = 0; i < w->layout->region_count; i++) {
        const struct layout_region r = w->layout->regions[i];
        uint8_t *flash = w->flash[r.chip] + r.base;
        if (out)
            memcpy(out, flash, r.size), out += r.size;
        else
            memcpy(flash, in, r.size), in += r.size;
    }
}

static void end_child(struct live *live) {
    struct world *w = live->world;
    struct told told;
    w->hooks = (struct world_hooks){0};
    w->rig->stop_ns = 0;
    memset(&told, 0, sizeof told);
    told.verdict = end_of(live);
    // What nobody speaks to on trial is given up.
    told.promised = w->activated && live->point->phase <= PHASE_ACTIVATE && live->point->act != ACT_SILENT &&
                    !story_reverts(live->walk->story);
    world_power_cut(w, NOR_TORN_BY_SEED, live->point->number);
    for (unsigned i = 0; i < w->layout->chips; i++) live->remains->chips[i] = *w->kept[i];
    copy_regions(w, live->remains->flash, NULL);
    memcpy(told.torn, w->torn, sizeof told.torn);
    told.torn_count = w->torn_count;
    told.cycles = w->simulated;
    _exit(write(live->out, &told, sizeof told) == sizeof told ? 0 : 1);
}

/** The chip has been busy for long enough. */
static void stopped(void *ctx) {
    struct rig *rig = ctx;
    rig->enough = true;
    rig->stop_ns = 0;
}

// ---- the fault
// --------------------------------------------------------------------------------------------------------------

static void stop_behind(struct live *live, uint64_t ns) {
    live->world->rig->stop = stopped;
    live->world->rig->stop_ns = card_now_ns(live->world->rig->card) + ns;
}

static void reset(void *ctx) {
    struct rig *rig = ctx;
    card_reset(rig->card);
    rig->stop = stopped;
    rig->stop_ns = card_now_ns(rig->card) + RESET_NS;
}

static void reset_soon(struct live *live) {
    live->world->rig->stop = reset;
    live->world->rig->stop_ns = card_now_ns(live->world->rig->card) + 1;
}

/** Pages that the chip leaves with a bit too many, or over what was there before, are of no image, whoever notices. */
static void note_defect(void *ctx, uint64_t now_ns, unsigned chip, const struct nor_event *event) {
    struct live *live = ctx;
    (void)now_ns;
    if (event->kind != NOR_PROGRAM) return;
    const bool weak = live->weak_programs != 0;
    if (weak) live->weak_programs--;
    if (weak || nor_unset_bits(card_chip(live->world->rig->card, chip)) != NOR_PAGE)
        world_note_torn(live->world, (struct layout_region){chip, event->address, event->length});
}

static void suffer_flash(struct live *live, unsigned chip) {
    struct nor *nor = card_chip(live->world->rig->card, chip);
    if (live->point->act == ACT_RESET) reset_soon(live);
    // Once, or twice: a journal record is written twice.
    const unsigned times = 1 + (live->point->number & 1u);
    if (live->point->act == ACT_DEFECT) {
        nor_set_defect(nor, (enum nor_defect)live->point->arg, times);
        if (live->point->arg == NOR_WEAK_PROGRAM) live->weak_programs = times;
        live->world->hooks.flash = note_defect;
    }
    if (live->point->act != ACT_STUCK) return;
    nor_set_stuck_busy(nor, true);
    stop_behind(live, live->point->phase < PHASE_ACTIVATE ? STUCK_NS : STUCK_JOURNAL_NS);
}

/** @return whether the packet goes on */
static bool suffer_packet(struct live *live, bool to_card, const uint8_t *packet, size_t len) {
    struct rig *rig = live->world->rig;
    uint8_t other[PACKET + 1];
    memcpy(other, packet, len);
    switch (live->point->act) {
        case ACT_LOSE:
            return false;
        case ACT_TWICE:
            rig_inject(rig, to_card, packet, len);
            return true;
        case ACT_LATE:
            live->held = (struct held){.is = true, .to_card = to_card, .len = len};
            memcpy(live->held.packet, packet, len);
            return false;
        case ACT_SHORT:
            rig_inject(rig, to_card, packet, len - 1);
            return false;
        case ACT_LONG:
            other[len] = 0x5A;
            rig_inject(rig, to_card, other, len < PACKET ? len + 1 : len);
            return false;
        case ACT_WRONG:
            other[len - 1] ^= 0x10;
            rig_inject(rig, to_card, other, len);
            return false;
        case ACT_CANCEL:
            rig->abort_after = 1;
            rig->served++;
            return true;
        default:  // ACT_SILENT
            rig->dead = true;
            return false;
    }
}

static bool child_packet(void *ctx, bool to_card, const uint8_t *packet, size_t len) {
    struct live *live = ctx;
    if (live->held.is && live->held.to_card == to_card) {
        live->held.is = false;
        rig_inject(live->world->rig, to_card, packet, len);
        rig_inject(live->world->rig, to_card, live->held.packet, live->held.len);
        return false;
    }
    return true;
}

// ---- the walk
// ---------------------------------------------------------------------------------------------------------------

static double processor_of_children(void) {
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/** In the parent: judges what the child has left. */
static struct verdict judge_remains(const struct live *live, const struct point *point, const struct told *told) {
    struct world *w = live->walk->judged;
    world_forget(w);
    for (unsigned i = 0; i < w->layout->chips; i++) nor_copy(w->kept[i], &live->remains->chips[i]);
    copy_regions(w, NULL, live->remains->flash);
    memcpy(w->minimum, live->walk->history->moments[point->moment].minimum, sizeof w->minimum);
    memcpy(w->torn, told->torn, sizeof w->torn);
    w->torn_count = told->torn_count;
    w->promised = told->promised;
    return judge_card(live->walk->judge, w);
}

/** In the parent: waits for the child and tells its verdict. */
static void await(struct live *live, const struct point *point, pid_t pid, int in) {
    struct told told = {.cycles = 0};
    const double before = processor_of_children(), begun = campaign_processor();
    int status;
    const bool said = read(in, &told, sizeof told) == sizeof told;
    waitpid(pid, &status, 0);
    struct run_result result = {.verdict = told.verdict, .cycles = told.cycles};
    if (!said) {
        result.verdict = (struct verdict){.passed = false};
        snprintf(result.verdict.why, sizeof result.verdict.why, "the run ended by signal or status %d", status);
    } else if (told.verdict.passed) {
        result.verdict = judge_remains(live, point, &told);
        result.cycles += live->walk->judged->simulated;
    }
    result.seconds = processor_of_children() - before + campaign_processor() - begun;
    live->done(live->ctx, point, &result);
}

/** Forks for each point of this moment. @return true in a child */
static bool strike(struct live *live) {
    const size_t moment = live->moment++;
    while (live->next < live->walk->count && live->walk->points[live->next]->moment == moment) {
        const struct point *point = live->walk->points[live->next++];
        int ends[2];
        fflush(NULL);
        if (pipe(ends) != 0) exit(1);
        const pid_t pid = fork();
        if (pid < 0) exit(1);
        if (pid == 0) {
            const struct rlimit limit = {CHILD_SECONDS, CHILD_SECONDS};
            setrlimit(RLIMIT_CPU, &limit);
            close(ends[0]);
            live->child = true;
            world_count_from_here(live->world);
            live->out = ends[1];
            live->point = point;
            live->world->hooks.packet = child_packet;
            live->world->hooks.flash = NULL;
            live->world->stops_there = true;
            if (point->phase >= PHASE_TRIAL) stop_behind(live, BEHIND_NS);
            return true;
        }
        close(ends[1]);
        await(live, point, pid, ends[0]);
        close(ends[0]);
    }
    // How the story ends is known.
    if (live->next == live->walk->count) live->world->rig->enough = true;
    return false;
}

static void walk_flash(void *ctx, uint64_t now_ns, unsigned chip, const struct nor_event *event) {
    struct live *live = ctx;
    (void)now_ns;
    (void)event;
    if (strike(live)) suffer_flash(live, chip);
}

static bool walk_packet(void *ctx, bool to_card, const uint8_t *packet, size_t len) {
    struct live *live = ctx;
    return !strike(live) || suffer_packet(live, to_card, packet, len);
}

static void begin(void *ctx, struct world *w) {
    w->hooks = (struct world_hooks){walk_flash, walk_packet, ctx};
}

void live_run(const struct live_walk *walk,
              void (*done)(void *ctx, const struct point *point, const struct run_result *result), void *ctx) {
    struct live live = {.walk = walk, .world = walk->world, .done = done, .ctx = ctx};
    if (walk->count == 0) return;
    live.remains_size = sizeof *live.remains;
    for (unsigned i = 0; i < walk->world->layout->region_count; i++)
        live.remains_size += walk->world->layout->regions[i].size;
    live.remains = mmap(NULL, live.remains_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (live.remains == MAP_FAILED) exit(1);
    world_forget(live.world);
    (void)story_tell(walk->story, live.world, begin, &live);
    if (live.child) end_child(&live);
    live.world->hooks = (struct world_hooks){0};
    world_power_cut(live.world, NOR_TORN_NOT, 1);
    munmap(live.remains, live.remains_size);
}
