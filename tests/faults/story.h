// SPDX-License-Identifier: Apache-2.0
//
// The stories that faults strike: a card in its factory state gets an update, activates it and comes up with it, or
// gives it up when it is sick.
#pragma once
#include "tests/faults/judge.h"

struct story {
    const char *name;
    unsigned which;  // components of the update, a bitmap
    enum known version;
    bool again;  // another one was activated before, and has not started yet
};

extern const struct story stories[];
enum { STORY_COUNT = 4 };

static inline bool story_reverts(const struct story *story) {
    return story->version == KNOWN_SICK;
}

/** Powers a card in its factory state on and, with @p begin called before the first packet, updates it to the end.
 * @return whether it came there */
bool story_tell(const struct story *story, struct world *world, void (*begin)(void *ctx, struct world *world),
                void *ctx);
