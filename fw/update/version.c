// SPDX-License-Identifier: Apache-2.0
//
// See version.h.
#include "fw/update/version.h"

#define MARK 0xFEFFu  // byte order mark, as read in the right order

/* Reads a string unit by unit: bytes, or pairs of them. UTF-8's bytes have the order of their characters. */
struct reader {
    const struct pldm_string *string;
    uint16_t at;
    bool wide;
    bool little;
};

static uint16_t pair(const struct reader *r, uint16_t at) {
    const uint8_t *p = r->string->bytes + at;
    unsigned low = p[r->little ? 0 : 1], high = p[r->little ? 1 : 0];
    return (uint16_t)(high << 8 | low);
}

static struct reader open_string(const struct pldm_string *string) {
    struct reader r = {
        .string = string, .wide = string->type >= PLDM_STRING_UTF16, .little = string->type == PLDM_STRING_UTF16LE};
    if (string->type != PLDM_STRING_UTF16 || string->len < 2) return r;
    if (pair(&r, 0) == MARK) {
        r.at = 2;
    } else {
        r.little = true;
        if (pair(&r, 0) == MARK)
            r.at = 2;
        else
            r.little = false;
    }
    return r;
}

/* The next unit, 0 at the end: a NUL ends a version, too. */
static uint16_t peek(const struct reader *r) {
    if (r->at + (r->wide ? 1u : 0u) >= r->string->len) return 0;
    return r->wide ? pair(r, r->at) : r->string->bytes[r->at];
}

static void next(struct reader *r) {
    r->at = (uint16_t)(r->at + (r->wide ? 2u : 1u));
}

static bool is_digit(uint16_t unit) {
    return unit >= '0' && unit <= '9';
}

/* What begins a pre-release comes first, then the end, then all else. */
static int rank(uint16_t unit) {
    if (unit == '~' || unit == '-') return unit == '~' ? 0 : 1;
    return unit + 2;
}

/* Both stand before a run of digits. Without leading zeroes the longer number is the greater one, and of two as long
 * the first digit that differs decides. */
static int compare_numbers(struct reader *a, struct reader *b) {
    int order = 0;
    while (peek(a) == '0') next(a);
    while (peek(b) == '0') next(b);
    for (; is_digit(peek(a)) && is_digit(peek(b)); next(a), next(b))
        if (order == 0) order = (int)peek(a) - (int)peek(b);
    if (is_digit(peek(a))) return 1;
    return is_digit(peek(b)) ? -1 : order;
}

int version_compare(const struct pldm_string *a, const struct pldm_string *b) {
    struct reader ra = open_string(a), rb = open_string(b);
    for (;;) {
        uint16_t ua = peek(&ra), ub = peek(&rb);
        if (is_digit(ua) && is_digit(ub)) {
            int order = compare_numbers(&ra, &rb);
            if (order != 0) return order;
            continue;
        }
        if (ua != ub) return rank(ua) - rank(ub);
        if (ua == 0) return 0;
        next(&ra);
        next(&rb);
    }
}
