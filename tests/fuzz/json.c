// SPDX-License-Identifier: Apache-2.0
//
// Files that came from elsewhere: JSON, and notes by a table of keys (the first byte is odd). What is accepted stays in
// its memory, as deep as allowed; the same bytes are accepted again.
#include "host/json_read.h"
#include "host/notes.h"
#include "tests/fuzz/fuzz.h"

static const struct note_key keys[] = {
    {"T", NOTE_TEXT, false, true, NULL},     {"D", NOTE_DATED, false, true, NULL},
    {"N", NOTE_NUMBER, false, true, NULL},   {"W", NOTE_WORDS, false, false, "a b"},
    {"V", NOTE_VERSION, false, false, NULL}, {"R", NOTE_RANGE, false, true, NULL},
    {NULL, NOTE_TEXT, false, false, NULL},
};

/* Values, and bytes of their strings. */
static void count(const struct json_value *value, unsigned depth, size_t *values, size_t *bytes) {
    REQUIRE(depth <= JSON_DEPTH + 1);
    ++*values;
    if (value->name != NULL) *bytes += strlen(value->name);
    if (value->kind == JSON_TEXT) *bytes += strlen(value->text);
    REQUIRE(value->first == NULL || value->kind == JSON_ARRAY || value->kind == JSON_OBJECT);
    for (const struct json_value *v = value->first; v != NULL; v = v->next) count(v, depth + 1, values, bytes);
}

static void try_json(const char *text, size_t len) {
    char error[JSON_ERROR_TEXT];
    struct json_document first, again;
    size_t values = 0, bytes = 0;
    if (!json_parse("fuzzed", text, len, &first, error)) {
        REQUIRE(strncmp(error, "fuzzed", 6) == 0);
        return;
    }
    REQUIRE(json_parse("fuzzed", text, len, &again, error));
    count(first.values, 0, &values, &bytes);
    REQUIRE(values <= len / 2 + 2 && bytes <= len);
    json_free(&first);
    json_free(&again);
}

static void try_notes(const char *text, size_t len) {
    char error[NOTES_ERROR_TEXT];
    struct notes notes;
    if (!notes_parse("fuzzed", text, len, keys, &notes, error)) {
        REQUIRE(strncmp(error, "fuzzed", 6) == 0);
        return;
    }
    for (size_t i = 0; i < notes.count; i++)
        REQUIRE(notes.items[i].value[0] != '\0' && strlen(notes.items[i].value) <= 2 * len);
    notes_free(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    if (len < 1 || len > 4096) return 0;
    const char *text = (const char *)fuzz_put(&arena, bytes + 1, len - 1);
    ((bytes[0] & 1) != 0 ? try_notes : try_json)(text, len - 1);
    return 0;
}
