// SPDX-License-Identifier: Apache-2.0
//
// The end of an update: ActivateFirmware, self-contained where a component of the update can do that, then the device
// is looked for until it is back, and its inventory must show what was transferred.
#include <stdio.h>
#include <string.h>

#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step activate;

/* The package's wish counts where it has one: a device that can restart itself need not be told to. */
static bool self_contained(const struct agent *a, const struct agent_outcome *outcome) {
    const uint16_t requested = a->package->components[outcome->component].activation;
    const uint16_t methods = requested != 0 ? requested & outcome->methods : outcome->methods;
    return outcome->fate == AGENT_UPDATED && (methods & PLDM_ACTIVATION_SELF_CONTAINED) != 0;
}

/* Which image runs afterwards: one that was activated here, or already when it was applied. Others are pending. */
static void expect_running(struct agent *a) {
    for (size_t i = 0; i < a->outcome_count; i++) {
        struct agent_outcome *outcome = &a->outcomes[i];
        outcome->must_run =
            (a->self_contained && self_contained(a, outcome)) || (outcome->methods & PLDM_ACTIVATION_AUTOMATIC) != 0;
    }
}

static bool all_updated(const struct agent *a) {
    bool complete = true;
    for (size_t i = 0; i < a->outcome_count; i++) complete &= a->outcomes[i].fate == AGENT_UPDATED;
    return complete;
}

void agent_activate(struct agent *a) {
    if (a->config.activate == AGENT_ACTIVATE_NOT) {
        agent_finish(a, all_updated(a));
        return;
    }
    a->self_contained = false;
    if (a->config.activate == AGENT_ACTIVATE_SELF_CONTAINED && !a->traits->never_self_contained)
        for (size_t i = 0; i < a->outcome_count; i++) a->self_contained |= self_contained(a, &a->outcomes[i]);
    expect_running(a);
    agent_notice(a, AGENT_STAGE, activate.name);
    agent_ask(a, &activate);
}

static size_t encode_activate(struct agent *a, uint8_t *body, size_t size) {
    const struct pldm_activate_firmware_req request = {.self_contained = a->self_contained};
    return pldm_activate_firmware_req_encode(&request, body, size);
}

static void not_back(struct agent *a) {
    agent_explain(a, "%s", a->mismatch);
    agent_finish(a, false);
}

static void await_return(struct agent *a, uint16_t estimated_s) {
    const uint64_t wait_ms = estimated_s * UINT64_C(1000) + a->config.return_ms;
    a->in_update_mode = false;
    if (a->traits->ends_activated) {
        agent_finish(a, all_updated(a)); /* the failed ones explained when it happened */
        return;
    }
    a->stage = STAGE_ACTIVATE;
    a->returning = true;
    snprintf(a->mismatch, sizeof a->mismatch, "the device did not come back within %u s after ActivateFirmware",
             (unsigned)(wait_ms / 1000));
    agent_guard(a, wait_ms, not_back);
    agent_not_yet(a);
}

/* The inventory decides: a device that restarts at once may never have sent its answer, and one that is back knows
 * nothing of the update any more. */
static void activate_silent(struct agent *a) {
    if (a->traits->ends_activated) {
        agent_explain(a, "%s: no answer from the device", activate.name);
        agent_fail(a);
        return;
    }
    agent_notice(a, AGENT_WARNING, "no answer to ActivateFirmware: the inventory will tell");
    await_return(a, 0);
}

static bool is_repetition(const struct agent *a) {
    return a->tries_left + 1 < a->config.tries;
}

static void answer_activate(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_activate_firmware_resp answer = {0};
    if (code == PLDM_NOT_IN_UPDATE_MODE && is_repetition(a) && !a->traits->ends_activated) {
        activate_silent(a);
    } else if (code == PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED && a->self_contained) {
        agent_notice(a, AGENT_WARNING, "the device does not permit self-contained activation now");
        a->self_contained = false;
        expect_running(a);
        agent_ask(a, &activate);
    } else if (code != PLDM_SUCCESS && (code != PLDM_ACTIVATION_NOT_REQUIRED || a->traits->needs_activation)) {
        agent_refused(a, activate.name, code);
    } else if (code == PLDM_SUCCESS && pldm_activate_firmware_resp_decode(body, len, &answer) != 0) {
        agent_garbled(a, activate.name);
    } else {
        await_return(a, answer.estimated_s);
    }
}

static bool is_version(const struct pldm_string *version, const struct pkg_component *c) {
    return version->len == c->version.len && memcmp(version->bytes, c->version.bytes, version->len) == 0;
}

/* Whether the inventory shows an outcome's image active, or pending where it need not run yet. */
static bool shows(struct agent *a, const struct agent_outcome *outcome) {
    const struct pkg_component *c = &a->package->components[outcome->component];
    char active[TEXT_STRING], wanted[TEXT_STRING];
    for (size_t i = 0; i < a->inventory.component_count; i++) {
        const struct pldm_component *now = &a->inventory.components[i];
        if (now->classification != c->classification || now->identifier != c->identifier ||
            now->index != outcome->index)
            continue;
        if (is_version(&now->active.version, c)) return true;
        if (!outcome->must_run && is_version(&now->pending.version, c)) return true;
        snprintf(a->mismatch, sizeof a->mismatch,
                 "component %u (0x%04x:0x%04x): version %.80s is active after the activation, not %.80s",
                 outcome->component, c->classification, c->identifier, string_format(&now->active.version, active),
                 string_format(&c->version, wanted));
        return false;
    }
    snprintf(a->mismatch, sizeof a->mismatch, "component %u (0x%04x:0x%04x) is no longer on the device",
             outcome->component, c->classification, c->identifier);
    return false;
}

void agent_update_check(struct agent *a) {
    for (size_t i = 0; i < a->outcome_count; i++) {
        if (a->outcomes[i].fate != AGENT_UPDATED || shows(a, &a->outcomes[i])) continue;
        agent_not_yet(a); /* it may restart only now; the guard ends this */
        return;
    }
    agent_finish(a, all_updated(a)); /* the failed ones explained when it happened */
}

static const struct agent_step activate =
    AGENT_STEP("ActivateFirmware", PLDM_TYPE_FWUP, PLDM_ACTIVATE_FIRMWARE, .encode = encode_activate,
               .answer = answer_activate, .silent = activate_silent, .settles = true);
