// SPDX-License-Identifier: Apache-2.0
//
// Reading a fleet's files; see fleet.h.
#define _DEFAULT_SOURCE
#include "host/fleet.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/range.h"
#include "host/release.h"
#include "host/severity.h"

enum { PATH_ROOM = 4096 };

static const char *const state_names[FLEET_STATES] = {"current",    "due",       "overdue",    "blocked",
                                                      "unapproved", "withdrawn", "vulnerable", "unknown"};

const char *fleet_state_name(enum fleet_state state) {
    return state_names[state];
}

static bool is_state(const char *text) {
    for (int i = 0; i < FLEET_STATES; i++)
        if (strcmp(text, state_names[i]) == 0) return true;
    return false;
}

#define END \
    { .name = NULL }
#define NUMBER(member, is_needed) \
    { .name = member, .kind = JSON_NUMBER, .required = is_needed }

#define DAYS(severity) NUMBER(severity, false)
#define COMMA          ,
static const struct json_field days_form[] = {SEVERITIES(DAYS, COMMA), END};
static const struct json_field policy_form[] = {
    NUMBER("format", true),
    {.name = "install_within_days", .kind = JSON_OBJECT, .inside = days_form},
    {.name = "agent", .kind = JSON_TEXT, .good = version_known, .what = "a version"},
    {.name = "boot", .kind = JSON_TEXT, .good = version_known, .what = "a version"},
    NUMBER("downtime_seconds", false),
    {.name = "activations", .kind = JSON_ARRAY, .of = JSON_TEXT},
    {.name = "gate",
     .kind = JSON_ARRAY,
     .required = true,
     .of = JSON_TEXT,
     .good = is_state,
     .what = "one of current, due, overdue, blocked, unapproved, withdrawn, vulnerable, unknown"},
    END,
};
static const struct json_field version_form[] = {
    {.name = "version", .kind = JSON_TEXT, .required = true}, NUMBER("stamp", true), END};
static const struct json_field component_form[] = {
    NUMBER("classification", true),
    NUMBER("identifier", true),
    {.name = "active", .kind = JSON_OBJECT, .required = true, .inside = version_form},
    {.name = "pending", .kind = JSON_OBJECT, .inside = version_form},
    END,
};
static const struct json_field device_form[] = {
    {.name = "link", .kind = JSON_TEXT, .required = true},
    NUMBER("eid", true),
    {.name = "descriptors", .kind = JSON_ARRAY, .required = true, .of = JSON_TEXT},
    {.name = "components", .kind = JSON_ARRAY, .required = true, .of = JSON_OBJECT, .inside = component_form},
    END,
};

static bool refuse(char *error, const char *path, const char *reason) {
    snprintf(error, FLEET_ERROR_TEXT, "%.250s: %s", path, reason);
    return false;
}

static struct fleet_file *add(struct fleet_files *files) {
    struct fleet_file *items = realloc(files->items, (files->count + 1) * sizeof *items);
    if (items == NULL) return NULL;
    files->items = items;
    items[files->count] = (struct fleet_file){.value = NULL};
    return &items[files->count++];
}

static bool load_form(const char *path, const struct json_field *form, struct fleet_file *out, char *error) {
    if (!json_load(path, &out->document, error)) return false;
    out->value = json_only(path, &out->document, form, error);
    return out->value != NULL;
}

static bool load_policy(const char *path, struct fleet_file *out, char *error) {
    if (!load_form(path, policy_form, out, error)) return false;
    return json_get_number(out->value, "format") == 1 || refuse(error, path, "format is not 1: a newer fwup is needed");
}

static bool load_release(const char *path, struct fleet *fleet, char *error) {
    struct fleet_file *file = add(&fleet->releases);
    if (file == NULL) return refuse(error, path, "out of memory");
    file->value = release_load(path, &file->document, error);
    return file->value != NULL;
}

static bool load_advisory(const char *path, struct fleet *fleet, char *error) {
    struct fleet_file *file = add(&fleet->advisories);
    if (file == NULL) return refuse(error, path, "out of memory");
    if (!load_form(path, fleet_advisory_form, file, error)) return false;
    const char *fault = fleet_advisory_fault(file->value);
    return fault == NULL || refuse(error, path, fault);
}

