// SPDX-License-Identifier: Apache-2.0
//
// Multipart transfers of the firmware device (DSP0267 clause 12.1): it gives its metadata (GetDeviceMetaData), and asks
// for the package's data (GetPackageData) and for the metadata again (GetMetaData). Parts may have any size: their
// bytes go to the platform as they come. Whatever goes wrong ends the asking, never the update; see fd.h.
#include "fw/pldm/fd_core.h"

uint8_t fd_get_device_meta_data(struct fd *fd, struct fd_call *call) {
    struct pldm_get_data_req request;
    struct pldm_get_data_resp answer = {.data = call->out + PLDM_GET_DATA_RESP_FIXED};
    uint8_t code = pldm_get_data_req_decode(call->body, call->len, &request);
    if (code != PLDM_SUCCESS) return code;
    if (request.operation > PLDM_GET_FIRST_PART) return PLDM_INVALID_TRANSFER_OPERATION_FLAG;
    if (fd->meta_len == 0) return PLDM_NO_DEVICE_METADATA;
    if (request.operation == PLDM_GET_FIRST_PART) request.handle = 0;

    /* A handle is the offset of its part, the first one's is not for asking. */
    size_t part = call->size - PLDM_GET_DATA_RESP_FIXED;
    if (part > fd->max_transfer_size) part = fd->max_transfer_size;
    if (request.handle >= fd->meta_len || request.handle % part != 0 ||
        (request.handle == 0) != (request.operation == PLDM_GET_FIRST_PART))
        return PLDM_INVALID_DATA_TRANSFER_HANDLE;
    answer.data_len = fd->meta_len - request.handle;
    if (answer.data_len > part) {
        answer.data_len = part;
        answer.next_handle = request.handle + (uint32_t)part;
        answer.transfer_flag = request.handle == 0 ? PLDM_TRANSFER_START : PLDM_TRANSFER_MIDDLE;
    } else {
        answer.transfer_flag = request.handle == 0 ? PLDM_TRANSFER_START_AND_END : PLDM_TRANSFER_END;
        fd->meta_given = true;
    }
    fd->ops->give_data(fd->context, request.handle, call->out + PLDM_GET_DATA_RESP_FIXED, answer.data_len);
    return fd_encoded(call, pldm_get_data_resp_encode(&answer, call->out, call->size));
}

/* ---- asking ---- */

bool fd_pulling(const struct fd *fd) {
    uint8_t command = fd->request.msg[PLDM_HEADER_SIZE - 1];
    return fd->request.pending && (command == PLDM_GET_PACKAGE_DATA || command == PLDM_GET_META_DATA);
}

static enum fd_data what(const struct fd *fd) {
    return fd->request.msg[PLDM_HEADER_SIZE - 1] == PLDM_GET_PACKAGE_DATA ? FD_PACKAGE_DATA : FD_META_DATA;
}

static void ask(struct fd *fd, uint8_t command, uint32_t handle, uint8_t operation) {
    struct pldm_get_data_req request = {handle, operation};
    uint8_t body[5];
    fd->pull.listening = false;
    fd_post(fd, command, body, pldm_get_data_req_encode(&request, body, sizeof body));
}

void fd_pull_begin(struct fd *fd, enum fd_data data) {
    if (data == FD_META_DATA) fd->pull.total = fd->meta_len;
    fd->pull.part = fd->pull.at = 0;
    ask(fd, data == FD_PACKAGE_DATA ? PLDM_GET_PACKAGE_DATA : PLDM_GET_META_DATA, 0, PLDM_GET_FIRST_PART);
}

void fd_pull_answer(struct fd *fd, const uint8_t *body, size_t len, bool more) {
    struct pldm_get_data_resp answer;
    if (pldm_get_data_resp_decode(body, len, &answer) != PLDM_SUCCESS) return; /* asked for again in its time */
    bool first = fd->pull.part == 0;
    if (answer.completion_code == PLDM_ERROR_NOT_READY) return;
    if (answer.completion_code != PLDM_SUCCESS || ((answer.transfer_flag & PLDM_TRANSFER_START) != 0) != first) {
        fd->request.pending = false;
        return;
    }
    fd->pull.listening = true;
    fd->pull.flag = answer.transfer_flag;
    fd->pull.next_handle = answer.next_handle;
    fd->pull.at = fd->pull.part;
    fd_pull_bytes(fd, answer.data, answer.data_len, more);
}

/* The part is whole: was it the last one, and is there as much as was announced? */
static void part_done(struct fd *fd) {
    struct fd_pull *pull = &fd->pull;
    bool end = (pull->flag & PLDM_TRANSFER_END) != 0;
    bool progress = pull->at != pull->part;
    pull->part = pull->at;
    fd->request.pending = false;
    if (end != (pull->at == pull->total) || !progress) return;
    if (end)
        fd->ops->take_data(fd->context, what(fd), pull->at, NULL, 0);
    else
        ask(fd, fd->request.msg[PLDM_HEADER_SIZE - 1], pull->next_handle, PLDM_GET_NEXT_PART);
}

void fd_pull_bytes(struct fd *fd, const uint8_t *bytes, size_t len, bool more) {
    struct fd_pull *pull = &fd->pull;
    if (len > pull->total - pull->at) {
        fd->request.pending = false;
        return;
    }
    if (len != 0) fd->ops->take_data(fd->context, what(fd), pull->at, bytes, len);
    pull->at += (uint32_t)len;
    if (!more) part_done(fd);
}
