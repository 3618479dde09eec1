// SPDX-License-Identifier: Apache-2.0
//
// fwpkg show: everything a package says, and whether every hash in it holds.
#include <stdlib.h>
#include <string.h>

#include "host/component_sign.h"
#include "host/file.h"
#include "host/fwpkg_policy.h"
#include "host/pkg.h"
#include "host/text.h"

struct finding {
    enum component_kind kind;
    struct image image;
    enum image_trust trust; /* by the key that the image brings */
    uint32_t index;         /* of its one-time key */
    char error[COMPONENT_ERROR_TEXT];
};

struct report {
    const char *tool, *path;
    const struct pkg *pkg;
    struct finding *findings; /* one a component */
    size_t unused;            /* bytes behind the header that are no image */
    int status;
};

/* A device compares what the package announces with the manifest: so does this. */
static void compare_identity(const struct pkg_component *c, struct finding *f) {
    const char *differs = NULL;
    const struct image *m = &f->image;
    if (m->classification != c->classification) differs = "classification";
    if (m->identifier != c->identifier) differs = "identifier";
    if (m->version_type != c->version.type || m->version_length != c->version.len ||
        memcmp(m->version, c->version.bytes, c->version.len) != 0)
        differs = "version";
    if ((c->options & PKG_USE_STAMP) != 0 && m->stamp != c->stamp) differs = "comparison stamp";
    if (differs == NULL) return;
    f->kind = COMPONENT_BAD;
    snprintf(f->error, sizeof f->error, "manifest: its %s is not the one in the package header", differs);
}

/* Text and a type that is not the usual one. */
static void print_string(const char *label, const struct pldm_string *string) {
    char text[TEXT_STRING];
    printf("%-19s %s", label, string_format(string, text));
    if (string->type != PLDM_STRING_ASCII) printf(" (%s)", string_type_name(string->type));
    putchar('\n');
}

static void print_components(const struct pkg *pkg, const struct pkg_device *device) {
    const char *separator = "  components        ";
    for (unsigned n = 0; n < pkg->component_count; n++) {
        if (!pkg_applies(device, n)) continue;
        printf("%s%u", separator, n);
        separator = ", ";
    }
    putchar('\n');
}

static void print_data(const struct pkg_device *device) {
    if (device->data_len == 0) return;
    printf("  package data      %u bytes", device->data_len);
    for (unsigned i = 0; i < device->data_len; i++) printf("%s%02x", i % 32 == 0 ? "\n    " : "", device->data[i]);
    putchar('\n');
}

static void print_device(const struct pkg *pkg, unsigned i) {
    static char line[DESCRIPTOR_LINE];
    const struct pkg_device *device = &pkg->devices[i];
    printf("device record %u\n", i);
    for (unsigned d = 0; d < device->descriptor_count; d++) {
        descriptor_format(&device->descriptors[d], line, sizeof line);
        printf("  descriptor        %s\n", line);
    }
    print_string("  image set version", &device->version);
    print_components(pkg, device);
    if ((device->options & PKG_CONTINUE_AFTER_FAILURE) != 0) puts("  option            continue after failure");
    print_data(device);
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

/* Whose the key is, this does not know: see fwpkg verify. */
static void print_signature(const struct finding *f) {
    char id[2 * IMAGE_KEY_ID + 1];
    const bool is_signed = !image_unsigned(&f->image);
    printf("  hashes            all %u right%s\n", f->image.payload_blocks + f->image.table_blocks,
           is_signed ? "" : "; not signed");
    if (!is_signed) return;
    printf("  signature         key %s, ", hex_format(f->image.key_id, IMAGE_KEY_ID, id));
    if (f->trust == IMAGE_AUTHENTIC)
        printf("one-time key %u: made by this key\n", f->index);
    else
        puts("WRONG");
}

static void print_component(const struct pkg_component *c, unsigned i, const struct finding *f) {
    char text[TEXT_STRING];
    printf("component %u\n", i);
    print_string("  version", &c->version);
    printf("  classification    0x%04x (%s), identifier 0x%04x\n", c->classification,
           classification_name(c->classification), c->identifier);
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
        print_signature(f);
    }
}

static void print_text(const struct report *r) {
    char text[TIMESTAMP_TEXT];
    const struct pkg *pkg = r->pkg;
    print_string("package version", &pkg->version);
    printf("released            %s\n", timestamp_format(pkg->timestamp, text));
    printf("header              revision 1, %u bytes, checksum right, component bitmaps of %u bits\n", pkg->header_size,
           pkg->bitmap_bits);
    for (unsigned i = 0; i < pkg->device_count; i++) print_device(pkg, i);
    for (unsigned i = 0; i < pkg->component_count; i++) print_component(&pkg->components[i], i, &r->findings[i]);
    if (r->unused != 0) printf("unused              %zu bytes that belong to no component\n", r->unused);
}

static void json_data(struct json *j, const struct pkg_device *device) {
    static char hex[2 * UINT16_MAX + 1];
    for (size_t i = 0; i < device->data_len; i++) snprintf(hex + 2 * i, 3, "%02x", device->data[i]);
    hex[2 * (size_t)device->data_len] = '\0';
    json_text(j, "package_data", hex);
}

/* A string beside the name of its type. */
static void json_version(struct json *j, const char *name, const char *type_name, const struct pldm_string *version) {
    json_string(j, name, version);
    json_text(j, type_name, string_type_name(version->type));
}

