// SPDX-License-Identifier: Apache-2.0
//
// The reader of pkg.h. A cursor with a limit takes field after field; its first failure leaves the text and every later
// take returns zero, so that each table reads as the specification prints it. Every refusal ends with an offset.
#include "host/pkg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/crc32.h"
#include "host/pkg_format.h"
#include "host/strings.h"

struct reader {
    const char *name;
    char *error;
    const uint8_t *bytes;
    size_t at;
    size_t end; /* of the structure being read */
    bool failed;
    char where[48]; /* "component 1: " */
};

static void fail(struct reader *r, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fail(struct reader *r, size_t at, const char *format, ...) {
    char reason[128];
    if (r->failed) return;
    r->failed = true;
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    snprintf(r->error, PKG_ERROR_TEXT, "%.250s: %s%s (at 0x%zx)", r->name, r->where, reason, at);
}

static const uint8_t *take(struct reader *r, size_t len, const char *what) {
    if (!r->failed && len > r->end - r->at)
        fail(r, r->at, "%s: %zu bytes run beyond the end at 0x%zx", what, len, r->end);
    if (r->failed) return NULL;
    const uint8_t *field = r->bytes + r->at;
    r->at += len;
    return field;
}

static uint32_t take_number(struct reader *r, size_t len, const char *what) {
    const uint8_t *field = take(r, len, what);
    uint32_t number = 0;
    if (field != NULL)
        while (len-- > 0) number = number << 8 | field[len];
    return number;
}

#define take_u8(r, what)  ((uint8_t)take_number((r), 1, (what)))
#define take_u16(r, what) ((uint16_t)take_number((r), 2, (what)))
#define take_u32(r, what) take_number((r), 4, (what))

/* The type and the length of a string; its bytes follow later, take_string() takes them. */
static void take_string_head(struct reader *r, struct pldm_string *string, const char *what) {
    const size_t at = r->at;
    string->type = take_u8(r, what);
    string->len = take_u8(r, what);
    if (!r->failed && string_type_name(string->type) == NULL)
        fail(r, at, "%s: reserved string type %u", what, string->type);
}

static void take_string(struct reader *r, struct pldm_string *string, const char *what) {
    const size_t start = r->at;
    size_t at;
    string->bytes = take(r, string->len, what);
    if (r->failed) return;
    const char *fault = string_fault(string, &at);
    if (fault != NULL) fail(r, start + at, "%s: %s", what, fault);
}

/* Identifier, revision and size: what must be right before the checksum can be found. */
static void read_identity(struct reader *r, struct pkg *pkg) {
    const uint8_t *identifier = take(r, 16, "package header identifier");
    const uint8_t revision = take_u8(r, "header format revision");
    pkg->header_size = take_u16(r, "header size");
    if (r->failed) return;
    unsigned known = 0;
    while (known < PKG_REVISIONS && memcmp(identifier, pkg_identifiers[known], 16) != 0) known++;
    if (known == PKG_REVISIONS) {
        fail(r, 0, "not a PLDM firmware update package: unknown header identifier");
    } else if (known > 0 || revision != 1) {
        const unsigned is = known > 0 ? known + 1 : revision;
        const char *of = is >= 1 && is <= PKG_REVISIONS ? pkg_revision_names[is - 1] : "of no known DSP0267";
        fail(r, known > 0 ? 0 : 16, "header format revision %u (%s) is not supported, only revision 1 (DSP0267 1.0)",
             is, of);
    } else if (pkg->header_size < PKG_HEADER_MIN) {
        fail(r, 17, "header size %u is less than the %d bytes that any header has", pkg->header_size, PKG_HEADER_MIN);
    } else if (pkg->header_size > r->end) {
        fail(r, 17, "header size 0x%x beyond the end of the file 0x%zx", pkg->header_size, r->end);
    }
}

static void check_sum(struct reader *r, const struct pkg *pkg) {
    if (r->failed) return;
    const size_t covered = (size_t)pkg->header_size - 4;
    const uint8_t *field = r->bytes + covered;
    const uint32_t wants = (uint32_t)field[3] << 24 | (uint32_t)field[2] << 16 | (uint32_t)field[1] << 8 | field[0];
    const uint32_t is = crc32_of(0, r->bytes, covered);
    if (is != wants) fail(r, covered, "header checksum is 0x%08x, computed 0x%08x: the header is damaged", wants, is);
    r->end = covered;
}

static void read_descriptors(struct reader *r, struct pkg_device *device) {
    if (r->failed) return;
    if (device->descriptor_count == 0) {
        fail(r, r->at, "has no descriptor");
        return;
    }
    device->descriptors = calloc(device->descriptor_count, sizeof *device->descriptors);
    if (device->descriptors == NULL) {
        fail(r, r->at, "out of memory");
        return;
    }
    for (unsigned i = 0; i < device->descriptor_count; i++) {
        struct pldm_descriptor *d = &device->descriptors[i];
        const size_t at = r->at;
        d->type = take_u16(r, "descriptor type");
        d->len = take_u16(r, "descriptor length");
        d->data = take(r, d->len, "descriptor");
        if (r->failed) return;
        const char *fault = descriptor_fault(d, i == 0);
        if (fault != NULL) fail(r, at, "descriptor %u of type 0x%04x: %s", i, d->type, fault);
    }
}

/* A set bit that no component stands behind would send an agent to a component that is not there. */
static void check_bitmap(struct reader *r, const struct pkg *pkg, const struct pkg_device *device) {
    const size_t start = (size_t)(device->applicable - r->bytes);
    bool any = false;
    for (unsigned n = 0; !r->failed && n < pkg->bitmap_bits; n++) {
        if (!pkg_applies(device, n)) continue;
        any = true;
        if (n >= pkg->component_count)
            fail(r, start + n / 8, "applicable component %u of a package with %u", n, pkg->component_count);
    }
    if (!any) fail(r, start, "no component applies to it");
}

static void read_device(struct reader *r, const struct pkg *pkg, struct pkg_device *device) {
    const size_t area_end = r->end, start = r->at;
    const uint16_t length = take_u16(r, "record length");
    if (!r->failed && (length < 2 || length > area_end - start))
        fail(r, start, "record length %u runs beyond the header's end at 0x%zx", length, area_end);
    if (r->failed) return;
    r->end = start + length;
    device->descriptor_count = take_u8(r, "descriptor count");
    device->options = take_u32(r, "update option flags");
    take_string_head(r, &device->version, "image set version");
    device->data_len = take_u16(r, "package data length");
    device->applicable = take(r, pkg->bitmap_bits / 8u, "applicable components");
    take_string(r, &device->version, "image set version");
    read_descriptors(r, device);
    device->data = take(r, device->data_len, "package data");
    if (!r->failed && r->at != r->end) fail(r, r->at, "%zu bytes left over at its end", r->end - r->at);
    r->end = area_end;
}

static void read_devices(struct reader *r, struct pkg *pkg) {
    pkg->device_count = take_u8(r, "device record count");
    if (r->failed) return;
    pkg->devices = calloc(pkg->device_count + 1u, sizeof *pkg->devices);
    if (pkg->devices == NULL) fail(r, r->at, "out of memory");
    for (unsigned i = 0; !r->failed && i < pkg->device_count; i++) {
        snprintf(r->where, sizeof r->where, "device record %u: ", i);
        read_device(r, pkg, &pkg->devices[i]);
    }
    if (!r->failed) r->where[0] = '\0';
}

/* Where the image lies: outside of the header and within the file. */
static void check_range(struct reader *r, const struct pkg *pkg, size_t file_len, size_t at, struct pkg_component *c) {
    if (r->failed) return;
    if (c->size == 0) {
        fail(r, at, "size 0");
    } else if (c->offset < pkg->header_size) {
        fail(r, at, "offset 0x%x lies in the package header of 0x%x bytes", c->offset, pkg->header_size);
    } else if (c->offset > file_len || c->size > file_len - c->offset) {
        fail(r, at, "offset 0x%x + size 0x%x beyond the end of the file 0x%zx", c->offset, c->size, file_len);
    } else {
        c->image = r->bytes + c->offset;
    }
    for (const struct pkg_component *other = pkg->components; !r->failed && other < c; other++)
        if (c->offset < (uint64_t)other->offset + other->size && other->offset < (uint64_t)c->offset + c->size)
            fail(r, at, "offset 0x%x + size 0x%x overlaps the image of component %u", c->offset, c->size,
                 (unsigned)(other - pkg->components));
}

static void read_component(struct reader *r, const struct pkg *pkg, size_t file_len, struct pkg_component *c) {
    c->classification = take_u16(r, "classification");
    c->identifier = take_u16(r, "identifier");
    c->stamp = take_u32(r, "comparison stamp");
    c->options = take_u16(r, "options");
    c->activation = take_u16(r, "activation methods");
    const size_t range = r->at;
    c->offset = take_u32(r, "location offset");
    c->size = take_u32(r, "size");
    take_string_head(r, &c->version, "version");
    take_string(r, &c->version, "version");
    check_range(r, pkg, file_len, range, c);
}

static void read_components(struct reader *r, struct pkg *pkg, size_t file_len) {
    const size_t at = r->at;
    pkg->component_count = take_u16(r, "component image count");
    if (r->failed) return;
    if (pkg->component_count == 0) fail(r, at, "has no component image");
    if (pkg->component_count > pkg->bitmap_bits)
        fail(r, at, "%u components, but component bitmaps of %u bits", pkg->component_count, pkg->bitmap_bits);
    pkg->components = calloc(pkg->component_count + 1u, sizeof *pkg->components);
    if (pkg->components == NULL) fail(r, r->at, "out of memory");
    for (unsigned i = 0; !r->failed && i < pkg->component_count; i++) {
        snprintf(r->where, sizeof r->where, "component %u: ", i);
        read_component(r, pkg, file_len, &pkg->components[i]);
    }
    if (!r->failed) r->where[0] = '\0';
}

static void read_header(struct reader *r, struct pkg *pkg) {
    const size_t file_len = r->end;
    read_identity(r, pkg);
    check_sum(r, pkg);
    const uint8_t *timestamp = take(r, TIMESTAMP_SIZE, "release date and time");
    if (timestamp != NULL) memcpy(pkg->timestamp, timestamp, TIMESTAMP_SIZE);
    pkg->bitmap_bits = take_u16(r, "component bitmap length");
    if (pkg->bitmap_bits == 0 || pkg->bitmap_bits % 8 != 0)
        fail(r, r->at - 2, "component bitmap length %u is not a multiple of 8 above 0", pkg->bitmap_bits);
    take_string_head(r, &pkg->version, "package version");
    take_string(r, &pkg->version, "package version");
    read_devices(r, pkg);
    read_components(r, pkg, file_len);
    if (!r->failed && r->at != r->end)
        fail(r, r->at, "header size: %zu bytes left over before the checksum", r->end - r->at);
    for (unsigned i = 0; !r->failed && i < pkg->device_count; i++) {
        snprintf(r->where, sizeof r->where, "device record %u: ", i);
        check_bitmap(r, pkg, &pkg->devices[i]);
    }
}

bool pkg_parse(const char *name, const uint8_t *bytes, size_t len, struct pkg *out, char *error) {
    struct reader r = {.name = name, .error = error, .bytes = bytes, .end = len};
    memset(out, 0, sizeof *out);
    read_header(&r, out);
    if (r.failed) pkg_free(out);
    return !r.failed;
}

void pkg_free(struct pkg *pkg) {
    for (unsigned i = 0; pkg->devices != NULL && i < pkg->device_count; i++) free(pkg->devices[i].descriptors);
    free(pkg->devices);
    free(pkg->components);
    memset(pkg, 0, sizeof *pkg);
}

const struct pkg_device *pkg_match(const struct pkg *pkg, const struct pldm_descriptor *present, size_t count) {
    for (unsigned i = 0; i < pkg->device_count; i++) {
        const struct pkg_device *device = &pkg->devices[i];
        if (descriptors_match(device->descriptors, device->descriptor_count, present, count)) return device;
    }
    return NULL;
}
