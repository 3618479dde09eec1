// SPDX-License-Identifier: Apache-2.0
//
// Little-endian fields for the codec's own files. Nothing here checks a length: the callers have done so before.
#pragma once
#include "fw/pldm/pldm_types.h"

/* Write a field and return the place after it. */
uint8_t *pldm_put8(uint8_t *at, uint8_t value);
uint8_t *pldm_put16(uint8_t *at, uint16_t value);
uint8_t *pldm_put32(uint8_t *at, uint32_t value);
/* Bytes that are already in their place are left alone; NULL with length 0 is allowed. */
uint8_t *pldm_put_bytes(uint8_t *at, const uint8_t *bytes, size_t len);
/* Type and length of a string; an empty one that has no type yet stays type 0. */
uint8_t *pldm_put_string_head(uint8_t *at, const struct pldm_string *string);

uint16_t pldm_get16(const uint8_t *at);
uint32_t pldm_get32(const uint8_t *at);

/* Takes type and length of a string at @p at; its bytes start at @p bytes. Returns false for a reserved type. */
bool pldm_get_string(const uint8_t *at, const uint8_t *bytes, struct pldm_string *out);

/* The common start of response decoders: an error response needs one byte and clears @p out beyond its completion code;
 * a success must have at least @p fixed bytes. Every response struct begins with its completion code.
 * Returns 0 with *@p go_on telling whether contents follow, or PLDM_ERROR_INVALID_LENGTH. */
uint8_t pldm_response_start(const uint8_t *body, size_t len, size_t fixed, void *out, size_t out_size, bool *go_on);

/* The same for a response without a variable part: a success has exactly @p fixed bytes. */
uint8_t pldm_response_exact(const uint8_t *body, size_t len, size_t fixed, void *out, size_t out_size, bool *go_on);

/* The common start of response encoders: writes the completion code when @p size allows the whole of @p fixed.
 * Returns the place after it; NULL when it does not fit. An error response is complete with it. */
uint8_t *pldm_response_put(uint8_t completion_code, uint8_t *body, size_t size, size_t fixed);
