// SPDX-License-Identifier: Apache-2.0
//
// One component after the other: UpdateComponent, then the device asks and the agent watches. During download UA_T2
// runs from each command of the device; during verify and apply GetStatus is polled, and UA_T3 runs from each sign of
// progress.
#include <stdio.h>

#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step update_component, poll_status;

bool agent_goes_on(const struct agent *a) {
    if (a->traits->failure != FAILURE_BY_RECORD) return a->traits->failure == FAILURE_GOES_ON;
    return (a->record->options & PKG_CONTINUE_AFTER_FAILURE) != 0;
}

bool agent_forced(const struct agent *a) {
    const struct pkg_component *c = &a->package->components[a->outcomes[a->current].component];
    if (a->traits->force == FORCE_NEVER) return false;
    return (a->config.force && a->traits->force == FORCE_WISHED) || (c->options & PKG_FORCE_UPDATE) != 0;
}

void agent_fate(struct agent *a, enum agent_fate fate, uint8_t code) {
    char label[AGENT_LABEL];
    a->outcomes[a->current].fate = fate;
    a->outcomes[a->current].code = code;
    agent_notice(a, AGENT_COMPONENT, agent_label(a, label));
}

static void update_current(struct agent *a) {
    agent_notice(a, AGENT_STAGE, update_component.name);
    agent_ask(a, &update_component);
}

static void component_begin(struct agent *a) {
    agent_when(a, PLDM_STATE_READY_XFER, update_current);
}

void agent_component_first(struct agent *a) {
    a->current = 0;
    component_begin(a);
}

/* Behind the last component. An agent that takes a repeated ApplyComplete for a new one has begun to count anew. */
static void components_over(struct agent *a) {
    bool any = false;
    for (size_t i = 0; i < a->outcome_count; i++) any |= a->outcomes[i].fate == AGENT_UPDATED;
    a->current = a->traits->repeat == REPEAT_SERVED ? 0 : a->outcome_count - 1;
    if (any)
        agent_when(a, PLDM_STATE_READY_XFER, agent_activate);
    else
        agent_fail(a);
}

/* Goes on behind the current component, whatever became of it. */
static void next_component(struct agent *a) {
    a->stage = STAGE_READY;
    a->component_open = false;
    agent_no_guard(a);
    agent_no_wake(a);
    if (++a->current < a->outcome_count)
        component_begin(a);
    else
        components_over(a);
}

/* The device's state is looked at after the last component, too, before anything else. */
static void component_applied(struct agent *a) {
    agent_when(a, PLDM_STATE_READY_XFER, next_component);
}

void agent_component_done(struct agent *a) {
    agent_fate(a, AGENT_UPDATED, 0);
    a->component_open = false;
    a->stage = STAGE_READY;
    agent_no_guard(a);
    agent_no_wake(a);
    agent_then(a, component_applied);
}

static void cancel_and_go_on(struct agent *a) {
    agent_cancel_component(a, next_component);
}

void agent_component_broken(struct agent *a, uint8_t code) {
    agent_fate(a, AGENT_BROKEN, code);
    a->stage = STAGE_CANCEL; /* no report of the device makes it good again while an answer is outstanding */
    agent_no_guard(a);
    agent_no_wake(a);
    agent_then(a, agent_goes_on(a) ? cancel_and_go_on : agent_fail);
}

static void download_idle(struct agent *a) {
    char label[AGENT_LABEL];
    agent_explain(a, "%s: the device has not asked for data for %u ms (UA_T2)", agent_label(a, label),
                  a->config.ua_t2_ms);
    agent_component_broken(a, 0);
}

/* A guard that begins when the time to prepare is over, should that not be yet. */
static void guard_prepared(struct agent *a, uint64_t ms, agent_action *action) {
    const uint64_t left = a->prepared_at > a->now ? (a->prepared_at - a->now) / 1000000 : 0;
    agent_guard(a, left + ms, action);
}

