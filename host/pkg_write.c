// SPDX-License-Identifier: Apache-2.0
//
// The writer of pkg.h.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/crc32.h"
#include "host/pkg.h"
#include "host/pkg_format.h"

static void put(uint8_t **to, const void *bytes, size_t len) {
    if (len != 0) memcpy(*to, bytes, len);
    *to += len;
}

static void put_number(uint8_t **to, uint32_t number, size_t len) {
    for (size_t i = 0; i < len; i++) *(*to)++ = (uint8_t)(number >> (8 * i));
}

static size_t device_size(const struct pkg *pkg, const struct pkg_device *d) {
    size_t size = PKG_DEVICE_FIXED + pkg->bitmap_bits / 8u + d->version.len + d->data_len;
    for (unsigned i = 0; i < d->descriptor_count; i++) size += 4u + d->descriptors[i].len;
    return size;
}

static void put_device(uint8_t **to, const struct pkg *pkg, const struct pkg_device *d) {
    put_number(to, (uint32_t)device_size(pkg, d), 2);
    put_number(to, d->descriptor_count, 1);
    put_number(to, d->options, 4);
    put_number(to, d->version.type, 1);
    put_number(to, d->version.len, 1);
    put_number(to, d->data_len, 2);
    put(to, d->applicable, pkg->bitmap_bits / 8u);
    put(to, d->version.bytes, d->version.len);
    for (unsigned i = 0; i < d->descriptor_count; i++) {
        put_number(to, d->descriptors[i].type, 2);
        put_number(to, d->descriptors[i].len, 2);
        put(to, d->descriptors[i].data, d->descriptors[i].len);
    }
    put(to, d->data, d->data_len);
}

static void put_component(uint8_t **to, const struct pkg_component *c) {
    put_number(to, c->classification, 2);
    put_number(to, c->identifier, 2);
    put_number(to, c->stamp, 4);
    put_number(to, c->options, 2);
    put_number(to, c->activation, 2);
    put_number(to, c->offset, 4);
    put_number(to, c->size, 4);
    put_number(to, c->version.type, 1);
    put_number(to, c->version.len, 1);
    put(to, c->version.bytes, c->version.len);
}

static void put_header(uint8_t *header, const struct pkg *pkg) {
    uint8_t *to = header;
    put(&to, pkg_identifiers[0], 16);
    put_number(&to, 1, 1);
    put_number(&to, pkg->header_size, 2);
    put(&to, pkg->timestamp, TIMESTAMP_SIZE);
    put_number(&to, pkg->bitmap_bits, 2);
    put_number(&to, pkg->version.type, 1);
    put_number(&to, pkg->version.len, 1);
    put(&to, pkg->version.bytes, pkg->version.len);
    put_number(&to, pkg->device_count, 1);
    for (unsigned i = 0; i < pkg->device_count; i++) put_device(&to, pkg, &pkg->devices[i]);
    put_number(&to, pkg->component_count, 2);
    for (unsigned i = 0; i < pkg->component_count; i++) put_component(&to, &pkg->components[i]);
    put_number(&to, crc32_of(0, header, (size_t)(to - header)), 4);
}

bool pkg_write(struct pkg *pkg, uint8_t **out, size_t *len, char *error) {
    size_t header = (size_t)PKG_HEADER_MIN + pkg->version.len;
    for (unsigned i = 0; i < pkg->device_count; i++) header += device_size(pkg, &pkg->devices[i]);
    for (unsigned i = 0; i < pkg->component_count; i++)
        header += (size_t)PKG_COMPONENT_FIXED + pkg->components[i].version.len;
    if (header > UINT16_MAX) {
        snprintf(error, PKG_ERROR_TEXT, "the package header would have %zu bytes, more than 65535", header);
        return false;
    }
    pkg->header_size = (uint16_t)header;
    uint64_t total = header;
    for (unsigned i = 0; i < pkg->component_count; i++) {
        pkg->components[i].offset = (uint32_t)total;
        total += pkg->components[i].size;
        if (total > UINT32_MAX) {
            snprintf(error, PKG_ERROR_TEXT, "component %u: the package would be larger than 4 GiB", i);
            return false;
        }
    }
    uint8_t *bytes = malloc((size_t)total);
    if (bytes == NULL) {
        snprintf(error, PKG_ERROR_TEXT, "out of memory");
        return false;
    }
    put_header(bytes, pkg);
    for (unsigned i = 0; i < pkg->component_count; i++)
        memcpy(bytes + pkg->components[i].offset, pkg->components[i].image, pkg->components[i].size);
    *out = bytes;
    *len = (size_t)total;
    return true;
}
