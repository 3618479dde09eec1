// SPDX-License-Identifier: Apache-2.0
//
// See judge.h.
#include "tests/faults/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/talk.h"

#define UPDATE_NS 120000000000ull

enum { PLACES = 1 << 14 };

/** A card and its verdict. */
struct judged {
    struct mixed state;
    bool used;
    struct verdict verdict;
};

/** By hash; each has PLACES. */
struct memory {
    struct judged *places;
};

struct judge {
    const struct layout *layout;
    unsigned which;
    uint8_t *package;
    struct pkg parsed;
    uint32_t minimum[LAYOUT_COMPONENTS];  // of the security versions, when the card at hand lost its power
    struct memory cards, ends;            // verdicts of cards before and behind the repeated update
};

static bool fail(struct verdict *v, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct verdict *v, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(v->why, sizeof v->why, format, args);
    va_end(args);
    v->passed = false;
    return false;
}

static bool updates(const struct judge *j, unsigned component) {
    return (j->which >> component & 1) != 0;
}

/** Slots that no update of this story changes hold what the factory put there. */
static bool bystanders_are_whole(const struct judge *j, const struct world *w, struct verdict *v) {
    for (unsigned c = 0; c < LAYOUT_COMPONENTS && !w->flipped; c++) {
        for (unsigned s = 0; !updates(j, c) && s < BOARD_SLOTS; s++)
            if (layout_in_slot(j->layout, w->flash, c, s) == KNOWN_NONE)
                return fail(v, "component %u, slot %c has changed and is not in the update", c, 'A' + s);
        if (layout_in_slot(j->layout, w->flash, c, w->running[c]) == KNOWN_NONE)
            return fail(v, "component %u, slot %c is active and not whole", c, 'A' + w->running[c]);
    }
    if (!w->golden_flipped && layout_in_slot(j->layout, w->flash, BOARD_FIRMWARE, BOARD_GOLDEN) != KNOWN_GOLDEN)
        return fail(v, "the golden image has changed");
    return true;
}

static bool was_torn(const struct world *w, struct layout_region slot, uint32_t at) {
    for (unsigned i = 0; i < w->torn_count && i < sizeof w->torn / sizeof w->torn[0]; i++) {
        const struct layout_region *t = &w->torn[i];
        if (t->chip == slot.chip && slot.base + at + 256 > t->base && slot.base + at < t->base + t->size) return true;
    }
    return false;
}

/** Each page of a slot is blank or of an authentic image of its component, but for those that a cut found under way;
 * and no slot with the manifest of an image is without the image. */
static bool pages_are_known(const struct judge *j, const struct world *w, struct verdict *v) {
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
        for (unsigned s = 0; s < BOARD_SLOTS; s++) {
            const enum known claim = layout_claim(j->layout, w->flash, c, s);
            if (claim != KNOWN_NONE && layout_in_slot(j->layout, w->flash, c, s) != claim)
                return fail(v, "component %u, slot %c has a manifest and is not whole", c, 'A' + s);
            const struct layout_region slot = layout_slot(j->layout, c, s);
            for (uint32_t at = 0; (at = layout_strange_page(j->layout, w->flash, c, s, at)) < slot.size; at += 256)
                if (!was_torn(w, slot, at))
                    return fail(v, "component %u, slot %c holds at 0x%x what is of no authentic image", c, 'A' + s, at);
        }
    }
    return true;
}

/** The journal's active slots are those that run; the golden image is in no record. */
static bool journal_is_true(const struct world *w, struct verdict *v) {
    struct journal now;
    for (unsigned c = 0; c < LAYOUT_COMPONENTS && !w->flipped && world_journal(w, &now); c++)
        if (w->running[c] != BOARD_GOLDEN && journal_active(&now.entry[c]) != w->running[c])
            return fail(v, "component %u runs from slot %c, and the journal says the other", c, 'A' + w->running[c]);
    return true;
}

/** The minima are at least what they were, and what the new image's confirmation makes of them. */
static bool minima_are(const struct judge *j, const struct world *w, struct verdict *v) {
    struct journal now;
    if (!world_journal(w, &now)) return fail(v, "there is no journal");
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
        const uint32_t raised = updates(j, c) ? j->layout->images[c][KNOWN_NEW].component.security_version : 0;
        if (now.entry[c].minimum < j->minimum[c] || now.entry[c].minimum < raised)
            return fail(v, "component %u: the security version's minimum is %u and was %u", c, now.entry[c].minimum,
                        j->minimum[c] > raised ? j->minimum[c] : raised);
    }
    return true;
}

static bool runs_new(const struct judge *j, const struct world *w) {
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++)
        if (updates(j, c) && layout_in_slot(j->layout, w->flash, c, w->running[c]) != KNOWN_NEW) return false;
    return true;
}

