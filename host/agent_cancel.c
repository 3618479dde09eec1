// SPDX-License-Identifier: Apache-2.0
//
// Leaving an update: CancelUpdateComponent, CancelUpdate, again after UA_T1 while the device is busy. A device that has
// left update mode by itself, or does not answer, changes nothing about the reason that was explained before.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/agent_internal.h"

static const struct agent_step cancel_component, cancel_update;

/* Appends to the reason what the device says about the damage. */
static void add(struct agent *a, const char *text) {
    const size_t used = strlen(a->error);
    snprintf(a->error + used, sizeof a->error - used, "%s%s", used == 0 ? "" : "; ", text);
}

static void ask_cancel_update(struct agent *a) {
    agent_ask(a, &cancel_update);
}

static void ask_cancel_component(struct agent *a) {
    agent_ask(a, &cancel_component);
}

/* A busy device finishes what it began, a whole APPLY perhaps: that takes no longer than one without progress may. */
static void be_patient(struct agent *a) {
    a->patience = a->now + a->config.ua_t3_ms * UINT64_C(1000000);
}

static void then_update(struct agent *a) {
    a->component_open = false;
    be_patient(a);
    ask_cancel_update(a);
}

void agent_cancel_component(struct agent *a, agent_action *action) {
    a->stage = STAGE_CANCEL;
    a->after_cancel = action;
    be_patient(a);
    if (a->component_open)
        ask_cancel_component(a);
    else
        action(a);
}

void agent_cancel_all(struct agent *a, agent_action *action) {
    a->after_update = action;
    agent_cancel_component(a, then_update);
}

static void failed(struct agent *a) {
    agent_finish(a, false);
}

void agent_cancel(struct agent *a) {
    if (a->traits->no_cancel_update) {
        failed(a);
        return;
    }
    a->leaving = true;
    agent_notice(a, AGENT_STAGE, cancel_update.name);
    agent_cancel_all(a, failed);
}

/* True when the same command is to be sent again later. */
static bool busy(struct agent *a, uint8_t code, agent_action *again) {
    if (code != PLDM_BUSY_IN_BACKGROUND || a->traits->no_second_chance || a->now >= a->patience) return false;
    agent_wake_in(a, a->config.ua_t1_ms, again);
    return true;
}

static void answer_component(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    (void)body;
    (void)len;
    if (busy(a, code, ask_cancel_component)) return;
    a->component_open = false;
    if (a->traits->no_cancel_update && code != PLDM_SUCCESS)
        failed(a); /* nothing is left to send */
    else
        a->after_cancel(a);
}

static void component_silent(struct agent *a) {
    answer_component(a, PLDM_ERROR, NULL, 0);
}

static void answer_update(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_cancel_update_resp answer;
    if (busy(a, code, ask_cancel_update)) return;
    if (code == PLDM_SUCCESS && pldm_cancel_update_resp_decode(body, len, &answer) == 0 && answer.non_functioning) {
        char text[80];
        a->non_functioning = true;
        a->non_functioning_bitmap = answer.non_functioning_bitmap;
        snprintf(text, sizeof text, "the device says components 0x%" PRIx64 " will not function",
                 answer.non_functioning_bitmap);
        if (a->leaving)
            add(a, text);
        else
            agent_notice(a, AGENT_WARNING, text);
    }
    a->after_update(a);
}

static void update_silent(struct agent *a) {
    if (a->leaving) add(a, "no answer to CancelUpdate either");
    a->after_update(a); /* which asks the device, or has failed */
}

static const struct agent_step cancel_component =
    AGENT_STEP("CancelUpdateComponent", PLDM_TYPE_FWUP, PLDM_CANCEL_UPDATE_COMPONENT, .answer = answer_component,
               .silent = component_silent);
static const struct agent_step cancel_update =
    AGENT_STEP("CancelUpdate", PLDM_TYPE_FWUP, PLDM_CANCEL_UPDATE, .answer = answer_update, .silent = update_silent);
