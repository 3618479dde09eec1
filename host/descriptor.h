// SPDX-License-Identifier: Apache-2.0
//
// The descriptor types of DSP0267 table 7: names, lengths, and the text form `name=value` of command lines and output.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/pldm/pldm.h"

#define DESCRIPTOR_LINE (2u * UINT16_MAX + 2048u) /* bytes that hold any descriptor_format() result */

/** What a descriptor type demands; variable length is 0. */
struct descriptor_kind {
    uint16_t type;
    uint16_t len;
    bool initial; /* may be the first of a record */
    enum { DESCRIPTOR_NUMBER, DESCRIPTOR_TEXT, DESCRIPTOR_BYTES } form;
    const char *name;
};

/** The kind of a type, NULL for one that table 7 does not have. */
const struct descriptor_kind *descriptor_kind(uint16_t type);

/** NULL when the descriptor is as tables 6 to 8 want it, else what is wrong with it (a static text). */
const char *descriptor_fault(const struct pldm_descriptor *d, bool initial);

/** Writes `pci-vendor=0x1234` and the like to @p out, cut off at @p size. A type that table 7 does not have is its
 *  number: `0x0106=00ff`. */
void descriptor_format(const struct pldm_descriptor *d, char *out, size_t size);

/** Bytes that hold the value of any descriptor written as @p text. */
size_t descriptor_room(const char *text);

/** The inverse for command lines: `pci-vendor=0x1234`, `uuid=HEX`, `pnp-vendor=ABC`, `vendor:TITLE=HEX`, with another
 * string type than ASCII `vendor/utf16le:TITLE=HEX`, `0x0106=HEX`.
 *
 * @param out   takes the value, descriptor_room(text) bytes
 * @param d     filled on success; its data is @p out
 * @return NULL, or what is wrong with the text */
const char *descriptor_parse(const char *text, uint8_t *out, struct pldm_descriptor *d);

/** DSP0267 7.1: whether every one of @p wanted is among @p present, type and value alike. */
bool descriptors_match(const struct pldm_descriptor *wanted, size_t wanted_count, const struct pldm_descriptor *present,
                       size_t present_count);
