// SPDX-License-Identifier: Apache-2.0
//
// How the firmware device answers: DSP0267 table 9 as a table of {states, command, handler}; see fd.h.
#include <string.h>

#include "fw/image/crc32.h"
#include "fw/pldm/fd.h"
#include "fw/pldm/fd_core.h"

const struct pldm_base_type fd_pldm_type = {
    .type = PLDM_TYPE_FWUP,
    .version = 0xF1F0F100,
    .commands =
        {
            [0] = 1 << PLDM_QUERY_DEVICE_IDENTIFIERS | 1 << PLDM_GET_FIRMWARE_PARAMETERS,
            [2] = 1 << (PLDM_REQUEST_UPDATE - 16) | 1 << (PLDM_GET_DEVICE_META_DATA - 16) |
                  1 << (PLDM_PASS_COMPONENT_TABLE - 16) | 1 << (PLDM_UPDATE_COMPONENT - 16),
            [3] = 1 << (PLDM_ACTIVATE_FIRMWARE - 24) | 1 << (PLDM_GET_STATUS - 24) |
                  1 << (PLDM_CANCEL_UPDATE_COMPONENT - 24) | 1 << (PLDM_CANCEL_UPDATE - 24),
        },
};

/* ---- the component table ---- */

static bool takes_partial_update(const struct fd *fd) {
    return (fd->ops->capabilities & PLDM_CAPABILITY_PARTIAL_UPDATE) != 0;
}

/* A refused component need not be updated, if the device can do without. */
static void note_verdict(struct fd *fd, struct fd_passed *passed, uint8_t response_code) {
    if (response_code == PLDM_COMPONENT_CAN_BE_UPDATED || !takes_partial_update(fd))
        passed->flags |= FD_EXPECTED;
    else
        passed->flags &= (uint8_t)~FD_EXPECTED;
}

static uint32_t version_crc(const struct pldm_string *version) {
    const uint8_t head[] = {version->type, version->len};
    return crc32_of(crc32_of(0, head, sizeof head), version->bytes, version->len);
}

static void forget_table(struct fd *fd) {
    memset(fd->passed, 0, sizeof fd->passed);
    fd->passed_count = 0;
    fd->incomplete = false;
}

static uint8_t take_position(struct fd *fd) {
    return fd->passed_count < UINT8_MAX ? fd->passed_count++ : UINT8_MAX;
}

static uint8_t pass_one(struct fd *fd, uint8_t i, const struct pldm_pass_component_table_req *request) {
    struct fd_passed *passed = &fd->passed[i];
    uint32_t version = version_crc(&request->version);
    if ((passed->flags & FD_PASSED) == 0) {
        *passed = (struct fd_passed){
            .position = take_position(fd), .flags = FD_PASSED, .stamp = request->stamp, .version = version};
    } else if (passed->stamp != request->stamp || passed->version != version) {
        take_position(fd);
        return PLDM_COMPONENT_CONFLICT;
    }
    struct fd_offer offer = {.passing = true, .stamp = request->stamp, .version = request->version};
    uint8_t response_code = fd->ops->check(fd->context, i, &offer);
    note_verdict(fd, passed, response_code);
    return response_code;
}

static bool table_complete(const struct fd *fd) {
    for (uint8_t i = 0; i < fd->ops->component_count; i++)
        if ((fd->passed[i].flags & FD_PASSED) == 0) return false;
    return true;
}

static uint8_t pass_component_table(struct fd *fd, struct fd_call *call) {
    struct pldm_pass_component_table_req request;
    struct pldm_pass_component_table_resp answer = {0};
    uint8_t code = pldm_pass_component_table_req_decode(call->body, call->len, &request);
    if (code != PLDM_SUCCESS) return code;
    /* TransferFlag: bit 0 starts a table, bit 2 ends it. */
    if (request.transfer_flag & PLDM_TRANSFER_START) forget_table(fd);
    uint8_t i = fd_find_component(fd, request.classification, request.identifier, request.index);
    if (i != FD_NO_COMPONENT) {
        answer.response_code = pass_one(fd, i, &request);
    } else {
        take_position(fd);
        answer.response_code = PLDM_COMPONENT_NOT_SUPPORTED;
    }
    if (request.transfer_flag & PLDM_TRANSFER_END) {
        fd->incomplete = !takes_partial_update(fd) && !table_complete(fd);
        if (fd->incomplete) answer.response_code = PLDM_COMPONENT_INCOMPLETE_SET;
        fd_enter(fd, PLDM_STATE_READY_XFER);
    }
    answer.response = answer.response_code != PLDM_COMPONENT_CAN_BE_UPDATED;
    return fd_encoded(call, pldm_pass_component_table_resp_encode(&answer, call->out, call->size));
}

