// SPDX-License-Identifier: Apache-2.0
//
// What happened to a card, moment by moment: every instruction of its flash with the state of the chip behind it, every
// packet. A card without power is its flash, so from this any cut at any instant of the story follows, without the
// story being simulated again.
#pragma once
#include "tests/faults/world.h"

/** Phases of an update, in their order. */
enum phase {
    PHASE_BEFORE,
    PHASE_DOWNLOAD,
    PHASE_VERIFY,
    PHASE_APPLY,
    PHASE_ACTIVATE,
    PHASE_TRIAL,
    PHASE_CONFIRM,
    PHASE_REVERT,
    PHASE_COUNT
};
extern const char *const phase_names[PHASE_COUNT];

enum moment_kind {
    MOMENT_SELECTED,
    MOMENT_INSTRUCTION,
    MOMENT_READ,
    MOMENT_PROGRAM,
    MOMENT_ERASE,
    MOMENT_TO_CARD,
    MOMENT_FROM_CARD
};

struct moment {
    uint64_t ns;
    enum moment_kind kind;
    enum phase phase;
    unsigned chip;
    uint32_t address, length;             // flash
    uint64_t end_ns;                      // of the operation that a program or erase begins
    uint32_t minimum[LAYOUT_COMPONENTS];  // security versions committed by then
    struct nor *nor;                      // the chip, when an instruction ended
};

struct history {
    struct world *world;
    uint8_t *first[LAYOUT_REGIONS];         // contents at the begin
    struct nor *chips[LAYOUT_CHIPS];        // and the chips
    struct layout_region torn[WORLD_TORN];  // and what earlier cuts had found under way
    unsigned torn_count;
    struct moment *moments;
    size_t count, room;
    enum phase phase;
    uint32_t minimum[LAYOUT_COMPONENTS];
    bool revert;      // a trial that is to fail: its phase alone counts
    unsigned starts;  // that the console shows at the begin
};

/** Records @p world, which has power and no hooks, from now on. */
struct history *history_begin(struct world *world, bool revert);
void history_end(struct history *history);
void history_free(struct history *history);

/** Gives @p to, without power, the flash as a cut at @p ns leaves it. */
void history_cut(const struct history *history, uint64_t ns, struct world *to, enum nor_torn how, uint64_t seed);
