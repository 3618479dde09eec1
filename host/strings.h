// SPDX-License-Identifier: Apache-2.0
//
// The strings of DSP0267 table 20 on the host: made from a command line's UTF-8, checked, and shown. Nothing that came
// over a link or from a file reaches a terminal unfiltered.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/pldm/pldm.h"

#define STRING_MAX  255  /* bytes of any string */
#define TEXT_STRING 1536 /* bytes that hold any string_format() result: six for each byte at most */

/** What string_next() gives for a byte that is part of no character: this plus the byte. */
#define STRING_BAD UINT32_C(0x80000000)

/** Takes the character at byte @p at, which moves on. UTF-16 is read as its mark says, without one as little-endian;
 *  the mark is no character. @return false at the end */
bool string_next(const struct pldm_string *string, size_t *at, uint32_t *character);

/** NULL when the bytes are what the type says, else what is wrong; @p at is then the first byte that is. Strings of
 *  type Unknown are always right. */
const char *string_fault(const struct pldm_string *string, size_t *at);

/** Makes a string of @p type from UTF-8 text without control characters; UTF-16 gets a mark and is little-endian. Only
 *  a string of type Unknown may be empty and hold any bytes.
 *
 * @param bytes  STRING_MAX of them, the string points to them
 * @return NULL, or what is wrong with the text */
const char *string_make(const char *text, uint8_t type, uint8_t *bytes, struct pldm_string *out);

/** The string in printable ASCII: other characters as \u00e9 or \U0001f600, bytes that are none as \xff, a backslash
 *  as two. */
const char *string_format(const struct pldm_string *string, char out[TEXT_STRING]);

/** "ascii", "utf8", "utf16", "utf16le", "utf16be", "unknown"; NULL for a reserved type. */
const char *string_type_name(uint8_t type);
bool string_type_parse(const char *name, size_t len, uint8_t *type);
