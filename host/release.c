// SPDX-License-Identifier: Apache-2.0
//
// Reading: the forms of release.json and of the notes that it is made from; see release.h.
#include "host/release.h"

#include <string.h>

#include "host/day.h"
#include "host/range.h"
#include "host/severity.h"

enum { INSTALL_MOST = 3650, DOWNTIME_MOST = 86400 };
static const char activations[] =
    "automatic self-contained medium-specific system-reboot dc-power-cycle ac-power-cycle";

const struct note_key release_keys[] = {
    {"Product", NOTE_TEXT, true, false, NULL},
    {"Released", NOTE_TEXT, true, false, NULL},
    {"Criticality", NOTE_WORD, true, false, SEVERITY_WORDS},
    {"Install", NOTE_NUMBER, true, false, NULL},
    {"Fixes", NOTE_TEXT, false, true, NULL},
    {"Agent", NOTE_VERSION, false, false, NULL},
    {"Boot", NOTE_VERSION, false, false, NULL},
    {"Needs", NOTE_TEXT, false, true, NULL},
    {"Activation", NOTE_WORD, true, false, activations},
    {"Downtime", NOTE_NUMBER, true, false, NULL},
    {"Impact", NOTE_TEXT, true, false, NULL},
    {"Withdrawn", NOTE_DATED, false, false, NULL},
    {NULL, NOTE_TEXT, false, false, NULL},
};

static bool is_day(const char *text) {
    int32_t day;
    return strlen(text) == sizeof "YYYY-MM-DD" - 1 && day_parse(text, &day);
}

static bool is_criticality(const char *text) {
    return note_choice(SEVERITY_WORDS, text);
}

static bool is_activation(const char *text) {
    return note_choice(activations, text);
}

static bool is_filled(const char *text) {
    return text[0] != '\0';
}

static bool is_file_name(const char *text) {
    return text[0] != '\0' && text[0] != '.' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") == strlen(text);
}

