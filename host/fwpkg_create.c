// SPDX-License-Identifier: Apache-2.0
//
// fwpkg create: component images and device records from the command line, one package out: everything that header
// format revision 1 can say. The same command line gives the same bytes, but for signatures: no clock is read.
#include <stdlib.h>
#include <string.h>

#include "host/component.h"
#include "host/file.h"
#include "host/fwpkg_key.h"
#include "host/pkg.h"
#include "host/text.h"

enum { MAX_COMPONENTS = UINT16_MAX / 8 * 8 };

/* What a device record is made from, beside the fields that the package's own struct has. */
struct record {
    const char *components; /* a list, NULL: all */
    const char *version;    /* NULL: the package's */
    uint8_t version_type;
    bool has_version_type;
    uint8_t version_bytes[STRING_MAX];
    uint8_t *bitmap;
    uint8_t *data;
};

/* A command line of n words has fewer than n of anything, so that is the length of every array. The descriptors of one
 * record follow each other, because the next record's come after its --device. */
struct create {
    const struct options *o;
    struct fwpkg_signing key;
    const char *output, *version;
    uint8_t version_type;
    uint8_t version_bytes[STRING_MAX];
    uint64_t bitmap_bits; /* 0: as few as do */
    struct pkg pkg;
    struct component_spec *specs;
    struct pkg_component *components;
    uint8_t **images;
    struct pkg_device *devices;
    struct record *records;
    struct pldm_descriptor *descriptors;
    uint8_t **values;
    unsigned descriptor_count;
};

static int wrong(const struct create *c, const char *option, const char *value, const char *reason) {
    tool_error(c->o->tool, "%s %s: %s", option, value, reason);
    return 2;
}

static int begin_record(struct create *c, const char *components) {
    if (c->pkg.device_count == UINT8_MAX) return wrong(c, "--device", components, "more than 255");
    const unsigned n = c->pkg.device_count++;
    c->records[n].components = strcmp(components, "all") == 0 ? NULL : components;
    c->devices[n].descriptors = c->descriptors + c->descriptor_count;
    return 0;
}

/* The record that options belong to; the first needs no --device. */
static unsigned current(struct create *c) {
    if (c->pkg.device_count == 0) begin_record(c, "all");
    return c->pkg.device_count - 1u;
}

static int take_component(struct create *c, char *group) {
    if (c->pkg.component_count == MAX_COMPONENTS) return wrong(c, "--component", group, "more than a bitmap has bits");
    return component_parse(c->o->tool, "--component", group, false, &c->specs[c->pkg.component_count++]) ? 0 : 2;
}

static int take_descriptor(struct create *c, const char *value) {
    struct pkg_device *device = &c->devices[current(c)];
    if (device->descriptor_count == UINT8_MAX) return wrong(c, "--descriptor", value, "more than 255 of one record");
    struct pldm_descriptor *d = &c->descriptors[c->descriptor_count];
    uint8_t *room = malloc(descriptor_room(value));
    if (room == NULL) return tool_error(c->o->tool, "out of memory");
    c->values[c->descriptor_count++] = room;
    const char *fault = descriptor_parse(value, room, d);
    if (fault == NULL) fault = descriptor_fault(d, device->descriptor_count == 0);
    if (fault != NULL) return wrong(c, "--descriptor", value, fault);
    device->descriptor_count++;
    return 0;
}

static int take_data(struct create *c, const char *path) {
    char error[FILE_ERROR_TEXT];
    size_t len;
    struct record *record = &c->records[current(c)];
    struct pkg_device *device = &c->devices[current(c)];
    free(record->data);
    record->data = NULL;
    if (!file_read(path, &record->data, &len, error)) return tool_error(c->o->tool, "%s", error);
    if (len > UINT16_MAX) return tool_error(c->o->tool, "%s: package data of more than 65535 bytes", path);
    device->data = record->data;
    device->data_len = (uint16_t)len;
    return 0;
}

static int take_type(const struct create *c, const char *option, const char *value, uint8_t *type) {
    if (string_type_parse(value, strlen(value), type)) return 0;
    return wrong(c, option, value, "not one of ascii, utf8, utf16, utf16le, utf16be, unknown");
}

