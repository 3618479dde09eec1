// SPDX-License-Identifier: Apache-2.0
//
// The texts of packages and command lines: strings of every type of DSP0267 table 20, release dates (timestamp104) and
// descriptors, each made, checked and shown.
#include <stdlib.h>

#include "host/descriptor.h"
#include "host/strings.h"
#include "host/timestamp.h"
#include "tests/check.h"

static bool same(const char *got, const char *want) {
    if (got == want) return true;
    const bool equal = got != NULL && want != NULL && strcmp(got, want) == 0;
    if (!equal) printf("# got %s, not %s\n", got == NULL ? "NULL" : got, want == NULL ? "NULL" : want);
    return equal;
}

/* Bytes as they may stand in a file, what is wrong with them and where, and how they are shown. */
static const struct {
    const char *sentence;
    uint8_t type, len;
    const char *bytes, *fault;
    size_t at;
    const char *shown;
} strings[] = {
    {"given an empty string of any type", 3, 0, "", NULL, 0, ""},
    {"given ASCII", 1, 5, "1.2-a", NULL, 0, "1.2-a"},
    {"given ASCII with a backslash and an escape sequence", 1, 4, "\\\x1B[m", NULL, 0, "\\\\\\u001b[m"},
    {"given ASCII with a byte of 8 bits", 1, 3, "1\xE9\x32", "is not ASCII", 1, "1\\xe92"},
    {"given bytes of type Unknown", 0, 2,
     "\xFF"
     "1",
     NULL, 0, "\\xff1"},
    {"given UTF-8 of one to four bytes", 2, 10, "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", NULL, 0,
     "a\\u00e9\\u20ac\\U0001f600"},
    {"given UTF-8 that is longer than needed", 2, 2, "\xC0\xAF", "is not UTF-8", 0, "\\xc0\\xaf"},
    {"given UTF-8 of a surrogate", 2, 3, "\xED\xA0\x80", "is not UTF-8", 0, "\\xed\\xa0\\x80"},
    {"given UTF-8 beyond 10FFFFh", 2, 4, "\xF4\x90\x80\x80", "is not UTF-8", 0, "\\xf4\\x90\\x80\\x80"},
    {"given UTF-8 cut off", 2, 3, "a\xE2\x82", "is not UTF-8", 1, "a\\xe2\\x82"},
    {"given UTF-8 that begins with a continuation", 2, 1, "\x80", "is not UTF-8", 0, "\\x80"},
    {"given UTF-16 with a little-endian mark", 3, 4, "\xFF\xFE\xE9\x00", NULL, 0, "\\u00e9"},
    {"given UTF-16 with a big-endian mark", 3, 4, "\xFE\xFF\x00\xE9", NULL, 0, "\\u00e9"},
    {"given UTF-16 without mark", 3, 2, "1\x00", "is UTF-16 without byte order mark", 0, "1"},
    {"given UTF-16LE with a surrogate pair", 4, 6,
     "\x3D\xD8\x00\xDE"
     "1\x00",
     NULL, 0, "\\U0001f6001"},
    {"given UTF-16BE with a surrogate pair", 5, 4, "\xD8\x3D\xDE\x00", NULL, 0, "\\U0001f600"},
    {"given UTF-16LE with the first half of a pair alone", 4, 4, "1\x00\x3D\xD8", "is not UTF-16", 2, "1\\x3d\\xd8"},
    {"given UTF-16BE with the second half of a pair alone", 5, 2, "\xDE\x00", "is not UTF-16", 0, "\\xde\\x00"},
    {"given UTF-16LE with an odd byte", 4, 3,
     "1\x00"
     "2",
     "is not UTF-16", 2, "1\\x32"},
    {"given a reserved type", 6, 1, "1", "has a reserved type", 0, NULL},
};

