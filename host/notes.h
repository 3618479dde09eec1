// SPDX-License-Identifier: Apache-2.0
//
// Small text files that a person writes and a tool turns into something else: lines `Key: value`, in printable ASCII. A
// line that begins with a space goes on with the value before it, one of a single dot begins a new paragraph there; '#'
// begins a comment. Which keys there are, how often, and in which form is one table a kind of file.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTES_ERROR_TEXT 320

enum note_form {
    NOTE_TEXT,    /* anything but nothing */
    NOTE_DATED,   /* "YYYY-MM-DD text" */
    NOTE_NUMBER,  /* decimal */
    NOTE_WORD,    /* one of the choices */
    NOTE_WORDS,   /* some of the choices, with spaces between */
    NOTE_VERSION, /* begins with a digit; no spaces */
    NOTE_RANGE,   /* of versions, as host/range.h reads it */
    NOTE_FORMS
};

/** One key; a table ends with a NULL name. */
struct note_key {
    const char *name;
    enum note_form form;
    bool required, many;
    const char *choices; /* of the words, with spaces between */
};

struct note {
    const struct note_key *key;
    const char *value;
    unsigned line;
};

struct notes {
    char *text;
    struct note *items;
    size_t count;
};

/** Reads a file's text and checks it against the table.
 *
 * @param name   begins the error text, usually the file's name
 * @param out    for notes_free() on success
 * @param error  NOTES_ERROR_TEXT bytes: "NAME:LINE: reason" */
bool notes_parse(const char *name, const char *bytes, size_t len, const struct note_key *keys, struct notes *out,
                 char *error);
bool notes_read(const char *path, const struct note_key *keys, struct notes *out, char *error);
void notes_free(struct notes *notes);

/** Whether @p word is one of @p choices, as struct note_key has them. */
bool note_choice(const char *choices, const char *word);

/** The next value of @p key behind @p before, the first for NULL; NULL when there is none. */
const struct note *notes_next(const struct notes *notes, const char *key, const struct note *before);
/** The value of a key that stands once, or NULL. */
const char *notes_get(const struct notes *notes, const char *key);
/** The number of a NOTE_NUMBER, @p otherwise where there is none. */
uint32_t notes_number(const struct notes *notes, const char *key, uint32_t otherwise);
