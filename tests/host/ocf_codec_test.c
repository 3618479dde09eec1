// SPDX-License-Identifier: Apache-2.0
//
// pstat as CBOR: what is read and what is refused, byte by byte, and what is written, as libcbor's own loader reads it.
#include "host/ocf/codec.h"

#include <cbor.h>
#include <stdlib.h>

#include "host/ocf/cbor_item.h"
#include "tests/check.h"

#define UUID "0123456789abcdef0123456789ABCDEF"
#define BIT  OCF_PROPERTY_BIT

/* Hexadecimal digits; a word in quotes stands for its characters. */
static size_t bytes_of(const char *text, uint8_t *out) {
    size_t len = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ') continue;
        if (*text == '"') {
            for (text++; *text != '"'; text++) out[len++] = (uint8_t)*text;
            continue;
        }
        const char pair[3] = {text[0], text[1], '\0'};
        out[len++] = (uint8_t)strtoul(pair, NULL, 16);
        text++;
    }
    return len;
}

/* Decodes a copy of exactly that size, so that the sanitizer sees what is read beyond it. */
static bool decode(const uint8_t *bytes, size_t len, struct pstat_write *out) {
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    if (!CHECK(copy != NULL)) exit(1);
    memcpy(copy, bytes, len);
    const bool good = ocf_post_decode(copy, len, out);
    free(copy);
    return good;
}

static const struct good_row {
    const char *what, *text;
    uint32_t given;
    uint64_t s, tm, om;
} good_rows[] = {
    {"an empty map", "a0", 0, 0, 0, 0},
    {"an empty map of no length", "bf ff", 0, 0, 0, 0},
    {"tm", "a1 62\"tm\" 18 40", BIT(OCF_TM), 0, 64, 0},
    {"tm in more bytes than it needs", "a1 62\"tm\" 1b 0000000000000040", BIT(OCF_TM), 0, 64, 0},
    {"as iotivity writes it", "bf 62\"tm\" 18 80 63\"dos\" bf 61\"s\" 03 ff ff", BIT(OCF_TM) | BIT(OCF_DOS_S), 3, 128,
     0},
    {"om and dos", "a2 62\"om\" 04 63\"dos\" a1 61\"s\" 02", BIT(OCF_OM) | BIT(OCF_DOS_S), 2, 0, 4},
    {"dos.p", "a1 63\"dos\" a2 61\"p\" f5 61\"s\" 02", BIT(OCF_DOS_P) | BIT(OCF_DOS_S), 2, 0, 0},
    {"what is never writable, of any type", "a4 62\"cm\" 20 62\"sm\" f6 64\"isop\" f5 62\"rt\" 81 60",
     BIT(OCF_CM) | BIT(OCF_SM) | BIT(OCF_ISOP) | BIT(OCF_RT), 0, 0, 0},
    {"unknown ones", "a2 61\"x\" 00 61\"y\" 9f 01 bf 61\"z\" 5f 41 00 ff ff c0 00 ff", BIT(OCF_UNKNOWN), 0, 0, 0},
    {"a name that begins as another", "a1 63\"tmx\" 00", BIT(OCF_UNKNOWN), 0, 0, 0},
    {"names of two, three and four bytes", "a1 69 c3a4 e282ac f09f9880 00", BIT(OCF_UNKNOWN), 0, 0, 0},
    {"an empty dos", "a1 63\"dos\" a0", 0, 0, 0, 0},
};

static void reads(void) {
    uint8_t bytes[256];
    struct pstat_write w;
    for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++) {
        const struct good_row *row = &good_rows[i];
        const size_t len = bytes_of(row->text, bytes);
        if (!CHECK(decode(bytes, len, &w))) printf("# %s\n", row->what);
        CHECK_EQ(w.given, row->given);
        CHECK_EQ(w.s, row->s);
        CHECK_EQ(w.tm, row->tm);
        CHECK_EQ(w.om, row->om);
        /* Nothing shorter, nothing longer. */
        for (size_t n = 0; n < len; n++)
            if (!CHECK(!decode(bytes, n, &w))) printf("# %s, %zu bytes of it\n", row->what, n);
        bytes[len] = 0;
        CHECK(!decode(bytes, len + 1, &w));
    }
}