/* A file of that name is there; a path too long is none. */
static bool is_file(char path[PATH_ROOM], const char *folder, const char *inner, const char *name) {
    struct stat st;
    const int len = snprintf(path, PATH_ROOM, "%s/%s%s%s", folder, inner, inner[0] != '\0' ? "/" : "", name);
    return len < PATH_ROOM && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool ends_with(const char *name, const char *end) {
    const size_t len = strlen(name), tail = strlen(end);
    return len >= tail && strcmp(name + len - tail, end) == 0;
}

typedef bool entry_fn(struct fleet *fleet, const char *folder, const char *name, char *error);

static bool take_release(struct fleet *fleet, const char *folder, const char *name, char *error) {
    char path[PATH_ROOM];
    if (strcmp(name, "..") == 0 || !is_file(path, folder, name, "release.json")) return true;
    return load_release(path, fleet, error);
}

static bool take_advisory(struct fleet *fleet, const char *folder, const char *name, char *error) {
    char path[PATH_ROOM];
    if (!ends_with(name, ".json") || !is_file(path, folder, "advisories", name)) return true;
    return load_advisory(path, fleet, error);
}

/* Each entry of a folder, by name. */
static bool each(struct fleet *fleet, const char *folder, const char *inner, entry_fn *take, char *error) {
    char path[PATH_ROOM];
    struct dirent **entries;
    bool good = true;
    if (snprintf(path, sizeof path, "%s/%s", folder, inner) >= PATH_ROOM) return refuse(error, folder, "too long");
    const int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) return refuse(error, path, strerror(errno));
    for (int i = 0; i < count; i++) {
        good = good && take(fleet, folder, entries[i]->d_name, error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool load_folder(struct fleet *fleet, const char *folder, char *error) {
    char path[PATH_ROOM];
    struct stat st;
    if (!each(fleet, folder, ".", take_release, error)) return false;
    if (fleet->releases.count == 0) return refuse(error, folder, "no release.json in it or in its folders");
    if (snprintf(path, sizeof path, "%s/advisories", folder) >= PATH_ROOM || stat(path, &st) != 0) return true;
    return each(fleet, folder, "advisories", take_advisory, error);
}

static bool load_input(struct json_document *out, char *error) {
    char *bytes = malloc(JSON_LONGEST + 1);
    if (bytes == NULL) return refuse(error, "standard input", "out of memory");
    const size_t len = fread(bytes, 1, JSON_LONGEST + 1, stdin);
    const bool good = ferror(stdin) == 0 ? json_parse("standard input", bytes, len, out, error)
                                         : refuse(error, "standard input", "cannot be read");
    free(bytes);
    return good;
}

static bool load_inventory(struct fleet *fleet, const char *path, char *error) {
    const char *name = path != NULL ? path : "standard input";
    if (!(path != NULL ? json_load(path, &fleet->inventory, error) : load_input(&fleet->inventory, error)))
        return false;
    const struct json_value *d = NULL;
    bool any = false;
    for (const struct json_value *v = fleet->inventory.values->first; v != NULL; v = v->next) {
        const char *event = json_get_text(v, "event");
        if (event != NULL && strcmp(event, "error") == 0)
            return refuse(error, name, "a device is missing: it has an error");
    }
    for (; (d = fleet_device(fleet, d)) != NULL; any = true)
        if (!json_fits(name, d, device_form, error)) return false;
    return any || refuse(error, name, "no device in it (it is what fwup --json inventory prints)");
}

bool fleet_load(struct fleet *out, const char *policy, const char *folder, const char *inventory, char *error) {
    *out = (struct fleet){.policy = {.value = NULL}};
    return load_policy(policy, &out->policy, error) && load_folder(out, folder, error) &&
           load_inventory(out, inventory, error);
}

static void free_files(struct fleet_files *files) {
    for (size_t i = 0; i < files->count; i++) json_free(&files->items[i].document);
    free(files->items);
}

void fleet_free(struct fleet *fleet) {
    json_free(&fleet->policy.document);
    json_free(&fleet->inventory);
    free_files(&fleet->releases);
    free_files(&fleet->advisories);
}

/* Devices are the objects with components; other lines of fwup's (events) are none. */
const struct json_value *fleet_device(const struct fleet *fleet, const struct json_value *before) {
    const struct json_value *v = before != NULL ? before->next : fleet->inventory.values->first;
    if (before == NULL && v->kind == JSON_ARRAY && v->next == NULL) v = v->first; /* one array of them */
    while (v != NULL && json_get(v, "components") == NULL) v = v->next;
    return v;
}

bool fleet_closes(const struct fleet *fleet, enum fleet_state state) {
    for (const struct json_value *v = json_get(fleet->policy.value, "gate")->first; v != NULL; v = v->next)
        if (strcmp(v->text, state_names[state]) == 0) return true;
    return false;
}
