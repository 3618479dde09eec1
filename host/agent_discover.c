// SPDX-License-Identifier: Apache-2.0
//
// What a device is, beyond that it is there: its UUID and, where it speaks PLDM, what PLDM base tells and its
// descriptors. It need not tell any of it.
#include <string.h>

#include "host/agent_internal.h"

static const struct agent_step get_uuid, identifiers;

static void over(struct agent *a) {
    agent_finish(a, true);
}

static bool does_updates(const struct agent *a) {
    return a->inventory.has_types && (a->inventory.types[PLDM_TYPE_FWUP / 8] >> PLDM_TYPE_FWUP % 8 & 1) != 0;
}

static void after_types(struct agent *a) {
    if (does_updates(a))
        agent_ask(a, &identifiers);
    else
        over(a);
}

static void after_uuid(struct agent *a) {
    if (memchr(a->inventory.message_types, MCTP_TYPE_PLDM, a->inventory.message_type_count) != NULL)
        agent_ask_types(a, after_types);
    else
        over(a);
}

static size_t encode_get_uuid(struct agent *a, uint8_t *body, size_t size) {
    return mctp_get_endpoint_uuid_encode(a->instance, body, size);
}

static void answer_get_uuid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    a->inventory.has_uuid = code == MCTP_SUCCESS && len == MCTP_UUID_SIZE;
    if (a->inventory.has_uuid) memcpy(a->inventory.uuid, body, MCTP_UUID_SIZE);
    after_uuid(a);
}

static void answer_identifiers(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    if (code == PLDM_SUCCESS && !agent_take_identifiers(a, body, len)) a->inventory.descriptor_count = 0;
    over(a);
}

void agent_discover(struct agent *a) {
    agent_ask(a, &get_uuid);
}

static const struct agent_step get_uuid = {.name = "Get Endpoint UUID",
                                           .mctp_type = MCTP_TYPE_CONTROL,
                                           .command = MCTP_GET_ENDPOINT_UUID,
                                           .encode = encode_get_uuid,
                                           .answer = answer_get_uuid,
                                           .silent = after_uuid};
static const struct agent_step identifiers =
    AGENT_STEP("QueryDeviceIdentifiers", PLDM_TYPE_FWUP, PLDM_QUERY_DEVICE_IDENTIFIERS, .answer = answer_identifiers,
               .silent = over);
