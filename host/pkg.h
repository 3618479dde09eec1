// SPDX-License-Identifier: Apache-2.0
//
// The PLDM firmware update package: DSP0267 1.0.1 clause 7, header format revision 1 (tables 3 to 8). The reader checks
// every length before it looks at what the length covers; what it returns may be used without further checks.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/descriptor.h"
#include "host/timestamp.h"

#define PKG_ERROR_TEXT 512 /* bytes of an error text, its end included */

/** Options, tables 4 and 5. */
enum {
    PKG_CONTINUE_AFTER_FAILURE = 1u << 0, /* of a device */
    PKG_FORCE_UPDATE = 1u << 0,           /* of a component */
    PKG_USE_STAMP = 1u << 1,              /* of a component: without it the stamp says nothing */
    PKG_DEVICE_OPTIONS = 1u << 0,         /* all that are defined */
    PKG_COMPONENT_OPTIONS = 3u << 0,
    PKG_ACTIVATION_METHODS = 0x3Fu,
};

/** Table 4: one firmware device ID record. */
struct pkg_device {
    uint32_t options;
    struct pldm_string version; /* of the component image set */
    const uint8_t *applicable;  /* bitmap, bitmap_bits / 8 bytes */
    struct pldm_descriptor *descriptors;
    uint8_t descriptor_count; /* at least 1 */
    uint16_t data_len;        /* bytes of package data, 0: none */
    const uint8_t *data;
};

/** Table 5: one component image. */
struct pkg_component {
    uint16_t classification;
    uint16_t identifier;
    uint32_t stamp;
    uint16_t options;
    uint16_t activation;
    uint32_t offset; /* bytes from the package's first; the writer chooses it */
    uint32_t size;   /* bytes, at least 1 */
    struct pldm_string version;
    const uint8_t *image;
};

/** A package. Strings, bitmaps and images of a parsed one point into the file's bytes. */
struct pkg {
    uint8_t timestamp[TIMESTAMP_SIZE];
    struct pldm_string version;
    uint16_t header_size; /* bytes, its checksum included */
    uint16_t bitmap_bits; /* a multiple of 8, not less than component_count */
    uint8_t device_count;
    uint16_t component_count; /* at least 1 */
    struct pkg_device *devices;
    struct pkg_component *components;
};

/** Reads a package and checks all of its header.
 *
 * @param name   begins the error text, usually the file's name
 * @param out    to be given to pkg_free() on success; the bytes must outlive it
 * @param error  PKG_ERROR_TEXT bytes: one line that says what is wrong and where
 * @return false when the package is refused (or memory ran out) */
bool pkg_parse(const char *name, const uint8_t *bytes, size_t len, struct pkg *out, char *error);

/** Finds what the specification forbids but no update founders on, and what pkg_parse() therefore accepts: reserved
 *  bits, a release date that is none, a record that no device can match. @p hear gets one line for each. */
void pkg_check(const struct pkg *pkg, void (*hear)(void *ctx, const char *line), void *ctx);

/** Gives back what pkg_parse() allocated. */
void pkg_free(struct pkg *pkg);

/** True when component @p n is meant for @p device. */
static inline bool pkg_applies(const struct pkg_device *device, unsigned n) {
    return (device->applicable[n / 8] >> n % 8 & 1) != 0;
}

/** Clause 7.1: the first record all of whose descriptors the device has, NULL when there is none. */
const struct pkg_device *pkg_match(const struct pkg *pkg, const struct pldm_descriptor *present, size_t count);

/** Writes header and images one after another; sets each component's offset, header_size, and nothing else.
 *
 * @param out    a new array for the caller to free
 * @param error  PKG_ERROR_TEXT bytes
 * @return false when the header would not fit its 16-bit size or the package 32-bit offsets, or memory ran out */
bool pkg_write(struct pkg *pkg, uint8_t **out, size_t *len, char *error);
