// SPDX-License-Identifier: Apache-2.0
//
// The phases of a run, what befalls it, and what has to hold; see world.h.
#include <stdio.h>
#include <string.h>

#include "fw/boot/handover.h"
#include "fw/image/image.h"
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
    TRIAL_CUTS = 5,
    QUIESCES_MS = 1500,  // from ActivateFirmware to the restart
    TRIAL_MS = 300,      // boot, trial and confirmation, about
    RESUMED_CUTS = 8,
    RESUMED_STAGES = 5,  // of the update that follows
    REVIVAL_S = 150,     // a new agent comes at most so much later
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

/* The slot of the next start, or of this one if it is on trial. */
static uint8_t next_slot(const struct world *w, unsigned component) {
    const struct journal journal = images_journal(w->flash);
    const struct journal_entry *entry = &journal.entry[component];
    const bool tried = w->trial || journal.attempts < board_trial_starts;
    return journal_waits(entry) && tried ? entry->pending : journal_active(entry);
}

static int next_version(const struct world *w, unsigned component) {
    return images_in_slot(&w->images, w->flash, component, next_slot(w, component));
}

static void remember_versions(struct world *w) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) w->before[c] = next_version(w, c);
}

static void begin_to_walk(struct world *w) {
    const enum trouble kind = w->scenario.trouble;
    const bool trouble = kind != NO_TROUBLE && kind != POWER_FAILS_ON_TRIAL && kind != NEW_ONE_HANGS;
    w->config = config_of(&w->scenario);
    w->line.way[TO_CARD].faults = w->scenario.to_card;
    w->line.way[TO_AGENT].faults = w->scenario.to_agent;
    w->trouble_stage = trouble ? 1 + dice_below(&w->dice, STAGES) : 0;
    w->troubles_left = kind == POWER_FAILS            ? 1 + dice_below(&w->dice, POWER_CUTS)
                       : kind == POWER_RESUMES        ? 1 + dice_below(&w->dice, RESUMED_CUTS)
                       : kind == POWER_FAILS_ON_TRIAL ? 1 + dice_below(&w->dice, TRIAL_CUTS)
                                                      : trouble;
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

static void check_slot(struct world *w, unsigned c, uint8_t slot, const char *what, int newest) {
    const int version = images_in_slot(&w->images, w->flash, c, slot);
    if (version == NO_VERSION || version > newest)
        world_violated(w, "component %u: slot %c is %s and holds %s", c, "AB"[slot], what,
                       version == NO_VERSION ? "no whole image" : image_versions[version]);
}

/* Whether the next start, and a return to what is active, find one of the versions up to @p newest in every component.
 */
static void check_flash(struct world *w, int newest) {
    const struct journal journal = images_journal(w->flash);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        check_slot(w, c, next_slot(w, c), "next", newest);
        check_slot(w, c, journal_active(&journal.entry[c]), "active", newest);
        if (images_forgery_in(&w->images, w->flash, c))
            world_violated(w, "component %u: a slot holds an image that is not authentic", c);
    }
}

/* Nothing that a cut has torn is left in the image of a slot that an update has filled. */
static void check_solid(struct world *w, unsigned c, int version, uint8_t slot) {
    const struct board_component *board = &board_components[c];
    const uint32_t headers = images_headers(&w->images, c, version);
    const uint32_t payload = (uint32_t)w->images.len[version][c] - headers * IMAGE_BLOCK;
    const uint32_t header = slot_header(board->slot[slot], board->slot_size, headers - 1);
    for (uint32_t i = 0; i < payload; i++)
        if (nor_is_unstable(w->card.chip.nor, board->slot[slot] + i))
            world_violated(w, "component %u: the payload is unstable at %05x", c, (unsigned)i);
    for (uint32_t i = 0; i < headers * IMAGE_BLOCK; i++)
        if (nor_is_unstable(w->card.chip.nor, header + i)) world_violated(w, "component %u: an unstable header", c);
}

/* Whether the components of bitmap @p which are at @p version from the next start on. */
static void check_updated(struct world *w, int version, uint8_t which) {
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        if ((which >> c & 1) == 0) continue;
        const int found = next_version(w, c);
        if (found != version)
            world_violated(w, "component %u: the agent is done, but %s is next", c,
                           found == NO_VERSION ? "no image" : image_versions[found]);
        else
            check_solid(w, c, version, next_slot(w, c));
    }
}

/* Components outside of bitmap @p which are at the version they had before, unless that was pending and has failed its
 * trial with the others. */
static void check_untouched(struct world *w, uint8_t which) {
    const struct journal journal = images_journal(w->flash);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        const struct journal_entry *entry = &journal.entry[c];
        if ((which >> c & 1) != 0 || next_version(w, c) == w->before[c]) continue;
        if (entry->failed > 1 || images_in_slot(&w->images, w->flash, c, entry->failed) != w->before[c])
            world_violated(w, "component %u is another one, but was not in the package", c);
    }
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