static void given_strings(void) {
    char shown[TEXT_STRING];
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        char name[160];
        snprintf(name, sizeof name, "%s / when checked and shown / then %s", strings[i].sentence,
                 strings[i].fault == NULL ? "it is right" : strings[i].fault);
        TEST(name) {
            uint8_t *bytes = malloc(strings[i].len + 1u); /* the sanitizer sees a read beyond */
            if (bytes == NULL) abort();
            uint8_t *end = bytes + 1;
            memcpy(end, strings[i].bytes, strings[i].len);
            const struct pldm_string string = {strings[i].type, strings[i].len, end};
            size_t at = 99;
            CHECK(same(string_fault(&string, &at), strings[i].fault));
            if (strings[i].fault != NULL) CHECK_EQ(at, strings[i].at);
            if (strings[i].shown != NULL) CHECK(same(string_format(&string, shown), strings[i].shown));
            free(bytes);
        }
    }
    TEST("given 255 bytes that all need an escape / when shown / then the text fits its buffer") {
        uint8_t bytes[STRING_MAX];
        memset(bytes, 1, sizeof bytes);
        const struct pldm_string string = {PLDM_STRING_ASCII, STRING_MAX, bytes};
        CHECK_EQ(strlen(string_format(&string, shown)), 6 * STRING_MAX);
    }
}

static const struct {
    const char *text;
    uint8_t type;
    const char *fault;
    uint8_t len;
    const char *bytes;
} made[] = {
    {"2.0", 1, NULL, 3, "2.0"},
    {"\xC3\xA9", 1, "is not ASCII: its string type must be another", 0, NULL},
    {"\xC3\xA9", 2, NULL, 2, "\xC3\xA9"},
    {"\xC3\xA9", 3, NULL, 4, "\xFF\xFE\xE9\x00"},
    {"\xC3\xA9", 4, NULL, 2, "\xE9\x00"},
    {"\xC3\xA9", 5, NULL, 2, "\x00\xE9"},
    {"\xF0\x9F\x98\x80", 5, NULL, 4, "\xD8\x3D\xDE\x00"},
    {"\xE9", 2, "is not UTF-8", 0, NULL},
    {"\xE9", 0, NULL, 1, "\xE9"},
    {"", 0, NULL, 0, ""},
    {"", 1, "is empty", 0, NULL},
    {"a\nb", 4, "has a control character", 0, NULL},
};

static void given_texts(void) {
    uint8_t bytes[STRING_MAX];
    struct pldm_string string;
    TEST("given a text in UTF-8 / when a string of each type is made / then its bytes, or why not") {
        for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
            if (!CHECK(same(string_make(made[i].text, made[i].type, bytes, &string), made[i].fault)))
                printf("# row %zu\n", i);
            if (made[i].fault != NULL) continue;
            CHECK_EQ(string.type, made[i].type);
            CHECK_EQ(string.len, made[i].len);
            CHECK_MEM(string.bytes, made[i].bytes, made[i].len);
        }
    }
    TEST("given texts around the longest / when strings are made / then 255 bytes are the limit of every type") {
        static const struct {
            uint8_t type;
            size_t most;
        } limits[] = {{0, 255}, {1, 255}, {2, 255}, {3, 126}, {4, 127}, {5, 127}};
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
            char text[260];
            memset(text, 'x', sizeof text);
            text[limits[i].most] = '\0';
            CHECK(string_make(text, limits[i].type, bytes, &string) == NULL);
            text[limits[i].most] = 'x';
            text[limits[i].most + 1] = '\0';
            CHECK(same(string_make(text, limits[i].type, bytes, &string), "is longer than 255 bytes"));
        }
    }
    TEST("given the name of each string type / when read / then the type, and no other name is one") {
        uint8_t type;
        for (uint8_t i = 0; i <= PLDM_STRING_UTF16BE; i++)
            CHECK(string_type_parse(string_type_name(i), strlen(string_type_name(i)), &type) && type == i);
        CHECK(string_type_name(6) == NULL);
        CHECK(!string_type_parse("utf", 3, &type) && !string_type_parse("", 0, &type));
    }
}

