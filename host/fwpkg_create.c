// SPDX-License-Identifier: Apache-2.0
//
// fwpkg create: component images and device records from the command line, one package out. The same command line gives
// the same bytes: no clock is read.
#include <stdlib.h>
#include <string.h>

#include "host/component.h"
#include "host/file.h"
#include "host/fwpkg.h"
#include "host/pkg.h"
#include "host/text.h"

enum { O_OUTPUT = 1, O_COMPONENT, O_DESCRIPTOR, O_DEVICE, O_SET_VERSION, O_DATA, O_CONTINUE, O_VERSION, O_DATE };
enum { MAX_COMPONENTS = 64, MAX_DEVICES = 32, MAX_DESCRIPTORS = 16 };

const struct option_entry fwpkg_create_options[] = {
    {O_OUTPUT, "--output", "-o", "FILE", "the package to write"},
    {O_COMPONENT, "--component", NULL, "GROUP", "one component image, in the order of transfer"},
    {O_DESCRIPTOR, "--descriptor", NULL, "D", "one descriptor that the device must have"},
    {O_DEVICE, "--device", NULL, "LIST", "begins a device record: its components, as 0,2 or all"},
    {O_SET_VERSION, "--image-set-version", NULL, "TEXT", "of the record (default: the package version)"},
    {O_DATA, "--package-data", NULL, "FILE", "of the record, handed to the device on GetPackageData"},
    {O_CONTINUE, "--continue-after-failure", NULL, NULL, "of the record: go on with the other components"},
    {O_VERSION, "--package-version", NULL, "TEXT", "ASCII, 1 to 255 characters (default: 1)"},
    {O_DATE, "--date", NULL, "YYYYMMDD", "release date (default 19700101: no clock is read)"},
    {0, NULL, NULL, NULL, NULL},
};

struct record {
    struct pldm_descriptor descriptors[MAX_DESCRIPTORS];
    uint8_t values[MAX_DESCRIPTORS][DESCRIPTOR_VALUE];
    uint8_t bitmap[MAX_COMPONENTS / 8];
    const char *components; /* a list, NULL: all */
    const char *set_version;
    uint8_t *data;
};

struct create {
    const char *tool;
    const char *output;
    const char *version;
    struct pkg pkg;
    struct component_spec specs[MAX_COMPONENTS];
    struct pkg_component components[MAX_COMPONENTS];
    uint8_t *images[MAX_COMPONENTS];
    struct pkg_device devices[MAX_DEVICES];
    struct record records[MAX_DEVICES];
};

static int usage(const struct create *c, const char *option, const char *value, const char *reason) {
    tool_error(c->tool, "%s %s: %s", option, value, reason);
    return 2;
}

static struct pldm_string ascii(const char *text) {
    return (struct pldm_string){PLDM_STRING_ASCII, (uint8_t)strlen(text), (const uint8_t *)text};
}

static bool good_text(const char *text) {
    const size_t len = strlen(text);
    return len >= 1 && len <= UINT8_MAX && strspn(text, " ") < len;
}

/* The record that options belong to; the first needs no --device. */
static unsigned current(struct create *c) {
    if (c->pkg.device_count == 0) c->pkg.device_count = 1;
    return c->pkg.device_count - 1u;
}

static int take_descriptor(struct create *c, const char *value) {
    const unsigned n = current(c);
    struct pkg_device *device = &c->devices[n];
    if (device->descriptor_count == MAX_DESCRIPTORS) return usage(c, "--descriptor", value, "too many");
    const unsigned i = device->descriptor_count;
    struct pldm_descriptor *d = &c->records[n].descriptors[i];
    const char *fault = descriptor_parse(value, c->records[n].values[i], d);
    if (fault == NULL) fault = descriptor_fault(d, i == 0);
    if (fault != NULL) return usage(c, "--descriptor", value, fault);
    device->descriptor_count++;
    return 0;
}

static int take_data(struct create *c, const char *path) {
    char error[FILE_ERROR_TEXT];
    size_t len;
    struct record *record = &c->records[current(c)];
    free(record->data);
    record->data = NULL;
    if (!file_read(path, &record->data, &len, error)) return tool_error(c->tool, "%s", error);
    if (len > UINT16_MAX) return tool_error(c->tool, "%s: package data of more than 65535 bytes", path);
    c->devices[current(c)].data = record->data;
    c->devices[current(c)].data_len = (uint16_t)len;
    return 0;
}

static int take_date(struct create *c, const char *value) {
    uint8_t d[PLDM_DATE_SIZE];
    if (!date_parse(value, d)) return usage(c, "--date", value, "not a date");
    for (unsigned i = 0; i < sizeof d; i++) d[i] = (uint8_t)(d[i] - '0');
    const unsigned year = d[0] * 1000u + d[1] * 100u + d[2] * 10u + d[3];
    uint8_t *t = c->pkg.timestamp; /* timestamp104: day, month and year in bytes 8 to 11 */
    t[8] = (uint8_t)(d[6] * 10 + d[7]);
    t[9] = (uint8_t)(d[4] * 10 + d[5]);
    t[10] = (uint8_t)year;
    t[11] = (uint8_t)(year >> 8);
    return 0;
}