static int take_record_option(struct create *c, int key, const char *value) {
    struct record *record = &c->records[current(c)];
    switch (key) {
        case FWPKG_DESCRIPTOR:
            return take_descriptor(c, value);
        case FWPKG_SET_VERSION:
            record->version = value;
            return 0;
        case FWPKG_SET_VERSION_TYPE:
            record->has_version_type = true;
            return take_type(c, "--image-set-version-type", value, &record->version_type);
        case FWPKG_DATA:
            return take_data(c, value);
        default:
            c->devices[current(c)].options |= PKG_CONTINUE_AFTER_FAILURE;
            return 0;
    }
}

static int take(void *ctx, const struct options *o, int key) {
    struct create *c = ctx;
    switch (key) {
        case FWPKG_OUTPUT:
            c->output = o->value;
            return 0;
        case FWPKG_COMPONENT:
            return take_component(c, (char *)o->value);
        case FWPKG_DEVICE:
            return begin_record(c, o->value);
        case FWPKG_VERSION:
            c->version = o->value;
            return 0;
        case FWPKG_VERSION_TYPE:
            return take_type(c, "--package-version-type", o->value, &c->version_type);
        case FWPKG_DATE:
            return timestamp_parse(o->value, c->pkg.timestamp) ? 0 : wrong(c, "--date", o->value, "not a date");
        case FWPKG_BITMAP_BITS:
            if (parse_number(o->value, UINT16_MAX, &c->bitmap_bits) && c->bitmap_bits % 8 == 0 && c->bitmap_bits != 0)
                return 0;
            return wrong(c, "--bitmap-bits", o->value, "not a multiple of 8 up to 65528");
        case FWPKG_DESCRIPTOR:
        case FWPKG_SET_VERSION:
        case FWPKG_SET_VERSION_TYPE:
        case FWPKG_DATA:
        case FWPKG_CONTINUE:
            return take_record_option(c, key, o->value);
        default:
            return fwpkg_take_key(&c->key, o, key);
    }
}

static int fill_bitmap(const struct create *c, struct record *record) {
    const unsigned count = c->pkg.component_count;
    record->bitmap = calloc(1, c->pkg.bitmap_bits / 8u);
    if (record->bitmap == NULL) return tool_error(c->o->tool, "out of memory");
    for (unsigned i = 0; record->components == NULL && i < count; i++) record->bitmap[i / 8] |= (uint8_t)(1u << i % 8);
    for (const char *at = record->components; at != NULL && *at != '\0';) {
        char *end;
        const unsigned long n = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : count;
        if (n >= count || (*end != ',' && *end != '\0'))
            return wrong(c, "--device", record->components, "not a list of components, counted from 0");
        record->bitmap[n / 8] |= (uint8_t)(1u << n % 8);
        at = *end == ',' ? end + 1 : end;
    }
    return 0;
}

static int finish_record(struct create *c, unsigned i) {
    struct record *record = &c->records[i];
    struct pkg_device *device = &c->devices[i];
    if (device->descriptor_count == 0) {
        tool_error(c->o->tool, "device record %u has no --descriptor", i);
        return 2;
    }
    const char *version = record->version != NULL ? record->version : c->version;
    const uint8_t type = record->has_version_type ? record->version_type : c->version_type;
    const char *fault = string_make(version, type, record->version_bytes, &device->version);
    if (fault != NULL) return wrong(c, "--image-set-version", version, fault);
    const int status = fill_bitmap(c, record);
    device->applicable = record->bitmap;
    return status;
}

/* Everything that can only be known once the whole command line has been read. */
static int finish(struct create *c) {
    const char *missing = NULL;
    if (c->pkg.device_count == 0) missing = "--descriptor D";
    if (c->pkg.component_count == 0) missing = "--component GROUP";
    if (c->output == NULL) missing = "-o FILE";
    if (missing != NULL) return fwpkg_missing(c->o, missing);
    const char *fault = string_make(c->version, c->version_type, c->version_bytes, &c->pkg.version);
    if (fault != NULL) return wrong(c, "--package-version", c->version, fault);
    if (c->bitmap_bits == 0) c->bitmap_bits = (c->pkg.component_count + 7u) / 8u * 8u;
    c->pkg.bitmap_bits = (uint16_t)c->bitmap_bits;
    if (c->pkg.bitmap_bits < c->pkg.component_count) {
        tool_error(c->o->tool, "--bitmap-bits %u: there are %u components", c->pkg.bitmap_bits, c->pkg.component_count);
        return 2;
    }
    int status = 0;
    for (unsigned i = 0; status == 0 && i < c->pkg.device_count; i++) status = finish_record(c, i);
    return status;
}