/* A date of a command line, how it is shown, and its precision: NULL when it is none. */
static const struct {
    const char *text, *shown;
    uint8_t last_byte;
} dates[] = {
    {"2026-11-01", "2026-11-01", 0x0B},
    {"20261101", "2026-11-01", 0x0B},
    {"2026-11-01T12:34", "2026-11-01T12:34", 0x08},
    {"2026-11-01T12:34:56", "2026-11-01T12:34:56", 0x06},
    {"2026-11-01T12:34:56.5Z", "2026-11-01T12:34:56.500000Z", 0x15},
    {"2026-11-01T12:34:56.000001+05:30", "2026-11-01T12:34:56.000001+05:30", 0x10},
    {"2026-11-01T12:34-08:00", "2026-11-01T12:34-08:00", 0x18},
    {"2024-02-29", "2024-02-29", 0x0B},
    {"2026-02-29", NULL, 0},
    {"2100-02-29", NULL, 0},
    {"2026-13-01", NULL, 0},
    {"2026-00-01", NULL, 0},
    {"2026-04-31", NULL, 0},
    {"2026-11-01T24:00", NULL, 0},
    {"2026-11-01T12:60", NULL, 0},
    {"2026-11-01T12:34:60", NULL, 0},
    {"2026-11-01T12:34:56.", NULL, 0},
    {"2026-11-01T12:34:56.1234567", NULL, 0},
    {"2026-11-01T12:34+15:00", NULL, 0},
    {"2026-11-01T12:34+05", NULL, 0},
    {"2026-1101", NULL, 0},
    {"2026-11-01 12:34", NULL, 0},
    {"26-11-01", NULL, 0},
    {"", NULL, 0},
};

/* Bytes of a file that are no date. */
static const struct {
    const char *fault;
    uint8_t bytes[TIMESTAMP_SIZE];
} no_dates[] = {
    {NULL, {0xB6, 0xFE, 0x20, 0xA1, 0x07, 56, 34, 12, 1, 11, 0xEA, 0x07, 0x10}},
    {"its month is not 1 to 12", {0}},
    {"its month has no such day", {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xEA, 7, 0}},
    {"its hour is not 0 to 23", {0, 0, 0, 0, 0, 0, 0, 24, 1, 1, 0xEA, 7, 0}},
    {"its minute is not 0 to 59", {0, 0, 0, 0, 0, 0, 60, 0, 1, 1, 0xEA, 7, 0}},
    {"its second is not 0 to 59", {0, 0, 0, 0, 0, 60, 0, 0, 1, 1, 0xEA, 7, 0}},
    {"its microseconds are not 0 to 999999", {0, 0, 0x40, 0x42, 0x0F, 0, 0, 0, 1, 1, 0xEA, 7, 0}},
    {"its offset from UTC is more than 14 hours", {0x49, 0x03, 0, 0, 0, 0, 0, 0, 1, 1, 0xEA, 7, 0}},
    {"its resolution is reserved", {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0xEA, 7, 0x0E}},
    {"its resolution is reserved", {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0xEA, 7, 0x40}},
};

static void given_dates(void) {
    uint8_t t[TIMESTAMP_SIZE];
    char shown[TIMESTAMP_TEXT];
    TEST("given dates and times of a command line / when read and shown / then the same, with their precision") {
        for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
            if (!CHECK(timestamp_parse(dates[i].text, t) == (dates[i].shown != NULL))) printf("# %s\n", dates[i].text);
            if (dates[i].shown == NULL) continue;
            CHECK(same(timestamp_format(t, shown), dates[i].shown));
            CHECK_EQ(t[12], dates[i].last_byte);
            CHECK(timestamp_fault(t) == NULL);
        }
    }
    TEST("given timestamps with a field out of its range / when checked / then the field is named") {
        for (size_t i = 0; i < sizeof no_dates / sizeof no_dates[0]; i++)
            CHECK(same(timestamp_fault(no_dates[i].bytes), no_dates[i].fault));
    }
    TEST("given a timestamp by hand / when shown / then every field is where DSP0240 has it")
    CHECK(same(timestamp_format(no_dates[0].bytes, shown), "2026-11-01T12:34:56.500000-05:30"));
    TEST("given the largest number in every field / when shown / then the text fits its buffer") {
        memset(t, 0xFF, sizeof t);
        t[12] = 0x10;
        CHECK(same(timestamp_format(t, shown), "65535-255-255T255:255:255.16777215-00:01"));
    }
}

