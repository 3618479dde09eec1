// SPDX-License-Identifier: Apache-2.0
//
// fwpkg show: everything a package says, and whether every hash in it holds.
#include <stdlib.h>
#include <string.h>

#include "host/component.h"
#include "host/file.h"
#include "host/fwpkg.h"
#include "host/pkg.h"
#include "host/text.h"

enum { O_JSON = 1 };
const struct option_entry fwpkg_show_options[] = {
    {O_JSON, "--json", NULL, NULL, "one JSON object instead of text"},
    {0, NULL, NULL, NULL, NULL},
};

struct finding {
    enum component_kind kind;
    struct image image;
    char error[COMPONENT_ERROR_TEXT];
};

/* A device compares what the package announces with the manifest: so does this. */
static void compare_identity(const struct pkg_component *c, struct finding *f) {
    const char *differs = NULL;
    const struct image *m = &f->image;
    if (m->classification != c->classification) differs = "classification";
    if (m->identifier != c->identifier) differs = "identifier";
    if (m->version_length != c->version.len || memcmp(m->version, c->version.bytes, c->version.len) != 0)
        differs = "version";
    if ((c->options & PKG_USE_STAMP) != 0 && m->stamp != c->stamp) differs = "comparison stamp";
    if (differs == NULL) return;
    f->kind = COMPONENT_BAD;
    snprintf(f->error, sizeof f->error, "manifest: its %s is not the one in the package header", differs);
}

static const char *release_text(const uint8_t *t, char out[TEXT_STRING]) {
    snprintf(out, TEXT_STRING, "%04u-%02u-%02u %02u:%02u:%02u", (unsigned)t[10] | (unsigned)t[11] << 8, t[9], t[8],
             t[7], t[6], t[5]);
    return out;
}

static const char *components_text(const struct pkg *pkg, const struct pkg_device *device, char out[TEXT_STRING]) {
    size_t at = 0;
    out[0] = '\0';
    for (unsigned n = 0; n < pkg->component_count && at < TEXT_STRING; n++)
        if (pkg_applies(device, n)) at += (size_t)snprintf(out + at, TEXT_STRING - at, "%s%u", at == 0 ? "" : ", ", n);
    return out;
}

static void print_device(const struct pkg *pkg, unsigned i) {
    const struct pkg_device *device = &pkg->devices[i];
    char text[TEXT_STRING], line[1024];
    printf("device record %u\n", i);
    for (unsigned d = 0; d < device->descriptor_count; d++) {
        descriptor_format(&device->descriptors[d], line, sizeof line);
        printf("  descriptor        %s\n", line);
    }
    printf("  image set version %s\n", string_format(&device->version, text));
    printf("  components        %s\n", components_text(pkg, device, text));
    if ((device->options & PKG_CONTINUE_AFTER_FAILURE) != 0) puts("  option            continue after failure");
    if (device->data_len != 0) printf("  package data      %u bytes\n", device->data_len);
}

static void print_manifest(const struct finding *f) {
    char text[TEXT_STRING], date[TEXT_STRING];
    const struct image *m = &f->image;
    const struct pldm_string version = {m->version_type, m->version_length, m->version};
    printf("  manifest          version %s, stamp 0x%08x, security version %u, released %s\n",
           string_format(&version, text), m->stamp, m->security_version, date_format(m->release_date, date));
    printf("  payload           %u bytes in %u blocks, %u hash table%s", m->payload_size, m->payload_blocks,
           m->table_blocks, m->table_blocks == 1 ? "" : "s");
    if (m->load_address != 0) printf(", loaded at 0x%08x", m->load_address);
    putchar('\n');
}

static void print_component(const struct pkg_component *c, unsigned i, const struct finding *f) {
    char text[TEXT_STRING];
    printf("component %u\n  version           %s\n", i, string_format(&c->version, text));
    printf("  classification    0x%04x, identifier 0x%04x\n", c->classification, c->identifier);
    if ((c->options & PKG_USE_STAMP) != 0) printf("  comparison stamp  0x%08x\n", c->stamp);
    if ((c->options & PKG_FORCE_UPDATE) != 0) puts("  option            force update");
    printf("  activation        %s\n", methods_format(c->activation, text));
    printf("  image             %u bytes at 0x%x\n", c->size, c->offset);
    if (f->kind == COMPONENT_RAW) {
        puts("  manifest          none: raw, nothing to check");
    } else if (f->kind == COMPONENT_BAD) {
        printf("  BAD               %s\n", f->error);
    } else {
        print_manifest(f);
        printf("  hashes            all %u right; %s\n", f->image.payload_blocks + f->image.table_blocks,
               image_unsigned(&f->image) ? "not signed" : "signature not checked");
    }
}

static void print_text(const struct pkg *pkg, const struct finding *findings) {
    char text[TEXT_STRING];
    printf("package version     %s\n", string_format(&pkg->version, text));
    printf("released            %s\n", release_text(pkg->timestamp, text));
    printf("header              revision 1, %u bytes, checksum right\n", pkg->header_size);
    for (unsigned i = 0; i < pkg->device_count; i++) print_device(pkg, i);
    for (unsigned i = 0; i < pkg->component_count; i++) print_component(&pkg->components[i], i, &findings[i]);
}

