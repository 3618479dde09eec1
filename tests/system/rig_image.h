// SPDX-License-Identifier: Apache-2.0
//
// A rig as it stands between two agents: its card with flash, links and time, what was received of a packet, console
// and counts. The same rig can return to it as often as wanted, so that a test boots its card once.
#pragma once
#include "tests/system/rig.h"

struct rig_image;

/** The agent must have ended. Ends the program when memory is short. */
struct rig_image *rig_save(struct rig *rig);
/** The same but for the flash's contents: see card_save_without_contents(). */
struct rig_image *rig_save_without_contents(struct rig *rig);
/** Returns to a state of the same, powered rig. Its agent is gone; configuration, link, noise and callbacks stay. */
void rig_restore(struct rig *rig, const struct rig_image *image);
/** As card_image_visit(), with what the rig has of packets that are under way. */
void rig_image_visit(const struct rig_image *image, void (*see)(void *ctx, const void *bytes, size_t len), void *ctx);
void rig_image_free(struct rig_image *image);
