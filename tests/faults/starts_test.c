// SPDX-License-Identifier: Apache-2.0
//
// Starts and talks that are remembered (ways.h): a card that was restored to what an earlier one was is the same as
// one that was simulated from power-on, at the same instant, whatever its flash holds.
#include <stdlib.h>

#include "check.h"
#include "tests/faults/talk.h"

#define UPDATE_NS 120000000000ull

/** What a card did up to the end of its start, or of the update that followed. */
struct start {
    char console[sizeof((struct rig *)0)->console];
    uint64_t ns, cycles, instructions;
    struct mixed state;
    bool up, updated;
    uint64_t served;
};

/** Powers the card on, to the end of its start, updates it if there is a package, and powers it off. */
static struct start start_of(struct world *w, const struct pkg *package) {
    struct start s = {.up = false};
    world_power_on(w);
    if (package) {
        CHECK(talk_settle(w) == NULL);
        s.updated = talk_update(w, package, UPDATE_NS) == NULL;
        s.served = w->rig->served;
    }
    const struct card_counts counts = card_counts(w->rig->card);
    s.up = w->up;
    s.ns = card_now_ns(w->rig->card);
    s.cycles = counts.cycles;
    s.instructions = counts.instructions;
    memcpy(s.console, w->rig->console, sizeof s.console);
    CHECK(w->violation[0] == '\0');
    world_power_cut(w, NOR_TORN_NOT, 1);
    s.state = world_state(w);
    return s;
}

static void blank_header(struct world *w) {
    const struct layout_region slot = layout_slot(w->layout, BOARD_FIRMWARE, 1);
    memset(w->flash[0] + slot.base + slot.size - 4096, 0xff, 4096);
}

static void bad_payload(struct world *w) {
    w->flash[0][layout_slot(w->layout, BOARD_FIRMWARE, 0).base + 5000] ^= 1;
}

static void trial(struct world *w) {
    struct journal journal;
    CHECK(world_journal(w, &journal));
    journal.sequence++;
    journal.entry[BOARD_FIRMWARE].pending = 1;
    journal_put(&journal, w->flash[0] + w->layout->journal[journal.sequence & 1]);
}

static void unchanged(struct world *w) {
    (void)w;
}

/** Another block of the slot that an update of the bitstream compares first. */
static void bad_block(struct world *w) {
    const struct layout_region slot = layout_slot(w->layout, 1, 1);
    w->flash[slot.chip][slot.base + 0x3100] ^= 1;
}

static const struct {
    const char *sentence;
    void (*change)(struct world *w);
    bool updates;
} cases[] = {
    {"given starts that are remembered, when a factory card starts, then it does what one does that is simulated whole",
     unchanged, false},
    {"given those, when a header is blank, then the card does what one does that is simulated whole", blank_header,
     false},
    {"given those, when an image does not hash, then the other slot starts as if simulated whole", bad_payload, false},
    {"given those, when an image is on trial, then the attempt is counted as if simulated whole", trial, false},
    {"given talks that are remembered, when a factory card is updated, then it does what one does that is simulated "
     "whole",
     unchanged, true},
    {"given those, when a block is another, then as much is fetched as if simulated whole", bad_block, true},
    {"given those, when an image is on trial before the update, then it is confirmed as if simulated whole", trial,
     true},
};

static struct start start_changed(struct world *w, void (*change)(struct world *w), const struct pkg *package) {
    layout_factory(w->layout, w->rig);
    change(w);
    w->simulated = 0;
    return start_of(w, package);
}

static void check_alike(const struct start *a, const struct start *b) {
    CHECK_EQ(a->up, b->up);
    CHECK_EQ(a->updated, b->updated);
    CHECK_EQ(a->served, b->served);
    CHECK_EQ(a->ns, b->ns);
    CHECK_EQ(a->cycles, b->cycles);
    CHECK_EQ(a->instructions, b->instructions);
    CHECK(strcmp(a->console, b->console) == 0);
    CHECK_MEM(&a->state, &b->state, sizeof a->state);
}

int main(void) {
    struct layout *layout = layout_load(0, FAULTS_FW);
    struct ways *memory = ways_new(layout);
    struct world *w = world_new(layout, memory);
    char error[PKG_ERROR_TEXT];
    size_t len;
    uint8_t *bytes = layout_package(layout, 1u << 1, KNOWN_NEW, &len);
    struct pkg package;
    CHECK(pkg_parse("package", bytes, len, &package, error));
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        TEST(cases[i].sentence) {
            const struct pkg *talk = cases[i].updates ? &package : NULL;
            struct ways *none = ways_new(layout);
            const struct start first = start_changed(w, cases[i].change, talk);   // shares its begin with earlier ones
            const struct start second = start_changed(w, cases[i].change, talk);  // is the same as the first
            const uint64_t simulated = w->simulated;
            w->ways = none;
            const struct start whole = start_changed(w, cases[i].change, talk);
            w->ways = memory;
            ways_free(none);
            CHECK(simulated < w->simulated / 4);
            CHECK_EQ(whole.updated, cases[i].updates);
            CHECK(whole.cycles > 0);
            check_alike(&first, &whole);
            check_alike(&second, &whole);
        }
    }
    pkg_free(&package);
    free(bytes);
    world_free(w);
    ways_free(memory);
    layout_free(layout);
    return check_result();
}
