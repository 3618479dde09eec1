// SPDX-License-Identifier: Apache-2.0
//
// The beginning of an update: which record of the package is the device's (clause 7.1), RequestUpdate with its retries,
// package data, device metadata, and PassComponentTable for every component.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step request_update, cancel_stale, get_meta_data, pass_component_table;

const char *agent_label(const struct agent *a, char out[AGENT_LABEL]) {
    const unsigned n = a->outcomes[a->current].component;
    const struct pkg_component *c = &a->package->components[n];
    snprintf(out, AGENT_LABEL, "component %u (0x%04x:0x%04x)", n, c->classification, c->identifier);
    return out;
}

/* Each applicable component of the package, in its order, for each component of the device that takes it. */
static bool choose_targets(struct agent *a) {
    a->outcome_count = 0;
    for (unsigned n = 0; n < a->package->component_count; n++) {
        const struct pkg_component *c = &a->package->components[n];
        if (!pkg_applies(a->record, n)) continue;
        const size_t before = a->outcome_count;
        for (unsigned t = 0; t < a->inventory.component_count; t++) {
            const struct pldm_component *target = &a->inventory.components[t];
            if (target->classification != c->classification || target->identifier != c->identifier) continue;
            if (a->outcome_count == AGENT_MAX_COMPONENTS) break;
            a->outcomes[a->outcome_count++] = (struct agent_outcome){.component = n, .target = t};
        }
        if (a->outcome_count != before) continue;
        agent_explain(a, "component %u (0x%04x:0x%04x) of the package is not on the device", n, c->classification,
                      c->identifier);
        return false;
    }
    return true;
}

void agent_update_begin(struct agent *a) {
    a->record = pkg_match(a->package, a->inventory.descriptors, a->inventory.descriptor_count);
    if (a->record == NULL) {
        agent_explain(a, "no device record of the package matches the device's descriptors");
        agent_fail(a);
        return;
    }
    if (!choose_targets(a)) {
        agent_fail(a);
        return;
    }
    a->current = 0;
    a->attempts = 0;
    a->stale_canceled = false;
    a->component_open = false;
    a->done_len = 0;
    a->package_data_given = false;
    a->stage = STAGE_LEARN; /* the answer may get lost, and what the device sends next come first */
    agent_notice(a, AGENT_STAGE, request_update.name);
    agent_ask(a, &request_update);
}

static size_t encode_request_update(struct agent *a, uint8_t *body, size_t size) {
    const struct pldm_request_update_req request = {
        .max_transfer_size = a->config.max_transfer,
        .component_count = (uint16_t)a->outcome_count,
        .max_outstanding = a->config.max_outstanding,
        .package_data_len = a->record->data_len,
        .set_version = a->record->version,
    };
    a->attempts++;
    return pldm_request_update_req_encode(&request, body, size);
}

static void request_again(struct agent *a) {
    agent_ask(a, &request_update);
}

static void cancel_stale_update(struct agent *a) {
    agent_ask(a, &cancel_stale);
}

/* True when the device asked for patience, or when an update that an agent has left behind can be ended first. */
static bool try_again(struct agent *a, uint8_t code) {
    if (code == PLDM_RETRY_REQUEST_UPDATE && a->attempts < a->config.tries) {
        agent_wake_in(a, a->config.ua_t4_ms, request_again);
        return true;
    }
    if (code == PLDM_ALREADY_IN_UPDATE_MODE && !a->stale_canceled) {
        a->stale_canceled = true;
        agent_notice(a, AGENT_WARNING, "the device was in update mode: the update left behind is cancelled");
        cancel_stale_update(a);
        return true;
    }
    return false;
}

static void after_stale(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    (void)body;
    (void)len;
    if (code == PLDM_BUSY_IN_BACKGROUND && a->attempts++ < a->config.tries) {
        agent_wake_in(a, a->config.ua_t1_ms, cancel_stale_update);
        return;
    }
    a->attempts = 0;
    request_again(a);
}

static void ask_for_meta_data(struct agent *a) {
    free(a->meta_data);
    a->meta_data = NULL;
    a->meta_data_have = 0;
    if (a->meta_data_len == 0) {
        agent_notice(a, AGENT_STAGE, pass_component_table.name);
        agent_ask(a, &pass_component_table);
        return;
    }
    a->meta_data = malloc(a->meta_data_len);
    if (a->meta_data == NULL) {
        agent_explain(a, "out of memory");
        agent_fail(a);
        return;
    }
    agent_ask(a, &get_meta_data);
}

static void no_package_data_asked(struct agent *a) {
    agent_explain(a, "the device announced GetPackageData and sent none for %u ms (UA_T5)", a->config.ua_t5_ms);
    agent_fail(a);
}

void agent_package_data_given(struct agent *a) {
    a->package_data_given = true;
    if (a->guard.at == UINT64_MAX || a->guard.action != no_package_data_asked) return; /* not waited for */
    agent_no_guard(a);
    agent_then(a, ask_for_meta_data);
}

static void answer_request_update(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_request_update_resp answer;
    if (code != PLDM_SUCCESS) {
        if (!try_again(a, code)) agent_refused(a, request_update.name, code);
        return;
    }
    a->in_update_mode = true;
    if (pldm_request_update_resp_decode(body, len, &answer) != 0) {
        agent_garbled(a, request_update.name);
        return;
    }
    a->meta_data_len = answer.meta_data_len;
    if (answer.will_get_package_data != 0 && a->record->data_len != 0 && !a->package_data_given)
        agent_guard(a, a->config.ua_t5_ms, no_package_data_asked);
    else
        ask_for_meta_data(a);
}

