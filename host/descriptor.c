// SPDX-License-Identifier: Apache-2.0
//
// Promises of descriptor.h.
#include "host/descriptor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/options.h"
#include "host/strings.h"

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
    if (d->type != PLDM_DESCRIPTOR_VENDOR_DEFINED) return NULL;
    struct pldm_vendor_descriptor vendor;
    size_t at;
    if (pldm_vendor_descriptor_decode(d->data, d->len, &vendor) != 0)
        return "its title runs beyond its end or has a reserved type";
    return string_fault(&vendor.title, &at) == NULL ? NULL : "its title is not of its string type";
}

static uint32_t little_endian(const uint8_t *data, size_t len) {
    uint32_t number = 0;
    while (len-- > 0) number = number << 8 | data[len];
    return number;
}

/* Text that grows in a buffer until that is full. */
struct line {
    char *at;
    size_t left;
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct line *line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const int used = vsnprintf(line->at, line->left, format, args);
    va_end(args);
    const size_t moved = used > 0 && (size_t)used < line->left ? (size_t)used : 0;
    line->at += moved;
    line->left = moved != 0 || used == 0 ? line->left - moved : 0;
}

static void add_hex(struct line *line, const uint8_t *data, size_t len) {
    for (size_t i = 0; i < len && line->left > 2; i++) add(line, "%02x", data[i]);
}

/* Bytes that came over a link or from a file: nothing unprintable reaches a terminal. */
static void add_text(struct line *line, const uint8_t *data, size_t len) {
    for (size_t i = 0; i < len; i++) add(line, "%c", data[i] >= 0x20 && data[i] < 0x7F ? data[i] : '?');
}

static void add_vendor(struct line *line, const struct pldm_descriptor *d) {
    char title[TEXT_STRING];
    struct pldm_vendor_descriptor vendor;
    pldm_vendor_descriptor_decode(d->data, d->len, &vendor);
    add(line, "vendor");
    if (vendor.title.type != PLDM_STRING_ASCII) add(line, "/%s", string_type_name(vendor.title.type));
    add(line, ":%s=", string_format(&vendor.title, title));
    add_hex(line, vendor.data, vendor.data_len);
}

void descriptor_format(const struct pldm_descriptor *d, char *out, size_t size) {
    const struct descriptor_kind *kind = descriptor_kind(d->type);
    struct line line = {out, size};
    if (size > 0) out[0] = '\0';
    if (kind == NULL || descriptor_fault(d, false) != NULL) {
        add(&line, "0x%04x=", d->type);
        add_hex(&line, d->data, d->len);
    } else if (d->type == PLDM_DESCRIPTOR_VENDOR_DEFINED) {
        add_vendor(&line, d);
    } else {
        add(&line, "%s=", kind->name);
        if (kind->form == DESCRIPTOR_NUMBER)
            add(&line, "0x%0*x", 2 * kind->len, (unsigned)little_endian(d->data, d->len));
        else
            (kind->form == DESCRIPTOR_TEXT ? add_text : add_hex)(&line, d->data, d->len);
    }
}

size_t descriptor_room(const char *text) {
    return 2 * strlen(text) + 8; /* a title in UTF-16 takes most: twice its bytes, mark, type and length */
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

/* [/TYPE]:TITLE=HEX */
static const char *parse_vendor(const char *text, uint8_t *out, struct pldm_descriptor *d) {
    uint8_t type = PLDM_STRING_ASCII;
    char title[4 * STRING_MAX + 1];
    struct pldm_string string;
    const char *colon = strchr(text, ':'), *equals = colon != NULL ? strchr(colon, '=') : NULL;
    if (equals == NULL) return "a vendor descriptor is written vendor:TITLE=HEX";
    if (*text == '/' && !string_type_parse(text + 1, (size_t)(colon - text) - 1, &type))
        return "its string type is not one of ascii, utf8, utf16, utf16le, utf16be, unknown";
    const size_t len = (size_t)(equals - colon) - 1;
    if (len >= sizeof title) return "its title is longer than 255 bytes";
    memcpy(title, colon + 1, len);
    title[len] = '\0';
    if (string_make(title, type, out + 2, &string) != NULL)
        return "its title is not of its string type or longer than 255 bytes";
    const size_t head = 2u + string.len, room = UINT16_MAX - head;
    size_t data;
    out[0] = string.type;
    out[1] = string.len;
    if (!parse_hex(equals + 1, out + head, room, &data))
        return "its value is not pairs of hexadecimal digits, or too many";
    *d = (struct pldm_descriptor){PLDM_DESCRIPTOR_VENDOR_DEFINED, (uint16_t)(head + data), out};
    return NULL;
}

/* 0xNNNN=HEX, for types that only a later version of the specification has. */
static const char *parse_unknown(const char *text, const char *equals, uint8_t *out, struct pldm_descriptor *d) {
    char number[8];
    uint64_t type;
    size_t len;
    snprintf(number, sizeof number, "%.*s", (int)(equals - text), text);
    if (equals - text != 6 || !parse_number(number, UINT16_MAX, &type) || descriptor_kind((uint16_t)type) != NULL)
        return "its type is not four hexadecimal digits, or one that has a name";
    if (!parse_hex(equals + 1, out, UINT16_MAX, &len)) return "its value is not pairs of hexadecimal digits";
    *d = (struct pldm_descriptor){(uint16_t)type, (uint16_t)len, out};
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
    if (strncmp(text, "vendor:", 7) == 0 || strncmp(text, "vendor/", 7) == 0) return parse_vendor(text + 6, out, d);
    if (strncmp(text, "0x", 2) == 0) return parse_unknown(text, equals, out, d);
    for (size_t i = 0; i + 1 < sizeof kinds / sizeof kinds[0]; i++) {
        const struct descriptor_kind *kind = &kinds[i];
        if (strlen(kind->name) != (size_t)(equals - text) || strncmp(kind->name, text, strlen(kind->name)) != 0)
            continue;
        *d = (struct pldm_descriptor){kind->type, kind->len, out};
        return parse_value(kind, equals + 1, out);
    }
    return "no such descriptor: pci-vendor, iana, uuid, pnp-vendor, acpi-vendor, pci-device, pci-subsystem-vendor, "
           "pci-subsystem, pci-revision, pnp-product, acpi-product, vendor:TITLE or 0xNNNN";
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
