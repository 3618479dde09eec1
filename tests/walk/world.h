// SPDX-License-Identifier: Apache-2.0
//
// One run: the card, the line, the update agent and whatever befalls them, in simulated time from one seed. Perhaps an
// update that stays pending; then one with the scenario's faults and trouble; then silence until the card is in IDLE by
// itself; then, on a good link, an inventory and an update to a third version. What has to hold is checked on the way;
// the first violation ends the run.
#pragma once
#include "host/agent.h"
#include "tests/walk/card.h"
#include "tests/walk/images.h"

enum phase { BOOTING, PREPARING, UPDATING, FORSAKEN, LOOKING, UPDATING_AGAIN, PHASES };

enum {
    WORLD_OTHER_EID = 10,
    WORLD_OBSERVER_EID = 0x55,
    WORLD_TEXT = 256,
};

struct world {
    struct scenario scenario;
    struct dice dice;
    struct line line;
    struct card card;
    struct images images;
    struct pkg package;
    uint8_t *flash;
    bool trace, powered;
    bool trial;  // this start is one on trial
    bool hangs;  // the firmware of this start does
    unsigned hung;
    uint32_t minimum[SCENARIO_COMPONENTS];  // of the journal, at the last start

    struct agent *agent;
    struct agent_config config;
    struct mctp_assembler assembler;
    uint8_t message[AGENT_MAX_MESSAGE];

    enum phase phase;
    uint64_t phase_ns;       // when it began
    uint64_t ask_ns;         // FORSAKEN: when the observer asks next
    int state;               // FORSAKEN: the device's, as the observer heard, -1: not yet
    unsigned trouble_stage;  // stages of the agent until the trouble comes
    uint64_t trouble_ns;     // UINT64_MAX: not yet known
    unsigned troubles_left;
    uint64_t heard_ns;                         // from the agent last: the user of one without timers loses patience
    uint64_t revival_ns;                       // a new agent begins the same update, UINT64_MAX: none does
    bool only_cancels;                         // the agent now at work
    uint64_t power_ns;                         // when power comes back
    enum agent_result result;                  // of the update with faults; AGENT_IDLE: its agent died
    int before[SCENARIO_COMPONENTS];           // versions next when the present update began
    bool activation_asked;                     // in the update with faults
    uint8_t again;                             // components of the last update
    bool package_data_shown, meta_data_shown;  // on the console
    unsigned stuck;                            // instants without progress
    char violation[WORLD_TEXT];
};

/** Runs one scenario from beginning to end. @return whether everything held; else world->violation says what did not.
 * @param flash an array as large as the card's flash, with 0xFF outside of slots and journal */
bool world_run(struct world *world, const struct scenario *scenario, uint64_t seed, uint8_t *flash, bool trace);
void world_free(struct world *world);

/* Between world.c and world_story.c. */
void world_violated(struct world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** What the phases want, to be called after everything else at an instant; and when that is next, UINT64_MAX: never. */
void story_tick(struct world *w);
uint64_t story_due(const struct world *w);
void story_begin(struct world *w);
/** The application begins: the flash must hold whole images, and the slots that run are fixed. @return false: it is one
 * that hangs */
bool story_started(struct world *w, uint32_t handover);
void story_event(struct world *w, const struct agent_event *event);
/** The card's console. */
void story_console(struct world *w, const char *line);
/** A new agent in place of the one before. */
void world_new_agent(struct world *w);
