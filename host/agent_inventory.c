// SPDX-License-Identifier: Apache-2.0
//
// Finding the device and reading what it says of itself: Get Endpoint ID (to EID 0, the neighbour on the link), Set
// Endpoint ID where it has none, Get Message Type Support; GetTID and GetPLDMTypes, which it need not have;
// QueryDeviceIdentifiers, GetFirmwareParameters, GetStatus. After an activation the same, until the device is back.
#include <string.h>

#include "fw/mctp/mctp_control.h"
#include "host/agent_internal.h"

static const struct agent_step get_eid, set_eid, message_types, get_tid, get_types, identifiers, parameters, status;

void agent_not_yet(struct agent *a) {
    agent_wake_in(a, a->config.poll_ms, agent_find);
}

static void nobody(struct agent *a) {
    agent_explain(a, "no device answers on the link (%u tries, %u ms each)", a->config.tries, a->config.response_ms);
    agent_fail(a);
}

/* What ends the operation otherwise only means "not yet" while the device restarts. */
static void refused(struct agent *a, const char *command, uint8_t code) {
    if (a->returning)
        agent_not_yet(a);
    else
        agent_refused(a, command, code);
}

static void garbled(struct agent *a, const char *command) {
    if (a->returning)
        agent_not_yet(a);
    else
        agent_garbled(a, command);
}

void agent_find(struct agent *a) {
    a->inventory.eid = MCTP_EID_NULL;
    agent_ask(a, &get_eid);
}

static size_t encode_get_eid(struct agent *a, uint8_t *body, size_t size) {
    return mctp_get_endpoint_id_encode(a->instance, body, size);
}

static void answer_get_eid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != MCTP_SUCCESS) {
        refused(a, get_eid.name, code);
    } else if (len < 2) {
        garbled(a, get_eid.name);
    } else if (body[0] < MCTP_EID_FIRST || body[0] == MCTP_EID_BROADCAST || body[0] == a->config.own_eid) {
        agent_ask(a, &set_eid);
    } else {
        a->inventory.eid = body[0];
        agent_ask(a, &message_types);
    }
}

static size_t encode_set_eid(struct agent *a, uint8_t *body, size_t size) {
    return mctp_set_endpoint_id_encode(a->instance, a->config.device_eid, body, size);
}

static void answer_set_eid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != MCTP_SUCCESS) {
        refused(a, set_eid.name, code);
    } else if (len < 2 || body[1] < MCTP_EID_FIRST) {
        garbled(a, set_eid.name);
    } else {
        a->inventory.eid = body[1]; /* accepted, or the one it insists on */
        agent_ask(a, &message_types);
    }
}

static size_t encode_message_types(struct agent *a, uint8_t *body, size_t size) {
    return mctp_get_message_type_support_encode(a->instance, body, size);
}

static void answer_message_types(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != MCTP_SUCCESS) {
        refused(a, message_types.name, code);
    } else if (len < 1 || body[0] != len - 1) {
        garbled(a, message_types.name);
    } else if (memchr(body + 1, MCTP_TYPE_PLDM, len - 1) == NULL) {
        agent_explain(a, "the device at EID %u does not speak PLDM over MCTP", a->inventory.eid);
        agent_fail(a);
    } else {
        agent_ask(a, &get_tid);
    }
}

static void after_tid(struct agent *a) {
    agent_ask(a, &get_types);
}

static void answer_get_tid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_tid_resp answer;
    (void)code;
    a->inventory.has_tid = pldm_get_tid_resp_decode(body, len, &answer) == 0 && answer.completion_code == 0;
    a->inventory.tid = answer.tid;
    after_tid(a);
}

static void after_types(struct agent *a) {
    agent_ask(a, &identifiers);
}

static void answer_get_types(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_types_resp answer;
    (void)code;
    a->inventory.has_types = pldm_get_types_resp_decode(body, len, &answer) == 0 && answer.completion_code == 0;
    if (a->inventory.has_types) memcpy(a->inventory.types, answer.types, sizeof answer.types);
    if (a->inventory.has_types && (answer.types[0] >> PLDM_TYPE_FWUP & 1) == 0) {
        agent_explain(a, "the device at EID %u does not support PLDM for Firmware Update", a->inventory.eid);
        agent_fail(a);
        return;
    }
    after_types(a);
}