static uint8_t judge_update(struct fd *fd, uint8_t i, const struct pldm_update_component_req *request,
                            struct fd_offer *offer) {
    if (i == FD_NO_COMPONENT) return PLDM_COMPONENT_NOT_SUPPORTED;
    const struct fd_passed *passed = &fd->passed[i];
    if (fd->incomplete) return PLDM_COMPONENT_INCOMPLETE_SET;
    if ((passed->flags & FD_PASSED) == 0 || passed->stamp != request->stamp ||
        passed->version != version_crc(&request->version))
        return PLDM_COMPONENT_INFORMATION_MISMATCH;
    if (request->image_size == 0) return FD_RESPONSE_SIZE;
    return fd->ops->check(fd->context, i, offer);
}

static uint8_t update_component(struct fd *fd, struct fd_call *call) {
    struct pldm_update_component_req request;
    struct pldm_update_component_resp answer = {0};
    uint8_t code = pldm_update_component_req_decode(call->body, call->len, &request);
    if (code != PLDM_SUCCESS) return code;
    struct fd_offer offer = {.stamp = request.stamp,
                             .size = request.image_size,
                             .force = (request.options & PLDM_UPDATE_FORCE) != 0,
                             .version = request.version};
    uint8_t i = fd_find_component(fd, request.classification, request.identifier, request.index);
    answer.response_code = judge_update(fd, i, &request, &offer);
    answer.response = answer.response_code != PLDM_COMPONENT_CAN_BE_UPDATED;
    if (i != FD_NO_COMPONENT) note_verdict(fd, &fd->passed[i], answer.response_code);
    if (!answer.response) {
        answer.options_enabled = offer.force ? PLDM_UPDATE_FORCE : 0;
        answer.delay_s = offer.delay_s;
        fd->passed[i].flags &= (uint8_t)~FD_DONE;
        fd->current = i;
        fd->image_size = request.image_size;
        fd->force = offer.force;
        fd->start_due = true;
        fd_enter(fd, PLDM_STATE_DOWNLOAD);
    }
    return fd_encoded(call, pldm_update_component_resp_encode(&answer, call->out, call->size));
}

/* ---- begin, cancel, activate, status ---- */

static uint8_t request_update(struct fd *fd, struct fd_call *call) {
    struct pldm_request_update_req request;
    struct pldm_request_update_resp answer = {0};
    uint8_t code = pldm_request_update_req_decode(call->body, call->len, &request);
    if (code == PLDM_SUCCESS) code = fd->ops->update_begin(fd->context, &request, &answer);
    if (code != PLDM_SUCCESS) return code;
    if (request.package_data_len == 0) answer.will_get_package_data = 0;
    forget_table(fd);
    fd->meta_given = false;
    fd->meta_len = answer.meta_data_len;
    fd->peer = call->source;
    fd->max_outstanding = request.max_outstanding;
    fd->max_transfer_size = request.max_transfer_size;
    fd->pull.total = request.package_data_len;
    fd_enter(fd, PLDM_STATE_LEARN_COMPONENTS);
    if (answer.will_get_package_data != 0) fd_pull_begin(fd, FD_PACKAGE_DATA);
    return fd_encoded(call, pldm_request_update_resp_encode(&answer, call->out, call->size));
}

static uint8_t cancel_update_component(struct fd *fd, struct fd_call *call) {
    uint8_t code = pldm_empty_req_decode(call->len);
    if (code == PLDM_SUCCESS) code = fd_cancel_work(fd);
    if (code == PLDM_SUCCESS) fd_enter(fd, PLDM_STATE_READY_XFER);
    return code;
}

static uint8_t cancel_update(struct fd *fd, struct fd_call *call) {
    struct pldm_cancel_update_resp answer = {0};
    uint8_t code = pldm_empty_req_decode(call->len);
    if (code == PLDM_SUCCESS) code = fd_cancel_work(fd);
    if (code != PLDM_SUCCESS) return code;
    fd_enter_idle(fd, PLDM_REASON_CANCEL_UPDATE);
    uint32_t halves[2] = {0, 0}; /* of the bitmap: a shift by a variable is expensive in 64 bits */
    for (uint8_t i = 0; i < fd->ops->component_count && fd->ops->non_functioning; i++) {
        const struct fd_passed *passed = &fd->passed[i];
        if ((passed->flags & FD_PASSED) == 0 || !fd->ops->non_functioning(fd->context, i)) continue;
        answer.non_functioning = true;
        if (passed->position < FD_MAX_PASSED) halves[passed->position / 32] |= 1U << passed->position % 32;
    }
    answer.non_functioning_bitmap = (uint64_t)halves[1] << 32 | halves[0];
    return fd_encoded(call, pldm_cancel_update_resp_encode(&answer, call->out, call->size));
}

