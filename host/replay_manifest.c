// SPDX-License-Identifier: Apache-2.0
//
// The form of a test manifest, and what its commands may be; see replay.h.
#include <stdio.h>
#include <string.h>

#include "host/options.h"
#include "host/range.h"
#include "host/replay.h"

static bool is_plain(const char *text) {
    if (text[0] == '\0') return false;
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~') return false;
    return true;
}

static bool is_file_name(const char *text) {
    return is_plain(text) && text[0] != '.' && strchr(text, '/') == NULL && strlen(text) < 128;
}

static bool is_result(const char *text) {
    return strcmp(text, "passed") == 0 || strcmp(text, "failed") == 0;
}

#define END \
    { .name = NULL }
#define TEXT(member, is_needed, is_good, goods) \
    { .name = member, .kind = JSON_TEXT, .required = is_needed, .good = is_good, .what = goods }
#define TEXTS(member)                                                                            \
    {                                                                                            \
        .name = member, .kind = JSON_ARRAY, .required = true, .of = JSON_TEXT, .good = is_plain, \
        .what = "printable ASCII"                                                                \
    }

static const struct json_field card_form[] = {TEXT("flash", true, is_file_name, "a file's name"),
                                              TEXT("part", true, is_file_name, "a part's name"), END};
static const struct json_field test_form[] = {
    TEXT("name", true, is_plain, "printable ASCII"),
    TEXT("proves", true, is_plain, "printable ASCII"),
    {.name = "restart", .kind = JSON_BOOL},
    TEXTS("command"),
    {.name = "status", .kind = JSON_NUMBER, .required = true, .most = UINT8_MAX},
    TEXTS("output"),
    TEXT("result", false, is_result, "passed or failed"),
    END,
};
static const struct json_field form[] = {
    {.name = "format", .kind = JSON_NUMBER, .required = true},
    TEXT("release", false, version_known, "a version"),
    {.name = "card", .kind = JSON_OBJECT, .required = true, .inside = card_form},
    {.name = "tests", .kind = JSON_ARRAY, .required = true, .of = JSON_OBJECT, .inside = test_form},
    END};

/* The first word, and one that must be among the others. */
static const struct allowed {
    const char *tool, *command;
} allowed[] = {
    {"fwup", "inventory"}, {"fwup", "update"}, {"fwup", "status"},  {"fwup", "cancel"},
    {"fwpkg", "verify"},   {"fwpkg", "show"},  {"unchanged", NULL},
};

static bool has_word(const struct json_value *words, const char *word) {
    while (words != NULL && strcmp(words->text, word) != 0) words = words->next;
    return words != NULL;
}

static bool is_allowed(const struct json_value *words) {
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (words != NULL && strcmp(words->text, allowed[i].tool) == 0 &&
            (allowed[i].command == NULL || has_word(words->next, allowed[i].command)))
            return true;
    return false;
}

/* Files are named by what stands for them: {folder}/NAME, {package}. */
static bool names_no_file(const char *word) {
    const char *slash = strchr(word, '/');
    return slash == NULL || (strncmp(word, "{folder}/", 9) == 0 && is_file_name(word + 9));
}

static const char *fault(const struct json_value *test) {
    const struct json_value *words = json_get(test, "command")->first;
    unsigned count = 0;
    if (!is_allowed(words)) return "not a command that a test may run";
    for (const struct json_value *w = words; w != NULL; w = w->next, count++)
        if (!names_no_file(w->text)) return "a command with a file that is not beside the manifest";
    if (count >= REPLAY_WORDS) return "a command of too many words";
    if (strcmp(words->text, "unchanged") != 0) return NULL;
    uint64_t base, size;
    if (count == 3 && parse_number(words->next->text, UINT32_MAX, &base) &&
        parse_number(words->next->next->text, UINT32_MAX, &size) && size != 0)
        return NULL;
    return "unchanged wants an address and a size";
}

const struct json_value *replay_manifest(const char *path, struct json_document *document, char *error) {
    if (!json_load(path, document, error)) return NULL;
    const struct json_value *m = json_only(path, document, form, error);
    const char *reason = NULL;
    unsigned line = 1;
    if (m != NULL && json_get_number(m, "format") != 1) reason = "format is not 1: a newer fwup is needed";
    if (m != NULL && json_get(m, "tests")->first == NULL) reason = "there are no tests";
    for (const struct json_value *t = m == NULL ? NULL : json_get(m, "tests")->first; t != NULL && reason == NULL;
         t = t->next) {
        reason = fault(t);
        line = t->line;
    }
    if (m != NULL && reason == NULL) return m;
    if (reason != NULL) snprintf(error, JSON_ERROR_TEXT, "%.200s:%u: %s", path, line, reason);
    json_free(document);
    return NULL;
}

static const char *value_of(const struct replay_places *p, const char *name, size_t len, char card[REPLAY_PATH]) {
    snprintf(card, REPLAY_PATH, "sim:%.4000s/card", p->scratch);
    const struct {
        const char *name, *value;
    } values[] = {{"package", p->package}, {"folder", p->folder}, {"card", card}, {"version", p->version}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strlen(values[i].name) == len && memcmp(values[i].name, name, len) == 0) return values[i].value;
    return NULL;
}

bool replay_fill(const struct replay_places *places, const char *word, char *out, size_t size) {
    char card[REPLAY_PATH];
    size_t used = 0;
    while (*word != '\0') {
        const size_t len = *word == '{' ? strcspn(word + 1, "}") : 0;
        const char *value = len != 0 && word[1 + len] == '}' ? value_of(places, word + 1, len, card) : NULL;
        const size_t more = value != NULL ? strlen(value) : 1;
        if (used + more >= size) return false;
        memcpy(out + used, value != NULL ? value : word, more);
        used += more;
        word += value != NULL ? len + 2 : 1;
    }
    out[used] = '\0';
    return true;
}