static void answer_identifiers(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_query_device_identifiers_resp answer;
    if (code != PLDM_SUCCESS) {
        refused(a, identifiers.name, code);
        return;
    }
    if (len <= sizeof a->identifiers) memcpy(a->identifiers, body, len);
    if (len > sizeof a->identifiers || pldm_query_device_identifiers_resp_decode(a->identifiers, len, &answer) != 0) {
        garbled(a, identifiers.name);
        return;
    }
    struct pldm_iterator it = pldm_descriptors(answer.descriptors, answer.descriptors_len, answer.descriptor_count);
    a->inventory.descriptor_count = 0;
    while (a->inventory.descriptor_count < AGENT_MAX_DESCRIPTORS &&
           pldm_descriptor_next(&it, &a->inventory.descriptors[a->inventory.descriptor_count]))
        a->inventory.descriptor_count++;
    if (it.error != 0)
        garbled(a, identifiers.name);
    else
        agent_ask(a, &parameters);
}

static void answer_parameters(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_firmware_parameters_resp *answer = &a->inventory.parameters;
    if (code != PLDM_SUCCESS) {
        refused(a, parameters.name, code);
        return;
    }
    if (len <= sizeof a->parameters) memcpy(a->parameters, body, len);
    if (len > sizeof a->parameters || pldm_get_firmware_parameters_resp_decode(a->parameters, len, answer) != 0) {
        garbled(a, parameters.name);
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
    if (it.error != 0)
        garbled(a, parameters.name);
    else
        agent_ask(a, &status);
}

static void answer_status(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != PLDM_SUCCESS) {
        refused(a, status.name, code);
    } else if (pldm_get_status_resp_decode(body, len, &a->inventory.status) != 0) {
        garbled(a, status.name);
    } else if (a->returning) {
        if (a->inventory.status.current_state == PLDM_STATE_ACTIVATE)
            agent_not_yet(a);
        else
            agent_update_check(a);
    } else if (a->package != NULL) {
        agent_update_begin(a);
    } else {
        agent_finish(a, true);
    }
}

static const struct agent_step get_eid = {"Get Endpoint ID", MCTP_TYPE_CONTROL, 0,      MCTP_GET_ENDPOINT_ID,
                                          encode_get_eid,    answer_get_eid,    nobody, false};
static const struct agent_step set_eid = {"Set Endpoint ID", MCTP_TYPE_CONTROL, 0,    MCTP_SET_ENDPOINT_ID,
                                          encode_set_eid,    answer_set_eid,    NULL, false};
static const struct agent_step message_types = {
    "Get Message Type Support", MCTP_TYPE_CONTROL,    0,    MCTP_GET_MESSAGE_TYPE_SUPPORT,
    encode_message_types,       answer_message_types, NULL, false};
static const struct agent_step get_tid = {"GetTID", MCTP_TYPE_PLDM, PLDM_TYPE_BASE, PLDM_GET_TID,
                                          NULL,     answer_get_tid, after_tid,      true};
static const struct agent_step get_types = {"GetPLDMTypes", MCTP_TYPE_PLDM,   PLDM_TYPE_BASE, PLDM_GET_PLDM_TYPES,
                                            NULL,           answer_get_types, after_types,    true};
static const struct agent_step identifiers = {
    "QueryDeviceIdentifiers", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_QUERY_DEVICE_IDENTIFIERS, NULL,
    answer_identifiers,       NULL,           false};
static const struct agent_step parameters = {
    "GetFirmwareParameters", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_GET_FIRMWARE_PARAMETERS, NULL,
    answer_parameters,       NULL,           false};
static const struct agent_step status = {"GetStatus", MCTP_TYPE_PLDM, PLDM_TYPE_FWUP, PLDM_GET_STATUS,
                                         NULL,        answer_status,  NULL,           false};
