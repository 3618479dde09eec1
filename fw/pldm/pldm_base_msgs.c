// SPDX-License-Identifier: Apache-2.0
//
// Codec of the PLDM base messages; see pldm_base_msgs.h.
#include "fw/pldm/pldm_base_msgs.h"

#include <string.h>

#include "fw/pldm/pldm_wire.h"

enum { TID_RESERVED_LOW = 0x00, TID_RESERVED_HIGH = 0xFF };

uint8_t pldm_empty_req_decode(size_t len) {
    return len == 0 ? PLDM_SUCCESS : PLDM_ERROR_INVALID_LENGTH;
}

size_t pldm_plain_resp_encode(const struct pldm_plain_resp *in, uint8_t *body, size_t size) {
    return pldm_response_put(in->completion_code, body, size, 1) ? 1 : 0;
}

uint8_t pldm_plain_resp_decode(const uint8_t *body, size_t len, struct pldm_plain_resp *out) {
    bool go_on;
    return pldm_response_exact(body, len, 1, out, sizeof *out, &go_on);
}

static bool tid_valid(uint8_t tid) {
    return tid != TID_RESERVED_LOW && tid != TID_RESERVED_HIGH;
}

size_t pldm_set_tid_req_encode(const struct pldm_set_tid_req *in, uint8_t *body, size_t size) {
    if (size < 1 || !tid_valid(in->tid)) return 0;
    body[0] = in->tid;
    return 1;
}

uint8_t pldm_set_tid_req_decode(const uint8_t *body, size_t len, struct pldm_set_tid_req *out) {
    if (len != 1) return PLDM_ERROR_INVALID_LENGTH;
    out->tid = body[0];
    return tid_valid(out->tid) ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

size_t pldm_get_tid_resp_encode(const struct pldm_get_tid_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, 2);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    pldm_put8(at, in->tid);
    return 2;
}

uint8_t pldm_get_tid_resp_decode(const uint8_t *body, size_t len, struct pldm_get_tid_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 2, out, sizeof *out, &go_on);
    if (!go_on) return code;
    out->tid = body[1];
    return PLDM_SUCCESS;
}

size_t pldm_get_version_req_encode(const struct pldm_get_version_req *in, uint8_t *body, size_t size) {
    if (size < 6) return 0;
    pldm_put8(pldm_put8(pldm_put32(body, in->handle), in->operation), in->type);
    return 6;
}

uint8_t pldm_get_version_req_decode(const uint8_t *body, size_t len, struct pldm_get_version_req *out) {
    if (len != 6) return PLDM_ERROR_INVALID_LENGTH;
    out->handle = pldm_get32(body);
    out->operation = body[4];
    out->type = body[5];
    return PLDM_SUCCESS;
}

/* Completion code, handle, flag, then versions and CRC. */
enum { VERSION_FIXED = 6, VERSION_SIZE = 4, CRC_SIZE = 4 };

size_t pldm_get_version_resp_encode(const struct pldm_get_version_resp *in, uint8_t *body, size_t size) {
    uint8_t *at = pldm_response_put(in->completion_code, body, size, VERSION_FIXED + VERSION_SIZE + CRC_SIZE);
    if (!at) return 0;
    if (in->completion_code != PLDM_SUCCESS) return 1;
    at = pldm_put8(pldm_put32(at, in->next_handle), in->transfer_flag);
    at = pldm_put32(at, in->version);
    pldm_put32(at, pldm_crc32(0, body + VERSION_FIXED, VERSION_SIZE));
    return VERSION_FIXED + VERSION_SIZE + CRC_SIZE;
}

uint8_t pldm_get_version_resp_decode(const uint8_t *body, size_t len, struct pldm_get_version_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_start(body, len, VERSION_FIXED + VERSION_SIZE, out, sizeof *out, &go_on);
    if (!go_on) return code;
    size_t data = len - VERSION_FIXED;
    if (data % VERSION_SIZE != 0) return PLDM_ERROR_INVALID_LENGTH;
    if (data > VERSION_SIZE) {
        const uint8_t *crc = body + len - CRC_SIZE;
        if (pldm_get32(crc) != pldm_crc32(0, body + VERSION_FIXED, data - CRC_SIZE)) return PLDM_ERROR_INVALID_DATA;
    }
    out->next_handle = pldm_get32(body + 1);
    out->transfer_flag = body[5];
    out->version = pldm_get32(body + VERSION_FIXED);
    return PLDM_SUCCESS;
}

/* GetPLDMTypes and GetPLDMCommands answer with a bitmap of fixed size after the completion code. */
static size_t bitmap_encode(uint8_t completion_code, const uint8_t *bits, size_t bits_size, uint8_t *body,
                            size_t size) {
    uint8_t *at = pldm_response_put(completion_code, body, size, 1 + bits_size);
    if (!at) return 0;
    if (completion_code != PLDM_SUCCESS) return 1;
    pldm_put_bytes(at, bits, bits_size);
    return 1 + bits_size;
}

size_t pldm_get_types_resp_encode(const struct pldm_get_types_resp *in, uint8_t *body, size_t size) {
    return bitmap_encode(in->completion_code, in->types, sizeof in->types, body, size);
}

uint8_t pldm_get_types_resp_decode(const uint8_t *body, size_t len, struct pldm_get_types_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 1 + PLDM_TYPES_SIZE, out, sizeof *out, &go_on);
    if (!go_on) return code;
    memcpy(out->types, body + 1, PLDM_TYPES_SIZE);
    return PLDM_SUCCESS;
}

size_t pldm_get_commands_req_encode(const struct pldm_get_commands_req *in, uint8_t *body, size_t size) {
    if (size < 5) return 0;
    pldm_put32(pldm_put8(body, in->type), in->version);
    return 5;
}

uint8_t pldm_get_commands_req_decode(const uint8_t *body, size_t len, struct pldm_get_commands_req *out) {
    if (len != 5) return PLDM_ERROR_INVALID_LENGTH;
    out->type = body[0];
    out->version = pldm_get32(body + 1);
    return PLDM_SUCCESS;
}

size_t pldm_get_commands_resp_encode(const struct pldm_get_commands_resp *in, uint8_t *body, size_t size) {
    return bitmap_encode(in->completion_code, in->commands, sizeof in->commands, body, size);
}

uint8_t pldm_get_commands_resp_decode(const uint8_t *body, size_t len, struct pldm_get_commands_resp *out) {
    bool go_on;
    uint8_t code = pldm_response_exact(body, len, 1 + PLDM_COMMANDS_SIZE, out, sizeof *out, &go_on);
    if (!go_on) return code;
    memcpy(out->commands, body + 1, PLDM_COMMANDS_SIZE);
    return PLDM_SUCCESS;
}
