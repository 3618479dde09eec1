// SPDX-License-Identifier: Apache-2.0
//
// A flaw's life: the keys of its file, its states and their times; see advisory.h.
#include "host/advisory.h"

#include <ctype.h>
#include <string.h>

#include "host/day.h"
#include "host/release.h"
#include "host/severity.h"

const struct note_key publisher_keys[] = {
    {"Name", NOTE_TEXT, true, false, NULL},    {"Namespace", NOTE_TEXT, true, false, NULL},
    {"Contact", NOTE_TEXT, true, false, NULL}, {"Product", NOTE_TEXT, true, false, NULL},
    {NULL, NOTE_TEXT, false, false, NULL},
};

static const struct note_key keys[] = {
    {"Advisory", NOTE_TEXT, true, false, NULL},
    {"Title", NOTE_TEXT, true, false, NULL},
    {"State", NOTE_DATED, true, true, NULL},
    {"Severity", NOTE_WORD, true, false, SEVERITY_WORDS}, /* as Criticality of a release */
    {"CWE", NOTE_TEXT, false, false, NULL},
    {"CVE", NOTE_TEXT, false, false, NULL},
    {"Component", NOTE_TEXT, true, false, NULL},
    {"PLDM", NOTE_TEXT, true, false, NULL},
    {"Affected", NOTE_RANGE, true, false, NULL},
    {"Fixed", NOTE_VERSION, false, false, NULL},
    {"Install", NOTE_NUMBER, true, false, NULL},
    {"Revision", NOTE_DATED, true, true, NULL},
    {"Summary", NOTE_TEXT, true, false, NULL},
    {"Impact", NOTE_TEXT, true, false, NULL},
    {"Workaround", NOTE_TEXT, false, false, NULL},
    {"Remedy", NOTE_TEXT, true, false, NULL},
    {"Credit", NOTE_TEXT, false, false, NULL},
    {NULL, NOTE_TEXT, false, false, NULL},
};

/* SECURITY.md says the same in words; its test compares. */
static const struct state {
    const char *name;
    unsigned after; /* states that it may follow */
    unsigned days;  /* that a flaw may be in it, 0: for ever */
    bool counted;   /* those days begin with the report */
} states[ADVISORY_STATES] = {
    [ADVISORY_RECEIVED] = {"received", 0, 10, true},
    [ADVISORY_CONFIRMED] = {"confirmed", 1u << ADVISORY_RECEIVED, 90, true},
    [ADVISORY_FIXED] = {"fixed", 1u << ADVISORY_CONFIRMED, 14, false},
    [ADVISORY_PUBLISHED] = {"published", 1u << ADVISORY_FIXED, 0, false},
    [ADVISORY_REJECTED] = {"rejected", 1u << ADVISORY_RECEIVED | 1u << ADVISORY_CONFIRMED, 0, false},
    [ADVISORY_WITHDRAWN] = {"withdrawn", 1u << ADVISORY_PUBLISHED, 0, false},
};

static bool refuse(char *error, const char *path, unsigned line, const char *reason) {
    snprintf(error, NOTES_ERROR_TEXT, "%.120s:%u: %s", path, line, reason);
    return false;
}

static enum advisory_state state_of(const char *text) {
    const size_t len = strcspn(text, ": ");
    unsigned state = 0;
    while (state < ADVISORY_STATES && (strlen(states[state].name) != len || memcmp(states[state].name, text, len) != 0))
        state++;
    return state;
}

/* Of the dated values of @p key: no date before the one that stands above it. */
static bool in_order(const char *path, const struct notes *notes, const char *key, char *error) {
    int32_t last = INT32_MIN, day = 0;
    for (const struct note *n = NULL; (n = notes_next(notes, key, n)) != NULL; last = day)
        if (day_parse(n->value, &day) && day < last) return refuse(error, path, n->line, "before the date above it");
    return true;
}

static bool live(const char *path, struct advisory *a, char *error) {
    unsigned before = 0;
    for (const struct note *n = NULL; (n = notes_next(&a->notes, "State", n)) != NULL; before = 1u << a->state) {
        a->state = state_of(n->value + sizeof "YYYY-MM-DD");
        if (a->state == ADVISORY_STATES) return refuse(error, path, n->line, "no such state");
        if ((states[a->state].after & before) != before || (before == 0 && a->state != ADVISORY_RECEIVED))
            return refuse(error, path, n->line, "a state that does not follow the one above it");
        day_parse(n->value, &a->since);
        if (before == 0) a->received = a->since;
    }
    return in_order(path, &a->notes, "State", error) && in_order(path, &a->notes, "Revision", error);
}

static bool is_name(const char *text) {
    return text[0] != '\0' && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(text);
}

static bool is_component(const char *text) {
    uint16_t classification, identifier;
    const char *rest;
    return component_name_parse(text, &classification, &identifier, &rest) && *rest == '\0';
}

static bool is_cwe(const char *text) {
    const char *at = text + 4;
    if (strncmp(text, "CWE-", 4) != 0 || !isdigit((unsigned char)*at)) return false;
    while (isdigit((unsigned char)*at)) at++;
    return at[0] == ' ' && at[1] != '\0';
}

/* What the table of keys cannot say. */
static const struct rule {
    const char *key;
    bool (*good)(const char *text);
    const char *reason;
} rules[] = {
    {"Advisory", is_name, "not a name of capitals, digits and '-'"},
    {"PLDM", is_component, "not 0xCCCC:0xIIII, classification and identifier of the component"},
    {"CWE", is_cwe, "not CWE-NUMBER and its name"},
};

static bool obeys(const char *path, const struct notes *notes, char *error) {
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct note *n = notes_next(notes, rules[i].key, NULL);
        if (n != NULL && !rules[i].good(n->value)) return refuse(error, path, n->line, rules[i].reason);
    }
    return true;
}

bool advisory_read(const char *path, struct advisory *out, char *error) {
    if (!notes_read(path, keys, &out->notes, error)) return false;
    const bool good = obeys(path, &out->notes, error) && live(path, out, error);
    const bool fixed = notes_get(&out->notes, "Fixed") != NULL;
    if (good && (fixed || (out->state != ADVISORY_FIXED && out->state != ADVISORY_PUBLISHED))) return true;
    if (good) refuse(error, path, 0, "fixed, but there is no `Fixed` version");
    notes_free(&out->notes);
    return false;
}

const char *advisory_state_name(enum advisory_state state) {
    return states[state].name;
}

bool advisory_deadline(const struct advisory *advisory, int32_t *day) {
    const struct state *s = &states[advisory->state];
    *day = (s->counted ? advisory->received : advisory->since) + (int32_t)s->days;
    return s->days != 0;
}

bool advisory_publishable(const struct advisory *advisory, char *error) {
    if (advisory->state == ADVISORY_PUBLISHED || advisory->state == ADVISORY_WITHDRAWN) return true;
    snprintf(error, NOTES_ERROR_TEXT, "%s is not public: it is %s", notes_get(&advisory->notes, "Advisory"),
             states[advisory->state].name);
    return false;
}
