// SPDX-License-Identifier: Apache-2.0
//
// What the device asks for: package data, image portions, metadata, and its reports that a stage is complete. An answer
// is sent before anything follows from it. A repeated report gets the same answer and moves nothing.
#include <stdio.h>
#include <string.h>

#include "host/agent_internal.h"
#include "host/text.h"

/* One request of the device under way: its PLDM message, and room for the answer's body. */
struct request {
    const uint8_t *message;
    const uint8_t *body;
    size_t len; /* of the body */
    uint8_t *answer;
    size_t room;
};

/* Answers with a completion code alone. */
static size_t plain(const struct request *r, uint8_t code) {
    const struct pldm_plain_resp answer = {code};
    return pldm_plain_resp_encode(&answer, r->answer, r->room);
}

/* The data rules that GetPackageData and GetMetaData share (clause 12.1): a handle is the offset of a part. */
static size_t give_part(const struct agent *a, const struct request *r, const uint8_t *data, size_t len, bool *last) {
    struct pldm_get_data_req request;
    const uint8_t code = pldm_get_data_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return plain(r, code);
    if (request.operation > PLDM_GET_FIRST_PART) return plain(r, PLDM_INVALID_TRANSFER_OPERATION_FLAG);
    const size_t at = request.operation == PLDM_GET_FIRST_PART ? 0 : request.handle;
    if (at >= len || at % a->config.max_transfer != 0) return plain(r, PLDM_INVALID_DATA_TRANSFER_HANDLE);
    const size_t left = len - at;
    *last = left <= a->config.max_transfer;
    struct pldm_get_data_resp answer = {
        .next_handle = *last ? 0 : (uint32_t)at + a->config.max_transfer,
        .transfer_flag = (uint8_t)((at == 0 ? PLDM_TRANSFER_START : 0) | (*last ? PLDM_TRANSFER_END : 0)),
        .data = data + at,
        .data_len = *last ? left : a->config.max_transfer,
    };
    if (answer.transfer_flag == 0) answer.transfer_flag = PLDM_TRANSFER_MIDDLE;
    return pldm_get_data_resp_encode(&answer, r->answer, r->room);
}

static size_t get_package_data(struct agent *a, const struct request *r, agent_action **after) {
    bool last = false;
    if (a->record->data_len == 0) return plain(r, PLDM_NO_PACKAGE_DATA);
    const size_t used = give_part(a, r, a->record->data, a->record->data_len, &last);
    if (last) *after = agent_package_data_given;
    return used;
}

static size_t get_meta_data(struct agent *a, const struct request *r, agent_action **after) {
    bool last;
    (void)after;
    if (a->meta_data == NULL || a->meta_data_have == 0) return plain(r, PLDM_COMMAND_NOT_EXPECTED);
    return give_part(a, r, a->meta_data, a->meta_data_have, &last);
}

/* Table 21: the permitted range, and the code for what lies outside of it. */
static uint8_t check_range(const struct agent *a, const struct pldm_request_firmware_data_req *request, uint32_t size) {
    if (request->length < PLDM_BASELINE_TRANSFER_SIZE || request->length > a->config.max_transfer)
        return PLDM_INVALID_TRANSFER_LENGTH;
    if (request->offset >= size) return PLDM_DATA_OUT_OF_RANGE;
    if ((uint64_t)request->offset + request->length > (uint64_t)size + PLDM_BASELINE_TRANSFER_SIZE)
        return PLDM_DATA_OUT_OF_RANGE;
    return PLDM_SUCCESS;
}

static void tell_data(struct agent *a, const struct pldm_request_firmware_data_req *request, uint32_t size) {
    struct agent_outcome *outcome = &a->outcomes[a->current];
    outcome->bytes += request->length;
    outcome->requests++;
    const struct agent_event event = {.kind = AGENT_DATA,
                                      .time_ns = a->now,
                                      .component = outcome->component,
                                      .offset = request->offset,
                                      .len = request->length,
                                      .size = size};
    if (a->io.event != NULL) a->io.event(a->io.ctx, &event);
}

static size_t request_firmware_data(struct agent *a, const struct request *r, agent_action **after) {
    struct pldm_request_firmware_data_req request;
    const unsigned n = a->outcomes[a->current].component;
    const struct pkg_component *c = &a->package->components[n];
    *after = agent_device_active;
    uint8_t code = pldm_request_firmware_data_req_decode(r->body, r->len, &request);
    if (code == PLDM_SUCCESS) code = check_range(a, &request, c->size);
    if (code != PLDM_SUCCESS) return plain(r, code);
    const uint32_t left = c->size - request.offset, have = request.length < left ? request.length : left;
    uint8_t *data = r->answer + 1;
    if (a->io.read == NULL)
        memcpy(data, c->image + request.offset, have);
    else
        code = a->io.read(a->io.ctx, n, request.offset, data, have);
    if (code != PLDM_SUCCESS) return plain(r, code);
    memset(data + have, 0, request.length - have);
    tell_data(a, &request, c->size);
    const struct pldm_request_firmware_data_resp answer = {PLDM_SUCCESS, data, request.length};
    return pldm_request_firmware_data_resp_encode(&answer, r->answer, r->room);
}

static void watch_verify(struct agent *a) {
    agent_watch(a, STAGE_VERIFY);
}

static void watch_apply(struct agent *a) {
    agent_watch(a, STAGE_APPLY);
}

/* The result that *Complete reported; it waits here until the answer is away. */
static void component_broken(struct agent *a) {
    agent_component_broken(a, a->result_code);
}

