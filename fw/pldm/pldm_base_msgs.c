// SPDX-License-Identifier: Apache-2.0
//
// Codec of the PLDM base messages; see pldm_base_msgs.h.
#include "fw/pldm/pldm_base_msgs.h"

#include "fw/image/crc32.h"
#include "fw/pldm/pldm_wire.h"

enum { TID_UNASSIGNED = 0x00, TID_RESERVED = 0xFF };

uint8_t pldm_empty_req_decode(size_t len) {
    return len == 0 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_LENGTH;
}

static const struct pldm_field plain_resp_fields[] = {PLDM_FIELD(pldm_plain_resp, completion_code)};
static const struct pldm_layout plain_resp_layout =
    PLDM_LAYOUT(pldm_plain_resp, plain_resp_fields, 1, true, PLDM_NO_STRING);

size_t pldm_plain_resp_encode(const struct pldm_plain_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&plain_resp_layout, in, body, size);
}

uint8_t pldm_plain_resp_decode(const uint8_t *body, size_t len, struct pldm_plain_resp *out) {
    return pldm_decode(&plain_resp_layout, body, len, out);
}

static bool tid_valid(uint8_t tid) {
    return tid != TID_UNASSIGNED && tid != TID_RESERVED;
}

static const struct pldm_field set_tid_req_fields[] = {PLDM_FIELD(pldm_set_tid_req, tid)};
static const struct pldm_layout set_tid_req_layout =
    PLDM_LAYOUT(pldm_set_tid_req, set_tid_req_fields, 1, false, PLDM_NO_STRING);

size_t pldm_set_tid_req_encode(const struct pldm_set_tid_req *in, uint8_t *body, size_t size) {
    if (!(tid_valid(in->tid))) return 0;
    return pldm_encode(&set_tid_req_layout, in, body, size);
}

uint8_t pldm_set_tid_req_decode(const uint8_t *body, size_t len, struct pldm_set_tid_req *out) {
    uint8_t code = pldm_decode(&set_tid_req_layout, body, len, out);
    if (code != PLDM_SUCCESS) return code;
    return tid_valid(out->tid) ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

static const struct pldm_field get_tid_resp_fields[] = {PLDM_FIELD(pldm_get_tid_resp, completion_code),
                                                        PLDM_FIELD(pldm_get_tid_resp, tid)};
static const struct pldm_layout get_tid_resp_layout =
    PLDM_LAYOUT(pldm_get_tid_resp, get_tid_resp_fields, 2, true, PLDM_NO_STRING);

size_t pldm_get_tid_resp_encode(const struct pldm_get_tid_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_tid_resp_layout, in, body, size);
}

uint8_t pldm_get_tid_resp_decode(const uint8_t *body, size_t len, struct pldm_get_tid_resp *out) {
    return pldm_decode(&get_tid_resp_layout, body, len, out);
}

static const struct pldm_field get_version_req_fields[] = {PLDM_FIELD(pldm_get_version_req, handle),
                                                           PLDM_FIELD(pldm_get_version_req, operation),
                                                           PLDM_FIELD(pldm_get_version_req, type)};
static const struct pldm_layout get_version_req_layout =
    PLDM_LAYOUT(pldm_get_version_req, get_version_req_fields, 6, false, PLDM_NO_STRING);

size_t pldm_get_version_req_encode(const struct pldm_get_version_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_version_req_layout, in, body, size);
}

uint8_t pldm_get_version_req_decode(const uint8_t *body, size_t len, struct pldm_get_version_req *out) {
    return pldm_decode(&get_version_req_layout, body, len, out);
}

/* Completion code, handle, flag, then versions and CRC. */
enum { VERSION_FIXED = 6, VERSION_SIZE = 4, CRC_SIZE = 4 };

size_t pldm_get_version_resp_encode(const struct pldm_get_version_resp *in, uint8_t *body, size_t size) {
    bool done;
    size_t len = VERSION_FIXED + VERSION_SIZE + CRC_SIZE;
    if (!pldm_response_fits(in->completion_code, body, size, len, &done)) return 0;
    if (done) return 1;
    pldm_put32(body + 1, in->next_handle);
    body[5] = in->transfer_flag;
    uint8_t *crc = pldm_put32(body + VERSION_FIXED, in->version);
    pldm_put32(crc, crc32_of(0, body + VERSION_FIXED, VERSION_SIZE));
    return len;
}

uint8_t pldm_get_version_resp_decode(const uint8_t *body, size_t len, struct pldm_get_version_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, VERSION_FIXED + VERSION_SIZE, out, sizeof *out, &go_on);
    if (!go_on) return code;
    size_t data = len - VERSION_FIXED;
    if (data % VERSION_SIZE != 0) return PLDM_ERROR_INVALID_LENGTH;
    if (data > VERSION_SIZE) {
        const uint8_t *crc = body + len - CRC_SIZE;
        if (pldm_get32(crc) != crc32_of(0, body + VERSION_FIXED, data - CRC_SIZE)) return PLDM_ERROR_INVALID_DATA;
    }
    out->next_handle = pldm_get32(body + 1);
    out->transfer_flag = body[5];
    out->version = pldm_get32(body + VERSION_FIXED);
    return PLDM_SUCCESS;
}

static const struct pldm_field get_types_resp_fields[] = {PLDM_FIELD(pldm_get_types_resp, completion_code),
                                                          PLDM_FIELD(pldm_get_types_resp, types)};
static const struct pldm_layout get_types_resp_layout =
    PLDM_LAYOUT(pldm_get_types_resp, get_types_resp_fields, 1 + PLDM_TYPES_SIZE, true, PLDM_NO_STRING);

size_t pldm_get_types_resp_encode(const struct pldm_get_types_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_types_resp_layout, in, body, size);
}

uint8_t pldm_get_types_resp_decode(const uint8_t *body, size_t len, struct pldm_get_types_resp *out) {
    return pldm_decode(&get_types_resp_layout, body, len, out);
}

static const struct pldm_field get_commands_req_fields[] = {PLDM_FIELD(pldm_get_commands_req, type),
                                                            PLDM_FIELD(pldm_get_commands_req, version)};
static const struct pldm_layout get_commands_req_layout =
    PLDM_LAYOUT(pldm_get_commands_req, get_commands_req_fields, 5, false, PLDM_NO_STRING);

size_t pldm_get_commands_req_encode(const struct pldm_get_commands_req *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_commands_req_layout, in, body, size);
}

uint8_t pldm_get_commands_req_decode(const uint8_t *body, size_t len, struct pldm_get_commands_req *out) {
    return pldm_decode(&get_commands_req_layout, body, len, out);
}

static const struct pldm_field get_commands_resp_fields[] = {PLDM_FIELD(pldm_get_commands_resp, completion_code),
                                                             PLDM_FIELD(pldm_get_commands_resp, commands)};
static const struct pldm_layout get_commands_resp_layout =
    PLDM_LAYOUT(pldm_get_commands_resp, get_commands_resp_fields, 1 + PLDM_COMMANDS_SIZE, true, PLDM_NO_STRING);

size_t pldm_get_commands_resp_encode(const struct pldm_get_commands_resp *in, uint8_t *body, size_t size) {
    return pldm_encode(&get_commands_resp_layout, in, body, size);
}

uint8_t pldm_get_commands_resp_decode(const uint8_t *body, size_t len, struct pldm_get_commands_resp *out) {
    return pldm_decode(&get_commands_resp_layout, body, len, out);
}
