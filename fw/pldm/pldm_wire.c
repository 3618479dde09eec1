// SPDX-License-Identifier: Apache-2.0
//
// Fields, layouts and header of PLDM messages; see pldm_wire.h and pldm_types.h.
#include "fw/pldm/pldm_wire.h"

#include <string.h>

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

uint16_t pldm_get16(const uint8_t *at) {
    return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t pldm_get32(const uint8_t *at) {
    return (uint32_t)pldm_get16(at) | (uint32_t)pldm_get16(at + 2) << 16;
}

/* Between a member in memory and its bytes on the wire; numbers are turned round where memory is big-endian: their
 * width is a power of 2. */
static void copy_field(uint8_t *to, const uint8_t *from, uint8_t width) {
    const bool turn = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && width <= sizeof(uint32_t);
    const uint8_t flip = turn * (uint8_t)(width - 1U);
    for (uint8_t i = 0; i < width; i++) to[i ^ flip] = from[i];
}

uint8_t *pldm_pack(const struct pldm_field *fields, size_t count, const void *in, uint8_t *at) {
    for (; count > 0; count--, fields++) {
        copy_field(at, (const uint8_t *)in + fields->offset, fields->width);
        at += fields->width;
    }
    return at;
}

void pldm_unpack(const struct pldm_field *fields, size_t count, const uint8_t *at, void *out) {
    for (; count > 0; count--, fields++) {
        copy_field((uint8_t *)out + fields->offset, at, fields->width);
        at += fields->width;
    }
}

size_t pldm_encode(const struct pldm_layout *layout, const void *in, uint8_t *body, size_t size) {
    const uint8_t *bytes = in;
    struct pldm_string string = {0};
    if (layout->response && bytes[0] != PLDM_SUCCESS) {
        if (size < 1) return 0;
        body[0] = bytes[0];
        return 1;
    }
    if (layout->string != PLDM_NO_STRING) memcpy(&string, bytes + layout->string, sizeof string);
    size_t len = (size_t)layout->fixed + string.len;
    if (size < len || string.type > PLDM_STRING_UTF16BE) return 0;
    pldm_put_bytes(pldm_pack(layout->fields, layout->count, in, body), string.bytes, string.len);
    return len;
}

uint8_t pldm_decode(const struct pldm_layout *layout, const uint8_t *body, size_t len, void *out) {
    bool go_on = len >= layout->fixed;
    if (layout->response) {
        uint8_t code = pldm_response_start(body, len, layout->fixed, out, layout->struct_size, &go_on);
        if (!go_on) return code;
    }
    bool has_string = layout->string != PLDM_NO_STRING;
    if (!go_on || len != layout->fixed + (has_string ? (size_t)body[layout->fixed - 1] : 0))
        return PLDM_ERROR_INVALID_LENGTH;
    pldm_unpack(layout->fields, layout->count, body, out);
    if (!has_string) return PLDM_SUCCESS;
    struct pldm_string string = {body[layout->fixed - 2], body[layout->fixed - 1], body + layout->fixed};
    memcpy((uint8_t *)out + layout->string, &string, sizeof string);
    return string.type <= PLDM_STRING_UTF16BE ? PLDM_SUCCESS : PLDM_ERROR_INVALID_DATA;
}

bool pldm_response_fits(uint8_t completion_code, uint8_t *body, size_t size, size_t len, bool *done) {
    *done = completion_code != PLDM_SUCCESS;
    if (size < (*done ? 1 : len)) return false;
    body[0] = completion_code;
    return true;
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