static void explain_result(struct agent *a, const char *stage, uint8_t result) {
    char label[AGENT_LABEL];
    const char *meaning = vendor_result_name(result);
    if (result == PLDM_RESULT_TIMEOUT) meaning = "timeout";
    if (result == PLDM_RESULT_GENERIC_ERROR) meaning = "generic error";
    if (result == PLDM_VERIFY_FAILURE) meaning = "verification failure";
    if (result == PLDM_TRANSFER_VERSION_MISMATCH)
        meaning = strcmp(stage, "ApplyComplete") == 0 ? "memory write failure" : "version mismatch";
    if (result == PLDM_TRANSFER_ABORTED) meaning = "aborted by the device";
    a->result_code = result;
    agent_explain(a, "%s: %s reports result 0x%02x: %s", agent_label(a, label), stage, result, meaning);
}

static size_t transfer_complete(struct agent *a, const struct request *r, agent_action **after) {
    struct pldm_result_req request;
    const uint8_t code = pldm_result_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return plain(r, code);
    *after = request.result == PLDM_RESULT_SUCCESS ? watch_verify : component_broken;
    if (request.result != PLDM_RESULT_SUCCESS) explain_result(a, "TransferComplete", request.result);
    return plain(r, PLDM_SUCCESS);
}

static size_t verify_complete(struct agent *a, const struct request *r, agent_action **after) {
    struct pldm_result_req request;
    const uint8_t code = pldm_result_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return plain(r, code);
    *after = request.result == PLDM_RESULT_SUCCESS ? watch_apply : component_broken;
    if (request.result != PLDM_RESULT_SUCCESS) explain_result(a, "VerifyComplete", request.result);
    return plain(r, PLDM_SUCCESS);
}

static size_t apply_complete(struct agent *a, const struct request *r, agent_action **after) {
    struct pldm_apply_complete_req request;
    const uint8_t code = pldm_apply_complete_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return plain(r, code);
    const bool good = request.result == PLDM_RESULT_SUCCESS || request.result == PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED;
    *after = good ? agent_component_done : component_broken;
    if (!good) explain_result(a, "ApplyComplete", request.result);
    if (request.result == PLDM_APPLY_SUCCESS_ACTIVATION_MODIFIED)
        a->inventory.components[a->outcomes[a->current].target].activation_methods = request.activation_modification;
    return plain(r, PLDM_SUCCESS);
}

static const struct service {
    uint8_t command;
    enum agent_stage from, to; /* the stages in which it is expected */
    bool report;               /* its repetition is recognised */
    size_t (*serve)(struct agent *a, const struct request *r, agent_action **after);
} services[] = {
    {PLDM_GET_PACKAGE_DATA, STAGE_LEARN, STAGE_LEARN, false, get_package_data},
    {PLDM_REQUEST_FIRMWARE_DATA, STAGE_DOWNLOAD, STAGE_DOWNLOAD, false, request_firmware_data},
    {PLDM_TRANSFER_COMPLETE, STAGE_DOWNLOAD, STAGE_DOWNLOAD, true, transfer_complete},
    {PLDM_VERIFY_COMPLETE, STAGE_VERIFY, STAGE_VERIFY, true, verify_complete},
    {PLDM_APPLY_COMPLETE, STAGE_APPLY, STAGE_APPLY, true, apply_complete},
    {PLDM_GET_META_DATA, STAGE_READY, STAGE_APPLY, false, get_meta_data},
};

static size_t serve_update(struct agent *a, const struct request *r, uint8_t command, agent_action **after) {
    if (a->stage == STAGE_CANCEL && command == PLDM_REQUEST_FIRMWARE_DATA) return plain(r, PLDM_CANCEL_PENDING);
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        const struct service *s = &services[i];
        const size_t whole = PLDM_HEADER_SIZE + r->len;
        if (s->command != command) continue;
        if (s->report && whole == a->done_len && memcmp(a->done_request, r->message, whole) == 0)
            return plain(r, PLDM_SUCCESS);
        if (a->stage < s->from || a->stage > s->to) return plain(r, PLDM_COMMAND_NOT_EXPECTED);
        const size_t used = s->serve(a, r, after);
        if (s->report && *after != NULL && whole <= sizeof a->done_request) {
            memcpy(a->done_request, r->message, whole);
            a->done_len = whole;
        }
        return used;
    }
    return plain(r, PLDM_ERROR_UNSUPPORTED_PLDM_CMD);
}

void agent_serve(struct agent *a, const struct mctp_message *message) {
    struct pldm_header header;
    if (message->len < PLDM_HEADER_SIZE || pldm_header_decode(message->bytes, message->len, &header) != 0) return;
    if (!header.request || header.datagram) return;
    const size_t head = pldm_answer_header(message->bytes, a->answer, sizeof a->answer);
    const struct request r = {
        .message = message->bytes,
        .body = message->bytes + PLDM_HEADER_SIZE,
        .len = message->len - PLDM_HEADER_SIZE,
        .answer = a->answer + head,
        .room = sizeof a->answer - head,
    };
    agent_action *after = NULL;
    size_t used;
    if (header.type != PLDM_TYPE_FWUP)
        used = plain(&r, PLDM_ERROR_INVALID_PLDM_TYPE);
    else if (message->source != a->inventory.eid)
        used = plain(&r, PLDM_COMMAND_NOT_EXPECTED);
    else
        used = serve_update(a, &r, header.command, &after);
    const struct mctp_message answer = {message->source, a->config.own_eid, message->tag, false,
                                        MCTP_TYPE_PLDM,  a->answer,         head + used};
    a->io.send(a->io.ctx, &answer);
    if (after != NULL) after(a);
}
