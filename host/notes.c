// SPDX-License-Identifier: Apache-2.0
//
// Promises of notes.h.
#define _POSIX_C_SOURCE 200809L
#include "host/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/day.h"
#include "host/file.h"
#include "host/options.h"
#include "host/range.h"

/* What is being read: out's text fills up from the front, its last value is still open. */
struct reader {
    const char *name;
    const struct note_key *keys;
    struct notes *out;
    char *end;
    unsigned line;
    char *error;
};

static bool refuse(const struct reader *r, unsigned line, const char *reason, const char *what) {
    snprintf(r->error, NOTES_ERROR_TEXT, "%.120s:%u: %s%.80s", r->name, line, reason, what);
    return false;
}

static bool is_text(const struct note_key *key, const char *value) {
    (void)key;
    return value[0] != '\0';
}

static bool is_dated(const struct note_key *key, const char *value) {
    int32_t day;
    (void)key;
    return day_parse(value, &day) && value[10] == ' ' && value[11] != '\0';
}

static bool is_number(const struct note_key *key, const char *value) {
    uint64_t number;
    (void)key;
    return parse_number(value, UINT32_MAX, &number);
}

static bool is_choice(const char *choices, const char *word, size_t len) {
    for (const char *at = choices; *at != '\0'; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == len && memcmp(at, word, len) == 0) return true;
    return false;
}

bool note_choice(const char *choices, const char *word) {
    return is_choice(choices, word, strlen(word));
}

static bool is_word(const struct note_key *key, const char *value) {
    return note_choice(key->choices, value);
}

static bool are_words(const struct note_key *key, const char *value) {
    const char *at = value;
    for (size_t len; (len = strcspn(at, " ")) != 0; at += len, at += strspn(at, " "))
        if (!is_choice(key->choices, at, len)) return false;
    return at != value;
}

static bool is_version(const struct note_key *key, const char *value) {
    (void)key;
    return version_known(value);
}

static bool is_range(const struct note_key *key, const char *value) {
    (void)key;
    return range_known(value);
}

static const struct form {
    bool (*good)(const struct note_key *key, const char *value);
    const char *what;
} forms[NOTE_FORMS] = {
    [NOTE_TEXT] = {is_text, "has no value: "},
    [NOTE_DATED] = {is_dated, "not YYYY-MM-DD and a text: "},
    [NOTE_NUMBER] = {is_number, "not a number: "},
    [NOTE_WORD] = {is_word, "not one of "},
    [NOTE_WORDS] = {are_words, "not some of "},
    [NOTE_VERSION] = {is_version, "not a version: "},
    [NOTE_RANGE] = {is_range, "not a range of versions: "},
};

static bool append(struct reader *r, const char *text, size_t len) {
    char *value = r->out->count == 0 ? NULL : (char *)r->out->items[r->out->count - 1].value;
    if (value == NULL) return refuse(r, r->line, "goes on with a value, but none is before it", "");
    if (len == 1 && text[0] == '.') {
        r->end = stpcpy(r->end, "\n\n");
        return true;
    }
    if (r->end != value && r->end[-1] != '\n') *r->end++ = ' ';
    memcpy(r->end, text, len);
    r->end += len;
    *r->end = '\0';
    return true;
}

static bool begin(struct reader *r, const char *line, size_t len) {
    const char *colon = memchr(line, ':', len);
    const struct note_key *key = r->keys;
    const size_t word = colon == NULL ? len : (size_t)(colon - line);
    if (colon == NULL) return refuse(r, r->line, "not `Key: value`", "");
    while (key->name != NULL && (strlen(key->name) != word || memcmp(key->name, line, word) != 0)) key++;
    if (key->name == NULL) return refuse(r, r->line, "unknown key", "");
    if (!key->many && notes_get(r->out, key->name) != NULL) return refuse(r, r->line, "twice: ", key->name);
    if (r->out->count != 0) r->end++; /* behind the end of the value before */
    r->out->items[r->out->count++] = (struct note){.key = key, .value = r->end, .line = r->line};
    *r->end = '\0';
    const char *value = colon + 1;
    while (value < line + len && *value == ' ') value++;
    return append(r, value, (size_t)(line + len - value));
}

static bool take_line(struct reader *r, const char *line, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (line[i] < ' ' || line[i] > '~') return refuse(r, r->line, "not printable ASCII", "");
    while (len != 0 && line[len - 1] == ' ') len--;
    if (len == 0 || line[0] == '#') return true;
    if (line[0] != ' ') return begin(r, line, len);
    for (; *line == ' '; line++) len--;
    return append(r, line, len);
}

static bool check(const struct reader *r) {
    for (size_t i = 0; i < r->out->count; i++) {
        const struct note *n = &r->out->items[i];
        const struct form *form = &forms[n->key->form];
        if (!form->good(n->key, n->value))
            return refuse(r, n->line, form->what, n->key->choices != NULL ? n->key->choices : n->key->name);
    }
    for (const struct note_key *key = r->keys; key->name != NULL; key++)
        if (key->required && notes_next(r->out, key->name, NULL) == NULL)
            return refuse(r, r->line, "ends without ", key->name);
    return true;
}

bool notes_parse(const char *name, const char *bytes, size_t len, const struct note_key *keys, struct notes *out,
                 char *error) {
    struct reader r = {.name = name, .keys = keys, .out = out, .error = error};
    size_t lines = 1;
    for (size_t i = 0; i < len; i++) lines += bytes[i] == '\n';
    /* A line grows by a space, or two line ends for its dot, at most. */
    *out = (struct notes){.text = malloc(len + 2 * lines + 1), .items = calloc(lines, sizeof *out->items)};
    bool good = out->text != NULL && out->items != NULL;
    if (!good) refuse(&r, 0, "out of memory", "");
    r.end = out->text;
    for (size_t at = 0; good && at < len;) {
        const char *stop = memchr(bytes + at, '\n', len - at);
        const size_t line = stop != NULL ? (size_t)(stop - bytes) - at : len - at;
        r.line++;
        good = take_line(&r, bytes + at, line);
        at += line + 1;
    }
    good = good && check(&r);
    if (!good) notes_free(out);
    return good;
}

bool notes_read(const char *path, const struct note_key *keys, struct notes *out, char *error) {
    uint8_t *bytes;
    size_t len;
    if (!file_read(path, &bytes, &len, error)) return false;
    const bool good = notes_parse(path, (const char *)bytes, len, keys, out, error);
    free(bytes);
    return good;
}

void notes_free(struct notes *notes) {
    free(notes->text);
    free(notes->items);
    *notes = (struct notes){.text = NULL};
}

const struct note *notes_next(const struct notes *notes, const char *key, const struct note *before) {
    for (size_t i = before == NULL ? 0 : (size_t)(before - notes->items) + 1; i < notes->count; i++)
        if (strcmp(notes->items[i].key->name, key) == 0) return &notes->items[i];
    return NULL;
}

const char *notes_get(const struct notes *notes, const char *key) {
    const struct note *n = notes_next(notes, key, NULL);
    return n == NULL ? NULL : n->value;
}

uint32_t notes_number(const struct notes *notes, const char *key, uint32_t otherwise) {
    const char *value = notes_get(notes, key);
    uint64_t number = otherwise;
    if (value != NULL) parse_number(value, UINT32_MAX, &number);
    return (uint32_t)number;
}
