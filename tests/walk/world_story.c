// SPDX-License-Identifier: Apache-2.0
//
// The phases of a run, what befalls it, and what has to hold; see world.h.
#include <stdio.h>
#include <string.h>

#include "fw/pldm/fd.h"
#include "host/agent_personality.h"
#include "tests/walk/world.h"

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

enum {
    BOOT_MS = 100,
    STAGES = 9,       // of an update of two components, some more than there are
    DELAY_LOG2 = 35,  // trouble comes at most 2^35 ns = 34 s after its stage
    OFF_LOG2 = 31,    // power is away at most 2 s
    POWER_CUTS = 3,   // at most, in one run
    REVIVAL_S = 150,  // a new agent comes at most so much later
    OBSERVE_S = 3,
    ALL_COMPONENTS = (1 << SCENARIO_COMPONENTS) - 1,
    PATIENCE_S = 400,  // above every timer of an agent that has any
    MARGIN_S = 40,     // of the card after FD_T1: an order that is given up
};

/* No phase may last longer. A lossy link costs time, not for ever. */
static const uint64_t limits_s[PHASES] = {1, 600, 4 * 3600, FD_T1_MS / 1000 + MARGIN_S, 60, 600};
static const char *const phase_names[PHASES] = {"start",          "update before", "update",
                                                "return to IDLE", "inventory",     "update on the good link"};

static void enter(struct world *w, enum phase phase) {
    w->phase = phase;
    w->phase_ns = w->card.now_ns;
    if (w->trace) printf("%12.6f %s begins\n", (double)w->card.now_ns / 1e9, phase_names[phase]);
}

static struct agent_config config_of(const struct scenario *scenario) {
    struct agent_config config = agent_defaults();
    config.max_transfer = scenario->max_transfer;
    config.max_outstanding = scenario->outstanding;
    config.activate = scenario->activation;
    config.personality = scenario->personality;
    return config;
}

static void begin_update(struct world *w, unsigned version, uint8_t which) {
    world_new_agent(w);
    w->heard_ns = w->card.now_ns;
    w->package = images_package(&w->images, version, which, w->scenario.package_data);
    agent_start_update(w->agent, w->card.now_ns, &w->package);
}

static int next_version(const struct world *w, unsigned component) {
    return images_in_slot(&w->images, w->flash, component, images_next_slot(w->flash, component));
}

static void remember_versions(struct world *w) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) w->before[c] = next_version(w, c);
}

static void begin_to_walk(struct world *w) {
    const bool trouble = w->scenario.trouble != NO_TROUBLE;
    w->config = config_of(&w->scenario);
    w->line.way[TO_CARD].faults = w->scenario.to_card;
    w->line.way[TO_AGENT].faults = w->scenario.to_agent;
    w->trouble_stage = trouble ? 1 + dice_below(&w->dice, STAGES) : 0;
    w->troubles_left = w->scenario.trouble == POWER_FAILS ? 1 + dice_below(&w->dice, POWER_CUTS) : trouble;
    remember_versions(w);
    enter(w, UPDATING);
    begin_update(w, VERSION_UPDATE, w->scenario.components);
}

void story_begin(struct world *w) {
    w->trouble_ns = w->revival_ns = UINT64_MAX;
    enter(w, BOOTING);
}

/* Once the card hears: some agents send nothing twice. */
static void booting(struct world *w) {
    if (w->card.now_ns < BOOT_MS * NS_PER_MS) return;
    if (!w->scenario.on_pending) {
        begin_to_walk(w);
        return;
    }
    w->config = agent_defaults();
    w->config.activate = AGENT_ACTIVATE_PENDING;
    enter(w, PREPARING);
    begin_update(w, VERSION_BEFORE, ALL_COMPONENTS);
}

/* ---- what has to hold ---- */