static void json_device(struct json *j, const struct pkg *pkg, const struct pkg_device *device) {
    static char line[DESCRIPTOR_LINE];
    json_open(j, NULL, '{');
    json_open(j, "descriptors", '[');
    for (unsigned d = 0; d < device->descriptor_count; d++) {
        descriptor_format(&device->descriptors[d], line, sizeof line);
        json_text(j, NULL, line);
    }
    json_close(j, ']');
    json_version(j, "image_set_version", "image_set_version_type", &device->version);
    json_open(j, "components", '[');
    for (unsigned n = 0; n < pkg->component_count; n++)
        if (pkg_applies(device, n)) json_number(j, NULL, n);
    json_close(j, ']');
    json_bool(j, "continue_after_failure", (device->options & PKG_CONTINUE_AFTER_FAILURE) != 0);
    json_data(j, device);
    json_close(j, '}');
}

static void json_manifest(struct json *j, const struct finding *f) {
    char id[2 * IMAGE_KEY_ID + 1];
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
    if (!image_unsigned(m)) {
        json_text(j, "key_id", hex_format(m->key_id, IMAGE_KEY_ID, id));
        json_text(j, "signature", f->trust == IMAGE_AUTHENTIC ? "good" : "bad");
        json_number(j, "one_time_key", f->index);
    }
    json_close(j, '}');
}

static void json_component(struct json *j, const struct pkg_component *c, const struct finding *f) {
    static const char *const check[] = {"good", "bad", "raw"};
    json_open(j, NULL, '{');
    json_version(j, "version", "version_type", &c->version);
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

static void print_json(const struct report *r) {
    char text[TIMESTAMP_TEXT];
    const struct pkg *pkg = r->pkg;
    struct json j = {.to = stdout};
    json_open(&j, NULL, '{');
    json_version(&j, "version", "version_type", &pkg->version);
    json_text(&j, "released", timestamp_format(pkg->timestamp, text));
    json_number(&j, "header_bytes", pkg->header_size);
    json_number(&j, "bitmap_bits", pkg->bitmap_bits);
    json_open(&j, "devices", '[');
    for (unsigned i = 0; i < pkg->device_count; i++) json_device(&j, pkg, &pkg->devices[i]);
    json_close(&j, ']');
    json_open(&j, "components", '[');
    for (unsigned i = 0; i < pkg->component_count; i++) json_component(&j, &pkg->components[i], &r->findings[i]);
    json_close(&j, ']');
    json_number(&j, "unused_bytes", r->unused);
    json_close(&j, '}');
    putchar('\n');
}

static void hear(void *ctx, const char *line) {
    struct report *r = ctx;
    r->status = tool_error(r->tool, "%s: %s", r->path, line);
}

static void judge(struct lms_soft *soft, const struct pkg_component *c, struct finding *f) {
    f->trust = component_judge(soft, NULL, c->image, &f->image);
    f->index = component_index(c->image, &f->image);
    if (f->trust != IMAGE_AUTHENTIC && f->trust != IMAGE_UNSIGNED)
        snprintf(f->error, sizeof f->error, "%s", image_trust_name(f->trust));
}

static int show(struct report *r, struct lms_soft *soft, bool json) {
    const struct pkg *pkg = r->pkg;
    r->findings = calloc(pkg->component_count, sizeof *r->findings);
    if (r->findings == NULL) return tool_error(r->tool, "out of memory");
    for (unsigned i = 0; i < pkg->component_count; i++) {
        const struct pkg_component *c = &pkg->components[i];
        struct finding *f = &r->findings[i];
        f->kind = component_check(c->image, c->size, &f->image, f->error);
        if (f->kind == COMPONENT_GOOD) compare_identity(c, f);
        if (f->kind == COMPONENT_GOOD) judge(soft, c, f);
        r->unused -= c->size; /* images do not overlap */
    }
    (json ? print_json : print_text)(r);
    pkg_check(pkg, hear, r);
    for (unsigned i = 0; i < pkg->component_count; i++)
        if (r->findings[i].error[0] != '\0')
            r->status = tool_error(r->tool, "%s: component %u: %s", r->path, i, r->findings[i].error);
    free(r->findings);
    return r->status;
}

struct request {
    const char *path;
    bool json;
};

static int take(void *ctx, const struct options *o, int key) {
    struct request *request = ctx;
    if (key == FWPKG_JSON) request->json = true;
    if (key == OPTION_OPERAND && request->path != NULL) return fwpkg_unexpected(o);
    if (key == OPTION_OPERAND) request->path = o->value;
    return 0;
}

int fwpkg_show(struct options *o) {
    struct request request = {.path = NULL};
    int status = fwpkg_take_all(o, &request, take);
    if (status != 0) return status;
    if (request.path == NULL) return fwpkg_missing(o, "FILE");
    char error[PKG_ERROR_TEXT];
    uint8_t *bytes;
    size_t len;
    struct pkg pkg;
    if (!file_read(request.path, &bytes, &len, error)) return tool_error(o->tool, "%s", error);
    struct policy_record policy;
    struct image frame;
    if (component_policy(bytes, len, &policy, &frame)) {
        status = fwpkg_show_policy(o->tool, request.path, request.json, bytes, &policy, &frame);
    } else if (pkg_parse(request.path, bytes, len, &pkg, error)) {
        struct report r = {.tool = o->tool, .path = request.path, .pkg = &pkg, .unused = len - pkg.header_size};
        struct lms_soft *soft = malloc(sizeof *soft);
        status =
            soft != NULL && lms_soft_open(soft) ? show(&r, soft, request.json) : tool_error(o->tool, "out of memory");
        if (soft != NULL) lms_soft_close(soft);
        free(soft);
        pkg_free(&pkg);
    } else {
        status = tool_error(o->tool, "%s", error);
    }
    free(bytes);
    return status;
}
