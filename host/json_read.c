// SPDX-License-Identifier: Apache-2.0
//
// Promises of json_read.h.
#include "host/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"

/* What is being read: values and texts fill up from the front, each string takes no more room than it had in the file.
 */
struct reader {
    const char *name, *at, *end;
    struct json_value *free;
    char *text;
    unsigned line;
    char *error;
};

static bool read_value(struct reader *r, struct json_value *out, unsigned depth);

static bool refuse(const struct reader *r, const char *reason) {
    snprintf(r->error, JSON_ERROR_TEXT, "%.200s:%u: %s", r->name, r->line, reason);
    return false;
}

static void skip_space(struct reader *r) {
    for (; r->at < r->end && strchr(" \t\r\n", *r->at) != NULL && *r->at != '\0'; r->at++) r->line += *r->at == '\n';
}

static bool is_next(const struct reader *r, char c) {
    return r->at < r->end && *r->at == c;
}

static bool take(struct reader *r, char c) {
    if (!is_next(r, c)) return false;
    r->at++;
    return true;
}

static bool read_hex(struct reader *r, uint32_t *out) {
    static const char digits[] = "0123456789abcdefABCDEF";
    *out = 0;
    if (r->end - r->at < 4) return false;
    for (int i = 0; i < 4; i++) {
        const char *found = *r->at == '\0' ? NULL : strchr(digits, *r->at);
        if (found == NULL) return false;
        const uint32_t digit = (uint32_t)(found - digits);
        *out = *out << 4 | (digit < 16 ? digit : digit - 6);
        r->at++;
    }
    return true;
}

static void put_utf8(struct reader *r, uint32_t c) {
    const unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t mark[] = {0, 0xC0, 0xE0, 0xF0};
    *r->text++ = (char)(mark[more] | c >> 6 * more);
    for (unsigned i = more; i-- > 0;) *r->text++ = (char)(0x80 | (c >> 6 * i & 0x3F));
}

