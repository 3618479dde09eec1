// SPDX-License-Identifier: Apache-2.0
//
// Jumping over idle time (sim/idle.h) must not be visible: the same update is simulated once cycle by cycle and once
// with jumps, and everything that can be seen from outside is compared, the cycle counts included.
#include <stdlib.h>

#include "check.h"
#include "tests/system/demo_board.h"

/** A byte on the line, and what had been counted when it was over. */
struct event {
    uint64_t cycle;
    bool to_card;
    uint8_t byte;
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

static void on_wire(void *ctx, uint64_t cycle, bool to_card, uint8_t byte) {
    struct rig *rig = ctx;
    struct record *r = rig->test;
    if (r->len == r->room) {
        r->room = 2 * r->room + 4096;
        r->events = realloc(r->events, r->room * sizeof *r->events);
        if (!r->events) abort();
    }
    struct card_counts counts = card_counts(rig->card);
    r->events[r->len++] =
        (struct event){cycle, to_card, byte, counts.instructions, counts.waiting, card_engine(rig->card)};
}

/** More than the engine's buffers hold, so that the link waits for the flash, too. */
enum { PAYLOAD = 44 << 10 };

/** The largest request and the number of them that card and agent agree on. */
enum { CHUNK = 4096, OUTSTANDING = 4 };

static void simulate(struct record *r, bool no_jump) {
    const struct rig_component part = {
        .random_size = PAYLOAD, .seed = 4, .version = "4.0.0", .identifier = 2, .stamp = 4 << 24};
    size_t len;
    uint8_t *package = rig_package(&part, 1, 0x5301, &len);
    struct rig *rig = rig_new("w25q128jv");
    rig_factory(rig, (const struct rig_component[]){firmware_1, bitstream_1}, 2);
    rig->config.poll_ms = 100;  // less to simulate while the agent only waits
    rig->no_jump = no_jump;
    rig->wire = on_wire;
    rig->test = r;
    rig_power_on(rig);
    CHECK_EQ(rig_update(rig, package, len, 120 * SECONDS), AGENT_DONE);
    CHECK(flash_holds(rig, RIG_FPGA_B, &part));
    CHECK_EQ(rig->flash_errors, 0);
    r->counts = card_counts(rig->card);
    memcpy(r->flash, rig->flash, RIG_FLASH);
    memcpy(r->console, rig->console, sizeof r->console);
    free(package);
    rig_free(rig);
}

static bool same_event(const struct event *a, const struct event *b) {
    const struct card_engine *x = &a->engine, *y = &b->engine;
    return a->cycle == b->cycle && a->to_card == b->to_card && a->byte == b->byte &&
           a->instructions == b->instructions && a->waiting == b->waiting && x->requests == y->requests &&
           x->retries == y->retries && x->bytes == y->bytes && x->link_idle == y->link_idle &&
           x->flash_idle == y->flash_idle;
}

static void print_event(const char *which, const struct event *e) {
    printf("# %s: cycle %llu %s %02x, %llu instructions, %llu waiting, engine %u %u %u %u %u\n", which,
           (unsigned long long)e->cycle, e->to_card ? "to the card" : "from the card", e->byte,
           (unsigned long long)e->instructions, (unsigned long long)e->waiting, e->engine.requests, e->engine.retries,
           e->engine.bytes, e->engine.link_idle, e->engine.flash_idle);
}

int main(void) {
    static struct record every, jumps;
    TEST(
        "given an update simulated cycle by cycle and once more with jumps, then many of its cycles were jumped over") {
        simulate(&every, true);
        simulate(&jumps, false);
        printf("# %llu cycles, %llu of them jumped over\n", (unsigned long long)jumps.counts.cycles,
               (unsigned long long)jumps.counts.jumped);
        CHECK_EQ(every.counts.jumped, 0);
        CHECK(jumps.counts.jumped > jumps.counts.cycles / 4);
    }
    TEST("given the two, then the same bytes crossed the line in the same cycles, with the same counts at each") {
        size_t len = every.len < jumps.len ? every.len : jumps.len, i = 0;
        while (i < len && same_event(&every.events[i], &jumps.events[i])) i++;
        if (!CHECK_EQ(i, len)) {
            print_event("cycle by cycle", &every.events[i]);
            print_event("with jumps", &jumps.events[i]);
        }
        CHECK(len > PAYLOAD);
        CHECK_EQ(jumps.len, every.len);
    }
    TEST("given the two, then they end in the same cycle with the same instructions, console and flash") {
        CHECK_EQ(jumps.counts.cycles, every.counts.cycles);
        CHECK_EQ(jumps.counts.instructions, every.counts.instructions);
        CHECK_EQ(jumps.counts.waiting, every.counts.waiting);
        CHECK(strcmp(jumps.console, every.console) == 0);
        CHECK(memcmp(jumps.flash, every.flash, RIG_FLASH) == 0);
    }
    TEST("given that update, then four requests for firmware data were outstanding at once, and never more") {
        uint32_t most = 0;
        for (size_t i = 0; i < every.len; i++) {
            const struct card_engine *engine = &every.events[i].engine;
            uint32_t answered = engine->bytes / CHUNK, sent = engine->requests - engine->retries;
            if (sent - answered > most) most = sent - answered;
        }
        CHECK_EQ(most, OUTSTANDING);
    }
    free(every.events);
    free(jumps.events);
    return check_result();
}