bool fd_all_applied(const struct fd *fd) {
    if (fd->incomplete) return false;
    for (uint8_t i = 0; i < fd->ops->component_count; i++)
        if ((fd->passed[i].flags & (FD_EXPECTED | FD_DONE)) == FD_EXPECTED) return false;
    return true;
}

/* What ActivateFirmware would do now: a completion code, and whether a component that was updated activates itself. */
static uint8_t judge_activation(const struct fd *fd, bool *self_contained) {
    bool needed = false;
    *self_contained = false;
    if (!fd_all_applied(fd)) return PLDM_INCOMPLETE_UPDATE;
    for (uint8_t i = 0; i < fd->ops->component_count; i++) {
        const struct fd_passed *passed = &fd->passed[i];
        if ((passed->flags & FD_DONE) == 0) continue;
        if (passed->methods != PLDM_ACTIVATION_AUTOMATIC) needed = true;
        if (passed->methods & PLDM_ACTIVATION_SELF_CONTAINED) *self_contained = true;
    }
    return needed ? PLDM_SUCCESS : PLDM_ACTIVATION_NOT_REQUIRED;
}

static uint8_t activate_firmware(struct fd *fd, struct fd_call *call) {
    struct pldm_activate_firmware_req request;
    struct pldm_activate_firmware_resp answer = {0};
    bool self_contained;
    uint8_t code = pldm_activate_firmware_req_decode(call->body, call->len, &request);
    if (code == PLDM_SUCCESS) code = judge_activation(fd, &self_contained);
    if (code == PLDM_SUCCESS) {
        if (request.self_contained && !self_contained) return PLDM_SELF_CONTAINED_ACTIVATION_NOT_PERMITTED;
        code = fd->ops->activate(fd->context, request.self_contained, &answer.estimated_s);
    }
    if (code == PLDM_ACTIVATION_NOT_REQUIRED) fd_enter_idle(fd, PLDM_REASON_ACTIVATE_FIRMWARE);
    if (code != PLDM_SUCCESS) return code;
    fd_enter(fd, PLDM_STATE_ACTIVATE);
    if (!request.self_contained) answer.estimated_s = 0;
    fd->self_contained = request.self_contained;
    fd->activation_s = answer.estimated_s;
    fd->start_due = request.self_contained || fd_pulling(fd);
    if (!fd->start_due) fd_enter_idle(fd, PLDM_REASON_ACTIVATE_FIRMWARE);
    return fd_encoded(call, pldm_activate_firmware_resp_encode(&answer, call->out, call->size));
}

/* AuxStateStatus has the vendor ranges of the results, but of the others only these two. */
static uint8_t aux_state_status(uint8_t result) {
    bool same = result == PLDM_AUX_STATUS_TIMEOUT || (result >= 0x70 && result < 0xF0);
    return same ? result : PLDM_AUX_STATUS_GENERIC_ERROR;
}

static uint8_t progress(struct fd *fd) {
    if (fd->state < PLDM_STATE_DOWNLOAD || !fd->ops->progress) return PLDM_PROGRESS_NOT_SUPPORTED;
    if (fd->aux == PLDM_AUX_SUCCESS) return 100;
    if (fd->start_due) return 0;
    uint8_t percent = fd->ops->progress(fd->context);
    return percent < 100 ? percent : 100;
}

static uint8_t get_status(struct fd *fd, struct fd_call *call) {
    uint8_t code = pldm_empty_req_decode(call->len);
    if (code != PLDM_SUCCESS) return code;
    struct pldm_get_status_resp answer = {
        .current_state = fd->state,
        .previous_state = fd->previous,
        .aux_state = fd->aux,
        .aux_state_status = fd->aux == PLDM_AUX_FAILED ? aux_state_status(fd->result) : PLDM_AUX_STATUS_NONE,
        .progress = progress(fd),
        .reason = fd->reason,
        .options_enabled = fd->state >= PLDM_STATE_DOWNLOAD && fd->force ? PLDM_UPDATE_FORCE : 0,
    };
    return fd_encoded(call, pldm_get_status_resp_encode(&answer, call->out, call->size));
}

/* ---- table 9 ---- */

enum {
    IN_IDLE = 1 << PLDM_STATE_IDLE,
    IN_LEARN = 1 << PLDM_STATE_LEARN_COMPONENTS,
    IN_READY = 1 << PLDM_STATE_READY_XFER,
    IN_WORK = 1 << PLDM_STATE_DOWNLOAD | 1 << PLDM_STATE_VERIFY | 1 << PLDM_STATE_APPLY,
    IN_ACTIVATE = 1 << PLDM_STATE_ACTIVATE,
    ANYWHERE = IN_IDLE | IN_LEARN | IN_READY | IN_WORK | IN_ACTIVATE,
};

