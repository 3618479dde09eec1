// SPDX-License-Identifier: Apache-2.0
//
// The device's state, asked for outside of polling: before a step, where the personality checks it, and to bring a
// device back to IDLE that another agent, or this one before it died, left in update mode.
#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step check_state, look;

void agent_when(struct agent *a, uint8_t state, agent_action *action) {
    if (a->traits->status != STATUS_CHECKED) {
        action(a);
        return;
    }
    a->state_wanted = state;
    a->when_state = action;
    agent_ask(a, &check_state);
}

static void answer_check_state(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_status_resp *status = &a->inventory.status;
    if (code != PLDM_SUCCESS) {
        agent_refused(a, check_state.name, code);
    } else if (pldm_get_status_resp_decode(body, len, status) != 0) {
        agent_garbled(a, check_state.name);
    } else if (status->current_state != a->state_wanted) {
        agent_explain(a, "the device is in %s, not in %s", state_name(status->current_state),
                      state_name(a->state_wanted));
        agent_fail(a);
    } else if ((a->traits->expects & EXPECT_AUX_STATE) != 0 && status->aux_state != PLDM_AUX_IDLE) {
        agent_explain(a, "the device's AuxState is %u in %s, not %d", status->aux_state,
                      state_name(status->current_state), PLDM_AUX_IDLE);
        agent_fail(a);
    } else {
        a->when_state(a);
    }
}

static void look_again(struct agent *a) {
    agent_ask(a, &look);
}

static void look_later(struct agent *a) {
    agent_wake_in(a, a->config.ua_t1_ms, look_again);
}

/* A device that stays is not asked without a pause. */
static void canceled(struct agent *a) {
    if (a->cancels++ == 0)
        look_again(a);
    else
        look_later(a);
}

static void too_long(struct agent *a) {
    agent_explain(a, "the device does not leave update mode: it stays in %s",
                  state_name(a->inventory.status.current_state));
    agent_finish(a, false);
}

void agent_clear(struct agent *a, agent_action *action) {
    a->when_idle = action;
    a->cancels = 0;
    agent_guard(a, a->config.ua_t3_ms, too_long);
    look_again(a);
}

static void answer_look(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    const struct pldm_get_status_resp *status = &a->inventory.status;
    if (code != PLDM_SUCCESS) {
        agent_refused(a, look.name, code);
        return;
    }
    if (pldm_get_status_resp_decode(body, len, &a->inventory.status) != 0) {
        agent_garbled(a, look.name);
        return;
    }
    a->component_open = status->current_state >= PLDM_STATE_DOWNLOAD && status->current_state <= PLDM_STATE_APPLY;
    if (status->current_state == PLDM_STATE_ACTIVATE) {
        look_later(a); /* that is finished, not cancelled */
    } else if (status->current_state != PLDM_STATE_IDLE) {
        agent_cancel_all(a, canceled);
    } else {
        agent_no_guard(a);
        a->stage = STAGE_QUIET;
        a->when_idle(a);
    }
}

static const struct agent_step check_state =
    AGENT_STEP("GetStatus", PLDM_TYPE_FWUP, PLDM_GET_STATUS, .answer = answer_check_state);
static const struct agent_step look = AGENT_STEP("GetStatus", PLDM_TYPE_FWUP, PLDM_GET_STATUS, .answer = answer_look);
