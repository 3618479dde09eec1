// SPDX-License-Identifier: Apache-2.0
//
// Codec of the update commands that the FD sends, and of GetDeviceMetaData, which has their form; see pldm_update.h.
#include "fw/pldm/pldm_update.h"
#include "fw/pldm/pldm_wire.h"

/* ---- GetPackageData, GetDeviceMetaData, GetMetaData (tables 15, 16, 25) ---- */

size_t pldm_get_data_req_encode(const struct pldm_get_data_req *in, uint8_t *body, size_t size) {
    if (size < 5) return 0;
    pldm_put8(pldm_put32(body, in->handle), in->operation);
    return 5;
}

uint8_t pldm_get_data_req_decode(const uint8_t *body, size_t len, struct pldm_get_data_req *out) {
    if (len != 5) return PLDM_ERROR_INVALID_LENGTH;
    out->handle = pldm_get32(body);
    out->operation = body[4];
    return PLDM_SUCCESS;
}

enum { GET_DATA_FIXED = 6 };

size_t pldm_get_data_resp_encode(const struct pldm_get_data_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, GET_DATA_FIXED + in->data_len);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put8(pldm_put32(at, in->next_handle), in->transfer_flag);
    pldm_put_bytes(at, in->data, in->data_len);
    return GET_DATA_FIXED + in->data_len;
}

uint8_t pldm_get_data_resp_decode(const uint8_t *body, size_t len, struct pldm_get_data_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, GET_DATA_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->next_handle = pldm_get32(body + 1);
    out->transfer_flag = body[5];
    out->data = body + GET_DATA_FIXED;
    out->data_len = len - GET_DATA_FIXED;
    switch (out->transfer_flag) {
        case PLDM_TRANSFER_START:
        case PLDM_TRANSFER_MIDDLE:
        case PLDM_TRANSFER_END:
        case PLDM_TRANSFER_START_AND_END:
            return PLDM_SUCCESS;
        default:
            return PLDM_ERROR_INVALID_DATA;
    }
}

/* ---- RequestFirmwareData (table 21) ---- */

size_t pldm_request_firmware_data_req_encode(const struct pldm_request_firmware_data_req *in, uint8_t *body,
                                             size_t size) {
    if (size < 8) return 0;
    pldm_put32(pldm_put32(body, in->offset), in->length);
    return 8;
}

uint8_t pldm_request_firmware_data_req_decode(const uint8_t *body, size_t len,
                                              struct pldm_request_firmware_data_req *out) {
    if (len != 8) return PLDM_ERROR_INVALID_LENGTH;
    out->offset = pldm_get32(body);
    out->length = pldm_get32(body + 4);
    return PLDM_SUCCESS;
}

size_t pldm_request_firmware_data_resp_encode(const struct pldm_request_firmware_data_resp *in, uint8_t *body,
                                              size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 1 + in->data_len);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    pldm_put_bytes(at, in->data, in->data_len);
    return 1 + in->data_len;
}

uint8_t pldm_request_firmware_data_resp_decode(const uint8_t *body, size_t len,
                                               struct pldm_request_firmware_data_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, 1, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->data = body + 1;
    out->data_len = len - 1;
    return PLDM_SUCCESS;
}

/* ---- TransferComplete, VerifyComplete (tables 22, 23), ApplyComplete (table 24) ---- */

size_t pldm_result_req_encode(const struct pldm_result_req *in, uint8_t *body, size_t size) {
    if (size < 1) return 0;
    body[0] = in->result;
    return 1;
}

uint8_t pldm_result_req_decode(const uint8_t *body, size_t len, struct pldm_result_req *out) {
    if (len != 1) return PLDM_ERROR_INVALID_LENGTH;
    out->result = body[0];
    return PLDM_SUCCESS;
}

size_t pldm_apply_complete_req_encode(const struct pldm_apply_complete_req *in, uint8_t *body, size_t size) {
    if (size < 3) return 0;
    pldm_put16(pldm_put8(body, in->result), in->activation_modification);
    return 3;
}

uint8_t pldm_apply_complete_req_decode(const uint8_t *body, size_t len, struct pldm_apply_complete_req *out) {
    if (len != 3) return PLDM_ERROR_INVALID_LENGTH;
    out->result = body[0];
    out->activation_modification = pldm_get16(body + 1);
    return PLDM_SUCCESS;
}