static size_t encode_get_meta_data(struct agent *a, uint8_t *body, size_t size) {
    const struct pldm_get_data_req request = {
        .handle = a->meta_data_have == 0 ? 0 : a->meta_handle,
        .operation = a->meta_data_have == 0 ? PLDM_GET_FIRST_PART : PLDM_GET_NEXT_PART,
    };
    return pldm_get_data_req_encode(&request, body, size);
}

static void answer_get_meta_data(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_data_resp answer;
    if (code == PLDM_NO_DEVICE_METADATA) {
        a->meta_data_len = 0;
        ask_for_meta_data(a);
        return;
    }
    if (code != PLDM_SUCCESS) {
        agent_refused(a, get_meta_data.name, code);
        return;
    }
    if (pldm_get_data_resp_decode(body, len, &answer) != 0 || answer.data_len == 0 ||
        answer.data_len > (size_t)(a->meta_data_len - a->meta_data_have)) {
        agent_garbled(a, get_meta_data.name);
        return;
    }
    memcpy(a->meta_data + a->meta_data_have, answer.data, answer.data_len);
    a->meta_data_have = (uint16_t)(a->meta_data_have + answer.data_len);
    a->meta_handle = answer.next_handle;
    if ((answer.transfer_flag & PLDM_TRANSFER_END) != 0) {
        agent_notice(a, AGENT_STAGE, pass_component_table.name);
        agent_ask(a, &pass_component_table);
    } else {
        agent_ask(a, &get_meta_data);
    }
}

static size_t encode_pass_component_table(struct agent *a, uint8_t *body, size_t size) {
    const struct agent_outcome *outcome = &a->outcomes[a->current];
    const struct pkg_component *c = &a->package->components[outcome->component];
    const bool first = a->current == 0, last = a->current + 1 == a->outcome_count;
    const struct pldm_pass_component_table_req request = {
        .transfer_flag = first && last ? PLDM_TRANSFER_START_AND_END
                         : first       ? PLDM_TRANSFER_START
                         : last        ? PLDM_TRANSFER_END
                                       : PLDM_TRANSFER_MIDDLE,
        .classification = c->classification,
        .identifier = c->identifier,
        .index = a->inventory.components[outcome->target].index,
        .stamp = c->stamp,
        .version = c->version,
    };
    return pldm_pass_component_table_req_encode(&request, body, size);
}

/* "May be updateable": UpdateComponent decides, with the force flag where the package or the user set it. What no flag
 * can help ends the update here, unless the record wants the other components nevertheless. */
static bool hopeless(const struct agent *a, uint8_t code) {
    if (code == PLDM_COMPONENT_CAN_BE_UPDATED) return false;
    if ((a->record->options & PKG_CONTINUE_AFTER_FAILURE) != 0) return false;
    const struct pkg_component *c = &a->package->components[a->outcomes[a->current].component];
    const bool forced = a->config.force || (c->options & PKG_FORCE_UPDATE) != 0;
    const bool needs_force = code == PLDM_COMPONENT_STAMP_IDENTICAL || code == PLDM_COMPONENT_STAMP_LOWER ||
                             code == PLDM_COMPONENT_VERSION_IDENTICAL || code == PLDM_COMPONENT_VERSION_LOWER;
    return !(needs_force && forced);
}

static void answer_pass_component_table(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_pass_component_table_resp answer;
    char label[AGENT_LABEL], name[TEXT_STRING];
    if (code != PLDM_SUCCESS) {
        agent_explain(a, "%s: %s: the device answered %s", agent_label(a, label), pass_component_table.name,
                      completion_name(code, name));
        agent_fail(a);
    } else if (pldm_pass_component_table_resp_decode(body, len, &answer) != 0) {
        agent_garbled(a, pass_component_table.name);
    } else if (hopeless(a, answer.response_code)) {
        a->outcomes[a->current].fate = AGENT_REFUSED;
        a->outcomes[a->current].code = answer.response_code;
        agent_explain(a, "%s: the device refuses it: %s", agent_label(a, label),
                      component_response_name(answer.response_code, name));
        agent_fail(a);
    } else if (++a->current < a->outcome_count) {
        agent_ask(a, &pass_component_table);
    } else {
        a->stage = STAGE_READY;
        agent_component_first(a);
    }
}

static const struct agent_step request_update = {
    "RequestUpdate",       MCTP_TYPE_PLDM,        PLDM_TYPE_FWUP, PLDM_REQUEST_UPDATE,
    encode_request_update, answer_request_update, NULL,           false};
static const struct agent_step cancel_stale = {"CancelUpdate", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_CANCEL_UPDATE,
                                               NULL,           after_stale,    NULL,           false};
static const struct agent_step get_meta_data = {
    "GetDeviceMetaData",  MCTP_TYPE_PLDM,       PLDM_TYPE_FWUP, PLDM_GET_DEVICE_META_DATA,
    encode_get_meta_data, answer_get_meta_data, NULL,           false};
static const struct agent_step pass_component_table = {
    "PassComponentTable",        MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_PASS_COMPONENT_TABLE, encode_pass_component_table,
    answer_pass_component_table, NULL,           false};
