// SPDX-License-Identifier: Apache-2.0
//
// Promises of timestamp.h.
#include "host/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESOLUTION_SECOND = 6, RESOLUTION_MINUTE = 8, RESOLUTION_DAY = 11, RESOLUTION_LAST = 13 };
enum { UTC_UNKNOWN, UTC_MINUTE, UTC_LAST = 3 };
enum { OFFSET_MAX = 14 * 60 }; /* minutes */

struct fields {
    unsigned year, month, day, hour, minute, second, micro, resolution, utc;
    int offset;
};

static struct fields decode(const uint8_t *in) {
    return (struct fields){
        .offset = (int16_t)(in[0] | in[1] << 8),
        .micro = (unsigned)in[2] | (unsigned)in[3] << 8 | (unsigned)in[4] << 16,
        .second = in[5],
        .minute = in[6],
        .hour = in[7],
        .day = in[8],
        .month = in[9],
        .year = (unsigned)in[10] | (unsigned)in[11] << 8,
        .resolution = in[12] & 15u,
        .utc = in[12] >> 4,
    };
}

static void encode(const struct fields *f, uint8_t *out) {
    const uint16_t offset = (uint16_t)f->offset;
    const uint8_t bytes[TIMESTAMP_SIZE] = {
        (uint8_t)offset,
        (uint8_t)(offset >> 8),
        (uint8_t)f->micro,
        (uint8_t)(f->micro >> 8),
        (uint8_t)(f->micro >> 16),
        (uint8_t)f->second,
        (uint8_t)f->minute,
        (uint8_t)f->hour,
        (uint8_t)f->day,
        (uint8_t)f->month,
        (uint8_t)f->year,
        (uint8_t)(f->year >> 8),
        (uint8_t)(f->utc << 4 | f->resolution),
    };
    memcpy(out, bytes, sizeof bytes);
}

static const char *fault(const struct fields *f) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (f->month < 1 || f->month > 12) return "its month is not 1 to 12";
    const bool leap = (f->year % 4 == 0 && f->year % 100 != 0) || f->year % 400 == 0;
    const unsigned last = days[f->month - 1] + (f->month == 2 && leap ? 1u : 0u);
    if (f->day < 1 || f->day > last) return "its month has no such day";
    if (f->hour > 23) return "its hour is not 0 to 23";
    if (f->minute > 59) return "its minute is not 0 to 59";
    if (f->second > 59) return "its second is not 0 to 59";
    if (f->micro > 999999) return "its microseconds are not 0 to 999999";
    if (abs(f->offset) > OFFSET_MAX) return "its offset from UTC is more than 14 hours";
    if (f->resolution > RESOLUTION_LAST || f->utc > UTC_LAST) return "its resolution is reserved";
    return NULL;
}

const char *timestamp_fault(const uint8_t in[TIMESTAMP_SIZE]) {
    const struct fields f = decode(in);
    return fault(&f);
}

/* Exactly @p count digits; false when there are others. */
static bool digits(const char **text, unsigned count, unsigned *out) {
    for (*out = 0; count > 0; count--, (*text)++) {
        if (**text < '0' || **text > '9') return false;
        *out = *out * 10 + (unsigned)(**text - '0');
    }
    return true;
}

static bool skip(const char **text, char c) {
    if (**text != c) return false;
    (*text)++;
    return true;
}

static bool parse_date(const char **text, struct fields *f) {
    if (!digits(text, 4, &f->year)) return false;
    const bool dashes = skip(text, '-');
    return digits(text, 2, &f->month) && (!dashes || skip(text, '-')) && digits(text, 2, &f->day);
}

/* .F to .FFFFFF; resolutions 5 down to 0 are a tenth to a millionth of a second. */
static bool parse_fraction(const char **text, struct fields *f) {
    f->resolution = RESOLUTION_SECOND;
    if (!skip(text, '.')) return true;
    unsigned worth = 1000000, digit;
    while (worth > 1 && digits(text, 1, &digit)) {
        worth /= 10;
        f->micro += digit * worth;
        f->resolution--;
    }
    return f->resolution < RESOLUTION_SECOND;
}

static bool parse_time(const char **text, struct fields *f) {
    if (!digits(text, 2, &f->hour) || !skip(text, ':') || !digits(text, 2, &f->minute)) return false;
    f->resolution = RESOLUTION_MINUTE;
    if (!skip(text, ':')) return true;
    return digits(text, 2, &f->second) && parse_fraction(text, f);
}

static bool parse_offset(const char **text, struct fields *f) {
    unsigned hours, minutes;
    if (**text == '\0') return true;
    f->utc = UTC_MINUTE;
    if (skip(text, 'Z')) return true;
    const bool west = **text == '-';
    if (!west && **text != '+') return false;
    (*text)++;
    if (!digits(text, 2, &hours) || !skip(text, ':') || !digits(text, 2, &minutes) || minutes > 59) return false;
    f->offset = (int)(hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

bool timestamp_parse(const char *text, uint8_t out[TIMESTAMP_SIZE]) {
    struct fields f = {.resolution = RESOLUTION_DAY};
    if (!parse_date(&text, &f)) return false;
    if (skip(&text, 'T') && (!parse_time(&text, &f) || !parse_offset(&text, &f))) return false;
    if (*text != '\0' || fault(&f) != NULL) return false;
    encode(&f, out);
    return true;
}

const char *timestamp_format(const uint8_t in[TIMESTAMP_SIZE], char out[TIMESTAMP_TEXT]) {
    const struct fields f = decode(in);
    size_t at = (size_t)snprintf(out, TIMESTAMP_TEXT, "%04u-%02u-%02u", f.year, f.month, f.day);
    if (f.resolution >= RESOLUTION_DAY) return out;
    at += (size_t)snprintf(out + at, TIMESTAMP_TEXT - at, "T%02u:%02u", f.hour, f.minute);
    if (f.resolution < RESOLUTION_MINUTE) at += (size_t)snprintf(out + at, TIMESTAMP_TEXT - at, ":%02u", f.second);
    if (f.micro != 0) at += (size_t)snprintf(out + at, TIMESTAMP_TEXT - at, ".%06u", f.micro);
    if (f.utc == UTC_UNKNOWN) return out;
    const unsigned minutes = (unsigned)abs(f.offset);
    if (minutes == 0)
        snprintf(out + at, TIMESTAMP_TEXT - at, "Z");
    else
        snprintf(out + at, TIMESTAMP_TEXT - at, "%c%02u:%02u", f.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return out;
}
