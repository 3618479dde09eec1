// SPDX-License-Identifier: Apache-2.0
//
// Codec of the update commands that the UA sends; see pldm_update.h. Those of the FD are in pldm_own.c.
#include "fw/pldm/pldm_update.h"

#include "fw/pldm/pldm_wire.h"

/* ---- RequestUpdate (table 14) ---- */

enum { REQUEST_UPDATE_FIXED = 11 };

size_t pldm_request_update_req_encode(const struct pldm_request_update_req *in, uint8_t *body, size_t size) {
    size_t len = REQUEST_UPDATE_FIXED + (size_t)in->set_version.len;
    if (size < len || in->set_version.type > PLDM_STRING_UTF16BE) return 0;
    uint8_t *at = pldm_put16(pldm_put32(body, in->max_transfer_size), in->component_count);
    at = pldm_put16(pldm_put8(at, in->max_outstanding), in->package_data_len);
    pldm_put_bytes(pldm_put_string_head(at, &in->set_version), in->set_version.bytes, in->set_version.len);
    return len;
}

uint8_t pldm_request_update_req_decode(const uint8_t *body, size_t len, struct pldm_request_update_req *out) {
    if (len < REQUEST_UPDATE_FIXED || len != REQUEST_UPDATE_FIXED + (size_t)body[10]) return PLDM_ERROR_INVALID_LENGTH;
    out->max_transfer_size = pldm_get32(body);
    out->component_count = pldm_get16(body + 4);
    out->max_outstanding = body[6];
    out->package_data_len = pldm_get16(body + 7);
    bool valid = pldm_get_string(body + 9, body + REQUEST_UPDATE_FIXED, &out->set_version);
    if (out->max_transfer_size < PLDM_BASELINE_TRANSFER_SIZE || out->max_outstanding == 0) valid = false;
    return valid ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

size_t pldm_request_update_resp_encode(const struct pldm_request_update_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 4);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    pldm_put8(pldm_put16(at, in->meta_data_len), in->will_get_package_data);
    return 4;
}

