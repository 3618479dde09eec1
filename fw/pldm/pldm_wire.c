// SPDX-License-Identifier: Apache-2.0
//
// Fields, header and CRC of PLDM messages; see pldm_wire.h and pldm_types.h.
#include "fw/pldm/pldm_wire.h"

#include <string.h>

uint8_t *pldm_put8(uint8_t *at, uint8_t value) {
    *at = value;
    return at + 1;
}

uint8_t *pldm_put16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

uint8_t *pldm_put32(uint8_t *at, uint32_t value) {
    return pldm_put16(pldm_put16(at, (uint16_t)value), (uint16_t)(value >> 16));
}

uint8_t *pldm_put_bytes(uint8_t *at, const uint8_t *bytes, size_t len) {
    if (len != 0 && bytes != at) memcpy(at, bytes, len);
    return at + len;
}

uint8_t *pldm_put_string_head(uint8_t *at, const struct pldm_string *string) {
    return pldm_put8(pldm_put8(at, string->type), string->len);
}

uint16_t pldm_get16(const uint8_t *at) {
    return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t pldm_get32(const uint8_t *at) {
    return (uint32_t)pldm_get16(at) | (uint32_t)pldm_get16(at + 2) << 16;
}

bool pldm_get_string(const uint8_t *at, const uint8_t *bytes, struct pldm_string *out) {
    out->type = at[0];
    out->len = at[1];
    out->bytes = bytes;
    return out->type <= PLDM_STRING_UTF16BE;
}

uint8_t pldm_response_start(const uint8_t *body, size_t len, size_t fixed, void *out, size_t out_size, bool *go_on) {
    *go_on = false;
    if (len < 1) return PLDM_ERROR_INVALID_LENGTH;
    if (body[0] == PLDM_SUCCESS && len < fixed) return PLDM_ERROR_INVALID_LENGTH;
    memset(out, 0, out_size);
    memcpy(out, body, 1);
    *go_on = body[0] == PLDM_SUCCESS;
    return PLDM_SUCCESS;
}

uint8_t pldm_response_exact(const uint8_t *body, size_t len, size_t fixed, void *out, size_t out_size, bool *go_on) {
    uint8_t code = pldm_response_start(body, len, fixed, out, out_size, go_on);
    if (!*go_on || len == fixed) return code;
    *go_on = false;
    return PLDM_ERROR_INVALID_LENGTH;
}

uint8_t *pldm_response_put(uint8_t completion_code, uint8_t *body, size_t size, size_t fixed) {
    if (size < (completion_code == PLDM_SUCCESS ? fixed : 1)) return NULL;
    return pldm_put8(body, completion_code);
}

enum { RQ = 0x80, D = 0x40, INSTANCE = 0x1F, TYPE = 0x3F };

size_t pldm_header_encode(const struct pldm_header *in, uint8_t *msg, size_t size) {
    if (size < PLDM_HEADER_SIZE || in->instance > INSTANCE || in->type > TYPE) return 0;
    msg[0] = (uint8_t)((in->request ? RQ : 0) | (in->datagram ? D : 0) | in->instance);
    msg[1] = in->type;
    msg[2] = in->command;
    return PLDM_HEADER_SIZE;
}

uint8_t pldm_header_decode(const uint8_t *msg, size_t len, struct pldm_header *out) {
    if (len < PLDM_HEADER_SIZE) return PLDM_ERROR_INVALID_LENGTH;
    if ((msg[1] & ~TYPE) != 0) return PLDM_ERROR_INVALID_DATA;
    out->request = (msg[0] & RQ) != 0;
    out->datagram = (msg[0] & D) != 0;
    out->instance = msg[0] & INSTANCE;
    out->type = msg[1] & TYPE;
    out->command = msg[2];
    return PLDM_SUCCESS;
}

size_t pldm_answer_header(const uint8_t *request, uint8_t *msg, size_t size) {
    if (size < PLDM_HEADER_SIZE) return 0;
    msg[0] = request[0] & INSTANCE;
    msg[1] = request[1];
    msg[2] = request[2];
    return PLDM_HEADER_SIZE;
}

size_t pldm_answer_error(const uint8_t *request, uint8_t completion_code, uint8_t *msg, size_t size) {
    if (size < PLDM_HEADER_SIZE + 1) return 0;
    pldm_answer_header(request, msg, size);
    msg[PLDM_HEADER_SIZE] = completion_code;
    return PLDM_HEADER_SIZE + 1;
}

uint32_t pldm_crc32(uint32_t crc, const uint8_t *bytes, size_t len) {
    crc = ~crc;
    for (size_t i = 0; i < len; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}
