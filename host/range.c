// SPDX-License-Identifier: Apache-2.0
//
// Promises of range.h.
#define _POSIX_C_SOURCE 200809L
#include "host/range.h"

#include <stdio.h>
#include <string.h>

#include "fw/update/version.h"

enum { BELOW = 1, SAME = 2, ABOVE = 4, PARTS = 2, LONGEST = 128 };

static const char version_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-~_";

/* The longer ones first. */
static const struct operator{
    const char *text;
    unsigned holds; /* for a version that is below, the same, above */
}
operators[] = {
    {"<=", BELOW | SAME}, {">=", SAME | ABOVE}, {"<", BELOW}, {">", ABOVE}, {"=", SAME},
};

static bool is_version(const char *text, size_t len) {
    return len != 0 && len < LONGEST && text[0] >= '0' && text[0] <= '9' && strspn(text, version_characters) >= len;
}

bool version_known(const char *text) {
    return is_version(text, strlen(text));
}

static struct pldm_string ascii(const char *text) {
    return (struct pldm_string){
        .type = PLDM_STRING_ASCII, .len = (uint8_t)strnlen(text, UINT8_MAX), .bytes = (const uint8_t *)text};
}

int version_order(const char *a, const char *b) {
    const struct pldm_string left = ascii(a), right = ascii(b);
    return version_compare(&left, &right);
}

/* One part of the range, up to a bar. False when it is none; @p version may be NULL. */
static bool part_known(const char *part, size_t len, const char *version, bool *holds) {
    char bound[LONGEST];
    const struct operator* o = operators;
    const struct operator* const end = o + sizeof operators / sizeof operators[0];
    while (o < end && strncmp(part, o->text, strlen(o->text)) != 0) o++;
    if (o == end) return false;
    const size_t skip = strlen(o->text);
    if (skip > len || !is_version(part + skip, len - skip)) return false;
    if (version == NULL) return true;
    snprintf(bound, sizeof bound, "%.*s", (int)(len - skip), part + skip);
    const int order = version_order(version, bound);
    *holds = *holds && (o->holds & (order < 0 ? BELOW : order == 0 ? SAME : ABOVE)) != 0;
    return true;
}

static bool walk(const char *range, const char *version, bool *holds) {
    if (strcmp(range, "*") == 0) return true;
    for (int part = 0; part < PARTS; part++) {
        const size_t len = strcspn(range, "|");
        if (!part_known(range, len, version, holds)) return false;
        if (range[len] == '\0') return true;
        range += len + 1;
    }
    return false;
}

bool range_known(const char *range) {
    bool holds = true;
    return walk(range, NULL, &holds);
}

bool range_holds(const char *range, const char *version) {
    bool holds = true;
    return walk(range, version, &holds) && holds;
}
