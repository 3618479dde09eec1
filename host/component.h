// SPDX-License-Identifier: Apache-2.0
//
// Component images of this project (manifest, hash tables, payload: fw/image/image.h) on the host: built from a payload
// and a command line's group of fields, checked hash by hash, laid out in a flash slot.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/image/image.h"
#include "host/options.h"
#include "host/strings.h"

#define COMPONENT_ERROR_TEXT 320

/** What `--component` or `--slot` says. */
struct component_spec {
    const char *payload;              /* path */
    const char *version;              /* ASCII, unless there is a: */
    struct pldm_string typed_version; /* of any type; its bytes are those that follow */
    uint8_t version_bytes[STRING_MAX];
    uint16_t classification;
    uint16_t identifier;
    uint32_t stamp;
    uint32_t security_version;
    uint32_t load_address;
    uint16_t activation;
    uint8_t date[IMAGE_DATE];
    bool has_stamp;
    bool force;
    bool raw;      /* the file is the component image as it is */
    uint32_t base; /* of the slot, bytes; slots only */
    uint32_t size;
};

/** The fields of a slot, for --help; those of a component are the same without the first SLOT_ONLY_FIELDS. */
enum { SLOT_ONLY_FIELDS = 2 };
extern const struct option_entry slot_fields[];

/** Reads a group, which it cuts into pieces; the payload's path points into it. @p spec must stay where it is: its
 * version points into it. A slot needs base and size as well.
 * @return false when the line about it has been written to standard error */
bool component_parse(const char *tool, const char *option, char *group, bool slot, struct component_spec *spec);

/** Builds the component image: a new array for the caller to free.
 * @param error  COMPONENT_ERROR_TEXT bytes, "PATH: reason" */
bool component_build(const struct component_spec *spec, uint8_t **image, size_t *len, char *error);

/** The same around a payload in memory: fields, tables and hashes; the path only begins the error text. */
bool component_wrap(const struct component_spec *spec, const uint8_t *payload, size_t payload_size, uint8_t **image,
                    size_t *len, char *error);

/** What component_check() found. */
enum component_kind { COMPONENT_GOOD, COMPONENT_BAD, COMPONENT_RAW };

/** Checks a component image: the manifest, every table block's and every payload block's SHA-256.
 *
 * @param out    filled unless COMPONENT_RAW (no manifest) or the manifest itself is bad
 * @param error  COMPONENT_ERROR_TEXT bytes, what and where, for COMPONENT_BAD */
enum component_kind component_check(const uint8_t *bytes, size_t len, struct image *out, char *error);

/** Writes an image into the slot [base, base + size) of @p flash: payload at the base, header blocks down from the end.
 * @return false when it does not fit the slot or the slot not the flash */
bool component_place(const uint8_t *image, size_t len, const struct component_spec *spec, uint8_t *flash,
                     size_t flash_size, char *error);