/** Another power-on: what was brought is what runs. */
static bool runs_the_new_one(const struct judge *j, struct world *w, struct verdict *v) {
    world_power_on(w);
    if (!w->up) return fail(v, "after the repeated update no firmware starts");
    if (w->violation[0]) return fail(v, "after the repeated update: %s", w->violation);
    if (!runs_new(j, w)) return fail(v, "after the repeated update the new image does not run");
    const char *error = talk_settle(w);
    if (error) return fail(v, "after the repeated update %s", error);
    return bystanders_are_whole(j, w, v) && journal_is_true(w, v) && minima_are(j, w, v);
}

static struct judged *place_of(const struct memory *memory, struct mixed state) {
    size_t i = state.of[0] % PLACES;
    for (unsigned tries = 0; tries < PLACES; tries++, i = (i + 1) % PLACES)
        if (!memory->places[i].used || memcmp(&memory->places[i].state, &state, sizeof state) == 0)
            return &memory->places[i];
    return NULL;
}

/** The state, and what else a verdict depends on. */
static struct mixed state_of(const struct world *w) {
    struct mixed state = world_state(w);
    state.of[1] ^= w->promised ? 0x5bd1e995u : 0;
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) state.of[1] += (uint64_t)w->minimum[c] << (8 * c + 32);
    return state;
}

/** The same for a card that an earlier one was like at this point. */
static bool ends_well(struct judge *j, struct world *w, struct verdict *v) {
    memcpy(w->minimum, j->minimum, sizeof w->minimum);
    const struct mixed state = state_of(w);
    struct judged *place = w->flipped ? NULL : place_of(&j->ends, state);
    if (place && place->used) {
        *v = place->verdict;
        return v->passed;
    }
    (void)runs_the_new_one(j, w, v);
    if (place) *place = (struct judged){state, true, *v};
    return v->passed;
}

static bool judge_anew(struct judge *j, struct world *w, struct verdict *v) {
    struct journal before;
    const bool any = world_journal(w, &before);
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
        const uint32_t found = any ? before.entry[c].minimum : 0;
        j->minimum[c] = found > w->minimum[c] ? found : w->minimum[c];
    }
    world_power_on(w);
    if (w->violation[0]) return fail(v, "%s", w->violation);
    if (!w->up) return fail(v, "no firmware starts");
    const char *unsettled = talk_settle(w);
    if (unsettled) return fail(v, "%s", unsettled);
    if (w->promised && !runs_new(j, w))
        return fail(v, "ActivateFirmware was answered with success, and it does not run");
    if (!bystanders_are_whole(j, w, v) || !journal_is_true(w, v)) return false;
    const char *error = talk_update(w, &j->parsed, UPDATE_NS);
    if (w->violation[0]) return fail(v, "repeated update: %s", w->violation);
    if (error) return fail(v, "repeated update: %.120s", error);
    if (w->rig->flash_errors) return fail(v, "repeated update: misuse of the flash");
    world_power_cut(w, NOR_TORN_NOT, 1);
    return ends_well(j, w, v);
}

struct verdict judge_card(struct judge *j, struct world *w) {
    const struct mixed state = state_of(w);
    // Where bits turned, more than the slots may differ.
    struct judged *place = w->flipped ? NULL : place_of(&j->cards, state);
    struct verdict v = {.passed = true};
    if (!w->flipped && !pages_are_known(j, w, &v)) return v;
    if (place && place->used) {
        v = place->verdict;
        v.known = true;
        return v;
    }
    w->violation[0] = '\0';
    w->rig->flash_errors = 0;
    (void)judge_anew(j, w, &v);
    if (w->rig->card) world_power_cut(w, NOR_TORN_NOT, 1);
    if (place) *place = (struct judged){state, true, v};
    return v;
}

const struct pkg *judge_package(const struct judge *j) {
    return &j->parsed;
}

struct judge *judge_new(const struct layout *layout, unsigned which) {
    struct judge *j = calloc(1, sizeof *j);
    char error[PKG_ERROR_TEXT];
    size_t len;
    if (!j) exit(1);
    j->layout = layout;
    j->which = which;
    j->package = layout_package(layout, which, KNOWN_NEW, &len);
    if (!pkg_parse("package", j->package, len, &j->parsed, error)) exit(1);
    j->cards.places = calloc(PLACES, sizeof *j->cards.places);
    j->ends.places = calloc(PLACES, sizeof *j->ends.places);
    if (!j->cards.places || !j->ends.places) exit(1);
    return j;
}

void judge_free(struct judge *j) {
    pkg_free(&j->parsed);
    free(j->package);
    free(j->cards.places);
    free(j->ends.places);
    free(j);
}
