// SPDX-License-Identifier: Apache-2.0
//
// Packages of every form that header format revision 1 allows: random ones with many records, components, string types
// and long bitmaps come back from the reader as the writer was given them, damage to any byte of their headers is
// found; and what the tables forbid beyond single fields is refused or named.
#include <stdlib.h>

#include "fw/image/crc32.h"
#include "host/pkg.h"
#include "host/strings.h"
#include "tests/check.h"

enum { MAX_DEVICES = 6, MAX_COMPONENTS = 40, MAX_DESCRIPTORS = 8, POOL = 65536 };

/* A package and all that it points to. */
struct form {
    struct pkg pkg;
    struct pkg_device devices[MAX_DEVICES];
    struct pkg_component components[MAX_COMPONENTS];
    struct pldm_descriptor descriptors[MAX_DEVICES][MAX_DESCRIPTORS];
    uint8_t pool[POOL];
    size_t used;
    uint64_t state;
};

static char error_text[PKG_ERROR_TEXT];

static uint32_t dice(struct form *f, uint32_t sides) {
    f->state = f->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(f->state >> 33) % sides;
}

static uint8_t *room(struct form *f, size_t len) {
    if (len > POOL - f->used) abort();
    uint8_t *bytes = f->pool + f->used;
    f->used += len;
    return bytes;
}

static const uint8_t *random_bytes(struct form *f, size_t len) {
    uint8_t *bytes = room(f, len);
    for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)dice(f, 256);
    return bytes;
}