static void refuses(void) {
    static const struct {
        const char *what, *text;
    } rows[] = {
        {"nothing", ""},
        {"no map", "01"},
        {"an array", "81 00"},
        {"a break", "ff"},
        {"a tagged map", "c1 a0"},
        {"a name that is no text", "a1 01 02"},
        {"a name in parts", "a1 7f 62\"tm\" ff 18 40"},
        {"a name without value", "bf 62\"tm\" ff"},
        {"tm twice", "a2 62\"tm\" 01 62\"tm\" 01"},
        {"cm twice", "a2 62\"cm\" 01 62\"cm\" 01"},
        {"dos twice", "a2 63\"dos\" a0 63\"dos\" a0"},
        {"dos.s twice", "a1 63\"dos\" a2 61\"s\" 01 61\"s\" 01"},
        {"tm as text", "a1 62\"tm\" 62\"64\""},
        {"tm negative", "a1 62\"tm\" 20"},
        {"tm as a fraction", "a1 62\"tm\" f9 5400"},
        {"tm as a tagged number", "a1 62\"tm\" c1 18 40"},
        {"tm as a map", "a1 62\"tm\" a0"},
        {"dos as a number", "a1 63\"dos\" 02"},
        {"dos.s as a truth", "a1 63\"dos\" a1 61\"s\" f5"},
        {"rowneruuid too short", "a1 6a\"rowneruuid\" 60"},
        {"rowneruuid as bytes", "a1 6a\"rowneruuid\" 50 " UUID},
        {"rowneruuid with a wrong character", "a1 6a\"rowneruuid\" 7824\"0123456g-0123-0123-0123-0123456789ab\""},
        {"rowneruuid with a dash elsewhere", "a1 6a\"rowneruuid\" 7824\"012345678-123-0123-0123-0123456789ab\""},
        {"a name with a byte that is no character", "a1 61 91 00"},
        {"a name that ends within a character", "a1 62 61 c3 00"},
        {"a name with a longer form than needed", "a1 62 c1 a1 00"},
        {"a name with a surrogate", "a1 63 eda080 00"},
        {"a name above U+10FFFF", "a1 64 f4908080 00"},
        {"an unknown text that is no UTF-8", "a1 61\"x\" 61 ff"},
        {"a map of 2^64 - 1", "bb ffffffffffffffff"},
        {"an unknown array of 2^63", "a1 61\"x\" 9b 8000000000000000"},
        {"an unknown map of 2^63", "a1 61\"x\" bb 8000000000000000"},
        {"a text of 2^64 - 1", "a1 7b ffffffffffffffff"},
        {"an unknown open map that ends after a name", "a1 61\"x\" bf 00 ff"},
        {"an unknown text in parts of arrays", "a1 61\"x\" 7f 80 ff"},
        {"an unknown text in parts, one of bytes", "a1 61\"x\" 7f 41 00 ff"},
        {"unknown bytes in parts, one a number", "a1 61\"x\" 5f 41 00 00 ff"},
        {"a break for a value", "a1 61\"x\" ff"},
        {"an unknown one nine deep", "a1 61\"x\" 81 81 81 81 81 81 81 81 81 00"},
        {"an additional head that is reserved", "a1 62\"tm\" 1c"},
    };
    uint8_t bytes[256];
    struct pstat_write w;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t len = bytes_of(rows[i].text, bytes);
        if (!CHECK(!decode(bytes, len, &w))) printf("# %s\n", rows[i].what);
    }
    static uint8_t large[OCF_POST_MOST + 2];
    const size_t head = bytes_of("a1 61\"x\" 59 03fa", large); /* 1018 bytes */
    CHECK(decode(large, head + 1018, &w));
    large[5] = 0xFB; /* and one more makes it too large to be read */
    CHECK(!decode(large, head + 1019, &w));
}

static void uuids(void) {
    static const uint8_t want[OCF_UUID] = {1, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                                           1, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF};
    char text[OCF_UUID_TEXT];
    uint8_t bytes[256];
    struct pstat_write w;
    const size_t len = bytes_of("a1 6a\"rowneruuid\" 7824\"01234567-89aB-CDEf-0123-456789abcdef\"", bytes);
    CHECK(decode(bytes, len, &w));
    CHECK_EQ(w.given, BIT(OCF_ROWNERUUID));
    CHECK_MEM(w.owner, want, sizeof want);
    CHECK(strcmp(ocf_uuid_format(want, text), "01234567-89ab-cdef-0123-456789abcdef") == 0);
}

/* The value of a name in a map that libcbor loaded. */
static cbor_item_t *value_of(const cbor_item_t *map, const char *name) {
    const struct cbor_pair *pairs = cbor_map_handle(map);
    for (size_t i = 0; i < cbor_map_size(map); i++)
        if (cbor_string_length(pairs[i].key) == strlen(name) &&
            memcmp(cbor_string_handle(pairs[i].key), name, strlen(name)) == 0)
            return pairs[i].value;
    printf("# no %s\n", name);
    exit(1);
}