/* Behind "\u". */
static bool read_code(struct reader *r) {
    uint32_t c, low;
    if (!read_hex(r, &c)) return refuse(r, "\\u without four hexadecimal digits");
    if (c >= 0xD800 && c < 0xE000) {
        if (c >= 0xDC00 || !take(r, '\\') || !take(r, 'u') || !read_hex(r, &low) || low < 0xDC00 || low >= 0xE000)
            return refuse(r, "half a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    if (c == 0) return refuse(r, "a string with a NUL");
    put_utf8(r, c);
    return true;
}

static bool read_escape(struct reader *r) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char c = r->at < r->end ? *r->at++ : '\0';
    if (c == 'u') return read_code(r);
    const char *found = c == '\0' ? NULL : strchr(names, c);
    if (found == NULL) return refuse(r, "an unknown escape");
    *r->text++ = values[found - names];
    return true;
}

/* Copies one character of several bytes. False when it is not UTF-8. */
static bool copy_utf8(struct reader *r) {
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const uint8_t first = (uint8_t)*r->at;
    const unsigned more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF8 ? 3 : 0;
    uint32_t c = first & (0x3Fu >> more);
    if (more == 0 || (size_t)(r->end - r->at) <= more) return false;
    for (unsigned i = 1; i <= more; i++) {
        if (((uint8_t)r->at[i] & 0xC0) != 0x80) return false;
        c = c << 6 | ((uint8_t)r->at[i] & 0x3Fu);
    }
    if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return false;
    memcpy(r->text, r->at, more + 1);
    r->text += more + 1;
    r->at += more + 1;
    return true;
}

static bool read_text(struct reader *r, const char **out) {
    *out = r->text;
    if (!take(r, '"')) return refuse(r, "a string is missing");
    while (r->at < r->end && *r->at != '"') {
        const uint8_t c = (uint8_t)*r->at;
        if (c < ' ') return refuse(r, "a control character in a string");
        if (c == '\\') {
            r->at++;
            if (!read_escape(r)) return false;
        } else if (c >= 0x80) {
            if (!copy_utf8(r)) return refuse(r, "not UTF-8");
        } else {
            *r->text++ = *r->at++;
        }
    }
    if (!take(r, '"')) return refuse(r, "a string without end");
    *r->text++ = '\0';
    return true;
}

static bool read_digits(struct reader *r) {
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
    return r->at != from;
}

static bool read_number(struct reader *r, struct json_value *out) {
    const bool negative = take(r, '-');
    const char *digits = r->at;
    if (!read_digits(r) || (*digits == '0' && r->at - digits > 1)) return refuse(r, "not a value");
    out->kind = JSON_NUMBER;
    out->whole = !negative;
    for (const char *d = digits; d < r->at; d++) {
        out->whole = out->whole && out->number <= (UINT64_MAX - (uint64_t)(*d - '0')) / 10;
        out->number = out->whole ? out->number * 10 + (uint64_t)(*d - '0') : 0;
    }
    if (take(r, '.')) {
        out->whole = false;
        if (!read_digits(r)) return refuse(r, "a fraction without digits");
    }
    if (take(r, 'e') || take(r, 'E')) {
        out->whole = false;
        if (!take(r, '+')) take(r, '-');
        if (!read_digits(r)) return refuse(r, "an exponent without digits");
    }
    return true;
}

static bool read_word(struct reader *r, struct json_value *out) {
    static const struct {
        const char *word;
        enum json_kind kind;
        uint64_t number;
    } words[] = {{"null", JSON_NULL, 0}, {"false", JSON_BOOL, 0}, {"true", JSON_BOOL, 1}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t len = strlen(words[i].word);
        if ((size_t)(r->end - r->at) < len || memcmp(r->at, words[i].word, len) != 0) continue;
        out->kind = words[i].kind;
        out->number = words[i].number;
        r->at += len;
        return true;
    }
    return read_number(r, out);
}

/* What stands between the brackets of an array or an object; its bracket is taken. */
static bool read_members(struct reader *r, struct json_value *out, unsigned depth, char close) {
    struct json_value **link = &out->first;
    skip_space(r);
    if (take(r, close)) return true;
    for (;;) {
        struct json_value *member = r->free++;
        skip_space(r);
        if (out->kind == JSON_OBJECT) {
            if (!read_text(r, &member->name)) return false;
            skip_space(r);
            if (!take(r, ':')) return refuse(r, "':' is missing");
        }
        if (!read_value(r, member, depth + 1)) return false;
        *link = member;
        link = &member->next;
        skip_space(r);
        if (take(r, close)) return true;
        if (!take(r, ',')) return refuse(r, close == ']' ? "',' or ']' is missing" : "',' or '}' is missing");
    }
}

static bool read_value(struct reader *r, struct json_value *out, unsigned depth) {
    skip_space(r);
    out->line = r->line;
    if (depth > JSON_DEPTH) return refuse(r, "nested too deeply");
    if (is_next(r, '"')) {
        out->kind = JSON_TEXT;
        return read_text(r, &out->text);
    }
    if (!is_next(r, '[') && !is_next(r, '{')) return read_word(r, out);
    out->kind = *r->at == '[' ? JSON_ARRAY : JSON_OBJECT;
    return read_members(r, out, depth, *r->at++ == '[' ? ']' : '}');
}

static bool read_all(struct reader *r, struct json_value *out) {
    struct json_value **link = &out->first;
    out->kind = JSON_ARRAY;
    for (skip_space(r); r->at < r->end; skip_space(r)) {
        struct json_value *value = r->free++;
        if (!read_value(r, value, 1)) return false;
        if (r->at < r->end && strchr(" \t\r\n", *r->at) == NULL) return refuse(r, "something behind the value");
        *link = value;
        link = &value->next;
    }
    return out->first != NULL || refuse(r, "there is nothing in it");
}

bool json_parse(const char *name, const char *bytes, size_t len, struct json_document *out, char *error) {
    struct reader r = {.name = name, .at = bytes, .end = bytes + len, .line = 1, .error = error};
    if (len > JSON_LONGEST) return refuse(&r, "longer than 16 MiB");
    /* A value has one character or more, and one behind it, or is the last; a missing one is found after it was taken.
     */
    *out = (struct json_document){.text = malloc(len + 1),
                                  .values = calloc(len / 2 + JSON_DEPTH + 4, sizeof *out->values)};
    bool good = out->text != NULL && out->values != NULL;
    if (good) {
        r.text = out->text;
        r.free = out->values + 1;
        good = read_all(&r, out->values);
    } else {
        refuse(&r, "out of memory");
    }
    if (good) return true;
    json_free(out);
    return false;
}

bool json_load(const char *path, struct json_document *out, char *error) {
    uint8_t *bytes;
    size_t len;
    if (!file_read(path, &bytes, &len, error)) return false;
    const bool good = json_parse(path, (const char *)bytes, len, out, error);
    free(bytes);
    return good;
}

void json_free(struct json_document *document) {
    free(document->text);
    free(document->values);
    *document = (struct json_document){.text = NULL};
}

const struct json_value *json_get(const struct json_value *object, const char *name) {
    if (object == NULL || object->kind != JSON_OBJECT) return NULL;
    for (const struct json_value *v = object->first; v != NULL; v = v->next)
        if (strcmp(v->name, name) == 0) return v;
    return NULL;
}

const char *json_get_text(const struct json_value *object, const char *name) {
    const struct json_value *v = json_get(object, name);
    return v != NULL && v->kind == JSON_TEXT ? v->text : NULL;
}

uint64_t json_get_number(const struct json_value *object, const char *name) {
    const struct json_value *v = json_get(object, name);
    return v != NULL && (v->kind == JSON_NUMBER || v->kind == JSON_BOOL) ? v->number : 0;
}
