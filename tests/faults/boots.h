// SPDX-License-Identifier: Apache-2.0
//
// Starts of the card that were simulated before. From power-on to the first packet, what a card does depends on nothing
// but the flash that it reads: so a card whose flash holds the same at every address that an earlier start had read up
// to some instant is at that instant what the earlier one was, and is restored to it instead of being simulated. What
// the start itself writes on the way (a sector is compared as a whole before its first change) is written again. Bytes
// that read differently from time to time are never believed to be the same.
#pragma once
#include "tests/faults/layout.h"

struct boots;
struct boot_log;

struct boots *boots_new(const struct layout *layout);
void boots_free(struct boots *boots);

/** Takes a card that was just powered as far as earlier starts allow. @return the record of this start */
struct boot_log *boots_resume(struct boots *boots, struct rig *rig);
/** What the flash was told. */
void boots_saw(struct boot_log *log, unsigned chip, const struct nor_event *event);
/** To be called now and then while the card starts. */
void boots_pause(struct boot_log *log);
/** The card is up; the record is kept for later starts, or forgotten. */
void boots_end(struct boot_log *log, bool keep);

/** Clock cycles that were not simulated because of this, and those that were. */
struct boots_counts {
    uint64_t starts, restored;
};
struct boots_counts boots_counts(const struct boots *boots);
