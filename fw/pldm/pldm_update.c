// SPDX-License-Identifier: Apache-2.0
//
// Codec of the update commands that the UA sends; see pldm_update.h. Those of the FD are in pldm_own.c.
#include "fw/pldm/pldm_update.h"

#include "fw/pldm/pldm_wire.h"

/* ---- RequestUpdate (table 14) ---- */

static const struct pldm_field request_update_req_fields[] = {
    PLDM_FIELD(pldm_request_update_req, max_transfer_size), PLDM_FIELD(pldm_request_update_req, component_count),
    PLDM_FIELD(pldm_request_update_req, max_outstanding),   PLDM_FIELD(pldm_request_update_req, package_data_len),
    PLDM_FIELD(pldm_request_update_req, set_version.type),  PLDM_FIELD(pldm_request_update_req, set_version.len)};
static const struct pldm_layout request_update_req_layout =
    PLDM_LAYOUT(pldm_request_update_req, request_update_req_fields, 11, false,
                offsetof(struct pldm_request_update_req, set_version));

size_t pldm_request_update_req_encode(const struct pldm_request_update_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&request_update_req_layout, in, body, size);
}

uint8_t pldm_request_update_req_decode(const uint8_t *body, size_t len, struct pldm_request_update_req *out) {
    uint8_t code = pldm_decode(&request_update_req_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return out->max_transfer_size >= PLDM_BASELINE_TRANSFER_SIZE && out->max_outstanding != 0 ? PLDM_SUCCESS
                                                                                              : PLDM_ERROR_INVALID_DATA;
}

static const struct pldm_field request_update_resp_fields[] = {
    PLDM_FIELD(pldm_request_update_resp, completion_code), PLDM_FIELD(pldm_request_update_resp, meta_data_len),
    PLDM_FIELD(pldm_request_update_resp, will_get_package_data)};
static const struct pldm_layout request_update_resp_layout =
    PLDM_LAYOUT(pldm_request_update_resp, request_update_resp_fields, 4, true, PLDM_NO_STRING);

size_t pldm_request_update_resp_encode(const struct pldm_request_update_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&request_update_resp_layout, in, body, size);
}

