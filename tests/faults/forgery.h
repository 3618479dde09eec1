// SPDX-License-Identifier: Apache-2.0
//
// Images that a card must refuse: not signed, signed by the wrong key, changed, cut short, too long, put together from
// parts of others, too old, superseded.
#pragma once
#include "tests/faults/world.h"

extern const unsigned forgery_count;
const char *forgery_name(unsigned forgery);

/** Makes a factory card without power one that must refuse it: only too old images need that. */
void forgery_prepare(unsigned component, unsigned forgery, struct world *world);
/** Sends it as an update. @return what is wrong with how the card took it, or NULL */
const char *forgery_send(const struct layout *layout, unsigned component, unsigned forgery, struct world *world);
/** Whether the boot ROM has no reason against it: it is authentic, and not below the minimum. */
bool forgery_may_start(unsigned forgery);
/** Puts it into slot B of a factory card without power. @param waits  to be started next */
void forgery_place(const struct layout *layout, unsigned component, unsigned forgery, bool waits, struct world *world);
