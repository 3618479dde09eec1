// SPDX-License-Identifier: Apache-2.0
//
// JSON in (RFC 8259), for files that came from elsewhere: bounded in size and depth, every mistake refused with its
// line. What a file must hold is a table (host/json_form.h); host/text.h writes JSON.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_ERROR_TEXT 320
#define JSON_DEPTH      32
#define JSON_LONGEST    (UINT32_C(16) << 20) /* bytes of a file */

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_value {
    enum json_kind kind;
    bool whole; /* a number from 0 to UINT64_MAX without fraction or exponent: `number` is it */
    unsigned line;
    uint64_t number;  /* 0 or 1 of a JSON_BOOL */
    const char *name; /* of a member of an object */
    const char *text; /* of JSON_TEXT: UTF-8 without NUL */
    struct json_value *first, *next;
};

struct json_document {
    char *text;
    struct json_value *values; /* values[0] is an array of the values that the file holds */
};

/** Reads a file of one value, or of several with white space between ("JSON lines").
 *
 * @param name   begins the error text, usually the file's name
 * @param out    for json_free() on success
 * @param error  JSON_ERROR_TEXT bytes: "NAME:LINE: reason" */
bool json_parse(const char *name, const char *bytes, size_t len, struct json_document *out, char *error);
bool json_load(const char *path, struct json_document *out, char *error);
void json_free(struct json_document *document);

/** The member of that name, the first if there are several; NULL when there is none or @p object is none (or NULL). */
const struct json_value *json_get(const struct json_value *object, const char *name);
/** Its text or number, or NULL or 0 when it is not there or no such. */
const char *json_get_text(const struct json_value *object, const char *name);
uint64_t json_get_number(const struct json_value *object, const char *name);