static int take(struct create *c, int option, char *value) {
    switch (option) {
        case O_OUTPUT:
            c->output = value;
            return 0;
        case O_COMPONENT:
            if (c->pkg.component_count == MAX_COMPONENTS) return usage(c, "--component", value, "more than 64");
            return component_parse(c->tool, "--component", value, false, &c->specs[c->pkg.component_count++]) ? 0 : 2;
        case O_DESCRIPTOR:
            return take_descriptor(c, value);
        case O_DEVICE:
            if (c->pkg.device_count == MAX_DEVICES) return usage(c, "--device", value, "more than 32");
            c->records[c->pkg.device_count++].components = strcmp(value, "all") == 0 ? NULL : value;
            return 0;
        case O_SET_VERSION:
            if (!good_text(value)) return usage(c, "--image-set-version", value, "not 1 to 255 characters");
            c->records[current(c)].set_version = value;
            return 0;
        case O_DATA:
            return take_data(c, value);
        case O_CONTINUE:
            c->devices[current(c)].options |= PKG_CONTINUE_AFTER_FAILURE;
            return 0;
        case O_VERSION:
            if (!good_text(value)) return usage(c, "--package-version", value, "not 1 to 255 characters");
            c->version = value;
            return 0;
        case O_DATE:
            return take_date(c, value);
        default:
            tool_error(c->tool, "unexpected '%s' (see %s --help)", value, c->tool);
            return 2;
    }
}

static int fill_bitmap(const struct create *c, struct record *record) {
    const unsigned count = c->pkg.component_count;
    for (unsigned i = 0; record->components == NULL && i < count; i++) record->bitmap[i / 8] |= (uint8_t)(1u << i % 8);
    for (const char *at = record->components; at != NULL && *at != '\0';) {
        char *end;
        const unsigned long n = *at >= '0' && *at <= '9' ? strtoul(at, &end, 10) : count;
        if (n >= count || (*end != ',' && *end != '\0'))
            return usage(c, "--device", record->components, "not a list of components, counted from 0");
        record->bitmap[n / 8] |= (uint8_t)(1u << n % 8);
        at = *end == ',' ? end + 1 : end;
    }
    return 0;
}

static int finish_records(struct create *c) {
    for (unsigned i = 0; i < c->pkg.device_count; i++) {
        if (c->devices[i].descriptor_count == 0) {
            tool_error(c->tool, "device record %u has no --descriptor", i);
            return 2;
        }
        const int status = fill_bitmap(c, &c->records[i]);
        if (status != 0) return status;
        const char *version = c->records[i].set_version;
        c->devices[i].version = ascii(version != NULL ? version : c->version);
        c->devices[i].applicable = c->records[i].bitmap;
        c->devices[i].descriptors = c->records[i].descriptors;
    }
    return 0;
}

static int check_complete(const struct create *c) {
    const char *missing = NULL;
    if (c->pkg.device_count == 0) missing = "--descriptor D";
    if (c->pkg.component_count == 0) missing = "--component GROUP";
    if (c->output == NULL) missing = "-o FILE";
    if (missing == NULL) return 0;
    tool_error(c->tool, "%s is missing (see %s --help)", missing, c->tool);
    return 2;
}

static int build_components(struct create *c) {
    char error[COMPONENT_ERROR_TEXT];
    for (unsigned i = 0; i < c->pkg.component_count; i++) {
        const struct component_spec *spec = &c->specs[i];
        size_t len;
        if (!component_build(spec, &c->images[i], &len, error)) return tool_error(c->tool, "%s", error);
        unsigned options = spec->force ? PKG_FORCE_UPDATE : 0u;
        if (spec->has_stamp) options |= PKG_USE_STAMP;
        c->components[i] = (struct pkg_component){
            .classification = spec->classification,
            .identifier = spec->identifier,
            .stamp = spec->has_stamp ? spec->stamp : UINT32_MAX, /* table 5: what a stamp not in use is */
            .options = (uint16_t)options,
            .activation = spec->activation,
            .size = (uint32_t)len,
            .version = ascii(spec->version),
            .image = c->images[i],
        };
    }
    return 0;
}

static int write_package(struct create *c) {
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    c->pkg.version = ascii(c->version);
    c->pkg.bitmap_bits = (uint16_t)((c->pkg.component_count + 7) / 8 * 8);
    c->pkg.devices = c->devices;
    c->pkg.components = c->components;
    if (!pkg_write(&c->pkg, &bytes, &len, error)) return tool_error(c->tool, "%s: %s", c->output, error);
    const bool good = file_write(c->output, bytes, len, error);
    free(bytes);
    return good ? 0 : tool_error(c->tool, "%s", error);
}

int fwpkg_create(struct options *o) {
    struct create *c = calloc(1, sizeof *c);
    if (c == NULL) return tool_error(o->tool, "out of memory");
    c->tool = o->tool;
    c->version = "1";
    int status = take_date(c, "19700101");
    for (int key = OPTION_HELP; status == 0 && (key = options_next(o)) != OPTION_END;)
        status = key == OPTION_ERROR ? 2 : take(c, key, (char *)o->value);
    if (status == 0) status = check_complete(c);
    if (status == 0) status = finish_records(c);
    if (status == 0) status = build_components(c);
    if (status == 0) status = write_package(c);
    for (unsigned i = 0; i < MAX_COMPONENTS; i++) free(c->images[i]);
    for (unsigned i = 0; i < MAX_DEVICES; i++) free(c->records[i].data);
    free(c);
    return status;
}
