// SPDX-License-Identifier: Apache-2.0
//
// Responder for PLDM type 0; see pldm_base.h.
#include "fw/pldm/pldm_base.h"

#include <string.h>

const struct pldm_base_type pldm_base_self = {
    .type = PLDM_TYPE_BASE,
    .version = 0xF1F0F000,
    .commands = {1 << PLDM_SET_TID | 1 << PLDM_GET_TID | 1 << PLDM_GET_PLDM_VERSION | 1 << PLDM_GET_PLDM_TYPES |
                 1 << PLDM_GET_PLDM_COMMANDS},
};

static const struct pldm_base_type *find_type(const struct pldm_base *base, uint8_t type) {
    for (uint8_t i = 0; i < base->type_count; i++)
        if (base->types[i]->type == type) return base->types[i];
    return NULL;
}

/* Each takes a request's data and writes the answer's body, or returns 0 with *code set. */
typedef size_t handler_fn(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                          uint8_t *code);

static size_t set_tid(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                      uint8_t *code) {
    struct pldm_set_tid_req request;
    (void)out, (void)size; /* the answer is the completion code alone */
    *code = pldm_set_tid_req_decode(body, len, &request);
    if (*code == PLDM_SUCCESS) base->tid = request.tid;
    return 0;
}

static size_t get_tid(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                      uint8_t *code) {
    (void)body;
    *code = pldm_empty_req_decode(len);
    if (*code != PLDM_SUCCESS) return 0;
    return pldm_get_tid_resp_encode(&(struct pldm_get_tid_resp){.tid = base->tid}, out, size);
}

static size_t get_version(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                          uint8_t *code) {
    struct pldm_get_version_req request;
    *code = pldm_get_version_req_decode(body, len, &request);
    if (*code != PLDM_SUCCESS) return 0;
    const struct pldm_base_type *type = find_type(base, request.type);
    /* The answer has one part, so that no handle can lead to a next one. */
    if (request.operation > PLDM_GET_FIRST_PART)
        *code = PLDM_BASE_INVALID_TRANSFER_OPERATION_FLAG;
    else if (request.operation == PLDM_GET_NEXT_PART)
        *code = PLDM_BASE_INVALID_DATA_TRANSFER_HANDLE;
    else if (!type)
        *code = PLDM_BASE_INVALID_PLDM_TYPE_IN_REQUEST_DATA;
    if (*code != PLDM_SUCCESS) return 0;
    struct pldm_get_version_resp answer = {.transfer_flag = PLDM_TRANSFER_START_AND_END, .version = type->version};
    return pldm_get_version_resp_encode(&answer, out, size);
}

static size_t get_types(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                        uint8_t *code) {
    struct pldm_get_types_resp answer = {0};
    (void)body;
    *code = pldm_empty_req_decode(len);
    if (*code != PLDM_SUCCESS) return 0;
    for (uint8_t i = 0; i < base->type_count; i++) {
        uint8_t type = base->types[i]->type & (PLDM_TYPES_SIZE * 8 - 1);
        answer.types[type / 8] |= (uint8_t)(1 << type % 8);
    }
    return pldm_get_types_resp_encode(&answer, out, size);
}

static size_t get_commands(struct pldm_base *base, const uint8_t *body, size_t len, uint8_t *out, size_t size,
                           uint8_t *code) {
    static const uint32_t any_version = 0xFFFFFFFF; /* not a ver32, but what agents send that did not ask for one */
    struct pldm_get_commands_req request;
    *code = pldm_get_commands_req_decode(body, len, &request);
    if (*code != PLDM_SUCCESS) return 0;
    const struct pldm_base_type *type = find_type(base, request.type);
    if (!type)
        *code = PLDM_BASE_INVALID_PLDM_TYPE_IN_REQUEST_DATA;
    else if (request.version != type->version && request.version != any_version)
        *code = PLDM_BASE_INVALID_PLDM_VERSION_IN_REQUEST_DATA;
    if (*code != PLDM_SUCCESS) return 0;
    struct pldm_get_commands_resp answer = {0};
    memcpy(answer.commands, type->commands, sizeof answer.commands);
    return pldm_get_commands_resp_encode(&answer, out, size);
}

size_t pldm_base_message(struct pldm_base *base, const uint8_t *msg, size_t len, uint8_t *answer, size_t size) {
    static handler_fn *const handlers[] = {
        [PLDM_SET_TID] = set_tid,
        [PLDM_GET_TID] = get_tid,
        [PLDM_GET_PLDM_VERSION] = get_version,
        [PLDM_GET_PLDM_TYPES] = get_types,
        [PLDM_GET_PLDM_COMMANDS] = get_commands,
    };
    struct pldm_header header;
    uint8_t code = PLDM_SUCCESS;
    if (size < PLDM_BASE_ANSWER_SIZE) return 0;
    if (pldm_header_decode(msg, len, &header) != PLDM_SUCCESS || !header.request || header.datagram) return 0;
    if (header.type != PLDM_TYPE_BASE) return pldm_answer_error(msg, PLDM_ERROR_INVALID_PLDM_TYPE, answer, size);
    if (header.command >= sizeof handlers / sizeof *handlers || !handlers[header.command])
        return pldm_answer_error(msg, PLDM_ERROR_UNSUPPORTED_PLDM_CMD, answer, size);
    pldm_answer_header(msg, answer, size);
    size_t body = handlers[header.command](base, msg + PLDM_HEADER_SIZE, len - PLDM_HEADER_SIZE,
                                           answer + PLDM_HEADER_SIZE, size - PLDM_HEADER_SIZE, &code);
    return body != 0 ? PLDM_HEADER_SIZE + body : pldm_answer_error(msg, code, answer, size);
}