static bool is_text(const cbor_item_t *item, const char *text) {
    return cbor_isa_string(item) && cbor_string_length(item) == strlen(text) &&
           memcmp(cbor_string_handle(item), text, strlen(text)) == 0;
}

static void writes(void) {
    struct pstat p = pstat_new();
    struct cbor_load_result result;
    uint8_t bytes[OCF_BODY];
    p.s = OCF_SRESET;
    p.p = p.isop = true;
    p.cm = 64;
    p.tm = 192;
    p.owner[15] = 0xFE;
    const size_t len = pstat_encode(&p, bytes, sizeof bytes);
    cbor_item_t *map = cbor_load(bytes, len, &result);
    if (!CHECK(map != NULL && result.read == len && cbor_isa_map(map))) return;
    CHECK_EQ(cbor_map_size(map), 9);
    CHECK_EQ(cbor_get_int(value_of(map, "cm")), 64);
    CHECK_EQ(cbor_get_int(value_of(map, "tm")), 192);
    CHECK_EQ(cbor_get_int(value_of(map, "om")), 4);
    CHECK_EQ(cbor_get_int(value_of(map, "sm")), 4);
    CHECK(cbor_get_bool(value_of(map, "isop")));
    CHECK_EQ(cbor_get_int(value_of(value_of(map, "dos"), "s")), 4);
    CHECK(cbor_get_bool(value_of(value_of(map, "dos"), "p")));
    CHECK(is_text(value_of(map, "rowneruuid"), "00000000-0000-0000-0000-0000000000fe"));
    CHECK(is_text(cbor_array_handle(value_of(map, "rt"))[0], "oic.r.pstat"));
    CHECK(is_text(cbor_array_handle(value_of(map, "if"))[0], "oic.if.baseline"));
    cbor_decref(&map);
    for (size_t room = 0; room < len; room++) CHECK_EQ(pstat_encode(&p, bytes, room), 0);
}

static void writes_progress(void) {
    struct ocf_progress progress = {.work = "update", .autonomous = true, .component = 3, .percent = 99};
    struct cbor_load_result result;
    uint8_t bytes[OCF_BODY];
    memset(progress.result, '"', sizeof progress.result - 1); /* what takes most room in JSON */
    memset(progress.package, '\\', sizeof progress.package - 1);
    memset(progress.stage, '"', sizeof progress.stage - 1);
    const size_t len = progress_encode(&progress, bytes, sizeof bytes);
    cbor_item_t *map = cbor_load(bytes, len, &result);
    if (!CHECK(map != NULL && result.read == len && cbor_isa_map(map))) return;
    CHECK(is_text(value_of(map, "work"), "update") && is_text(value_of(map, "result"), progress.result));
    CHECK(cbor_get_bool(value_of(map, "autonomous")));
    CHECK_EQ(cbor_get_int(value_of(map, "component")), 3);
    CHECK_EQ(cbor_get_int(value_of(map, "percent")), 99);
    cbor_decref(&map);
    CHECK(progress_json(&progress, (char *)bytes, sizeof bytes) > len);
}

static void shows(void) {
    struct pstat p = pstat_new();
    char text[OCF_BODY];
    static const char want[] =
        "{\"rt\":[\"oic.r.pstat\"],\"if\":[\"oic.if.baseline\"],\"dos\":{\"s\":1,\"p\":false},\"isop\":false,\"cm\":2,"
        "\"tm\":128,\"om\":4,\"sm\":4,\"rowneruuid\":\"00000000-0000-0000-0000-000000000000\",\"in_words\":{\"dos\":"
        "\"RFOTM\",\"cm\":[\"take owner\"],\"tm\":[\"initiate secure software update\"]}}\n";
    p.tm = 128;
    CHECK_EQ(pstat_json(&p, text, sizeof text), sizeof want - 1);
    CHECK_MEM(text, want, sizeof want - 1);
    CHECK_EQ(pstat_json(&p, text, 100), 0);
}

int main(void) {
    TEST("given bodies that are well-formed / when they are read / then what they say, and none of their beginnings is")
    reads();
    TEST("given bodies that are not / when they are read / then they are refused") refuses();
    TEST("given a rowneruuid / when it is read and written / then the same bytes, in lower case") uuids();
    TEST("given a pstat / when it is written / then libcbor reads every property, and no room is overrun") writes();
    TEST("given the longest texts / when progress is written / then libcbor reads them, and JSON fits")
    writes_progress();
    TEST("given a pstat / when it is written for people / then JSON with numbers and words") shows();
    return check_result();
}
