// SPDX-License-Identifier: Apache-2.0
//
// release.json (docs/release.schema.json says what each member means): made from the notes of a person and a package,
// read by fwup check. After release_load() what the schema requires is there and good.
#pragma once
#include <stdio.h>

#include "host/json_form.h"
#include "host/notes.h"
#include "host/pkg.h"

enum { RELEASE_FORMAT = 1 };

/** The keys of docs/release.txt. */
extern const struct note_key release_keys[];

/** Checks what the table of keys cannot say. @p error: NOTES_ERROR_TEXT bytes */
bool release_notes_good(const char *path, const struct notes *notes, char *error);

#define RELEASE_HASH_TEXT 65

/** SHA-256 as hexadecimal digits. */
void release_hash(const uint8_t *bytes, size_t len, char text[RELEASE_HASH_TEXT]);

/** @p file: the package's name without its folder; @p bytes and @p len: all of it */
void release_write(FILE *to, const struct notes *notes, const struct pkg *pkg, const char *file, const uint8_t *bytes,
                   size_t len);

/** Reads one. NULL with the reason in @p error (JSON_ERROR_TEXT bytes); @p document is for json_free() otherwise. */
const struct json_value *release_load(const char *path, struct json_document *document, char *error);

/** Names of a component: "0x000a:0x0001 >=1.0" in notes. @p rest points behind it; false when it is none. */
bool component_name_parse(const char *text, uint16_t *classification, uint16_t *identifier, const char **rest);
