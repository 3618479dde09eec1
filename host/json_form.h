// SPDX-License-Identifier: Apache-2.0
//
// What a JSON file must hold, as a table: after json_fits() every required member is there, of its kind and good, and
// so is every other one that is there. Members that no table names are allowed: a newer version may have more.
#pragma once
#include "host/json_read.h"

/** A member of an object; a table ends with a NULL name. */
struct json_field {
    const char *name;
    enum json_kind kind; /* numbers must be whole */
    bool required;
    enum json_kind of;               /* of the elements, if it is an array */
    const struct json_field *inside; /* of the object, or of each object in the array */
    bool (*good)(const char *text);  /* of a text, or each text in the array; NULL: any */
    const char *what;                /* good() is true for */
    uint64_t most;                   /* that a number may be; 0: any */
};

/** @param error  JSON_ERROR_TEXT bytes: "NAME:LINE: MEMBER is ..." */
bool json_fits(const char *name, const struct json_value *object, const struct json_field *fields, char *error);

/** The one object that a file must hold. NULL with the reason in @p error */
const struct json_value *json_only(const char *name, const struct json_document *document,
                                   const struct json_field *fields, char *error);