void agent_device_active(struct agent *a) {
    guard_prepared(a, a->config.ua_t2_ms, download_idle);
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
    agent_no_guard(a);
    if (a->traits->status != STATUS_POLLED) return; /* waits for ever */
    guard_prepared(a, a->config.ua_t3_ms, no_progress);
    if (a->step == NULL) agent_wake_in(a, a->config.poll_ms, poll); /* else its answer leads to the next */
}

static void poll_again(struct agent *a) {
    if (a->traits->status != STATUS_POLLED) return;
    agent_wake_in(a, a->config.poll_ms, poll);
}

static size_t encode_update_component(struct agent *a, uint8_t *body, size_t size) {
    const struct agent_outcome *outcome = &a->outcomes[a->current];
    const struct pkg_component *c = &a->package->components[outcome->component];
    a->stray = a->stray * 1664525 + 1013904223;
    const uint32_t stray = a->traits->stray_options ? a->stray & ~(uint32_t)PLDM_UPDATE_FORCE : 0;
    const struct pldm_update_component_req request = {
        .classification = c->classification,
        .identifier = c->identifier,
        .index = outcome->index,
        .stamp = c->stamp,
        .image_size = c->size,
        .options = stray | (agent_forced(a) ? PLDM_UPDATE_FORCE : 0),
        .version = agent_string(a, &c->version),
    };
    const size_t used = pldm_update_component_req_encode(&request, body, size);
    a->prepared_at = 0;
    a->stage = STAGE_DOWNLOAD; /* the answer may get lost, and the device's first request come first */
    a->component_open = true;
    return used;
}

/* The device does not want this component: without a wish to go on that is the end. */
static void refused(struct agent *a, uint8_t code) {
    char label[AGENT_LABEL], name[TEXT_STRING];
    a->component_open = false;
    agent_explain(a, "%s: the device refuses it: %s", agent_label(a, label), component_response_name(code, name));
    agent_fate(a, AGENT_REFUSED, code);
    if (agent_goes_on(a))
        next_component(a);
    else
        agent_fail(a);
}

static void await_data(struct agent *a, uint16_t delay_s) {
    if (!a->traits->idle_from_data) a->prepared_at = a->now + delay_s * UINT64_C(1000000000);
    if (a->stage != STAGE_DOWNLOAD)
        poll_again(a); /* the device was quicker than its answer */
    else if (!a->traits->idle_from_data)
        agent_device_active(a);
}

/* The device has failed this component; it is still there for the others unless it is out of update mode. */
static void answered_badly(struct agent *a, uint8_t code) {
    char label[AGENT_LABEL], name[TEXT_STRING];
    agent_explain(a, "%s: %s: the device answered %s", agent_label(a, label), update_component.name,
                  completion_name(code, name));
    a->component_open = false;
    if (code == PLDM_NOT_IN_UPDATE_MODE)
        agent_fail(a);
    else
        agent_component_broken(a, code);
}

static void answer_update_component(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_update_component_resp answer;
    if (code != PLDM_SUCCESS)
        answered_badly(a, code);
    else if (pldm_update_component_resp_decode(body, len, &answer) != 0)
        agent_garbled(a, update_component.name);
    else if (answer.response != 0)
        refused(a, answer.response_code);
    else
        await_data(a, answer.delay_s);
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
        guard_prepared(a, a->config.ua_t3_ms, no_progress);
    a->last_state = answer.current_state;
    a->last_percent = answer.progress;
    if (answer.progress <= 100) agent_notice(a, AGENT_PERCENT, state_name(answer.current_state));
    poll_again(a);
}

static const struct agent_step update_component =
    AGENT_STEP("UpdateComponent", PLDM_TYPE_FWUP, PLDM_UPDATE_COMPONENT, .encode = encode_update_component,
               .answer = answer_update_component, .settles = true);
static const struct agent_step poll_status =
    AGENT_STEP("GetStatus", PLDM_TYPE_FWUP, PLDM_GET_STATUS, .answer = answer_poll, .silent = poll_again);
