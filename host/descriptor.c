// SPDX-License-Identifier: Apache-2.0
//
// Promises of descriptor.h.
#include "host/descriptor.h"

#include <stdio.h>
#include <string.h>

#include "host/options.h"

static const struct descriptor_kind kinds[] = {
    {0x0000, 2, true, DESCRIPTOR_NUMBER, "pci-vendor"},
    {0x0001, 4, true, DESCRIPTOR_NUMBER, "iana"},
    {0x0002, 16, true, DESCRIPTOR_BYTES, "uuid"},
    {0x0003, 3, true, DESCRIPTOR_TEXT, "pnp-vendor"},
    {0x0004, 4, true, DESCRIPTOR_TEXT, "acpi-vendor"},
    {0x0100, 2, false, DESCRIPTOR_NUMBER, "pci-device"},
    {0x0101, 2, false, DESCRIPTOR_NUMBER, "pci-subsystem-vendor"},
    {0x0102, 2, false, DESCRIPTOR_NUMBER, "pci-subsystem"},
    {0x0103, 1, false, DESCRIPTOR_NUMBER, "pci-revision"},
    {0x0104, 4, false, DESCRIPTOR_TEXT, "pnp-product"},
    {0x0105, 4, false, DESCRIPTOR_TEXT, "acpi-product"},
    {PLDM_DESCRIPTOR_VENDOR_DEFINED, 0, false, DESCRIPTOR_BYTES, "vendor"},
};

const struct descriptor_kind *descriptor_kind(uint16_t type) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].type == type) return &kinds[i];
    return NULL;
}

const char *descriptor_fault(const struct pldm_descriptor *d, bool initial) {
    const struct descriptor_kind *kind = descriptor_kind(d->type);
    if (initial && (kind == NULL || !kind->initial)) return "its type may not be the first of a record";
    if (kind == NULL) return NULL; /* of a later version of the specification; compared as bytes */
    if (kind->len != 0 && d->len != kind->len) return "its length is not the one of its type";
    struct pldm_vendor_descriptor vendor;
    if (d->type == PLDM_DESCRIPTOR_VENDOR_DEFINED && pldm_vendor_descriptor_decode(d->data, d->len, &vendor) != 0)
        return "its title runs beyond its end or has a reserved type";
    return NULL;
}

static uint32_t little_endian(const uint8_t *data, size_t len) {
    uint32_t number = 0;
    while (len-- > 0) number = number << 8 | data[len];
    return number;
}

static void format_hex(const uint8_t *data, size_t len, char *out, size_t size) {
    size_t at = 0;
    for (size_t i = 0; i < len && at + 3 <= size; i++, at += 2) snprintf(out + at, size - at, "%02x", data[i]);
    if (len == 0 && size > 0) out[0] = '\0';
}

/* Bytes that came over a link or from a file: nothing unprintable reaches a terminal. */
static void format_text(const uint8_t *data, size_t len, char *out, size_t size) {
    size_t at = 0;
    for (; at < len && at + 1 < size; at++) out[at] = data[at] >= 0x20 && data[at] < 0x7F ? (char)data[at] : '?';
    if (size > 0) out[at] = '\0';
}

void descriptor_format(const struct pldm_descriptor *d, char *out, size_t size) {
    const struct descriptor_kind *kind = descriptor_kind(d->type);
    char value[512], title[256];
    if (kind == NULL || descriptor_fault(d, false) != NULL) {
        format_hex(d->data, d->len, value, sizeof value);
        snprintf(out, size, "0x%04x=%s", d->type, value);
    } else if (d->type == PLDM_DESCRIPTOR_VENDOR_DEFINED) {
        struct pldm_vendor_descriptor vendor;
        pldm_vendor_descriptor_decode(d->data, d->len, &vendor);
        format_text(vendor.title.bytes, vendor.title.len, title, sizeof title);
        format_hex(vendor.data, vendor.data_len, value, sizeof value);
        snprintf(out, size, "vendor:%s=%s", title, value);
    } else if (kind->form == DESCRIPTOR_NUMBER) {
        snprintf(out, size, "%s=0x%0*x", kind->name, 2 * kind->len, (unsigned)little_endian(d->data, d->len));
    } else {
        if (kind->form == DESCRIPTOR_TEXT)
            format_text(d->data, d->len, value, sizeof value);
        else
            format_hex(d->data, d->len, value, sizeof value);
        snprintf(out, size, "%s=%s", kind->name, value);
    }
}

