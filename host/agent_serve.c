// SPDX-License-Identifier: Apache-2.0
//
// What the device asks for: package data, image portions, metadata; and to whom its reports go. An answer is sent
// before anything follows from it. A repeated report gets the same answer and moves nothing.
#include <string.h>

#include "host/agent_internal.h"

size_t agent_plain(const struct agent_request *r, uint8_t code) {
    const struct pldm_plain_resp answer = {code};
    return pldm_plain_resp_encode(&answer, r->answer, r->room);
}

/* The data rules that GetPackageData and GetMetaData share (clause 12.1): a handle is the offset of a part. */
static size_t give_part(const struct agent *a, const struct agent_request *r, const uint8_t *data, size_t len,
                        bool *last) {
    struct pldm_get_data_req request;
    const uint8_t code = pldm_get_data_req_decode(r->body, r->len, &request);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    if (request.operation > PLDM_GET_FIRST_PART) return agent_plain(r, PLDM_INVALID_TRANSFER_OPERATION_FLAG);
    const size_t at = request.operation == PLDM_GET_FIRST_PART ? 0 : request.handle;
    if (at >= len || at % a->config.max_transfer != 0) return agent_plain(r, PLDM_INVALID_DATA_TRANSFER_HANDLE);
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

static size_t get_package_data(struct agent *a, const struct agent_request *r, agent_action **after) {
    bool last = false;
    if (a->record->data_len == 0) return agent_plain(r, PLDM_NO_PACKAGE_DATA);
    const size_t used = give_part(a, r, a->record->data, a->record->data_len, &last);
    *after = last ? agent_package_data_given : agent_package_data_asked;
    return used;
}

static size_t get_meta_data(struct agent *a, const struct agent_request *r, agent_action **after) {
    bool last;
    (void)after;
    if (a->meta_data == NULL || a->meta_data_have == 0) return agent_plain(r, PLDM_COMMAND_NOT_EXPECTED);
    return give_part(a, r, a->meta_data, a->meta_data_have, &last);
}

/* Table 21: the permitted range, and the code for what lies outside of it. */
static uint8_t check_range(const struct agent *a, const struct pldm_request_firmware_data_req *request, uint32_t size) {
    const uint32_t padding = PLDM_BASELINE_TRANSFER_SIZE - (uint32_t)a->traits->padding_cut;
    if (request->length > a->config.max_transfer) return PLDM_INVALID_TRANSFER_LENGTH;
    if (a->traits->any_range) return PLDM_SUCCESS;
    if (request->length < PLDM_BASELINE_TRANSFER_SIZE) return PLDM_INVALID_TRANSFER_LENGTH;
    if (request->offset >= size) return PLDM_DATA_OUT_OF_RANGE;
    if ((uint64_t)request->offset + request->length > (uint64_t)size + padding) return PLDM_DATA_OUT_OF_RANGE;
    return PLDM_SUCCESS;
}

/* Bytes of an image, both ends within it. @return a completion code */
static uint8_t read_image(const struct agent *a, unsigned n, uint32_t offset, uint8_t *out, size_t len) {
    if (len == 0) return PLDM_SUCCESS;
    if (a->io.read != NULL) return a->io.read(a->io.ctx, n, offset, out, len);
    memcpy(out, a->package->components[n].image + offset, len);
    return PLDM_SUCCESS;
}

/* Bytes of the package file from @p at on, as far as images are known to lie there; the rest is left as it is. */
static uint8_t read_file(const struct agent *a, uint64_t at, uint8_t *out, size_t len) {
    uint8_t code = PLDM_SUCCESS;
    for (unsigned n = 0; n < a->package->component_count && code == PLDM_SUCCESS; n++) {
        const struct pkg_component *c = &a->package->components[n];
        const uint64_t from = at > c->offset ? at : c->offset, end = (uint64_t)c->offset + c->size;
        const uint64_t to = at + len < end ? at + len : end;
        if (from < to) code = read_image(a, n, (uint32_t)(from - c->offset), out + (from - at), (size_t)(to - from));
    }
    return code;
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

static size_t request_firmware_data(struct agent *a, const struct agent_request *r, agent_action **after) {
    struct pldm_request_firmware_data_req request;
    const unsigned n = a->outcomes[a->current].component;
    const struct pkg_component *c = &a->package->components[n];
    (void)after;
    a->done_len = 0; /* whatever was reported before has been answered */
    uint8_t code = pldm_request_firmware_data_req_decode(r->body, r->len, &request);
    if (code == PLDM_SUCCESS) code = check_range(a, &request, c->size);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    const uint32_t left = request.offset < c->size ? c->size - request.offset : 0;
    const uint32_t have = request.length < left ? request.length : left;
    uint8_t *data = r->answer + 1;
    memset(data + have, 0, request.length - have);
    code = read_image(a, n, request.offset, data, have);
    if (code == PLDM_SUCCESS && a->traits->pads_with_file)
        code = read_file(a, (uint64_t)c->offset + request.offset + have, data + have, request.length - have);
    if (code != PLDM_SUCCESS) return agent_plain(r, code);
    tell_data(a, &request, c->size);
    const struct pldm_request_firmware_data_resp answer = {PLDM_SUCCESS, data, request.length};
    return pldm_request_firmware_data_resp_encode(&answer, r->answer, r->room);
}

static const struct service {
    uint8_t command;
    enum agent_stage from, to; /* the stages in which it is expected */
    bool report;               /* its repetition is recognised */
    size_t (*serve)(struct agent *a, const struct agent_request *r, agent_action **after);
} services[] = {
    {PLDM_GET_PACKAGE_DATA, STAGE_LEARN, STAGE_LEARN, false, get_package_data},
    {PLDM_REQUEST_FIRMWARE_DATA, STAGE_DOWNLOAD, STAGE_DOWNLOAD, false, request_firmware_data},
    {PLDM_TRANSFER_COMPLETE, STAGE_DOWNLOAD, STAGE_DOWNLOAD, true, agent_transfer_complete},
    {PLDM_VERIFY_COMPLETE, STAGE_VERIFY, STAGE_VERIFY, true, agent_verify_complete},
    {PLDM_APPLY_COMPLETE, STAGE_APPLY, STAGE_APPLY, true, agent_apply_complete},
    {PLDM_GET_META_DATA, STAGE_READY, STAGE_CANCEL, false, get_meta_data},
};

static const struct service *find_service(const struct agent *a, uint8_t command) {
    if (command == PLDM_GET_PACKAGE_DATA && a->traits->no_package_data) return NULL;
    if (command == PLDM_GET_META_DATA && a->traits->no_meta_data) return NULL;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        if (services[i].command == command) return &services[i];
    return NULL;
}

/* What is not expected: a completion code, or the end without a word. */
static size_t stray(struct agent *a, const struct agent_request *r, uint8_t code, agent_action **after) {
    if (!a->traits->stray_fatal) return agent_plain(r, code);
    if (a->result != AGENT_RUNNING) return 0;
    agent_explain(a, "%s does not expect command 0x%02x now", a->traits->name, r->message[PLDM_HEADER_SIZE - 1]);
    *after = agent_fail;
    return 0;
}

static bool is_repeated(const struct agent *a, const struct agent_request *r) {
    const size_t whole = PLDM_HEADER_SIZE + r->len;
    return whole == a->done_len && memcmp(a->done_request, r->message, whole) == 0;
}

static size_t serve_in_turn(struct agent *a, const struct agent_request *r, const struct service *s,
                            agent_action **after) {
    const size_t whole = PLDM_HEADER_SIZE + r->len;
    const bool expected = a->stage >= s->from && a->stage <= s->to;
    if (!expected && (!a->traits->any_order || a->stage == STAGE_QUIET))
        return stray(a, r, PLDM_COMMAND_NOT_EXPECTED, after);
    const size_t used = s->serve(a, r, after);
    if (s->report && *after != NULL && whole <= sizeof a->done_request) {
        memcpy(a->done_request, r->message, whole);
        a->done_len = whole;
    }
    return used;
}

static size_t serve_update(struct agent *a, const struct agent_request *r, uint8_t command, agent_action **after) {
    const struct agent_traits *t = a->traits;
    const struct service *s = find_service(a, command);
    if (a->stage == STAGE_DOWNLOAD) agent_device_active(a);
    if (s == NULL) {
        const uint8_t code = t->stray_code != 0 ? t->stray_code : PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
        return stray(a, r, a->stage == STAGE_QUIET && t->stray_code != 0 ? PLDM_COMMAND_NOT_EXPECTED : code, after);
    }
    if (a->stage == STAGE_CANCEL && command == PLDM_REQUEST_FIRMWARE_DATA && !t->any_order)
        return agent_plain(r, PLDM_CANCEL_PENDING);
    if (s->report && is_repeated(a, r)) {
        if (t->repeat == REPEAT_ANSWERED) return agent_plain(r, PLDM_SUCCESS);
        if (t->repeat == REPEAT_FATAL) return stray(a, r, PLDM_COMMAND_NOT_EXPECTED, after);
    }
    return serve_in_turn(a, r, s, after);
}

void agent_serve(struct agent *a, const struct mctp_message *message) {
    struct pldm_header header;
    if (message->len < PLDM_HEADER_SIZE || pldm_header_decode(message->bytes, message->len, &header) != 0) return;
    if (!header.request || header.datagram) return;
    const size_t head = pldm_answer_header(message->bytes, a->answer, sizeof a->answer);
    const struct agent_request r = {
        .message = message->bytes,
        .body = message->bytes + PLDM_HEADER_SIZE,
        .len = message->len - PLDM_HEADER_SIZE,
        .answer = a->answer + head,
        .room = sizeof a->answer - head,
    };
    agent_action *after = NULL;
    const size_t used = header.type == PLDM_TYPE_FWUP ? serve_update(a, &r, header.command, &after)
                                                      : agent_plain(&r, PLDM_ERROR_INVALID_PLDM_TYPE);
    const struct mctp_message answer = {message->source, a->config.own_eid, message->tag, false,
                                        MCTP_TYPE_PLDM,  a->answer,         head + used};
    if (used != 0) a->io.send(a->io.ctx, &answer);
    if (after != NULL) after(a);
}
