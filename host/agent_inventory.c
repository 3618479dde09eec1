// SPDX-License-Identifier: Apache-2.0
//
// What the device says of itself: QueryDeviceIdentifiers, GetFirmwareParameters, GetStatus; before or after them what
// PLDM base tells. After an activation the same.
#include <string.h>

#include "host/agent_internal.h"

static const struct agent_step identifiers, parameters, status;

void agent_read_inventory(struct agent *a) {
    agent_ask(a, &identifiers);
}

static void inventory_read(struct agent *a) {
    if (a->purpose == PURPOSE_UPDATE)
        agent_update_begin(a);
    else if (a->config.counters || a->config.slots || a->config.policy)
        agent_read_vendor(a);
    else
        agent_finish(a, true);
}

static void after_parameters(struct agent *a) {
    if (a->traits->status == STATUS_POLLED)
        agent_ask(a, &status);
    else
        inventory_read(a);
}

bool agent_take_identifiers(struct agent *a, const uint8_t *body, size_t len) {
    struct pldm_query_device_identifiers_resp answer;
    struct agent_inventory *v = &a->inventory;
    v->descriptor_count = 0;
    if (len > sizeof a->identifiers) return false;
    memcpy(a->identifiers, body, len);
    if (pldm_query_device_identifiers_resp_decode(a->identifiers, len, &answer) != 0) return false;
    struct pldm_iterator it = pldm_descriptors(answer.descriptors, answer.descriptors_len, answer.descriptor_count);
    while (v->descriptor_count < AGENT_MAX_DESCRIPTORS &&
           pldm_descriptor_next(&it, &v->descriptors[v->descriptor_count]))
        v->descriptor_count++;
    a->identifiers_len = len;
    return it.error == 0;
}

static void answer_identifiers(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != PLDM_SUCCESS)
        agent_find_refused(a, identifiers.name, code);
    else if (!agent_take_identifiers(a, body, len))
        agent_find_garbled(a, identifiers.name);
    else
        agent_ask(a, &parameters);
}

static void answer_parameters(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_firmware_parameters_resp *answer = &a->inventory.parameters;
    if (code != PLDM_SUCCESS) {
        agent_find_refused(a, parameters.name, code);
        return;
    }
    if (len <= sizeof a->parameters) memcpy(a->parameters, body, len);
    if (len > sizeof a->parameters || pldm_get_firmware_parameters_resp_decode(a->parameters, len, answer) != 0) {
        agent_find_garbled(a, parameters.name);
        return;
    }
    if (answer->component_count > AGENT_MAX_COMPONENTS) {
        agent_explain(a, "the device has %u components, more than %d", answer->component_count, AGENT_MAX_COMPONENTS);
        agent_fail(a);
        return;
    }
    struct pldm_iterator it = pldm_components(answer);
    a->inventory.component_count = 0;
    while (a->inventory.component_count < AGENT_MAX_COMPONENTS &&
           pldm_component_next(&it, &a->inventory.components[a->inventory.component_count]))
        a->inventory.component_count++;
    a->parameters_len = len;
    if (it.error != 0)
        agent_find_garbled(a, parameters.name);
    else if (!agent_expected(a))
        agent_fail(a);
    else if (a->traits->types == TYPES_LAST)
        agent_ask_terminus(a, after_parameters);
    else
        after_parameters(a);
}

static void answer_status(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != PLDM_SUCCESS) {
        agent_find_refused(a, status.name, code);
    } else if (pldm_get_status_resp_decode(body, len, &a->inventory.status) != 0) {
        agent_find_garbled(a, status.name);
    } else if (a->returning) {
        if (a->inventory.status.current_state == PLDM_STATE_ACTIVATE)
            agent_not_yet(a);
        else
            agent_update_check(a);
    } else {
        inventory_read(a);
    }
}

static const struct agent_step identifiers =
    AGENT_STEP("QueryDeviceIdentifiers", PLDM_TYPE_FWUP, PLDM_QUERY_DEVICE_IDENTIFIERS, .answer = answer_identifiers);
static const struct agent_step parameters =
    AGENT_STEP("GetFirmwareParameters", PLDM_TYPE_FWUP, PLDM_GET_FIRMWARE_PARAMETERS, .answer = answer_parameters);
static const struct agent_step status =
    AGENT_STEP("GetStatus", PLDM_TYPE_FWUP, PLDM_GET_STATUS, .answer = answer_status);