/* Hexadecimal digits in pairs, dashes between them allowed as a UUID has them. Returns false for anything else. */
static bool parse_hex(const char *text, uint8_t *out, size_t max, size_t *len) {
    *len = 0;
    while (*text != '\0') {
        if (*text == '-') {
            text++;
            continue;
        }
        unsigned byte;
        int used = 0;
        if (strspn(text, "0123456789abcdefABCDEF") < 2 || sscanf(text, "%2x%n", &byte, &used) != 1 || *len == max)
            return false;
        out[(*len)++] = (uint8_t)byte;
        text += used;
    }
    return true;
}

static const char *parse_vendor(const char *title, const char *equals, uint8_t *out, struct pldm_descriptor *d) {
    const size_t len = (size_t)(equals - title);
    uint8_t data[DESCRIPTOR_VALUE / 2];
    struct pldm_vendor_descriptor vendor = {.data = data};
    if (len == 0 || len > UINT8_MAX) return "the title of a vendor descriptor is 1 to 255 characters";
    vendor.title = (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)len, (const uint8_t *)title};
    if (!parse_hex(equals + 1, data, sizeof data, &vendor.data_len) || vendor.data_len == 0)
        return "the value of a vendor descriptor is 1 to 256 pairs of hexadecimal digits";
    const size_t used = pldm_vendor_descriptor_encode(&vendor, out, DESCRIPTOR_VALUE);
    if (used == 0) return "the vendor descriptor is too long";
    *d = (struct pldm_descriptor){PLDM_DESCRIPTOR_VENDOR_DEFINED, (uint16_t)used, out};
    return NULL;
}

static const char *parse_value(const struct descriptor_kind *kind, const char *value, uint8_t *out) {
    if (kind->form == DESCRIPTOR_NUMBER) {
        uint64_t number;
        if (!parse_number(value, (UINT64_C(1) << (8 * kind->len)) - 1, &number)) return "its value is no such number";
        for (size_t i = 0; i < kind->len; i++) out[i] = (uint8_t)(number >> (8 * i));
    } else if (kind->form == DESCRIPTOR_TEXT) {
        if (strlen(value) != kind->len) return "its value has the wrong number of characters";
        memcpy(out, value, kind->len);
    } else {
        size_t len;
        if (!parse_hex(value, out, kind->len, &len) || len != kind->len)
            return "its value is not 32 hexadecimal digits";
    }
    return NULL;
}

const char *descriptor_parse(const char *text, uint8_t *out, struct pldm_descriptor *d) {
    const char *equals = strchr(text, '=');
    if (equals == NULL) return "a descriptor is written name=value";
    if (strncmp(text, "vendor:", 7) == 0) return parse_vendor(text + 7, equals, out, d);
    for (size_t i = 0; i + 1 < sizeof kinds / sizeof kinds[0]; i++) {
        const struct descriptor_kind *kind = &kinds[i];
        if (strlen(kind->name) != (size_t)(equals - text) || strncmp(kind->name, text, strlen(kind->name)) != 0)
            continue;
        *d = (struct pldm_descriptor){kind->type, kind->len, out};
        return parse_value(kind, equals + 1, out);
    }
    return "no such descriptor: pci-vendor, iana, uuid, pnp-vendor, acpi-vendor, pci-device, pci-subsystem-vendor, "
           "pci-subsystem, pci-revision, pnp-product, acpi-product or vendor:TITLE";
}

bool descriptors_match(const struct pldm_descriptor *wanted, size_t wanted_count, const struct pldm_descriptor *present,
                       size_t present_count) {
    for (size_t w = 0; w < wanted_count; w++) {
        bool found = false;
        for (size_t p = 0; p < present_count && !found; p++)
            found = wanted[w].type == present[p].type && wanted[w].len == present[p].len &&
                    memcmp(wanted[w].data, present[p].data, wanted[w].len) == 0;
        if (!found) return false;
    }
    return true;
}