uint8_t pldm_request_update_resp_decode(const uint8_t *body, size_t len, struct pldm_request_update_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 4, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->meta_data_len = pldm_get16(body + 1);
    out->will_get_package_data = body[3];
    return out->will_get_package_data <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- PassComponentTable (table 17) ---- */

enum { PASS_FIXED = 12 };

static bool transfer_flag_valid(uint8_t flag) {
    return flag == PLDM_TRANSFER_START || flag == PLDM_TRANSFER_MIDDLE || flag == PLDM_TRANSFER_END ||
           flag == PLDM_TRANSFER_START_AND_END;
}

size_t pldm_pass_component_table_req_encode(const struct pldm_pass_component_table_req *in, uint8_t *body,
                                            size_t size) {
    size_t len = PASS_FIXED + (size_t)in->version.len;
    if (size < len || in->version.type > PLDM_STRING_UTF16BE || !transfer_flag_valid(in->transfer_flag)) return 0;
    uint8_t *at = pldm_put16(pldm_put8(body, in->transfer_flag), in->classification);
    at = pldm_put32(pldm_put8(pldm_put16(at, in->identifier), in->index), in->stamp);
    pldm_put_bytes(pldm_put_string_head(at, &in->version), in->version.bytes, in->version.len);
    return len;
}

uint8_t pldm_pass_component_table_req_decode(const uint8_t *body, size_t len,
                                             struct pldm_pass_component_table_req *out) {
    if (len < PASS_FIXED || len != PASS_FIXED + (size_t)body[11]) return PLDM_ERROR_INVALID_LENGTH;
    out->transfer_flag = body[0];
    out->classification = pldm_get16(body + 1);
    out->identifier = pldm_get16(body + 3);
    out->index = body[5];
    out->stamp = pldm_get32(body + 6);
    bool valid = pldm_get_string(body + 10, body + PASS_FIXED, &out->version);
    return valid && transfer_flag_valid(out->transfer_flag) ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

size_t pldm_pass_component_table_resp_encode(const struct pldm_pass_component_table_resp *in, uint8_t *body,
                                             size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 3);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    pldm_put8(pldm_put8(at, in->response), in->response_code);
    return 3;
}

uint8_t pldm_pass_component_table_resp_decode(const uint8_t *body, size_t len,
                                              struct pldm_pass_component_table_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 3, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->response = body[1];
    out->response_code = body[2];
    return out->response <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- UpdateComponent (table 18) ---- */

enum { UPDATE_FIXED = 19 };

size_t pldm_update_component_req_encode(const struct pldm_update_component_req *in, uint8_t *body, size_t size) {
    size_t len = UPDATE_FIXED + (size_t)in->version.len;
    if (size < len || in->version.type > PLDM_STRING_UTF16BE) return 0;
    uint8_t *at = pldm_put8(pldm_put16(pldm_put16(body, in->classification), in->identifier), in->index);
    at = pldm_put32(pldm_put32(pldm_put32(at, in->stamp), in->image_size), in->options);
    pldm_put_bytes(pldm_put_string_head(at, &in->version), in->version.bytes, in->version.len);
    return len;
}

uint8_t pldm_update_component_req_decode(const uint8_t *body, size_t len, struct pldm_update_component_req *out) {
    if (len < UPDATE_FIXED || len != UPDATE_FIXED + (size_t)body[18]) return PLDM_ERROR_INVALID_LENGTH;
    out->classification = pldm_get16(body);
    out->identifier = pldm_get16(body + 2);
    out->index = body[4];
    out->stamp = pldm_get32(body + 5);
    out->image_size = pldm_get32(body + 9);
    out->options = pldm_get32(body + 13);
    bool valid = pldm_get_string(body + 17, body + UPDATE_FIXED, &out->version);
    return valid ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

size_t pldm_update_component_resp_encode(const struct pldm_update_component_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 9);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put8(pldm_put8(at, in->response), in->response_code);
    pldm_put16(pldm_put32(at, in->options_enabled), in->delay_s);
    return 9;
}

uint8_t pldm_update_component_resp_decode(const uint8_t *body, size_t len, struct pldm_update_component_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 9, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->response = body[1];
    out->response_code = body[2];
    out->options_enabled = pldm_get32(body + 3);
    out->delay_s = pldm_get16(body + 7);
    return out->response <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- ActivateFirmware (table 26) ---- */

size_t pldm_activate_firmware_req_encode(const struct pldm_activate_firmware_req *in, uint8_t *body, size_t size) {
    if (size < 1) return 0;
    body[0] = in->self_contained;
    return 1;
}

uint8_t pldm_activate_firmware_req_decode(const uint8_t *body, size_t len, struct pldm_activate_firmware_req *out) {
    if (len != 1) return PLDM_ERROR_INVALID_LENGTH;
    out->self_contained = body[0] != 0;
    return body[0] <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

size_t pldm_activate_firmware_resp_encode(const struct pldm_activate_firmware_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 3);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    pldm_put16(at, in->estimated_s);
    return 3;
}

uint8_t pldm_activate_firmware_resp_decode(const uint8_t *body, size_t len, struct pldm_activate_firmware_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 3, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->estimated_s = pldm_get16(body + 1);
    return PLDM_SUCCESS;
}

/* ---- GetStatus (table 27) ---- */

size_t pldm_get_status_resp_encode(const struct pldm_get_status_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 11);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put8(pldm_put8(at, in->current_state), in->previous_state);
    at = pldm_put8(pldm_put8(at, in->aux_state), in->aux_state_status);
    pldm_put32(pldm_put8(pldm_put8(at, in->progress), in->reason), in->options_enabled);
    return 11;
}

uint8_t pldm_get_status_resp_decode(const uint8_t *body, size_t len, struct pldm_get_status_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 11, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->current_state = body[1];
    out->previous_state = body[2];
    out->aux_state = body[3];
    out->aux_state_status = body[4];
    out->progress = body[5];
    out->reason = body[6];
    out->options_enabled = pldm_get32(body + 7);
    bool valid = out->current_state <= PLDM_STATE_ACTIVATE && out->previous_state <= PLDM_STATE_ACTIVATE &&
                 out->aux_state <= PLDM_AUX_IDLE && out->progress <= PLDM_PROGRESS_NOT_SUPPORTED;
    return valid ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- CancelUpdate (table 29) ---- */

size_t pldm_cancel_update_resp_encode(const struct pldm_cancel_update_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 10);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put32(pldm_put8(at, in->non_functioning), (uint32_t)in->non_functioning_bitmap);
    pldm_put32(at, (uint32_t)(in->non_functioning_bitmap >> 32));
    return 10;
}

uint8_t pldm_cancel_update_resp_decode(const uint8_t *body, size_t len, struct pldm_cancel_update_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 10, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->non_functioning = body[1] != 0;
    out->non_functioning_bitmap = pldm_get32(body + 2) | (uint64_t)pldm_get32(body + 6) << 32;
    return body[1] <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}