uint8_t pldm_request_update_resp_decode(const uint8_t *body, size_t len, struct pldm_request_update_resp *out) {
    uint8_t code = pldm_decode(&request_update_resp_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return out->will_get_package_data <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- PassComponentTable (table 17) ---- */

static bool transfer_flag_valid(uint8_t flag) {
    return flag == PLDM_TRANSFER_START || flag == PLDM_TRANSFER_MIDDLE || flag == PLDM_TRANSFER_END ||
           flag == PLDM_TRANSFER_START_AND_END;
}

static const struct pldm_field pass_component_table_req_fields[] = {
    PLDM_FIELD(pldm_pass_component_table_req, transfer_flag), PLDM_FIELD(pldm_pass_component_table_req, classification),
    PLDM_FIELD(pldm_pass_component_table_req, identifier),    PLDM_FIELD(pldm_pass_component_table_req, index),
    PLDM_FIELD(pldm_pass_component_table_req, stamp),         PLDM_FIELD(pldm_pass_component_table_req, version.type),
    PLDM_FIELD(pldm_pass_component_table_req, version.len)};
static const struct pldm_layout pass_component_table_req_layout =
    PLDM_LAYOUT(pldm_pass_component_table_req, pass_component_table_req_fields, 12, false,
                offsetof(struct pldm_pass_component_table_req, version));

size_t pldm_pass_component_table_req_encode(const struct pldm_pass_component_table_req *in, uint8_t *body,
                                            size_t size) {
    if (!(transfer_flag_valid(in->transfer_flag))) return 0;
    return pldm_encode(&pass_component_table_req_layout, in, body, size);
}

uint8_t pldm_pass_component_table_req_decode(const uint8_t *body, size_t len,
                                             struct pldm_pass_component_table_req *out) {
    uint8_t code = pldm_decode(&pass_component_table_req_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return transfer_flag_valid(out->transfer_flag) ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

static const struct pldm_field pass_component_table_resp_fields[] = {
    PLDM_FIELD(pldm_pass_component_table_resp, completion_code), PLDM_FIELD(pldm_pass_component_table_resp, response),
    PLDM_FIELD(pldm_pass_component_table_resp, response_code)};
static const struct pldm_layout pass_component_table_resp_layout =
    PLDM_LAYOUT(pldm_pass_component_table_resp, pass_component_table_resp_fields, 3, true, PLDM_NO_STRING);

size_t pldm_pass_component_table_resp_encode(const struct pldm_pass_component_table_resp *in, uint8_t *body,
                                             size_t size) {
    return pldm_encode(&pass_component_table_resp_layout, in, body, size);
}

uint8_t pldm_pass_component_table_resp_decode(const uint8_t *body, size_t len,
                                              struct pldm_pass_component_table_resp *out) {
    uint8_t code = pldm_decode(&pass_component_table_resp_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return out->response <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

/* ---- UpdateComponent (table 18) ---- */

static const struct pldm_field update_component_req_fields[] = {
    PLDM_FIELD(pldm_update_component_req, classification), PLDM_FIELD(pldm_update_component_req, identifier),
    PLDM_FIELD(pldm_update_component_req, index),          PLDM_FIELD(pldm_update_component_req, stamp),
    PLDM_FIELD(pldm_update_component_req, image_size),     PLDM_FIELD(pldm_update_component_req, options),
    PLDM_FIELD(pldm_update_component_req, version.type),   PLDM_FIELD(pldm_update_component_req, version.len)};
static const struct pldm_layout update_component_req_layout =
    PLDM_LAYOUT(pldm_update_component_req, update_component_req_fields, 19, false,
                offsetof(struct pldm_update_component_req, version));

size_t pldm_update_component_req_encode(const struct pldm_update_component_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&update_component_req_layout, in, body, size);
}

uint8_t pldm_update_component_req_decode(const uint8_t *body, size_t len, struct pldm_update_component_req *out) {
    return pldm_decode(&update_component_req_layout, body, len, out);
}

static const struct pldm_field update_component_resp_fields[] = {
    PLDM_FIELD(pldm_update_component_resp, completion_code), PLDM_FIELD(pldm_update_component_resp, response),
    PLDM_FIELD(pldm_update_component_resp, response_code), PLDM_FIELD(pldm_update_component_resp, options_enabled),
    PLDM_FIELD(pldm_update_component_resp, delay_s)};
static const struct pldm_layout update_component_resp_layout =
    PLDM_LAYOUT(pldm_update_component_resp, update_component_resp_fields, 9, true, PLDM_NO_STRING);

size_t pldm_update_component_resp_encode(const struct pldm_update_component_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&update_component_resp_layout, in, body, size);
}

uint8_t pldm_update_component_resp_decode(const uint8_t *body, size_t len, struct pldm_update_component_resp *out) {
    uint8_t code = pldm_decode(&update_component_resp_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
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

static const struct pldm_field activate_firmware_resp_fields[] = {
    PLDM_FIELD(pldm_activate_firmware_resp, completion_code), PLDM_FIELD(pldm_activate_firmware_resp, estimated_s)};
static const struct pldm_layout activate_firmware_resp_layout =
    PLDM_LAYOUT(pldm_activate_firmware_resp, activate_firmware_resp_fields, 3, true, PLDM_NO_STRING);

size_t pldm_activate_firmware_resp_encode(const struct pldm_activate_firmware_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&activate_firmware_resp_layout, in, body, size);
}

uint8_t pldm_activate_firmware_resp_decode(const uint8_t *body, size_t len, struct pldm_activate_firmware_resp *out) {
    return pldm_decode(&activate_firmware_resp_layout, body, len, out);
}

/* ---- GetStatus (table 27) ---- */

static const struct pldm_field get_status_resp_fields[] = {
    PLDM_FIELD(pldm_get_status_resp, completion_code),  PLDM_FIELD(pldm_get_status_resp, current_state),
    PLDM_FIELD(pldm_get_status_resp, previous_state),   PLDM_FIELD(pldm_get_status_resp, aux_state),
    PLDM_FIELD(pldm_get_status_resp, aux_state_status), PLDM_FIELD(pldm_get_status_resp, progress),
    PLDM_FIELD(pldm_get_status_resp, reason),           PLDM_FIELD(pldm_get_status_resp, options_enabled)};
static const struct pldm_layout get_status_resp_layout =
    PLDM_LAYOUT(pldm_get_status_resp, get_status_resp_fields, 11, true, PLDM_NO_STRING);

size_t pldm_get_status_resp_encode(const struct pldm_get_status_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_status_resp_layout, in, body, size);
}

uint8_t pldm_get_status_resp_decode(const uint8_t *body, size_t len, struct pldm_get_status_resp *out) {
    uint8_t code = pldm_decode(&get_status_resp_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return out->current_state <= PLDM_STATE_ACTIVATE && out->previous_state <= PLDM_STATE_ACTIVATE &&
                   out->aux_state <= PLDM_AUX_IDLE && out->progress <= PLDM_PROGRESS_NOT_SUPPORTED
               ? PLDM_SUCCESS
               : PLDM_ERROR_INVALID_DATA;
}

/* ---- CancelUpdate (table 29) ---- */

enum { CANCEL_UPDATE_FIXED = 10 };

size_t pldm_cancel_update_resp_encode(const struct pldm_cancel_update_resp *in, uint8_t *body, size_t size) {
    bool done;
    if (!pldm_response_fits(in->completion_code, body, size, CANCEL_UPDATE_FIXED, &done)) return 0;
    if (done) return 1;
    body[1] = in->non_functioning;
    pldm_put32(pldm_put32(body + 2, (uint32_t)in->non_functioning_bitmap),
               (uint32_t)(in->non_functioning_bitmap >> 32));
    return CANCEL_UPDATE_FIXED;
}

uint8_t pldm_cancel_update_resp_decode(const uint8_t *body, size_t len, struct pldm_cancel_update_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, CANCEL_UPDATE_FIXED, out, sizeof *out, &go_on);
    if (!go_on) return code;
    if (len != CANCEL_UPDATE_FIXED) return PLDM_ERROR_INVALID_LENGTH;
    out->non_functioning = body[1] != 0;
    out->non_functioning_bitmap = pldm_get32(body + 2) | (uint64_t)pldm_get32(body + 6) << 32;
    return body[1] <= 1 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}
