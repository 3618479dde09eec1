// SPDX-License-Identifier: Apache-2.0
//
// Promises of strings.h.
#include "host/strings.h"

#include <stdio.h>
#include <string.h>

enum { MARK = 0xFEFF, SURROGATE = 0xD800, LOW_SURROGATE = 0xDC00, SURROGATE_END = 0xE000, BEYOND_BMP = 0x10000 };

static const char *const type_names[] = {"unknown", "ascii", "utf8", "utf16", "utf16le", "utf16be"};
enum { TYPES = sizeof type_names / sizeof type_names[0] };

const char *string_type_name(uint8_t type) {
    return type < TYPES ? type_names[type] : NULL;
}

bool string_type_parse(const char *name, size_t len, uint8_t *type) {
    for (uint8_t i = 0; i < TYPES; i++) {
        if (strlen(type_names[i]) != len || memcmp(type_names[i], name, len) != 0) continue;
        *type = i;
        return true;
    }
    return false;
}

/* One character of UTF-8 in its shortest form, neither a surrogate nor beyond 10FFFFh; else its first byte as bad. */
static uint32_t utf8_at(const uint8_t *bytes, size_t len, size_t *used) {
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    *used = 1;
    for (size_t more = 0; more < sizeof forms / sizeof forms[0]; more++) {
        if ((bytes[0] & forms[more].mask) != forms[more].lead || more >= len) continue;
        uint32_t character = bytes[0] & (uint8_t)~forms[more].mask;
        size_t i = 1;
        for (; i <= more && (bytes[i] & 0xC0) == 0x80; i++) character = character << 6 | (bytes[i] & 0x3Fu);
        const bool surrogate = character >= SURROGATE && character < SURROGATE_END;
        if (i <= more || character < forms[more].least || surrogate || character > 0x10FFFF) break;
        *used = more + 1;
        return character;
    }
    return STRING_BAD | bytes[0];
}

static bool big_endian(const struct pldm_string *s) {
    const bool marked = s->type == PLDM_STRING_UTF16 && s->len >= 2;
    return s->type == PLDM_STRING_UTF16BE || (marked && s->bytes[0] == 0xFE && s->bytes[1] == 0xFF);
}

static uint32_t unit_at(const struct pldm_string *s, size_t at) {
    const unsigned first = s->bytes[at], second = s->bytes[at + 1];
    return big_endian(s) ? first << 8 | second : second << 8 | first;
}

/* One character of UTF-16; half a surrogate pair and a last odd byte are bad. */
static uint32_t utf16_at(const struct pldm_string *s, size_t at, size_t *used) {
    *used = 1;
    if (s->len - at < 2) return STRING_BAD | s->bytes[at];
    const uint32_t unit = unit_at(s, at);
    *used = 2;
    if (unit < SURROGATE || unit >= SURROGATE_END) return unit;
    const uint32_t low = s->len - at >= 4 ? unit_at(s, at + 2) : 0;
    if (unit < LOW_SURROGATE && low >= LOW_SURROGATE && low < SURROGATE_END) {
        *used = 4;
        return BEYOND_BMP + ((unit - SURROGATE) << 10) + (low - LOW_SURROGATE);
    }
    *used = 1;
    return STRING_BAD | s->bytes[at];
}

static bool marked(const struct pldm_string *s) {
    return s->type == PLDM_STRING_UTF16 && s->len >= 2 && unit_at(s, 0) == MARK;
}

bool string_next(const struct pldm_string *s, size_t *at, uint32_t *character) {
    if (*at == 0 && marked(s)) *at = 2;
    if (*at >= s->len) return false;
    size_t used = 1;
    if (s->type >= PLDM_STRING_UTF16)
        *character = utf16_at(s, *at, &used);
    else if (s->type == PLDM_STRING_UTF8)
        *character = utf8_at(s->bytes + *at, s->len - *at, &used);
    else
        *character = s->bytes[*at] < 0x80 ? s->bytes[*at] : STRING_BAD | s->bytes[*at];
    *at += used;
    return true;
}

const char *string_fault(const struct pldm_string *s, size_t *at) {
    static const char *const faults[TYPES] = {
        NULL, "is not ASCII", "is not UTF-8", "is not UTF-16", "is not UTF-16", "is not UTF-16"};
    *at = 0;
    if (s->type >= TYPES) return "has a reserved type";
    if (s->type == PLDM_STRING_UNKNOWN) return NULL;
    if (s->type == PLDM_STRING_UTF16 && s->len != 0 && !marked(s)) return "is UTF-16 without byte order mark";
    uint32_t character;
    for (size_t next = 0; string_next(s, &next, &character); *at = next)
        if ((character & STRING_BAD) != 0) return faults[s->type];
    return NULL;
}

static size_t put_unit(uint8_t *to, uint32_t unit, bool big) {
    to[big ? 0 : 1] = (uint8_t)(unit >> 8);
    to[big ? 1 : 0] = (uint8_t)unit;
    return 2;
}

/* Writes a character as the type has it; returns its bytes, at most 4. */
static size_t encode(uint32_t character, uint8_t type, uint8_t *to) {
    const bool big = type == PLDM_STRING_UTF16BE;
    if (character < BEYOND_BMP) return put_unit(to, character, big);
    put_unit(to, SURROGATE + ((character - BEYOND_BMP) >> 10), big);
    return 2 + put_unit(to + 2, LOW_SURROGATE + (character & 0x3FF), big);
}

const char *string_make(const char *text, uint8_t type, uint8_t *bytes, struct pldm_string *out) {
    const size_t len = strlen(text);
    uint8_t coded[4];
    size_t at = 0, filled = 0;
    if (len == 0 && type != PLDM_STRING_UNKNOWN) return "is empty";
    if (type == PLDM_STRING_UTF16) filled = put_unit(bytes, MARK, false);
    while (at < len) {
        size_t used = 1, count = 1;
        const uint8_t *from = (const uint8_t *)text + at;
        const uint32_t character = type == PLDM_STRING_UNKNOWN ? *from : utf8_at(from, len - at, &used);
        if ((character & STRING_BAD) != 0) return "is not UTF-8";
        if (type != PLDM_STRING_UNKNOWN && (character < 0x20 || character == 0x7F)) return "has a control character";
        if (type == PLDM_STRING_ASCII && character >= 0x80) return "is not ASCII: its string type must be another";
        if (type >= PLDM_STRING_UTF16)
            count = encode(character, type, coded);
        else
            memcpy(coded, from, count = used);
        if (count > STRING_MAX - filled) return "is longer than 255 bytes";
        memcpy(bytes + filled, coded, count);
        filled += count;
        at += used;
    }
    *out = (struct pldm_string){type, (uint8_t)filled, bytes};
    return NULL;
}

const char *string_format(const struct pldm_string *string, char out[TEXT_STRING]) {
    uint32_t c;
    size_t used = 0;
    out[0] = '\0';
    for (size_t at = 0; string_next(string, &at, &c);) {
        const char *form = "%c";
        if ((c & STRING_BAD) != 0)
            form = "\\x%02x";
        else if (c >= BEYOND_BMP)
            form = "\\U%08x";
        else if (c < 0x20 || c > 0x7E)
            form = "\\u%04x";
        else if (c == '\\')
            form = "\\%c";
        used += (size_t)snprintf(out + used, TEXT_STRING - used, form, (unsigned)(c & ~STRING_BAD));
    }
    return out;
}
