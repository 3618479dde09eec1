// SPDX-License-Identifier: Apache-2.0
//
// The beginning of an update: RequestUpdate with its retries, package data, device metadata, and PassComponentTable for
// every component.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/agent_internal.h"
#include "host/text.h"

static const struct agent_step request_update, get_meta_data, pass_component_table;

const char *agent_label(const struct agent *a, char out[AGENT_LABEL]) {
    const unsigned n = a->outcomes[a->current].component;
    const struct pkg_component *c = &a->package->components[n];
    snprintf(out, AGENT_LABEL, "component %u (0x%04x:0x%04x)", n, c->classification, c->identifier);
    return out;
}

struct pldm_string agent_string(const struct agent *a, const struct pldm_string *string) {
    struct pldm_string out = *string;
    if (a->traits->ascii) out.type = PLDM_STRING_ASCII;
    return out;
}

static void request_again(struct agent *a) {
    a->stage = STAGE_LEARN; /* the answer may get lost, and what the device sends next come first */
    agent_ask(a, &request_update);
}

static void request_first(struct agent *a) {
    agent_notice(a, AGENT_STAGE, request_update.name);
    request_again(a);
}

/* Ends what another agent has left behind; the device says only that it is not in IDLE. */
static void clear_stale(struct agent *a, agent_action *action) {
    a->stale_canceled = true;
    agent_notice(a, AGENT_WARNING, "the device was in update mode: the update left behind is cancelled");
    agent_clear(a, action);
}

void agent_update_begin(struct agent *a) {
    if (!agent_choose(a)) {
        agent_fail(a);
        return;
    }
    a->current = 0;
    a->attempts = 0;
    a->stale_canceled = false;
    a->component_open = false;
    a->done_len = 0;
    a->package_data_given = false;
    if (a->traits->status == STATUS_POLLED && a->inventory.status.current_state != PLDM_STATE_IDLE)
        clear_stale(a, request_first);
    else
        agent_when(a, PLDM_STATE_IDLE, request_first);
}

static size_t encode_request_update(struct agent *a, uint8_t *body, size_t size) {
    const struct agent_traits *t = a->traits;
    const struct pldm_request_update_req request = {
        .max_transfer_size = a->config.max_transfer,
        .component_count = t->counts_one ? 1 : (uint16_t)a->outcome_count,
        .max_outstanding = a->config.max_outstanding,
        .package_data_len = t->hides_package_data ? 0 : a->record->data_len,
        .set_version = agent_string(a, t->package_version ? &a->package->version : &a->record->version),
    };
    a->attempts++;
    return pldm_request_update_req_encode(&request, body, size);
}

/* True when the device asked for patience, or when an update that an agent has left behind can be ended first: the
 * completion code for that is the specification's in READY XFER, and Table 9's for any other state. */
static bool try_again(struct agent *a, uint8_t code) {
    if (a->traits->no_second_chance) return false;
    if (code == PLDM_RETRY_REQUEST_UPDATE && a->attempts < a->config.tries) {
        agent_wake_in(a, a->config.ua_t4_ms, request_again);
        return true;
    }
    if ((code == PLDM_ALREADY_IN_UPDATE_MODE || code == PLDM_INVALID_STATE_FOR_COMMAND) && !a->stale_canceled) {
        a->attempts = 0;
        clear_stale(a, request_again);
        return true;
    }
    return false;
}

static void pass_first(struct agent *a) {
    agent_notice(a, AGENT_STAGE, pass_component_table.name);
    agent_ask(a, &pass_component_table);
}

static void pass_components(struct agent *a) {
    agent_when(a, PLDM_STATE_LEARN_COMPONENTS, pass_first);
}

static void ask_for_meta_data(struct agent *a) {
    free(a->meta_data);
    a->meta_data = NULL;
    a->meta_data_have = 0;
    if (a->meta_data_len == 0) {
        pass_components(a);
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

/* Each part has the time of UA_T5 for itself. */
void agent_package_data_asked(struct agent *a) {
    if (a->guard.at != UINT64_MAX && a->guard.action == no_package_data_asked)
        agent_guard(a, a->config.ua_t5_ms, no_package_data_asked);
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
    a->meta_data_len = a->traits->no_meta_data ? 0 : answer.meta_data_len;
    const bool wait = answer.will_get_package_data != 0 && a->record->data_len != 0 && !a->traits->no_package_data;
    if (wait && !a->package_data_given)
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
    const bool first = a->meta_data_have == 0;
    if (pldm_get_data_resp_decode(body, len, &answer) != 0 || answer.data_len == 0 ||
        first != ((answer.transfer_flag & PLDM_TRANSFER_START) != 0) ||
        answer.data_len > (size_t)(a->meta_data_len - a->meta_data_have)) {
        agent_garbled(a, get_meta_data.name);
        return;
    }
    memcpy(a->meta_data + a->meta_data_have, answer.data, answer.data_len);
    a->meta_data_have = (uint16_t)(a->meta_data_have + answer.data_len);
    a->meta_handle = answer.next_handle;
    if ((answer.transfer_flag & PLDM_TRANSFER_END) != 0)
        pass_components(a);
    else
        agent_ask(a, &get_meta_data);
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
        .index = outcome->index,
        .stamp = c->stamp,
        .version = agent_string(a, &c->version),
    };
    return pldm_pass_component_table_req_encode(&request, body, size);
}

/* "May be updateable": UpdateComponent decides, with the force flag where the package or the user set it. What no flag
 * can help ends the update here, unless the record wants the other components nevertheless. */
static bool hopeless(const struct agent *a, uint8_t code) {
    if (code == PLDM_COMPONENT_CAN_BE_UPDATED || agent_goes_on(a)) return false;
    const bool needs_force = code == PLDM_COMPONENT_STAMP_IDENTICAL || code == PLDM_COMPONENT_STAMP_LOWER ||
                             code == PLDM_COMPONENT_VERSION_IDENTICAL || code == PLDM_COMPONENT_VERSION_LOWER;
    return !(needs_force && agent_forced(a));
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
        agent_explain(a, "%s: the device refuses it: %s", agent_label(a, label),
                      component_response_name(answer.response_code, name));
        agent_fate(a, AGENT_REFUSED, answer.response_code);
        agent_fail(a);
    } else if (++a->current < a->outcome_count) {
        agent_ask(a, &pass_component_table);
    } else {
        a->stage = STAGE_READY;
        agent_component_first(a);
    }
}

static const struct agent_step request_update =
    AGENT_STEP("RequestUpdate", PLDM_TYPE_FWUP, PLDM_REQUEST_UPDATE, .encode = encode_request_update,
               .answer = answer_request_update);
static const struct agent_step get_meta_data =
    AGENT_STEP("GetDeviceMetaData", PLDM_TYPE_FWUP, PLDM_GET_DEVICE_META_DATA, .encode = encode_get_meta_data,
               .answer = answer_get_meta_data);
static const struct agent_step pass_component_table =
    AGENT_STEP("PassComponentTable", PLDM_TYPE_FWUP, PLDM_PASS_COMPONENT_TABLE, .encode = encode_pass_component_table,
               .answer = answer_pass_component_table);