static bool is_hash(const char *text) {
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

#define END \
    { .name = NULL }
#define TEXT(member, is_needed, is_good, goods) \
    { .name = member, .kind = JSON_TEXT, .required = is_needed, .good = is_good, .what = goods }
#define NUMBER(member, limit) \
    { .name = member, .kind = JSON_NUMBER, .required = true, .most = limit }
#define OBJECT(member, fields) \
    { .name = member, .kind = JSON_OBJECT, .required = true, .inside = fields }
#define OBJECTS(member, fields) \
    { .name = member, .kind = JSON_ARRAY, .required = true, .of = JSON_OBJECT, .inside = fields }

static const struct json_field package[] = {TEXT("file", true, is_file_name, "a file's name"),
                                            NUMBER("bytes", UINT32_MAX), TEXT("sha256", true, is_hash, "a SHA-256"),
                                            END};
static const struct json_field device[] = {
    {.name = "descriptors", .kind = JSON_ARRAY, .required = true, .of = JSON_TEXT}, END};
static const struct json_field component[] = {NUMBER("classification", UINT16_MAX), NUMBER("identifier", UINT16_MAX),
                                              TEXT("version", true, version_known, "a version"),
                                              NUMBER("stamp", UINT32_MAX), END};
static const struct json_field need[] = {NUMBER("classification", UINT16_MAX), NUMBER("identifier", UINT16_MAX),
                                         TEXT("versions", true, range_known, "a range of versions"), END};
static const struct json_field dependencies[] = {TEXT("agent", false, version_known, "a version"),
                                                 TEXT("boot", false, version_known, "a version"),
                                                 OBJECTS("components", need), END};
static const struct json_field impact[] = {TEXT("activation", true, is_activation, "a method of DSP0267 table 5"),
                                           NUMBER("downtime_seconds", DOWNTIME_MOST),
                                           TEXT("text", true, is_filled, "a text"), END};
static const struct json_field withdrawn[] = {TEXT("date", true, is_day, "a day, YYYY-MM-DD"),
                                              TEXT("reason", true, is_filled, "a reason"), END};
static const struct json_field release[] = {
    NUMBER("format", 0),
    TEXT("product", true, is_filled, "a name"),
    TEXT("version", true, version_known, "a version"),
    TEXT("released", true, is_day, "a day, YYYY-MM-DD"),
    OBJECT("package", package),
    OBJECTS("devices", device),
    OBJECTS("components", component),
    TEXT("criticality", true, is_criticality, "one of " SEVERITY_WORDS),
    NUMBER("install_within_days", INSTALL_MOST),
    {.name = "fixes", .kind = JSON_ARRAY, .required = true, .of = JSON_TEXT},
    OBJECT("dependencies", dependencies),
    OBJECT("impact", impact),
    END,
};

static bool refuse(const char *path, unsigned line, const char *reason, char *error) {
    snprintf(error, NOTES_ERROR_TEXT, "%.160s:%u: %s", path, line, reason);
    return false;
}

/* What a table cannot say: bounds, and that `withdrawn` is false or an object. */
static bool is_sound(const char *path, const struct json_value *r, char *error) {
    const struct json_value *w = json_get(r, "withdrawn");
    if (json_get_number(r, "format") != RELEASE_FORMAT)
        return refuse(path, r->line, "format is not 1: a newer fwup is needed", error);
    if (w == NULL || (w->kind == JSON_BOOL ? w->number != 0 : w->kind != JSON_OBJECT))
        return refuse(path, r->line, "withdrawn is not false or an object", error);
    for (const struct json_value *d = json_get(r, "devices")->first; d != NULL; d = d->next)
        if (json_get(d, "descriptors")->first == NULL) return refuse(path, d->line, "descriptors is empty", error);
    if (json_get(r, "devices")->first == NULL) return refuse(path, r->line, "devices is empty", error);
    if (json_get(r, "components")->first == NULL) return refuse(path, r->line, "components is empty", error);
    return w->kind == JSON_BOOL || json_fits(path, w, withdrawn, error);
}

const struct json_value *release_load(const char *path, struct json_document *document, char *error) {
    if (!json_load(path, document, error)) return NULL;
    const struct json_value *r = json_only(path, document, release, error);
    if (r != NULL && is_sound(path, r, error)) return r;
    json_free(document);
    return NULL;
}

bool component_name_parse(const char *text, uint16_t *classification, uint16_t *identifier, const char **rest) {
    unsigned c, i;
    int used = 0;
    if (sscanf(text, "0x%4x:0x%4x%n", &c, &i, &used) != 2 || used != sizeof "0xCCCC:0xIIII" - 1) return false;
    *classification = (uint16_t)c;
    *identifier = (uint16_t)i;
    *rest = text + used;
    return true;
}

static bool is_need(const char *text) {
    uint16_t classification, identifier;
    const char *rest;
    return component_name_parse(text, &classification, &identifier, &rest) && *rest == ' ' && range_known(rest + 1);
}

static const struct rule {
    const char *key;
    bool (*good)(const char *text);
    const char *reason;
} rules[] = {
    {"Released", is_day, "not a day, YYYY-MM-DD"},
    {"Needs", is_need, "not 0xCCCC:0xIIII and a range of versions"},
};

bool release_notes_good(const char *path, const struct notes *notes, char *error) {
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        for (const struct note *n = NULL; (n = notes_next(notes, rules[i].key, n)) != NULL;)
            if (!rules[i].good(n->value)) return refuse(path, n->line, rules[i].reason, error);
    if (notes_number(notes, "Install", 0) > INSTALL_MOST)
        return refuse(path, 0, "Install is more than 3650 days", error);
    if (notes_number(notes, "Downtime", 0) > DOWNTIME_MOST)
        return refuse(path, 0, "Downtime is more than a day", error);
    return true;
}