/* Whether the next start finds one of the versions up to @p newest in every component. */
static void check_flash(struct world *w, int newest) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const uint8_t next = images_next_slot(w->flash, c);
        const int version = images_in_slot(&w->images, w->flash, c, next);
        if (version == NO_VERSION || version > newest)
            world_violated(w, "component %u: slot %c is next and holds %s", c, "AB"[next],
                           version == NO_VERSION ? "no whole image" : image_versions[version]);
    }
}

/* Whether the components of bitmap @p which are at @p version from the next start on. */
static void check_updated(struct world *w, int version, uint8_t which) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        if ((which >> c & 1) == 0) continue;
        const int found = next_version(w, c);
        if (found != version)
            world_violated(w, "component %u: the agent is done, but %s is next", c,
                           found == NO_VERSION ? "no image" : image_versions[found]);
    }
}

/* Components outside of bitmap @p which are at the version they had before. */
static void check_untouched(struct world *w, uint8_t which) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++)
        if ((which >> c & 1) == 0 && next_version(w, c) != w->before[c])
            world_violated(w, "component %u is another one, but was not in the package", c);
}

static bool automatic(unsigned component) {
    return (board_components[component].activation_methods & PLDM_ACTIVATION_AUTOMATIC) != 0;
}

/* Without ActivateFirmware nothing new is next; an image that was pending may have made room for the running one. */
static void check_unactivated(struct world *w) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++)
        if (!automatic(c) && next_version(w, c) != w->before[c] && next_version(w, c) != VERSION_FACTORY)
            world_violated(w, "component %u: a new image is next, but nobody asked for the activation", c);
}

void story_started(struct world *w, uint8_t slot) {
    check_flash(w, VERSION_AFTER);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) w->card.chip.running[c] = images_next_slot(w->flash, c);
    if (w->card.chip.running[BOARD_FIRMWARE] != slot)
        world_violated(w, "firmware of slot %c starts, but the other one is next", "AB"[slot]);
    w->card.chip.running_known = true;
}

static bool says(const struct pldm_string *string, int version) {
    const char *text = version == NO_VERSION ? "" : image_versions[version];
    return string->len == strlen(text) && memcmp(string->bytes, text, string->len) == 0;
}

/* The inventory against the flash. */
static void check_inventory(struct world *w) {
    const struct agent_inventory *inventory = agent_inventory(w->agent);
    if (inventory->component_count != board_component_count) {
        world_violated(w, "the inventory has %zu components", inventory->component_count);
        return;
    }
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const struct pldm_component *told = &inventory->components[c];
        const uint8_t running = chip_running(&w->card.chip, c), next = images_next_slot(w->flash, c);
        const int active = images_in_slot(&w->images, w->flash, c, running);
        const int pending = next == running ? NO_VERSION : images_in_slot(&w->images, w->flash, c, next);
        if (!says(&told->active.version, active)) world_violated(w, "component %u: the inventory's active version", c);
        if (!says(&told->pending.version, pending)) world_violated(w, "component %u: the inventory's pending one", c);
    }
    if (inventory->status.current_state != PLDM_STATE_IDLE) world_violated(w, "the device is not in IDLE");
}

void story_console(struct world *w, const char *line) {
    char wanted[64];
    const int len = snprintf(wanted, sizeof wanted, "package data %04xh bytes", w->scenario.package_data);
    if (strncmp(line, wanted, (size_t)len) == 0) w->package_data_shown = true;
    if (strncmp(line, "metadata is back", 16) == 0) w->meta_data_shown = true;
    if (strcmp(line, "boot: no firmware") == 0) world_violated(w, "no firmware boots");
}

/* What a good link lets happen in any case. */
static void check_success(struct world *w) {
    const struct agent_traits *traits = agent_traits(w->scenario.personality);
    if (w->result != AGENT_DONE) world_violated(w, "the update failed: %.200s", agent_error(w->agent));
    if (w->scenario.package_data != 0 && !traits->no_package_data && !w->package_data_shown)
        world_violated(w, "the package's data has not reached the board");
    bool activates = false;
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) activates |= (w->scenario.components >> c & 1) && !automatic(c);
    if (activates && w->scenario.activation != AGENT_ACTIVATE_NOT && !traits->no_meta_data && !w->meta_data_shown)
        world_violated(w, "the device's metadata has not come back");
}

