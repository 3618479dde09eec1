// SPDX-License-Identifier: Apache-2.0
//
// Records all that can be seen of a run from outside, so that two runs can be compared: bytes on the line, requests
// that were answered, what had been counted at each, and what there is at the end.
#pragma once
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** A byte on the line that was over, or a request for firmware data that was answered, and what had been counted then.
 */
struct event {
    uint64_t cycle;
    bool to_card;
    uint8_t byte;
    uint32_t offset;  ///< that the request asked for
    uint64_t instructions, waiting;
    struct card_engine engine;
};

struct record {
    struct event *events;
    size_t len, room;
    char console[8192];
    struct card_counts counts;
    uint8_t flash[RIG_FLASH];
};

static inline void record_keep(struct rig *rig, struct event event) {
    struct record *r = rig->test;
    if (r->len == r->room) {
        r->room = 2 * r->room + 4096;
        r->events = realloc(r->events, r->room * sizeof *r->events);
        if (!r->events) abort();
    }
    struct card_counts counts = card_counts(rig->card);
    event.instructions = counts.instructions;
    event.waiting = counts.waiting;
    event.engine = card_engine(rig->card);
    r->events[r->len++] = event;
}

static inline void record_wire(void *ctx, uint64_t cycle, bool to_card, uint8_t byte) {
    record_keep(ctx, (struct event){.cycle = cycle, .to_card = to_card, .byte = byte});
}

static inline void record_agent(void *ctx, const struct agent_event *event) {
    struct rig *rig = ctx;
    if (event->kind != AGENT_DATA) return;
    record_keep(rig, (struct event){.cycle = card_counts(rig->card).cycles, .to_card = true, .offset = event->offset});
}

/** Forgets what was recorded before. */
static inline void record_begin(struct record *r, struct rig *rig) {
    r->len = 0;
    rig->test = r;
    rig->wire = record_wire;
    rig->event = record_agent;
}

static inline void record_end(struct record *r, struct rig *rig) {
    nor_settle(card_nor(rig->card), card_now_ns(rig->card));
    r->counts = card_counts(rig->card);
    memcpy(r->flash, rig->flash, RIG_FLASH);
    memcpy(r->console, rig->console, sizeof r->console);
}

static inline bool record_same_event(const struct event *a, const struct event *b) {
    const struct card_engine *x = &a->engine, *y = &b->engine;
    return a->cycle == b->cycle && a->to_card == b->to_card && a->byte == b->byte && a->offset == b->offset &&
           a->instructions == b->instructions && a->waiting == b->waiting && x->requests == y->requests &&
           x->retries == y->retries && x->bytes == y->bytes && x->link_idle == y->link_idle &&
           x->flash_idle == y->flash_idle;
}

static inline void record_print(const char *which, const struct event *e) {
    printf("# %s: cycle %llu %s %02x %x, %llu instructions, %llu waiting, engine %u %u %u %u %u\n", which,
           (unsigned long long)e->cycle, e->to_card ? "to the card" : "from the card", e->byte, e->offset,
           (unsigned long long)e->instructions, (unsigned long long)e->waiting, e->engine.requests, e->engine.retries,
           e->engine.bytes, e->engine.link_idle, e->engine.flash_idle);
}

/** Checks that both saw the same at the same times. */
static inline void record_check_events(const struct record *a, const struct record *b, const char *a_name,
                                       const char *b_name) {
    size_t len = a->len < b->len ? a->len : b->len, i = 0;
    while (i < len && record_same_event(&a->events[i], &b->events[i])) i++;
    if (!CHECK_EQ(i, len)) {
        record_print(a_name, &a->events[i]);
        record_print(b_name, &b->events[i]);
    }
    CHECK_EQ(b->len, a->len);
}

/** Checks that both ended alike. */
static inline void record_check_ends(const struct record *a, const struct record *b) {
    CHECK_EQ(b->counts.cycles, a->counts.cycles);
    CHECK_EQ(b->counts.instructions, a->counts.instructions);
    CHECK_EQ(b->counts.waiting, a->counts.waiting);
    CHECK(strcmp(b->console, a->console) == 0);
    CHECK(memcmp(b->flash, a->flash, RIG_FLASH) == 0);
}
