// SPDX-License-Identifier: Apache-2.0
//
// Finding the device as mctpd does: Get Endpoint ID (to EID 0, the neighbour on the link, unless the device has its EID
// already), Set Endpoint ID where it has none, Get Message Type Support. After an activation again and again, until the
// device is back.
#include <string.h>

#include "fw/mctp/mctp_control.h"
#include "host/agent_internal.h"

static const struct agent_step get_eid, set_eid, message_types;

void agent_not_yet(struct agent *a) {
    agent_wake_in(a, a->config.poll_ms, agent_find);
}

static void nobody(struct agent *a) {
    a->silent = true;
    agent_explain(a, "no device answers on the link (%u tries, %u ms each)", a->config.tries, a->config.response_ms);
    agent_fail(a);
}

void agent_find_refused(struct agent *a, const char *command, uint8_t code) {
    if (a->returning)
        agent_not_yet(a);
    else
        agent_refused(a, command, code);
}

void agent_find_garbled(struct agent *a, const char *command) {
    if (a->returning)
        agent_not_yet(a);
    else
        agent_garbled(a, command);
}

void agent_find(struct agent *a) {
    a->inventory.eid = a->config.device_has_eid ? a->config.device_eid : MCTP_EID_NULL;
    agent_ask(a, &get_eid);
}

static size_t encode_get_eid(struct agent *a, uint8_t *body, size_t size) {
    return mctp_get_endpoint_id_encode(a->instance, body, size);
}

static void take_eid(struct agent *a, uint8_t eid) {
    if (eid < MCTP_EID_FIRST || eid == MCTP_EID_BROADCAST || eid == a->config.own_eid) {
        agent_ask(a, &set_eid);
        return;
    }
    a->inventory.eid = eid;
    agent_ask(a, &message_types);
}

static void answer_get_eid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != MCTP_SUCCESS) {
        agent_find_refused(a, get_eid.name, code);
    } else if (len < 2) {
        agent_find_garbled(a, get_eid.name);
    } else {
        a->inventory.endpoint_type = body[1];
        take_eid(a, body[0]);
    }
}

static size_t encode_set_eid(struct agent *a, uint8_t *body, size_t size) {
    return mctp_set_endpoint_id_encode(a->instance, a->config.device_eid, body, size);
}

static void answer_set_eid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code != MCTP_SUCCESS) {
        agent_find_refused(a, set_eid.name, code);
    } else if (len < 2 || body[1] < MCTP_EID_FIRST) {
        agent_find_garbled(a, set_eid.name);
    } else {
        a->inventory.assigned = true;
        a->inventory.eid = body[1]; /* accepted, or the one it insists on */
        agent_ask(a, &message_types);
    }
}

static size_t encode_message_types(struct agent *a, uint8_t *body, size_t size) {
    return mctp_get_message_type_support_encode(a->instance, body, size);
}

static void finish_well(struct agent *a) {
    agent_finish(a, true);
}

static void found(struct agent *a) {
    if (a->purpose == PURPOSE_DISCOVERY)
        agent_discover(a);
    else if (a->purpose == PURPOSE_CANCEL)
        agent_clear(a, finish_well);
    else if (a->traits->types == TYPES_FIRST)
        agent_ask_types(a, agent_read_inventory);
    else
        agent_read_inventory(a);
}

static void answer_message_types(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    const bool good = code == MCTP_SUCCESS && len >= 1 && body[0] == len - 1;
    struct agent_inventory *v = &a->inventory;
    v->message_type_count = !good ? 0 : body[0] < AGENT_MAX_MESSAGE_TYPES ? body[0] : AGENT_MAX_MESSAGE_TYPES;
    if (v->message_type_count != 0) memcpy(v->message_types, body + 1, v->message_type_count);
    if (a->purpose == PURPOSE_DISCOVERY) {
        found(a);
        return;
    }
    if (code != MCTP_SUCCESS) {
        agent_find_refused(a, message_types.name, code);
    } else if (!good) {
        agent_find_garbled(a, message_types.name);
    } else if (memchr(body + 1, MCTP_TYPE_PLDM, len - 1) == NULL) {
        agent_explain(a, "the device at EID %u does not speak PLDM over MCTP", a->inventory.eid);
        agent_fail(a);
    } else {
        a->takes_pci_vendor = memchr(body + 1, MCTP_TYPE_VENDOR_PCI, len - 1) != NULL;
        a->takes_iana_enterprise = memchr(body + 1, MCTP_TYPE_VENDOR_IANA, len - 1) != NULL;
        found(a);
    }
}

static void types_silent(struct agent *a) {
    if (a->purpose == PURPOSE_DISCOVERY) {
        found(a);
        return;
    }
    agent_explain(a, "%s: no answer from the device (%u tries, %u ms each)", message_types.name, a->config.tries,
                  a->config.response_ms);
    agent_fail(a);
}

static const struct agent_step get_eid = {.name = "Get Endpoint ID",
                                          .mctp_type = MCTP_TYPE_CONTROL,
                                          .command = MCTP_GET_ENDPOINT_ID,
                                          .encode = encode_get_eid,
                                          .answer = answer_get_eid,
                                          .silent = nobody};
static const struct agent_step set_eid = {.name = "Set Endpoint ID",
                                          .mctp_type = MCTP_TYPE_CONTROL,
                                          .command = MCTP_SET_ENDPOINT_ID,
                                          .encode = encode_set_eid,
                                          .answer = answer_set_eid};
static const struct agent_step message_types = {.name = "Get Message Type Support",
                                                .mctp_type = MCTP_TYPE_CONTROL,
                                                .command = MCTP_GET_MESSAGE_TYPE_SUPPORT,
                                                .encode = encode_message_types,
                                                .answer = answer_message_types,
                                                .silent = types_silent};
