// SPDX-License-Identifier: Apache-2.0
//
// What PLDM base (DSP0240) tells of the device. None of it is needed for an update, so that a device without it is as
// good; only one that says it has no firmware update is not. The long form is what a BMC's second manager asks for:
// GetTID, SetTID, GetPLDMTypes, and GetPLDMVersion and GetPLDMCommands of every type.
#include <string.h>

#include "host/agent_internal.h"

enum { TYPES = 64, FIRST_TID = 1 };

static const struct agent_step get_tid, set_tid, get_types, get_version, get_commands;

static void over(struct agent *a) {
    a->after_types(a);
}

void agent_ask_types(struct agent *a, agent_action *action) {
    a->terminus = false;
    a->after_types = action;
    agent_ask(a, &get_tid);
}

void agent_ask_terminus(struct agent *a, agent_action *action) {
    a->terminus = true;
    a->after_types = action;
    agent_ask(a, &get_tid);
}

static void after_tid(struct agent *a) {
    agent_ask(a, a->terminus ? &set_tid : &get_types);
}

static void answer_get_tid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_tid_resp answer;
    (void)code;
    a->inventory.has_tid = pldm_get_tid_resp_decode(body, len, &answer) == 0 && answer.completion_code == 0;
    a->inventory.tid = answer.tid;
    after_tid(a);
}

static size_t encode_set_tid(struct agent *a, uint8_t *body, size_t size) {
    const bool has = a->inventory.has_tid && a->inventory.tid != 0;
    const struct pldm_set_tid_req request = {has ? a->inventory.tid : FIRST_TID};
    return pldm_set_tid_req_encode(&request, body, size);
}

/* Any failure ends what the second manager does, not the update. */
static void answer_set_tid(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    (void)body;
    (void)len;
    if (code == PLDM_SUCCESS)
        agent_ask(a, &get_types);
    else
        over(a);
}

static bool has_type(const struct agent *a, unsigned type) {
    return (a->inventory.types[type / 8] >> type % 8 & 1) != 0;
}

static void next_type(struct agent *a) {
    while (a->type < TYPES && !has_type(a, a->type)) a->type++;
    if (a->terminus && a->type < TYPES)
        agent_ask(a, &get_version);
    else
        over(a);
}

static void answer_get_types(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_types_resp answer;
    (void)code;
    a->inventory.has_types = pldm_get_types_resp_decode(body, len, &answer) == 0 && answer.completion_code == 0;
    if (!a->inventory.has_types) {
        over(a);
        return;
    }
    memcpy(a->inventory.types, answer.types, sizeof answer.types);
    a->type = 0;
    if (has_type(a, PLDM_TYPE_FWUP)) {
        next_type(a);
        return;
    }
    if (a->purpose == PURPOSE_DISCOVERY) {
        over(a);
        return;
    }
    agent_explain(a, "the device at EID %u does not support PLDM for Firmware Update", a->inventory.eid);
    agent_fail(a);
}

static size_t encode_get_version(struct agent *a, uint8_t *body, size_t size) {
    const struct pldm_get_version_req request = {0, PLDM_GET_FIRST_PART, (uint8_t)a->type};
    return pldm_get_version_req_encode(&request, body, size);
}

static void answer_get_version(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_version_resp answer;
    if (code != PLDM_SUCCESS || pldm_get_version_resp_decode(body, len, &answer) != 0) {
        over(a);
        return;
    }
    a->type_version = answer.version;
    agent_ask(a, &get_commands);
}

static size_t encode_get_commands(struct agent *a, uint8_t *body, size_t size) {
    const struct pldm_get_commands_req request = {(uint8_t)a->type, a->type_version};
    return pldm_get_commands_req_encode(&request, body, size);
}

static void answer_get_commands(struct agent *a, uint8_t code, const uint8_t *body, size_t len) {
    struct pldm_get_commands_resp answer;
    if (code != PLDM_SUCCESS || pldm_get_commands_resp_decode(body, len, &answer) != 0) {
        over(a);
        return;
    }
    a->type++;
    next_type(a);
}

static const struct agent_step get_tid =
    AGENT_STEP("GetTID", PLDM_TYPE_BASE, PLDM_GET_TID, .answer = answer_get_tid, .silent = after_tid, .once = true);
static const struct agent_step set_tid = AGENT_STEP("SetTID", PLDM_TYPE_BASE, PLDM_SET_TID, .encode = encode_set_tid,
                                                    .answer = answer_set_tid, .silent = over, .once = true);
static const struct agent_step get_types = AGENT_STEP("GetPLDMTypes", PLDM_TYPE_BASE, PLDM_GET_PLDM_TYPES,
                                                      .answer = answer_get_types, .silent = over, .once = true);
static const struct agent_step get_version =
    AGENT_STEP("GetPLDMVersion", PLDM_TYPE_BASE, PLDM_GET_PLDM_VERSION, .encode = encode_get_version,
               .answer = answer_get_version, .silent = over, .once = true);
static const struct agent_step get_commands =
    AGENT_STEP("GetPLDMCommands", PLDM_TYPE_BASE, PLDM_GET_PLDM_COMMANDS, .encode = encode_get_commands,
               .answer = answer_get_commands, .silent = over, .once = true);
