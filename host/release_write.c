// SPDX-License-Identifier: Apache-2.0
//
// release.json, written; see release.h.
#include "host/release.h"
#include "host/text.h"

static void devices(struct json *j, const struct pkg *pkg) {
    static char line[DESCRIPTOR_LINE];
    json_open(j, "devices", '[');
    for (unsigned d = 0; d < pkg->device_count; d++) {
        json_open(j, NULL, '{');
        json_open(j, "descriptors", '[');
        for (unsigned i = 0; i < pkg->devices[d].descriptor_count; i++) {
            descriptor_format(&pkg->devices[d].descriptors[i], line, sizeof line);
            json_text(j, NULL, line);
        }
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void component_id(struct json *j, uint16_t classification, uint16_t identifier) {
    json_number(j, "classification", classification);
    json_number(j, "identifier", identifier);
}

static void components(struct json *j, const struct pkg *pkg) {
    json_open(j, "components", '[');
    for (unsigned i = 0; i < pkg->component_count; i++) {
        const struct pkg_component *c = &pkg->components[i];
        json_open(j, NULL, '{');
        component_id(j, c->classification, c->identifier);
        json_string(j, "version", &c->version);
        json_number(j, "stamp", c->stamp);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void optional(struct json *j, const char *name, const char *value) {
    if (value != NULL) json_text(j, name, value);
}

static void dependencies(struct json *j, const struct notes *notes) {
    json_open(j, "dependencies", '{');
    optional(j, "agent", notes_get(notes, "Agent"));
    optional(j, "boot", notes_get(notes, "Boot"));
    json_open(j, "components", '[');
    for (const struct note *n = NULL; (n = notes_next(notes, "Needs", n)) != NULL;) {
        uint16_t classification = 0, identifier = 0;
        const char *range = "";
        component_name_parse(n->value, &classification, &identifier, &range);
        json_open(j, NULL, '{');
        component_id(j, classification, identifier);
        json_text(j, "versions", range + 1);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void impact(struct json *j, const struct notes *notes) {
    json_open(j, "impact", '{');
    json_text(j, "activation", notes_get(notes, "Activation"));
    json_number(j, "downtime_seconds", notes_number(notes, "Downtime", 0));
    json_text(j, "text", notes_get(notes, "Impact"));
    json_close(j, '}');
}

static void withdrawn(struct json *j, const char *dated) {
    char date[sizeof "YYYY-MM-DD"];
    if (dated == NULL) {
        json_bool(j, "withdrawn", false);
        return;
    }
    snprintf(date, sizeof date, "%.10s", dated);
    json_open(j, "withdrawn", '{');
    json_text(j, "date", date);
    json_text(j, "reason", dated + sizeof date);
    json_close(j, '}');
}

void release_write(FILE *to, const struct notes *notes, const struct pkg *pkg, const char *file, const uint8_t *bytes,
                   size_t len) {
    struct json j = {.to = to};
    char hash[RELEASE_HASH_TEXT];
    json_open(&j, NULL, '{');
    json_number(&j, "format", RELEASE_FORMAT);
    json_text(&j, "product", notes_get(notes, "Product"));
    json_string(&j, "version", &pkg->version);
    json_text(&j, "released", notes_get(notes, "Released"));
    json_open(&j, "package", '{');
    json_text(&j, "file", file);
    json_number(&j, "bytes", len);
    release_hash(bytes, len, hash);
    json_text(&j, "sha256", hash);
    json_close(&j, '}');
    devices(&j, pkg);
    components(&j, pkg);
    json_text(&j, "criticality", notes_get(notes, "Criticality"));
    json_number(&j, "install_within_days", notes_number(notes, "Install", 0));
    json_open(&j, "fixes", '[');
    for (const struct note *n = NULL; (n = notes_next(notes, "Fixes", n)) != NULL;) json_text(&j, NULL, n->value);
    json_close(&j, ']');
    dependencies(&j, notes);
    impact(&j, notes);
    withdrawn(&j, notes_get(notes, "Withdrawn"));
    json_close(&j, '}');
    fputc('\n', to);
}