/* The minimum never falls, and rises where the board wants that, to what was confirmed: security versions here are the
 * versions. */
static void check_minimum(struct world *w, unsigned c, const struct journal_entry *entry) {
    const int active = images_in_slot(&w->images, w->flash, c, journal_active(entry));
    const uint32_t want = board_identity.policies[c].raise_minimum && active != NO_VERSION ? (uint32_t)active : 0;
    if (entry->minimum < w->minimum[c]) world_violated(w, "component %u: the minimum has fallen", c);
    if (entry->minimum != want) world_violated(w, "component %u: the minimum is %u, not %u", c, entry->minimum, want);
    w->minimum[c] = entry->minimum;
}

bool story_started(struct world *w, uint32_t handover) {
    const struct journal journal = images_journal(w->flash);
    const uint8_t slot = handover_slot(handover);
    w->trial = handover_trial(handover);
    check_flash(w, VERSION_AFTER);
    if (w->trial != journal_any_waits(&journal)) world_violated(w, "what is pending is on trial, or has failed");
    if (journal.attempts > board_trial_starts || handover_attempts(handover) != (w->trial ? journal.attempts : 0))
        world_violated(w, "start %u of %u on trial", journal.attempts, board_trial_starts);
    for (unsigned c = 0; c < SCENARIO_COMPONENTS; c++) {
        w->card.chip.running[c] = next_slot(w, c);
        check_minimum(w, c, &journal.entry[c]);
    }
    if (w->card.chip.running[BOARD_FIRMWARE] != slot)
        world_violated(w, "firmware of slot %c starts, but another one is next", "ABG?"[slot]);
    w->card.chip.running_known = true;
    w->hangs = w->scenario.trouble == NEW_ONE_HANGS &&
               images_in_slot(&w->images, w->flash, BOARD_FIRMWARE, slot) == VERSION_UPDATE;
    w->hung += w->hangs;
    if (!w->trial && w->hung % board_trial_starts != 0)
        world_violated(w, "a firmware that hangs was given up after %u starts", w->hung);
    return !w->hangs;
}

/* The trial ends with a record: what starts next is what runs, and all that was tried with it. */
static void watch_trial(struct world *w) {
    if (!w->trial || !w->powered) return;
    const struct journal journal = images_journal(w->flash);
    if (!journal_any_waits(&journal)) w->trial = false;
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
        const uint8_t running = chip_running(&w->card.chip, c), next = next_slot(w, c);
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
    const bool activation = event->kind == AGENT_STAGE && strcmp(event->text, "ActivateFirmware") == 0;
    w->heard_ns = w->card.now_ns;
    if (activation) w->activation_asked = true;
    if (activation && w->phase == UPDATING && w->scenario.trouble == POWER_FAILS_ON_TRIAL && w->troubles_left != 0)
        w->trouble_ns = w->card.now_ns + (QUIESCES_MS + dice_below(&w->dice, TRIAL_MS)) * NS_PER_MS;
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
    if (w->scenario.trouble == POWER_RESUMES) {
        agent_free(w->agent);
        w->agent = NULL;
        w->revival_ns = w->power_ns + BOOT_MS * NS_PER_MS;
        w->trouble_stage = w->troubles_left == 0 ? 0 : 1 + dice_below(&w->dice, RESUMED_STAGES);
    } else if (w->troubles_left != 0) {
        w->trouble_ns =
            w->power_ns + (w->scenario.trouble == POWER_FAILS_ON_TRIAL ? dice_below(&w->dice, TRIAL_MS) * NS_PER_MS
                                                                       : dice_magnitude(&w->dice, DELAY_LOG2));
    }
    card_leave(&w->card, CARD_CUT);
}

static void trouble(struct world *w) {
    static const char *const names[TROUBLE_KINDS] = {[AGENT_DIES] = "the agent dies",
                                                     [POWER_FAILS] = "the power fails",
                                                     [POWER_RESUMES] = "the power fails",
                                                     [CANCELLED] = "the update is cancelled",
                                                     [POWER_FAILS_ON_TRIAL] = "the power fails"};
    w->trouble_ns = UINT64_MAX;
    w->troubles_left--;
    if (w->trace) printf("%12.6f %s\n", (double)w->card.now_ns / 1e9, names[w->scenario.trouble]);
    if (w->scenario.trouble == AGENT_DIES) agent_dies(w);
    if (w->scenario.trouble == CANCELLED) agent_abort(w->agent, w->card.now_ns, "cancelled");
    if (w->scenario.trouble == POWER_FAILS || w->scenario.trouble == POWER_RESUMES ||
        w->scenario.trouble == POWER_FAILS_ON_TRIAL)
        power_fails(w);
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
    if (w->scenario.trouble == POWER_RESUMES) {
        begin_update(w, VERSION_UPDATE, w->scenario.components);
        return;
    }
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
    if (w->scenario.trouble == NEW_ONE_HANGS) w->again |= 1;  // it may be pending still, and would be tried with them
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
    watch_trial(w);
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
