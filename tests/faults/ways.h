// SPDX-License-Identifier: Apache-2.0
//
// What cards did before. What a card does from some instant on, until somebody else acts, is a matter of its state at
// that instant (processor, memories, links, the agent that talks with it) and of the flash that it reads, and of
// nothing else. So the way of a card is cut into pieces, at multiples of a few milliseconds: from one state, with these
// bytes read, to another state, with those sectors changed. A card that is in a known state, and whose flash holds the
// bytes that a piece begins with reading, need not be simulated: it is restored to the end of the piece, and so on from
// there. Ways that have parted meet again where the states are the same, by two hashes of 64 bits of all that makes a
// state.
//
// A sector is compared as a whole before its first change in a piece, and written again as the piece left it. Bytes
// that read differently from time to time are never believed to be the same.
#pragma once
#include "tests/faults/layout.h"

/** To the next multiple of it is how far a card may be run before ways_pause() is called. */
#define WAYS_GRID_NS 2000000u

struct ways;
struct way;

struct ways *ways_new(const struct layout *layout);
void ways_free(struct ways *ways);

/** Takes a card that was just powered, or that the rig's agent is about to talk to, as far as known ways lead.
 * @param talks  whether the agent does; @return the record of what follows */
struct way *ways_begin(struct ways *ways, struct rig *rig, bool talks);
/** What the flash was told. */
void ways_saw(struct way *log, unsigned chip, const struct nor_event *event);
/** To be called at each multiple of WAYS_GRID_NS, or more often: may take the card along a known way. */
void ways_pause(struct way *log);
/** The card is up, or the talk is over. @param keep  what was recorded last is of use for others */
void ways_end(struct way *log, bool keep);
