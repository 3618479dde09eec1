// SPDX-License-Identifier: Apache-2.0
//
// Codec of the update commands that the FD sends, and of GetDeviceMetaData, which has their form; see pldm_update.h.
#include "fw/pldm/pldm_update.h"
#include "fw/pldm/pldm_wire.h"

/* ---- GetPackageData, GetDeviceMetaData, GetMetaData (tables 15, 16, 25) ---- */

static const struct pldm_field get_data_req_fields[] = {PLDM_FIELD(pldm_get_data_req, handle),
                                                        PLDM_FIELD(pldm_get_data_req, operation)};
static const struct pldm_layout get_data_req_layout =
    PLDM_LAYOUT(pldm_get_data_req, get_data_req_fields, 5, false, PLDM_NO_STRING);

size_t pldm_get_data_req_encode(const struct pldm_get_data_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_data_req_layout, in, body, size);
}

uint8_t pldm_get_data_req_decode(const uint8_t *body, size_t len, struct pldm_get_data_req *out) {
    return pldm_decode(&get_data_req_layout, body, len, out);
}

size_t pldm_get_data_resp_encode(const struct pldm_get_data_resp *in, uint8_t *body, size_t size) {
    bool done;
    if (!pldm_response_fits(in->completion_code, body, size, PLDM_GET_DATA_RESP_FIXED + in->data_len, &done)) return 0;
    if (done) return 1;
    pldm_put32(body + 1, in->next_handle);
    body[5] = in->transfer_flag;
    pldm_put_bytes(body + PLDM_GET_DATA_RESP_FIXED, in->data, in->data_len);
    return PLDM_GET_DATA_RESP_FIXED + in->data_len;
}

uint8_t pldm_get_data_resp_decode(const uint8_t *body, size_t len, struct pldm_get_data_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, PLDM_GET_DATA_RESP_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->next_handle = pldm_get32(body + 1);
    out->transfer_flag = body[5];
    out->data = body + PLDM_GET_DATA_RESP_FIXED;
    out->data_len = len - PLDM_GET_DATA_RESP_FIXED;
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

static const struct pldm_field request_firmware_data_req_fields[] = {
    PLDM_FIELD(pldm_request_firmware_data_req, offset), PLDM_FIELD(pldm_request_firmware_data_req, length)};
static const struct pldm_layout request_firmware_data_req_layout =
    PLDM_LAYOUT(pldm_request_firmware_data_req, request_firmware_data_req_fields, 8, false, PLDM_NO_STRING);

size_t pldm_request_firmware_data_req_encode(const struct pldm_request_firmware_data_req *in, uint8_t *body,
                                             size_t size) {
    return pldm_encode(&request_firmware_data_req_layout, in, body, size);
}

uint8_t pldm_request_firmware_data_req_decode(const uint8_t *body, size_t len,
                                              struct pldm_request_firmware_data_req *out) {
    return pldm_decode(&request_firmware_data_req_layout, body, len, out);
}

size_t pldm_request_firmware_data_resp_encode(const struct pldm_request_firmware_data_resp *in, uint8_t *body,
                                              size_t size) {
    bool done;
    if (!pldm_response_fits(in->completion_code, body, size, 1 + in->data_len, &done)) return 0;
    if (done) return 1;
    pldm_put_bytes(body + 1, in->data, in->data_len);
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

static const struct pldm_field result_req_fields[] = {PLDM_FIELD(pldm_result_req, result)};
static const struct pldm_layout result_req_layout =
    PLDM_LAYOUT(pldm_result_req, result_req_fields, 1, false, PLDM_NO_STRING);

size_t pldm_result_req_encode(const struct pldm_result_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&result_req_layout, in, body, size);
}

uint8_t pldm_result_req_decode(const uint8_t *body, size_t len, struct pldm_result_req *out) {
    return pldm_decode(&result_req_layout, body, len, out);
}

static const struct pldm_field apply_complete_req_fields[] = {
    PLDM_FIELD(pldm_apply_complete_req, result), PLDM_FIELD(pldm_apply_complete_req, activation_modification)};
static const struct pldm_layout apply_complete_req_layout =
    PLDM_LAYOUT(pldm_apply_complete_req, apply_complete_req_fields, 3, false, PLDM_NO_STRING);

size_t pldm_apply_complete_req_encode(const struct pldm_apply_complete_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&apply_complete_req_layout, in, body, size);
}

uint8_t pldm_apply_complete_req_decode(const uint8_t *body, size_t len, struct pldm_apply_complete_req *out) {
    return pldm_decode(&apply_complete_req_layout, body, len, out);
}
