// SPDX-License-Identifier: Apache-2.0
//
// A card of the campaign with its flash, whose power can be cut at any instant and comes back with what the cut left.
// Every instruction that its flash gets is watched: an erase or a program outside the journal and the slot that does
// not run is a violation the moment it begins.
#pragma once
#include "fw/update/journal.h"
#include "tests/faults/mix.h"
#include "tests/faults/ways.h"

struct world;

enum { WORLD_TORN = 4 };

/** Something that happens on the way, for whoever walks a story. */
struct world_hooks {
    void (*flash)(void *ctx, uint64_t now_ns, unsigned chip, const struct nor_event *event);
    /** @return false: the packet is lost */
    bool (*packet)(void *ctx, bool to_card, const uint8_t *packet, size_t len);
    void *ctx;
};

struct world {
    const struct layout *layout;
    struct rig *rig;
    uint8_t *flash[LAYOUT_CHIPS];
    struct nor *kept[LAYOUT_CHIPS];  // the chips while there is no power
    struct ways *ways;
    struct way *log;  // while the card starts, or a talk is remembered
    struct world_hooks hooks;
    bool trace;  // tells on standard output what happens
    struct watcher {
        struct world *world;
        unsigned chip;
    } watchers[LAYOUT_CHIPS];
    bool up;                                // the application answers
    bool trial;                             // it runs what is on trial
    uint8_t running[LAYOUT_COMPONENTS];     // slots, BOARD_GOLDEN included, once it is up
    enum known booted;                      // version of the firmware that runs, once it is up
    char violation[160];                    // the first one; empty: none
    bool activated;                         // ActivateFirmware was answered with success since the update began
    bool stops_there;                       // and the update is over then
    uint64_t simulated;                     // clock cycles that were simulated one by one, of all starts so far
    uint64_t before;                        // and that the card had counted when it was resumed
    uint64_t instructions;                  // that the flash was given since power-on
    struct layout_region torn[WORLD_TORN];  // what cuts found under way or a chip did badly, the last ones
    unsigned torn_count;
    bool flipped;                         // bits of the flash were turned: a slot may hold anything
    bool promised;                        // the card said that it had activated the new image
    uint32_t minimum[LAYOUT_COMPONENTS];  // security versions that were once committed
    bool golden_flipped;                  // one of the golden image
};

/** A card in its factory state, not powered. @p ways may be shared by worlds of the same layout. */
struct world *world_new(const struct layout *layout, struct ways *ways);
void world_free(struct world *world);

/** Power comes. Runs until the application is up or the boot ROM gave up; world.up says which. */
void world_power_on(struct world *world);
/** Power fails. @p seed decides what @p how leaves open. */
void world_power_cut(struct world *world, enum nor_torn how, uint64_t seed);
/** What the flash holds there may be of no image. */
void world_note_torn(struct world *world, struct layout_region region);
/** Power fails at @p now_ns for the chips that @p world keeps. */
void world_cut_kept(struct world *world, uint64_t now_ns, enum nor_torn how, uint64_t seed);

/** What was simulated before is not counted. */
void world_count_from_here(struct world *world);

/** Everything that a card without power will ever depend on: its flash. */
struct mixed world_state(const struct world *world);

/** The journal's record in force. @return false: there is none */
bool world_journal(const struct world *world, struct journal *journal);

/** Asks the console which slots run: the card may have restarted by itself. @return false: it does not say */
bool world_learn_running(struct world *world);

/** The agent is about to talk: world.log records the card from here on. Each of these may take it along known ways. */
void world_begin_log(struct world *world);
void world_pause(struct world *world);
void world_end_log(struct world *world, bool keep);

/** Nothing is left of an earlier run but the flash. */
void world_forget(struct world *world);

void world_violation(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