/* ---- what befalls the update ---- */

void story_event(struct world *w, const struct agent_event *event) {
    w->heard_ns = w->card.now_ns;
    if (event->kind == AGENT_STAGE && strcmp(event->text, "ActivateFirmware") == 0) w->activation_asked = true;
    if (w->phase != UPDATING || event->kind != AGENT_STAGE || w->trouble_stage == 0) return;
    if (--w->trouble_stage == 0) w->trouble_ns = w->card.now_ns + dice_magnitude(&w->dice, DELAY_LOG2);
}

static void agent_dies(struct world *w) {
    agent_free(w->agent);
    w->agent = NULL;
    if (dice_below(&w->dice, 3) != 0) w->revival_ns = w->card.now_ns + dice_below(&w->dice, REVIVAL_S) * NS_PER_S;
}

static void power_fails(struct world *w) {
    w->power_ns = w->card.now_ns + dice_magnitude(&w->dice, OFF_LOG2);
    if (w->troubles_left != 0) w->trouble_ns = w->power_ns + dice_magnitude(&w->dice, DELAY_LOG2);
    card_leave(&w->card, CARD_CUT);
}

static void trouble(struct world *w) {
    static const char *const names[] = {"nothing", "the agent dies", "the power fails", "the update is cancelled"};
    w->trouble_ns = UINT64_MAX;
    w->troubles_left--;
    if (w->trace) printf("%12.6f %s\n", (double)w->card.now_ns / 1e9, names[w->scenario.trouble]);
    if (w->scenario.trouble == AGENT_DIES) agent_dies(w);
    if (w->scenario.trouble == CANCELLED) agent_abort(w->agent, w->card.now_ns, "cancelled");
    if (w->scenario.trouble == POWER_FAILS) power_fails(w);
}

/* ---- phases ---- */

/* Agents in the field take some failures for success; and what was not activated is not the next one. */
static bool knows_what_it_did(const struct scenario *scenario) {
    return (!scenario->may_fail || !agent_traits(scenario->personality)->ends_activated) &&
           scenario->activation != AGENT_ACTIVATE_NOT;
}

static void update_ended(struct world *w) {
    w->result = w->agent == NULL ? AGENT_IDLE : agent_result(w->agent);
    if (w->trace && w->result == AGENT_FAILED)
        printf("%12.6f %s\n", (double)w->card.now_ns / 1e9, agent_error(w->agent));
    if (w->result == AGENT_DONE && !w->only_cancels && knows_what_it_did(&w->scenario))
        check_updated(w, VERSION_UPDATE, w->scenario.components);
    if (!w->scenario.may_fail && w->agent != NULL) check_success(w);
    w->troubles_left = 0;
    w->trouble_ns = UINT64_MAX;
    w->state = -1;
    w->ask_ns = w->card.now_ns;
    agent_free(w->agent);
    w->agent = NULL;
    enter(w, FORSAKEN);
}

static void preparing(struct world *w) {
    if (agent_result(w->agent) == AGENT_RUNNING) return;
    if (agent_result(w->agent) == AGENT_FAILED)
        world_violated(w, "the update before failed: %.200s", agent_error(w->agent));
    check_updated(w, VERSION_BEFORE, ALL_COMPONENTS);
    w->meta_data_shown = w->package_data_shown = w->activation_asked = false;
    begin_to_walk(w);
}

/* Another agent: it begins the update again, or only ends the one that it finds; perhaps it has another EID. */
static void revive(struct world *w) {
    w->revival_ns = UINT64_MAX;
    if (dice_below(&w->dice, 3) == 0) w->config.own_eid = WORLD_OTHER_EID;
    if (dice_below(&w->dice, 3) != 0) {
        begin_update(w, VERSION_UPDATE, w->scenario.components);
        return;
    }
    w->only_cancels = true;
    w->heard_ns = w->card.now_ns;
    world_new_agent(w);
    agent_start_cancel(w->agent, w->card.now_ns);
}