static void json_device(struct json *j, const struct pkg *pkg, const struct pkg_device *device) {
    char line[1024];
    json_open(j, NULL, '{');
    json_open(j, "descriptors", '[');
    for (unsigned d = 0; d < device->descriptor_count; d++) {
        descriptor_format(&device->descriptors[d], line, sizeof line);
        json_text(j, NULL, line);
    }
    json_close(j, ']');
    json_string(j, "image_set_version", &device->version);
    json_open(j, "components", '[');
    for (unsigned n = 0; n < pkg->component_count; n++)
        if (pkg_applies(device, n)) json_number(j, NULL, n);
    json_close(j, ']');
    json_bool(j, "continue_after_failure", (device->options & PKG_CONTINUE_AFTER_FAILURE) != 0);
    json_number(j, "package_data_bytes", device->data_len);
    json_close(j, '}');
}

static void json_manifest(struct json *j, const struct finding *f) {
    const struct image *m = &f->image;
    const struct pldm_string version = {m->version_type, m->version_length, m->version};
    json_open(j, "manifest", '{');
    json_string(j, "version", &version);
    json_number(j, "stamp", m->stamp);
    json_number(j, "security_version", m->security_version);
    json_number(j, "payload_bytes", m->payload_size);
    json_number(j, "payload_blocks", m->payload_blocks);
    json_number(j, "table_blocks", m->table_blocks);
    json_number(j, "load_address", m->load_address);
    json_bool(j, "signed", !image_unsigned(m));
    json_close(j, '}');
}

static void json_component(struct json *j, const struct pkg_component *c, const struct finding *f) {
    static const char *const check[] = {"good", "bad", "raw"};
    json_open(j, NULL, '{');
    json_string(j, "version", &c->version);
    json_number(j, "classification", c->classification);
    json_number(j, "identifier", c->identifier);
    if ((c->options & PKG_USE_STAMP) != 0) json_number(j, "stamp", c->stamp);
    json_bool(j, "force", (c->options & PKG_FORCE_UPDATE) != 0);
    json_number(j, "activation", c->activation);
    json_number(j, "offset", c->offset);
    json_number(j, "size", c->size);
    json_text(j, "check", check[f->kind]);
    if (f->kind == COMPONENT_BAD) json_text(j, "error", f->error);
    if (f->kind == COMPONENT_GOOD) json_manifest(j, f);
    json_close(j, '}');
}

static void print_json(const struct pkg *pkg, const struct finding *findings) {
    char text[TEXT_STRING];
    struct json j = {.to = stdout};
    json_open(&j, NULL, '{');
    json_string(&j, "version", &pkg->version);
    json_text(&j, "released", release_text(pkg->timestamp, text));
    json_number(&j, "header_bytes", pkg->header_size);
    json_open(&j, "devices", '[');
    for (unsigned i = 0; i < pkg->device_count; i++) json_device(&j, pkg, &pkg->devices[i]);
    json_close(&j, ']');
    json_open(&j, "components", '[');
    for (unsigned i = 0; i < pkg->component_count; i++) json_component(&j, &pkg->components[i], &findings[i]);
    json_close(&j, ']');
    json_close(&j, '}');
    putchar('\n');
}

static int show(const char *tool, const char *path, const struct pkg *pkg, bool json) {
    struct finding *findings = calloc(pkg->component_count, sizeof *findings);
    if (findings == NULL) return tool_error(tool, "out of memory");
    for (unsigned i = 0; i < pkg->component_count; i++) {
        const struct pkg_component *c = &pkg->components[i];
        findings[i].kind = component_check(c->image, c->size, &findings[i].image, findings[i].error);
        if (findings[i].kind == COMPONENT_GOOD) compare_identity(c, &findings[i]);
    }
    (json ? print_json : print_text)(pkg, findings);
    int status = 0;
    for (unsigned i = 0; i < pkg->component_count; i++)
        if (findings[i].kind == COMPONENT_BAD)
            status = tool_error(tool, "%s: component %u: %s", path, i, findings[i].error);
    free(findings);
    return status;
}

int fwpkg_show(struct options *o) {
    const char *path = NULL;
    bool json = false;
    for (int key; (key = options_next(o)) != OPTION_END;) {
        if (key == OPTION_ERROR) return 2;
        if (key == O_JSON)
            json = true;
        else if (path == NULL)
            path = o->value;
        else
            return tool_error(o->tool, "unexpected '%s' (see %s --help)", o->value, o->tool) + 1;
    }
    if (path == NULL) return tool_error(o->tool, "FILE is missing (see %s --help)", o->tool) + 1;
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    struct pkg pkg;
    if (!file_read(path, &bytes, &len, error)) return tool_error(o->tool, "%s", error);
    int status = 1;
    if (pkg_parse(path, bytes, len, &pkg, error)) {
        status = show(o->tool, path, &pkg, json);
        pkg_free(&pkg);
    } else {
        tool_error(o->tool, "%s", error);
    }
    free(bytes);
    return status;
}
