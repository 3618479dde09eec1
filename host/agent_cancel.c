// SPDX-License-Identifier: Apache-2.0
//
// Leaving an update: CancelUpdateComponent, CancelUpdate, again after UA_T1 while the device is busy. A device that has
// left update mode by itself, or does not answer, changes nothing about the reason that was explained before.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "host/agent_internal.h"

enum { BUSY_TRIES = 10 };

static const struct agent_step cancel_component, cancel_update;

/* Appends to the reason what the device says about the damage. */
static void add(struct agent *a, const char *text) {
    const size_t used = strlen(a->error);
    snprintf(a->error + used, sizeof a->error - used, "; %s", text);
}

static void ask_cancel_update(struct agent *a) {
    agent_ask(a, &cancel_update);
}

static void ask_cancel_component(struct agent *a) {
    agent_ask(a, &cancel_component);
}

static void cancel_all(struct agent *a) {
    a->attempts = 0;
    a->component_open = false;
    ask_cancel_update(a);
}

void agent_cancel_component(struct agent *a, agent_action *action) {
    a->stage = STAGE_CANCEL;
    a->attempts = 0;
    a->after_cancel = action;
    if (a->component_open)
        ask_cancel_component(a);
    else
        action(a);
}

void agent_cancel(struct agent *a) {
    agent_notice(a, AGENT_STAGE, "CancelUpdate");
    agent_cancel_component(a, cancel_all);
}

/* True when the same command is to be sent again later. */
static bool busy(struct agent *a, uint8_t code, agent_action *again) {
    if (code != PLDM_BUSY_IN_BACKGROUND || ++a->attempts >= BUSY_TRIES) return false;
    agent_wake_in(a, a->config.ua_t1_ms, again);
    return true;
}

static void answer_component(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    (void)body;
    (void)len;
    if (busy(a, code, ask_cancel_component)) return;
    a->component_open = false;
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
        snprintf(text, sizeof text, "the device says components 0x%" PRIx64 " will not function",
                 answer.non_functioning_bitmap);
        add(a, text);
    }
    agent_finish(a, false);
}

static void update_silent(struct agent *a) {
    add(a, "no answer to CancelUpdate either");
    agent_finish(a, false);
}

static const struct agent_step cancel_component = {
    "CancelUpdateComponent", MCTP_TYPE_PLDM,   PLDM_TYPE_FWUP, PLDM_CANCEL_UPDATE_COMPONENT, NULL,
    answer_component,        component_silent, false};
static const struct agent_step cancel_update = {"CancelUpdate", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_CANCEL_UPDATE,
                                                NULL,           answer_update,  update_silent,  false};
