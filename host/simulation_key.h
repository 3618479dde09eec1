// SPDX-License-Identifier: Apache-2.0
//
// FOR SIMULATION ONLY: keys that everybody has. They come from fixed seeds in the source, so that simulated cards take
// images that tests and the demonstration sign, and no test needs a secret. A card that leaves the desk must not have
// one of them among its roots (fw/board/board.h).
#pragma once
#include "host/lms_sign.h"

/** What the demonstration board (fw/board/demo/roots.c) thinks of each. */
enum simulation_key {
    SIMULATION_ROOT,     /* may sign */
    SIMULATION_REVOKED,  /* is a root, and revoked */
    SIMULATION_STRANGER, /* is none */
    SIMULATION_KEYS
};

/** Derives the key. @return false when OpenSSL failed */
bool simulation_key(struct lms_soft *soft, enum simulation_key which, struct lms_private *private);

/** Derives SIMULATION_ROOT: what signer_create() takes. */
bool simulation_root(struct lms_soft *soft, struct lms_private *private);

/** Signs the component image, whose manifest must be a good one, or the policy at @p image, and ends the program when
 * it cannot. The same manifest gives the same signature; of what one-time keys are for nothing is left here. A key's
 * first signature in a process takes a good half of a second, for its tree.
 *
 * @param few  choose one that the card verifies as fast as those of fwpkg: some 4500 hashes more */
void simulation_sign(enum simulation_key which, uint8_t *image, size_t len, bool few);
