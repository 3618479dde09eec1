// SPDX-License-Identifier: Apache-2.0
//
// Resources as bytes: CBOR (libcbor) as OCF has it, and JSON for people. Reading allocates nothing, follows no nesting
// but counts it, and takes each property once.
#pragma once
#include <stddef.h>

#include "host/ocf/progress.h"
#include "host/ocf/pstat.h"

enum {
    OCF_BODY = 1024,      /* bytes that hold any representation written here */
    OCF_UUID_TEXT = 37,   /* with its end */
    OCF_POST_MOST = 1024, /* bytes of a POST that is read at all */
};

/** Reads the body of a POST: one map, definite or not, of text to whatever the property has. False when it is not
 * well-formed, is followed by anything, names a property twice or gives one that is writable a value of another type.
 */
bool ocf_post_decode(const uint8_t *bytes, size_t len, struct pstat_write *out);

/** Write a resource; @return bytes, 0 when it does not fit. */
size_t pstat_encode(const struct pstat *p, uint8_t *bytes, size_t size);
size_t progress_encode(const struct ocf_progress *progress, uint8_t *bytes, size_t size);
size_t pstat_json(const struct pstat *p, char *text, size_t size);
size_t progress_json(const struct ocf_progress *progress, char *text, size_t size);

/** Copies a line of which a terminal and CBOR text take every character: printable ASCII, '?' for all else. */
void ocf_line_copy(char *out, size_t size, const char *text);

/** 8-4-4-4-12 hexadecimal digits, upper or lower case. */
bool ocf_uuid_parse(const char *text, size_t len, uint8_t out[OCF_UUID]);
const char *ocf_uuid_format(const uint8_t uuid[OCF_UUID], char out[OCF_UUID_TEXT]);