static const struct row {
    uint8_t states; /* where the command is accepted */
    uint8_t command;
    fd_handler_fn *handler;
    bool effect; /* a repetition must not be carried out again */
} table9[] = {
    {ANYWHERE, PLDM_QUERY_DEVICE_IDENTIFIERS, fd_query_device_identifiers, false},
    {ANYWHERE, PLDM_GET_FIRMWARE_PARAMETERS, fd_get_firmware_parameters, false},
    {ANYWHERE, PLDM_GET_STATUS, get_status, false},
    {IN_IDLE, PLDM_REQUEST_UPDATE, request_update, true},
    {IN_LEARN, PLDM_GET_DEVICE_META_DATA, fd_get_device_meta_data, false},
    {IN_LEARN, PLDM_PASS_COMPONENT_TABLE, pass_component_table, true},
    {IN_READY, PLDM_UPDATE_COMPONENT, update_component, true},
    {IN_READY, PLDM_ACTIVATE_FIRMWARE, activate_firmware, true},
    {IN_WORK, PLDM_CANCEL_UPDATE_COMPONENT, cancel_update_component, true},
    {IN_LEARN | IN_READY | IN_WORK, PLDM_CANCEL_UPDATE, cancel_update, true},
};

static const struct row *find_row(uint8_t command) {
    for (size_t i = 0; i < sizeof table9 / sizeof *table9; i++)
        if (table9[i].command == command) return &table9[i];
    return NULL;
}

/* Commands of table 10 that only the FD sends are "any other command" of table 9; the rest does not exist. */
static uint8_t refusal(const struct fd *fd, uint8_t command, const struct row *row) {
    if (!row && (command < PLDM_REQUEST_UPDATE || command > PLDM_CANCEL_UPDATE)) return PLDM_ERROR_UNSUPPORTED_PLDM_CMD;
    if (fd->state == PLDM_STATE_IDLE) return PLDM_NOT_IN_UPDATE_MODE;
    return command == PLDM_REQUEST_UPDATE ? PLDM_ALREADY_IN_UPDATE_MODE : PLDM_INVALID_STATE_FOR_COMMAND;
}

static bool is_repetition(const struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len) {
    return fd->replay.request_len == len && fd->replay.source == source && now_ms - fd->replay.ms < FD_REPLAY_MS &&
           memcmp(fd->replay.request, msg, len) == 0;
}

static void remember(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len,
                     const uint8_t *answer, size_t answer_len) {
    fd->replay.ms = now_ms;
    fd->replay.source = source;
    fd->replay.request_len = (uint16_t)len;
    fd->replay.answer_len = (uint8_t)answer_len;
    memcpy(fd->replay.request, msg, len);
    memcpy(fd->replay.answer, answer, answer_len);
}

/* The update agent goes on to a command of READY XFER: it has taken ApplyComplete, and its acknowledgement was lost. */
static bool implies_acknowledgement(const struct fd *fd, uint16_t source, uint8_t command) {
    return fd->state == PLDM_STATE_APPLY && fd->aux == PLDM_AUX_SUCCESS && fd->request.tries > 0 &&
           source == fd->peer && (command == PLDM_UPDATE_COMPONENT || command == PLDM_ACTIVATE_FIRMWARE);
}

size_t fd_message(struct fd *fd, uint32_t now_ms, uint16_t source, const uint8_t *msg, size_t len, uint8_t *answer,
                  size_t size) {
    struct pldm_header header;
    if (size < FD_MIN_ANSWER || pldm_header_decode(msg, len, &header) != PLDM_SUCCESS) return 0;
    if (!header.request || header.datagram || header.type != PLDM_TYPE_FWUP) return 0;
    if (source == fd->peer) fd->t1_ms = now_ms;
    if (is_repetition(fd, now_ms, source, msg, len)) {
        memcpy(answer, fd->replay.answer, fd->replay.answer_len);
        return fd->replay.answer_len;
    }
    if (source == fd->replay.source) fd->replay.request_len = 0;
    if (implies_acknowledgement(fd, source, header.command)) fd_acknowledged(fd);

    const struct row *row = find_row(header.command);
    struct fd_call call = {.source = source,
                           .body = msg + PLDM_HEADER_SIZE,
                           .len = len - PLDM_HEADER_SIZE,
                           .out = answer + PLDM_HEADER_SIZE,
                           .size = size - PLDM_HEADER_SIZE};
    const bool allowed = row && (row->states >> fd->state & 1) != 0;
    const uint8_t code = allowed ? row->handler(fd, &call) : refusal(fd, header.command, row);

    size_t answer_len = pldm_answer_error(msg, code, answer, size);
    if (code == PLDM_SUCCESS && call.out_len != 0) answer_len = PLDM_HEADER_SIZE + call.out_len;
    /* Only a handler succeeds, and then there is a row. */
    if (code == PLDM_SUCCESS && row->effect) remember(fd, now_ms, source, msg, len, answer, answer_len);
    return answer_len;
}