static int build_components(struct create *c) {
    char error[COMPONENT_ERROR_TEXT];
    for (unsigned i = 0; i < c->pkg.component_count; i++) {
        const struct component_spec *spec = &c->specs[i];
        size_t len;
        if (!component_build(spec, &c->images[i], &len, error)) return tool_error(c->o->tool, "%s", error);
        unsigned options = spec->force ? PKG_FORCE_UPDATE : 0u;
        if (spec->has_stamp) options |= PKG_USE_STAMP;
        c->components[i] = (struct pkg_component){
            .classification = spec->classification,
            .identifier = spec->identifier,
            .stamp = spec->has_stamp ? spec->stamp : UINT32_MAX, /* table 5: what a stamp not in use is */
            .options = (uint16_t)options,
            .activation = spec->activation,
            .size = (uint32_t)len,
            .version = spec->typed_version,
            .image = c->images[i],
        };
    }
    return 0;
}

/* All but raw ones. */
static int sign_components(struct create *c) {
    char error[SIGN_ERROR_TEXT];
    if (c->key.path == NULL) return 0;
    struct signer *signer = fwpkg_open_key(&c->key, c->o->tool);
    if (signer == NULL) return 1;
    int status = 0;
    for (unsigned i = 0; status == 0 && i < c->pkg.component_count; i++)
        if (!c->specs[i].raw && !component_sign(signer, c->images[i], c->components[i].size, error))
            status = tool_error(c->o->tool, "%s", error);
    signer_close(signer);
    return status;
}

static int write_package(struct create *c) {
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    c->pkg.devices = c->devices;
    c->pkg.components = c->components;
    if (!pkg_write(&c->pkg, &bytes, &len, error)) return tool_error(c->o->tool, "%s: %s", c->output, error);
    const bool good = file_write(c->output, bytes, len, error);
    free(bytes);
    return good ? 0 : tool_error(c->o->tool, "%s", error);
}

/* False when memory ran out; release() gives back what there is. */
static bool allocate(struct create *c, size_t words) {
    c->specs = calloc(words, sizeof *c->specs);
    c->components = calloc(words, sizeof *c->components);
    c->images = calloc(words, sizeof *c->images);
    c->devices = calloc(words, sizeof *c->devices);
    c->records = calloc(words, sizeof *c->records);
    c->descriptors = calloc(words, sizeof *c->descriptors);
    c->values = calloc(words, sizeof *c->values);
    return c->specs != NULL && c->components != NULL && c->images != NULL && c->devices != NULL && c->records != NULL &&
           c->descriptors != NULL && c->values != NULL;
}

static void release(struct create *c) {
    for (unsigned i = 0; c->images != NULL && i < c->pkg.component_count; i++) free(c->images[i]);
    for (unsigned i = 0; c->values != NULL && i < c->descriptor_count; i++) free(c->values[i]);
    for (unsigned i = 0; c->records != NULL && i < c->pkg.device_count; i++) {
        free(c->records[i].bitmap);
        free(c->records[i].data);
    }
    void *const arrays[] = {c->specs, c->components, c->images, c->devices, c->records, c->descriptors, c->values};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) free(arrays[i]);
}

int fwpkg_create(struct options *o) {
    struct create c = {.o = o, .version = "1", .version_type = PLDM_STRING_ASCII};
    int status = 1;
    if (!allocate(&c, (size_t)o->argc + 1)) {
        tool_error(o->tool, "out of memory");
    } else {
        timestamp_parse("1970-01-01", c.pkg.timestamp);
        status = fwpkg_take_all(o, &c, take);
        if (status == 0) status = fwpkg_check_key(&c.key, o);
        if (status == 0) status = finish(&c);
        if (status == 0) status = build_components(&c);
        if (status == 0) status = sign_components(&c);
        if (status == 0) status = write_package(&c);
    }
    release(&c);
    return status;
}
