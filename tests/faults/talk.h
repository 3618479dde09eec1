// SPDX-License-Identifier: Apache-2.0
//
// What the update agent and a card of the campaign have to say to each other. Talks are remembered as starts are
// (ways.h), unless somebody watches.
#pragma once
#include "tests/faults/world.h"

/** What is on trial is spoken to and confirmed, if it is good. @return why it was not, or NULL */
const char *talk_settle(struct world *world);

/** Updates the card, up to the answer to ActivateFirmware. @param package  stays where and what it is for as long as
 * the world; @return why it failed, or NULL */
const char *talk_update(struct world *world, const struct pkg *package, uint64_t limit_ns);
/** The same with a package that is used once. */
const char *talk_update_once(struct world *world, const uint8_t *package, size_t len, uint64_t limit_ns);