static void updating(struct world *w) {
    if (w->trouble_ns <= w->card.now_ns) {
        trouble(w);
    } else if (w->revival_ns <= w->card.now_ns) {
        revive(w);
    } else if (w->agent != NULL && w->heard_ns + PATIENCE_S * NS_PER_S <= w->card.now_ns) {
        if (!w->scenario.may_fail) world_violated(w, "the agent waits for ever");
        agent_dies(w);
    } else if (w->agent == NULL ? w->revival_ns == UINT64_MAX : agent_result(w->agent) != AGENT_RUNNING) {
        update_ended(w);
    }
}

/* Somebody else asks for the state now and then: only the agent that began the update keeps it alive. */
static void ask_state(struct world *w) {
    static const uint8_t get_status[] = {
        1, 0, WORLD_OBSERVER_EID, 0xCF, MCTP_TYPE_PLDM, 0x80, PLDM_TYPE_FWUP, PLDM_GET_STATUS};
    w->ask_ns = w->card.now_ns + OBSERVE_S * NS_PER_S;
    if (w->line.way[TO_CARD].count != 0) return;  // the agent's last words are still on their way
    card_packet(&w->card, get_status, sizeof get_status);
}

static void forsaken(struct world *w) {
    if (w->state == PLDM_STATE_IDLE) {
        check_flash(w, VERSION_UPDATE);
        check_untouched(w, w->scenario.components);
        if (!w->activation_asked) check_unactivated(w);
        line_mend(&w->line, w->card.now_ns);
        w->config = agent_defaults();
        world_new_agent(w);
        agent_start_inventory(w->agent, w->card.now_ns);
        enter(w, LOOKING);
    } else if (w->ask_ns <= w->card.now_ns) {
        ask_state(w);
    }
}

static void looking(struct world *w) {
    if (agent_result(w->agent) == AGENT_RUNNING) return;
    if (agent_result(w->agent) == AGENT_FAILED) world_violated(w, "inventory: %.200s", agent_error(w->agent));
    check_inventory(w);
    remember_versions(w);
    w->again = (uint8_t)(1 + dice_below(&w->dice, ALL_COMPONENTS));
    enter(w, UPDATING_AGAIN);
    begin_update(w, VERSION_AFTER, w->again);
}

static void updating_again(struct world *w) {
    if (agent_result(w->agent) == AGENT_RUNNING) return;
    if (agent_result(w->agent) == AGENT_FAILED)
        world_violated(w, "the update on a good link failed: %.180s", agent_error(w->agent));
    check_updated(w, VERSION_AFTER, w->again);
    check_untouched(w, w->again);
    check_inventory(w);
    card_leave(&w->card, CARD_OVER);
}

void story_tick(struct world *w) {
    static void (*const phases[PHASES])(struct world *) = {booting,  preparing, updating,
                                                           forsaken, looking,   updating_again};
    if (!w->powered) return;
    if (w->card.now_ns - w->phase_ns > limits_s[w->phase] * NS_PER_S)
        world_violated(w, "%s does not end within %llu s", phase_names[w->phase],
                       (unsigned long long)limits_s[w->phase]);
    if (w->violation[0] == '\0') phases[w->phase](w);
}

uint64_t story_due(const struct world *w) {
    uint64_t due = w->phase_ns + limits_s[w->phase] * NS_PER_S + 1;
    if (w->phase == BOOTING) due = BOOT_MS * NS_PER_MS;
    if (w->phase == FORSAKEN && w->ask_ns < due) due = w->ask_ns;
    if (w->phase == UPDATING && w->trouble_ns < due) due = w->trouble_ns;
    if (w->phase == UPDATING && w->revival_ns < due) due = w->revival_ns;
    if (w->phase == UPDATING && w->agent != NULL && w->heard_ns + PATIENCE_S * NS_PER_S < due)
        due = w->heard_ns + PATIENCE_S * NS_PER_S;
    return due;
}
