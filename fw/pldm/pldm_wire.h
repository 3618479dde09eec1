// SPDX-License-Identifier: Apache-2.0
//
// The codec's own tools: fields in wire order as tables, and the fields themselves. Multi-byte fields are little-endian
// (DSP0267 clause 5.2), whatever the processor is.
#pragma once
#include "fw/pldm/pldm_types.h"

/* A member of a message struct, in the order of the wire: 1, 2 or 4 bytes are a number, more are copied as they are. */
struct pldm_field {
    uint8_t offset;
    uint8_t width;
};
#define PLDM_FIELD(s, m) \
    { offsetof(struct s, m), sizeof(((struct s *)0)->m) }

/* A message: its fixed fields and, when `string` is the offset of a struct pldm_string, that string's bytes behind
 * them. The type and the length of the string are then the last two of the fixed fields. */
struct pldm_layout {
    const struct pldm_field *fields;
    uint8_t count;
    uint8_t fixed; /* bytes */
    uint8_t string;
    bool response; /* the first field is the completion code; an error is that byte alone */
    uint8_t struct_size;
};
enum { PLDM_NO_STRING = 0xFF };
#define PLDM_LAYOUT(s, table, bytes, is_response, at) \
    { table, sizeof table / sizeof *table, bytes, at, is_response, sizeof(struct s) }

/* Writes @p count fields of @p in; returns the place after them. Nothing is checked. */
uint8_t *pldm_pack(const struct pldm_field *fields, size_t count, const void *in, uint8_t *at);
/* Reads them. */
void pldm_unpack(const struct pldm_field *fields, size_t count, const uint8_t *at, void *out);

/* A whole message. Returns its length; 0 when it does not fit or the string's type is reserved. */
size_t pldm_encode(const struct pldm_layout *layout, const void *in, uint8_t *body, size_t size);
/* A whole message of exactly @p len bytes. Returns 0, PLDM_ERROR_INVALID_LENGTH or, for a reserved string type,
 * PLDM_ERROR_INVALID_DATA. An error response clears @p out beyond its completion code. */
uint8_t pldm_decode(const struct pldm_layout *layout, const uint8_t *body, size_t len, void *out);

/* For responses with a variable tail. Starts encoding: true when @p size allows the completion code, or for a success
 * all
 * @p len bytes; then *@p done is set when the completion code, already written, is all. */
bool pldm_response_fits(uint8_t completion_code, uint8_t *body, size_t size, size_t len, bool *done);
/* Starts decoding: returns 0 or PLDM_ERROR_INVALID_LENGTH (a success needs at least @p fixed bytes). *@p go_on tells
 * whether contents follow; @p out is cleared but for its first member, the completion code. */
uint8_t pldm_response_start(const uint8_t *body, size_t len, size_t fixed, void *out, size_t out_size, bool *go_on);

uint8_t *pldm_put16(uint8_t *at, uint16_t value);
uint8_t *pldm_put32(uint8_t *at, uint32_t value);
/* Bytes that are already in their place are left alone; NULL with length 0 is allowed. */
uint8_t *pldm_put_bytes(uint8_t *at, const uint8_t *bytes, size_t len);
uint16_t pldm_get16(const uint8_t *at);
uint32_t pldm_get32(const uint8_t *at);
