// SPDX-License-Identifier: Apache-2.0
//
// One component after the other: UpdateComponent, then the device asks and the agent watches. During download UA_T2
// runs from each command of the device; during verify and apply GetStatus is polled, and UA_T3 runs from each sign of
// progress.
#include <stdio.h>

#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step update_component, poll_status;

void agent_component_first(struct agent *a) {
    a->current = 0;
    agent_notice(a, AGENT_STAGE, update_component.name);
    agent_ask(a, &update_component);
}

/* Goes on behind the current component, whatever became of it. */
static void next_component(struct agent *a) {
    a->stage = STAGE_READY;
    a->component_open = false;
    agent_no_guard(a);
    agent_no_wake(a);
    if (++a->current < a->outcome_count) {
        agent_notice(a, AGENT_STAGE, update_component.name);
        agent_ask(a, &update_component);
        return;
    }
    bool any = false;
    for (size_t i = 0; i < a->outcome_count; i++) any |= a->outcomes[i].fate == AGENT_UPDATED;
    a->current = a->outcome_count - 1;
    if (any)
        agent_activate(a);
    else
        agent_fail(a);
}

void agent_component_done(struct agent *a) {
    a->outcomes[a->current].fate = AGENT_UPDATED;
    a->component_open = false;
    a->stage = STAGE_READY;
    agent_no_guard(a);
    agent_no_wake(a);
    agent_then(a, next_component);
}

static void cancel_and_go_on(struct agent *a) {
    agent_cancel_component(a, next_component);
}

void agent_component_broken(struct agent *a, uint8_t code) {
    a->outcomes[a->current].fate = AGENT_BROKEN;
    a->outcomes[a->current].code = code;
    agent_no_guard(a);
    agent_no_wake(a);
    const bool go_on = (a->record->options & PKG_CONTINUE_AFTER_FAILURE) != 0;
    agent_then(a, go_on ? cancel_and_go_on : agent_fail);
}

static void download_idle(struct agent *a) {
    char label[AGENT_LABEL];
    agent_explain(a, "%s: the device has not asked for data for %u ms (UA_T2)", agent_label(a, label),
                  a->config.ua_t2_ms);
    agent_component_broken(a, 0);
}

void agent_device_active(struct agent *a) {
    agent_guard(a, a->config.ua_t2_ms, download_idle);
}

static void no_progress(struct agent *a) {
    char label[AGENT_LABEL];
    agent_explain(a, "%s: %s without progress for %u ms (UA_T3)", agent_label(a, label),
                  a->stage == STAGE_VERIFY ? "VERIFY" : "APPLY", a->config.ua_t3_ms);
    agent_component_broken(a, 0);
}

static void poll(struct agent *a) {
    agent_ask(a, &poll_status);
}

void agent_watch(struct agent *a, enum agent_stage stage) {
    a->stage = stage;
    a->last_state = UINT8_MAX;
    agent_guard(a, a->config.ua_t3_ms, no_progress);
    if (a->step == NULL) agent_wake_in(a, a->config.poll_ms, poll); /* else its answer leads to the next */
}

static void poll_again(struct agent *a) {
    agent_wake_in(a, a->config.poll_ms, poll);
}

static size_t encode_update_component(struct agent *a, uint8_t *body, size_t size) {
    const struct agent_outcome *outcome = &a->outcomes[a->current];
    const struct pkg_component *c = &a->package->components[outcome->component];
    const bool forced = a->config.force || (c->options & PKG_FORCE_UPDATE) != 0;
    const struct pldm_update_component_req request = {
        .classification = c->classification,
        .identifier = c->identifier,
        .index = a->inventory.components[outcome->target].index,
        .stamp = c->stamp,
        .image_size = c->size,
        .options = forced ? PLDM_UPDATE_FORCE : 0,
        .version = c->version,
    };
    const size_t used = pldm_update_component_req_encode(&request, body, size);
    a->stage = STAGE_DOWNLOAD; /* the answer may get lost, and the device's first request come first */
    a->component_open = true;
    return used;
}

/* The device does not want this component: without a wish to go on that is the end. */
static void refused(struct agent *a, uint8_t code) {
    char label[AGENT_LABEL], name[TEXT_STRING];
    a->outcomes[a->current].fate = AGENT_REFUSED;
    a->outcomes[a->current].code = code;
    a->component_open = false;
    agent_explain(a, "%s: the device refuses it: %s", agent_label(a, label), component_response_name(code, name));
    if ((a->record->options & PKG_CONTINUE_AFTER_FAILURE) != 0)
        next_component(a);
    else
        agent_fail(a);
}

static void answer_update_component(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_update_component_resp answer;
    if (code != PLDM_SUCCESS) {
        agent_refused(a, update_component.name, code);
    } else if (pldm_update_component_resp_decode(body, len, &answer) != 0) {
        agent_garbled(a, update_component.name);
    } else if (answer.response != 0) {
        refused(a, answer.response_code);
    } else if (a->stage == STAGE_DOWNLOAD) {
        agent_guard(a, a->config.ua_t2_ms + answer.delay_s * UINT64_C(1000), download_idle);
    } else {
        poll_again(a);
    }
}

/* A device that has fallen back to IDLE has forgotten the update: a restart, or its own timer. */
static void answer_poll(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_status_resp answer;
    if (code != PLDM_SUCCESS || pldm_get_status_resp_decode(body, len, &answer) != 0) {
        poll_again(a); /* UA_T3 is running */
        return;
    }
    a->inventory.status = answer;
    if (answer.current_state == PLDM_STATE_IDLE) {
        char label[AGENT_LABEL];
        agent_explain(a, "%s: the device has left update mode (reason code %u)", agent_label(a, label), answer.reason);
        a->component_open = false;
        agent_component_broken(a, answer.reason);
        return;
    }
    if (answer.current_state != a->last_state || answer.progress != a->last_percent)
        agent_guard(a, a->config.ua_t3_ms, no_progress);
    a->last_state = answer.current_state;
    a->last_percent = answer.progress;
    if (answer.progress <= 100) agent_notice(a, AGENT_PERCENT, state_name(answer.current_state));
    poll_again(a);
}

static const struct agent_step update_component = {
    "UpdateComponent",       MCTP_TYPE_PLDM,          PLDM_TYPE_FWUP, PLDM_UPDATE_COMPONENT,
    encode_update_component, answer_update_component, NULL,           false};
static const struct agent_step poll_status = {"GetStatus", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_GET_STATUS,
                                              NULL,        answer_poll,    poll_again,     false};