/* A descriptor of a command line and its value; NULL: it is shown as it was written. */
static const struct {
    const char *text, *shown;
    uint16_t type, len;
    const char *bytes;
} descriptors[] = {
    {"pci-vendor=0x1234", NULL, 0x0000, 2, "\x34\x12"},
    {"pci-vendor=4660", "pci-vendor=0x1234", 0x0000, 2, "\x34\x12"},
    {"iana=0x00000007", NULL, 0x0001, 4, "\x07\0\0\0"},
    {"uuid=00112233445566778899aabbccddeeff", NULL, 0x0002, 16,
     "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF"},
    {"uuid=00112233-4455-6677-8899-aabbccddeeff", "uuid=00112233445566778899aabbccddeeff", 0x0002, 16,
     "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF"},
    {"pnp-vendor=ABC", NULL, 0x0003, 3, "ABC"},
    {"acpi-vendor=ABCD", NULL, 0x0004, 4, "ABCD"},
    {"pci-device=0x5301", NULL, 0x0100, 2, "\x01\x53"},
    {"pci-subsystem-vendor=0x0001", NULL, 0x0101, 2, "\x01\0"},
    {"pci-subsystem=0x0001", NULL, 0x0102, 2, "\x01\0"},
    {"pci-revision=0x07", NULL, 0x0103, 1, "\x07"},
    {"pnp-product=0001", NULL, 0x0104, 4, "0001"},
    {"acpi-product=0001", NULL, 0x0105, 4, "0001"},
    {"vendor:rev=42", NULL, 0xFFFF, 6, "\x01\x03rev\x42"},
    {"vendor:rev=", NULL, 0xFFFF, 5, "\x01\x03rev"},
    {"vendor/ascii:rev=42", "vendor:rev=42", 0xFFFF, 6, "\x01\x03rev\x42"},
    {"vendor/utf16le:r=42", NULL, 0xFFFF, 5, "\x04\x02r\0\x42"},
    {"vendor/utf8:\xC3\xA9=42", "vendor/utf8:\\u00e9=42", 0xFFFF, 5, "\x02\x02\xC3\xA9\x42"},
    {"0x0106=00ff", NULL, 0x0106, 2, "\x00\xFF"},
};

static const char *const no_descriptors[] = {
    "pci-vendor",
    "pci-vendor=0x10000",
    "pci-vendor=x",
    "uuid=0011",
    "pnp-vendor=AB",
    "colour=1",
    "vendor:=42",
    "vendor:rev=4",
    "vendor:rev=xx",
    "vendor",
    "vendor/utf9:r=42",
    "vendor:\xC3\xA9=42",
    "vendor/utf8:r",
    "0x0100=00",
    "0x106=00",
    "0x10000=00",
    "0x0106=0",
    "vendor=42",
    "=",
    "0xFFFF=00",
};

static void given_descriptors(void) {
    TEST("given a descriptor of each type / when read from a command line and shown / then value and text are right") {
        for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
            const char *text = descriptors[i].text;
            char shown[128];
            struct pldm_descriptor d;
            uint8_t *room = malloc(descriptor_room(text));
            if (room == NULL) abort();
            if (CHECK(same(descriptor_parse(text, room, &d), NULL))) {
                CHECK_EQ(d.type, descriptors[i].type);
                CHECK_EQ(d.len, descriptors[i].len);
                CHECK_MEM(d.data, descriptors[i].bytes, descriptors[i].len);
                CHECK(same(descriptor_fault(&d, false), NULL));
                descriptor_format(&d, shown, sizeof shown);
                CHECK(same(shown, descriptors[i].shown != NULL ? descriptors[i].shown : text));
            }
            free(room);
        }
    }
    TEST("given a text that is no descriptor / when read / then a reason") {
        for (size_t i = 0; i < sizeof no_descriptors / sizeof no_descriptors[0]; i++) {
            struct pldm_descriptor d;
            uint8_t *room = malloc(descriptor_room(no_descriptors[i]));
            if (room == NULL) abort();
            if (!CHECK(descriptor_parse(no_descriptors[i], room, &d) != NULL)) printf("# %s\n", no_descriptors[i]);
            free(room);
        }
    }
    TEST("given a vendor descriptor whose title is not of its type / when checked / then refused") {
        const struct pldm_descriptor d = {0xFFFF, 5, (const uint8_t *)"\x02\x02\xC3t\x42"};
        CHECK(same(descriptor_fault(&d, false), "its title is not of its string type"));
    }
    TEST("given a buffer of any size / when a descriptor is shown / then it is cut off within it") {
        const struct pldm_descriptor d = {0xFFFF, 6, (const uint8_t *)"\x01\x03rev\x42"};
        for (size_t size = 0; size < 16; size++) {
            char *shown = malloc(size == 0 ? 1 : size);
            if (shown == NULL) abort();
            descriptor_format(&d, shown, size);
            if (size != 0) CHECK(strlen(shown) < size);
            free(shown);
        }
    }
}

int main(void) {
    given_strings();
    given_texts();
    given_dates();
    given_descriptors();
    return check_result();
}