static struct pldm_string random_string(struct form *f) {
    static const char *const letters[] = {"a", "7", ".", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    char text[128] = "v";
    struct pldm_string string;
    const uint8_t type = (uint8_t)dice(f, 6);
    for (uint32_t n = dice(f, 20); n > 0; n--) strcat(text, letters[dice(f, type == PLDM_STRING_ASCII ? 3 : 6)]);
    if (string_make(text, type, room(f, STRING_MAX), &string) != NULL) abort();
    return string;
}

static void random_descriptor(struct form *f, struct pldm_descriptor *d, bool initial) {
    static const uint16_t types[] = {0, 1, 2, 3, 4, 0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x777, 0xFFFF};
    d->type = types[dice(f, initial ? 5 : sizeof types / sizeof types[0])];
    const struct descriptor_kind *kind = descriptor_kind(d->type);
    d->len = kind != NULL && kind->len != 0 ? kind->len : (uint16_t)dice(f, 30);
    d->data = random_bytes(f, d->len);
    if (d->type != PLDM_DESCRIPTOR_VENDOR_DEFINED) return;
    const struct pldm_string title = random_string(f);
    const struct pldm_vendor_descriptor vendor = {title, d->data, d->len};
    d->len = (uint16_t)(2u + title.len + d->len);
    uint8_t *value = room(f, d->len);
    pldm_vendor_descriptor_encode(&vendor, value, d->len);
    d->data = value;
}

static void random_device(struct form *f, unsigned n) {
    struct pkg_device *d = &f->devices[n];
    uint8_t *bitmap = room(f, f->pkg.bitmap_bits / 8u);
    memset(bitmap, 0, f->pkg.bitmap_bits / 8u);
    for (uint32_t i = 1 + dice(f, f->pkg.component_count); i > 0; i--) {
        const uint32_t bit = dice(f, f->pkg.component_count);
        bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
    *d = (struct pkg_device){.options = dice(f, 2),
                             .version = random_string(f),
                             .applicable = bitmap,
                             .descriptors = f->descriptors[n],
                             .descriptor_count = (uint8_t)(1 + dice(f, MAX_DESCRIPTORS)),
                             .data_len = (uint16_t)(dice(f, 2) * dice(f, 200))};
    d->data = random_bytes(f, d->data_len);
    for (unsigned i = 0; i < d->descriptor_count; i++) random_descriptor(f, &d->descriptors[i], i == 0);
}

static void random_package(struct form *f, uint64_t seed) {
    memset(f, 0, sizeof *f);
    f->state = seed * 2 + 1;
    f->pkg.version = random_string(f);
    memcpy(f->pkg.timestamp, random_bytes(f, TIMESTAMP_SIZE), TIMESTAMP_SIZE);
    f->pkg.component_count = (uint16_t)(1 + dice(f, MAX_COMPONENTS));
    f->pkg.bitmap_bits = (uint16_t)((f->pkg.component_count + 7u) / 8 * 8 + 8 * dice(f, 2) * dice(f, 100));
    f->pkg.device_count = (uint8_t)dice(f, MAX_DEVICES + 1);
    f->pkg.devices = f->devices;
    f->pkg.components = f->components;
    for (unsigned i = 0; i < f->pkg.device_count; i++) random_device(f, i);
    for (unsigned i = 0; i < f->pkg.component_count; i++) {
        const uint32_t size = 1 + dice(f, 50);
        f->components[i] = (struct pkg_component){
            .classification = (uint16_t)dice(f, 65536),
            .identifier = (uint16_t)dice(f, 65536),
            .stamp = dice(f, UINT32_MAX),
            .options = (uint16_t)dice(f, 4),
            .activation = (uint16_t)dice(f, 64),
            .size = size,
            .version = random_string(f),
            .image = random_bytes(f, size),
        };
    }
}

static void check_string(const struct pldm_string *got, const struct pldm_string *want) {
    CHECK_EQ(got->type, want->type);
    if (CHECK_EQ(got->len, want->len)) CHECK_MEM(got->bytes, want->bytes, want->len);
}

static void check_device(const struct pkg *pkg, const struct pkg_device *got, const struct pkg_device *want) {
    CHECK_EQ(got->options, want->options);
    check_string(&got->version, &want->version);
    CHECK_MEM(got->applicable, want->applicable, pkg->bitmap_bits / 8u);
    if (CHECK_EQ(got->data_len, want->data_len)) CHECK_MEM(got->data, want->data, want->data_len);
    if (!CHECK_EQ(got->descriptor_count, want->descriptor_count)) return;
    for (unsigned i = 0; i < want->descriptor_count; i++) {
        CHECK_EQ(got->descriptors[i].type, want->descriptors[i].type);
        if (CHECK_EQ(got->descriptors[i].len, want->descriptors[i].len))
            CHECK_MEM(got->descriptors[i].data, want->descriptors[i].data, want->descriptors[i].len);
    }
}

static void check_component(const struct pkg_component *got, const struct pkg_component *want) {
    CHECK_EQ(got->classification, want->classification);
    CHECK_EQ(got->identifier, want->identifier);
    CHECK_EQ(got->stamp, want->stamp);
    CHECK_EQ(got->options, want->options);
    CHECK_EQ(got->activation, want->activation);
    check_string(&got->version, &want->version);
    if (CHECK_EQ(got->size, want->size)) CHECK_MEM(got->image, want->image, want->size);
}

static void check_package(const struct pkg *got, const struct pkg *want) {
    check_string(&got->version, &want->version);
    CHECK_MEM(got->timestamp, want->timestamp, TIMESTAMP_SIZE);
    CHECK_EQ(got->bitmap_bits, want->bitmap_bits);
    if (!CHECK_EQ(got->device_count, want->device_count)) return;
    if (!CHECK_EQ(got->component_count, want->component_count)) return;
    for (unsigned i = 0; i < want->device_count; i++) check_device(want, &got->devices[i], &want->devices[i]);
    for (unsigned i = 0; i < want->component_count; i++) check_component(&got->components[i], &want->components[i]);
}

static void put_checksum(uint8_t *bytes, size_t header) {
    const uint32_t crc = crc32_of(0, bytes, header - 4);
    for (size_t i = 0; i < 4; i++) bytes[header - 4 + i] = (uint8_t)(crc >> (8 * i));
}

/* Turns a bit of every header byte: refused for its checksum; with a right one whatever is accepted can be used. */
static void damage(struct form *f, uint8_t *bytes, size_t len) {
    struct pkg pkg;
    for (size_t i = 0; i < f->pkg.header_size; i++) {
        const uint8_t was = bytes[i];
        bytes[i] ^= (uint8_t)(1u << dice(f, 8));
        if (!CHECK(!pkg_parse("p", bytes, len, &pkg, error_text))) printf("# byte %zu\n", i);
        put_checksum(bytes, f->pkg.header_size);
        if (pkg_parse("p", bytes, len, &pkg, error_text)) {
            for (unsigned c = 0; c < pkg.component_count; c++)
                CHECK(pkg.components[c].image + pkg.components[c].size <= bytes + len);
            pkg_free(&pkg);
        }
        bytes[i] = was;
        put_checksum(bytes, f->pkg.header_size);
    }
}

static void given_random_packages(struct form *f, uint64_t seed) {
    enum { ROUNDS = 200 };
    printf("# SEED=%llu\n", (unsigned long long)seed);
    TEST("given random packages / when written and read / then every field is the same") {
        for (unsigned round = 0; round < ROUNDS; round++) {
            uint8_t *bytes;
            size_t len;
            struct pkg pkg;
            random_package(f, seed + round);
            if (!CHECK(pkg_write(&f->pkg, &bytes, &len, error_text))) break;
            if (CHECK(pkg_parse("p", bytes, len, &pkg, error_text))) {
                check_package(&pkg, &f->pkg);
                pkg_free(&pkg);
            } else {
                printf("# SEED=%llu: %s\n", (unsigned long long)(seed + round), error_text);
            }
            free(bytes);
        }
    }
    TEST(
        "given random packages / when a bit of any header byte turns / then refused, and no crash if the sum is "
        "right") {
        for (unsigned round = 0; round < ROUNDS / 10; round++) {
            uint8_t *bytes;
            size_t len;
            random_package(f, seed + round);
            if (!CHECK(pkg_write(&f->pkg, &bytes, &len, error_text))) break;
            damage(f, bytes, len);
            free(bytes);
        }
    }
}

/* Three components of 16 bytes, one record, an offset and a size of the second to be chosen. */
static bool three_parse(struct form *f, int offset, uint32_t size) {
    uint8_t *bytes;
    size_t len;
    struct pkg pkg;
    const struct pldm_string version = {PLDM_STRING_ASCII, 1, (const uint8_t *)"1"};
    memset(f, 0, sizeof *f);
    f->pkg = (struct pkg){.version = version, .bitmap_bits = 8, .component_count = 3};
    f->pkg.components = f->components;
    for (unsigned i = 0; i < 3; i++)
        f->components[i] = (struct pkg_component){.size = 16, .version = version, .image = f->pool};
    if (!pkg_write(&f->pkg, &bytes, &len, error_text)) abort();
    const size_t header = f->pkg.header_size, entry = header - 4 - 2 * 23 + 12; /* location offset of component 1 */
    const uint32_t at = (uint32_t)((int)(header + 16) + offset);
    for (unsigned i = 0; i < 4; i++) {
        bytes[entry + i] = (uint8_t)(at >> (8 * i));
        bytes[entry + 4 + i] = (uint8_t)(size >> (8 * i));
    }
    put_checksum(bytes, header);
    const bool good = pkg_parse("p", bytes, len, &pkg, error_text);
    if (good) pkg_free(&pkg);
    free(bytes);
    return good;
}

static void given_images_side_by_side(struct form *f) {
    static const struct {
        int offset;
        uint32_t size;
        const char *error;
    } cases[] = {
        {0, 16, NULL},
        {0, 15, NULL},
        {-1, 16, "p: component 1: offset 0x80 + size 0x10 overlaps the image of component 0 (at 0x4b)"},
        {-16, 1, "p: component 1: offset 0x71 + size 0x1 overlaps the image of component 0 (at 0x4b)"},
        {-16, 16, "p: component 1: offset 0x71 + size 0x10 overlaps the image of component 0 (at 0x4b)"},
        {0, 17, "p: component 2: offset 0x91 + size 0x10 overlaps the image of component 1 (at 0x62)"},
        {31, 1, "p: component 2: offset 0x91 + size 0x10 overlaps the image of component 1 (at 0x62)"},
        {32, 1, "p: component 1: offset 0xa1 + size 0x1 beyond the end of the file 0xa1 (at 0x4b)"},
        {-17, 1, "p: component 1: offset 0x70 lies in the package header of 0x71 bytes (at 0x4b)"},
    };
    TEST("given images that touch or overlap / when read / then overlapping ones are refused, both named") {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            const bool good = three_parse(f, cases[i].offset, cases[i].size);
            if (!CHECK(good == (cases[i].error == NULL))) printf("# row %zu: %s\n", i, good ? "accepted" : error_text);
            if (cases[i].error != NULL && !CHECK(strcmp(error_text, cases[i].error) == 0)) printf("# %s\n", error_text);
        }
    }
}

struct heard {
    unsigned lines;
    char text[PKG_ERROR_TEXT];
};

static void hear(void *ctx, const char *line) {
    struct heard *heard = ctx;
    heard->lines++;
    snprintf(heard->text, sizeof heard->text, "%s", line);
}

static struct pldm_descriptor pci = {0, 2, (const uint8_t *)"\x34\x12"}, acpi = {4, 4, (const uint8_t *)"ABCD"},
                              pnp = {3, 3, (const uint8_t *)"ABC"};
static struct pldm_descriptor vendor = {0xFFFF, 4, (const uint8_t *)"\x01\x01r\x42"};

static void no_date(struct form *f) {
    f->pkg.timestamp[8] = 0;
}
static void no_record(struct form *f) {
    f->pkg.device_count = 0;
}
static void device_bits(struct form *f) {
    f->devices[1].options = 0x80000002;
}
static void component_bits(struct form *f) {
    f->components[1].options = 0x8004;
}
static void activation_bits(struct form *f) {
    f->components[0].activation = 0x40;
}
static void vendor_after_pnp(struct form *f) {
    f->descriptors[1][0] = pnp;
}
static void unreached_record(struct form *f) {
    f->descriptors[0][0] = pci;
}
static void nothing(struct form *f) {
    (void)f;
}

static void given_oddities(struct form *f) {
    static const struct {
        void (*make)(struct form *f);
        const char *line; /* NULL: nothing is wrong */
    } cases[] = {
        {nothing, NULL},
        {no_date, "release date: its month has no such day"},
        {no_record, "there is no device record: no device can match"},
        {device_bits, "device record 1: reserved option bits 0x80000002"},
        {component_bits, "component 1: reserved option bits 0x8004"},
        {activation_bits, "component 0: reserved activation bits 0x0040"},
        {vendor_after_pnp,
         "device record 1: descriptor 1 is vendor-defined, but the first is neither pci-vendor nor iana"},
        {unreached_record, "device record 1: is never used, record 0 matches every device that it would"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[160];
        snprintf(name, sizeof name, "given a package of oddity %zu / when checked / then %s", i,
                 cases[i].line == NULL ? "nothing is said" : cases[i].line);
        TEST(name) {
            struct heard heard = {0, ""};
            memset(f, 0, sizeof *f);
            timestamp_parse("2026-11-01", f->pkg.timestamp);
            f->pkg.devices = f->devices;
            f->pkg.components = f->components;
            f->pkg.device_count = 2;
            f->pkg.component_count = 2;
            f->descriptors[0][0] = acpi;
            f->descriptors[1][0] = pci;
            f->descriptors[1][1] = vendor;
            for (unsigned d = 0; d < 2; d++) {
                f->devices[d].descriptors = f->descriptors[d];
                f->devices[d].descriptor_count = (uint8_t)(1 + d);
            }
            cases[i].make(f);
            pkg_check(&f->pkg, hear, &heard);
            CHECK_EQ(heard.lines, cases[i].line != NULL);
            if (cases[i].line != NULL && !CHECK(strcmp(heard.text, cases[i].line) == 0)) printf("# %s\n", heard.text);
        }
    }
}

int main(void) {
    const char *text = getenv("SEED");
    struct form *f = malloc(sizeof *f);
    if (f == NULL) abort();
    given_random_packages(f, text != NULL ? strtoull(text, NULL, 0) : 1);
    given_images_side_by_side(f);
    given_oddities(f);
    free(f);
    return check_result();
}
