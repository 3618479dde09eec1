// SPDX-License-Identifier: Apache-2.0
//
// See story.h.
#include "tests/faults/story.h"

#include <stdlib.h>
#include <string.h>

#include "tests/faults/talk.h"

#define STORY_NS  120000000000ull
#define REVERT_NS 100000000000ull  // three watchdogs and more
#define LOOK_NS   50000000u

const struct story stories[STORY_COUNT] = {
    {"bitstream", 1u << 1, KNOWN_NEW, false},
    {"firmware", 1u << BOARD_FIRMWARE, KNOWN_NEW, false},
    {"sick firmware", 1u << BOARD_FIRMWARE, KNOWN_SICK, false},
    {"bitstream again", 1u << 1, KNOWN_NEW, true},
};

/** Until the old firmware is back. */
static bool reverts(struct world *w) {
    const uint64_t end = card_now_ns(w->rig->card) + REVERT_NS;
    w->rig->enough = false;
    while (card_now_ns(w->rig->card) < end && !w->rig->enough) {
        const char *back = strstr(w->rig->console, "slot A, after watchdog\n");
        if (back && strstr(back, "ready\n")) return true;
        rig_wait(w->rig, LOOK_NS);
    }
    return false;
}

/** An update before, activated and not started. */
static bool update_before(const struct story *story, struct world *w) {
    size_t len;
    uint8_t *package = layout_package(w->layout, story->which, KNOWN_SICK, &len);
    const char *error = talk_update_once(w, package, len, STORY_NS);
    free(package);
    return !error;
}

bool story_tell(const struct story *story, struct world *w, void (*begin)(void *ctx, struct world *world), void *ctx) {
    size_t len;
    layout_factory(w->layout, w->rig);
    world_power_on(w);
    if (!w->up || (story->again && !update_before(story, w))) return false;
    uint8_t *package = layout_package(w->layout, story->which, story->version, &len);
    begin(ctx, w);
    w->activated = false;
    w->stops_there = story_reverts(story);
    w->rig->config.activate = AGENT_ACTIVATE_SELF_CONTAINED;
    w->rig->config.poll_ms = 500;
    const enum agent_result result = rig_update(w->rig, package, len, STORY_NS);
    free(package);
    return story_reverts(story) ? w->activated && reverts(w) : result == AGENT_DONE;
}
