// SPDX-License-Identifier: Apache-2.0
//
// The package reader and writer (DSP0267 clause 7): what the writer writes is read back, a package typed in by hand
// from the tables is understood, and everything damaged is refused with a line that names the field.
#include <stdlib.h>

#include "fw/image/crc32.h"
#include "host/pkg.h"
#include "tests/check.h"

/* A whole package by hand: one record (PCI vendor 1234h, PCI device 5301h), one component of 4 bytes. */
static const uint8_t by_hand[] = {
    0xF0, 0x18, 0x87, 0x8C, 0xCB, 0x7D, 0x49, 0x43, 0x98, 0x00, 0xA0, 0x2F, 0x05, 0x9A, 0xCA, 0x02,  // identifier
    0x01, 0x65, 0x00,                                                           // 16: revision 1, header size 101
    0,    0,    0,    0,    0,    0,    0,    0,    25,   12,   0xE5, 0x07, 0,  // 19: 2021-12-25
    0x08, 0x00, 0x01, 0x02, 'v',  '1',                                          // 32: bitmap bits, package version
    0x01,                                                                       // 38: records
    0x1B, 0x00, 0x02, 0,    0,    0,    0,    0x01, 0x03, 0,    0,    0x01, 's',  'e',  't',  // 39: record of 27 bytes
    0x00, 0x00, 0x02, 0x00, 0x34, 0x12,                                                       // 54: PCI vendor
    0x00, 0x01, 0x02, 0x00, 0x01, 0x53,                                                       // 60: PCI device
    0x01, 0x00,                                                                               // 66: components
    0x0A, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x02, 0x00,  // 68: class, id, stamp, options, method
    0x65, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,                          // 80: offset 101, size 4
    0x01, 0x07, '2',  '.',  '0',  '.',  '0',  '-',  'a',                     // 88: version
    0xC1, 0xC2, 0xC3, 0xC4,                                                  // 97: checksum, filled in
    0xDE, 0xAD, 0xBE, 0xEF,                                                  // 101: the image
};
enum {
    HAND_HEADER = 101,
    HAND_LEN = sizeof by_hand,
};

static char error_text[PKG_ERROR_TEXT];

static void put_checksum(uint8_t *bytes, size_t header) {
    const uint32_t crc = crc32_of(0, bytes, header - 4);
    for (size_t i = 0; i < 4; i++) bytes[header - 4 + i] = (uint8_t)(crc >> (8 * i));
}

/* A heap copy of exactly its size, so that the sanitizer sees one byte read too many. */
static uint8_t *hand_copy(size_t len) {
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    if (copy == NULL) abort();
    memcpy(copy, by_hand, len);
    if (len >= HAND_HEADER) put_checksum(copy, HAND_HEADER);
    return copy;
}

static bool parses(const uint8_t *bytes, size_t len) {
    struct pkg pkg;
    error_text[0] = '\0';
    if (!pkg_parse("p", bytes, len, &pkg, error_text)) return false;
    pkg_free(&pkg);
    return true;
}

static void given_a_package_by_hand(void) {
    uint8_t *bytes = hand_copy(HAND_LEN);
    struct pkg pkg;
    TEST("given the CRC-32 check value / when it is computed / then it is CBF43926h")
    CHECK_EQ(crc32_of(0, (const uint8_t *)"123456789", 9), 0xCBF43926);
    TEST("given a package typed from tables 3 to 7 / when it is read / then every field is where the tables say") {
        if (!CHECK(pkg_parse("p", bytes, HAND_LEN, &pkg, error_text))) return;
        CHECK_EQ(pkg.header_size, HAND_HEADER);
        CHECK_EQ(pkg.timestamp[8], 25);
        CHECK_EQ(pkg.bitmap_bits, 8);
        CHECK_EQ(pkg.version.len, 2);
        CHECK_MEM(pkg.version.bytes, "v1", 2);
        CHECK_EQ(pkg.device_count, 1);
        CHECK_MEM(pkg.devices[0].version.bytes, "set", 3);
        CHECK(pkg_applies(&pkg.devices[0], 0));
        CHECK_EQ(pkg.devices[0].descriptor_count, 2);
        CHECK_EQ(pkg.devices[0].descriptors[1].type, 0x100);
        CHECK_MEM(pkg.devices[0].descriptors[1].data, "\x01\x53", 2);
        CHECK_EQ(pkg.component_count, 1);
        CHECK_EQ(pkg.components[0].classification, 10);
        CHECK_EQ(pkg.components[0].identifier, 1);
        CHECK_EQ(pkg.components[0].stamp, 0x02000000);
        CHECK_EQ(pkg.components[0].options, PKG_USE_STAMP);
        CHECK_EQ(pkg.components[0].activation, PLDM_ACTIVATION_SELF_CONTAINED);
        CHECK_EQ(pkg.components[0].size, 4);
        CHECK_MEM(pkg.components[0].image, "\xDE\xAD\xBE\xEF", 4);
        CHECK_MEM(pkg.components[0].version.bytes, "2.0.0-a", 7);
        pkg_free(&pkg);
    }
    free(bytes);
}

/* Three components and two records with everything there can be, written and read back. */
static void given_a_large_package(void) {
    static const uint8_t image[300] = {1, 2, 3};
    static const uint8_t vendor_data[] = {1, 3, 'r', 'e', 'v', 0x42}, pci[] = {0x34, 0x12}, iana[] = {1, 2, 3, 4};
    struct pldm_descriptor first[] = {{0x0000, 2, pci}, {0xFFFF, 6, vendor_data}}, second[] = {{0x0001, 4, iana}};
    static const uint8_t some[] = {0x05}, all[] = {0x07};
    struct pldm_string text = {1, 5, (const uint8_t *)"1.2.3"};
    struct pkg_device devices[] = {{1, text, some, first, 2, 6, image}, {0, text, all, second, 1, 0, NULL}};
    struct pkg_component components[3];
    for (unsigned i = 0; i < 3; i++)
        components[i] = (struct pkg_component){10, (uint16_t)i, 7, 3, 2, 0, 100 * i + 1, text, image};
    struct pkg written = {.version = text,
                          .bitmap_bits = 8,
                          .device_count = 2,
                          .component_count = 3,
                          .devices = devices,
                          .components = components};
    uint8_t *bytes = NULL;
    size_t len = 0;
    struct pkg pkg;
    TEST("given a package with two records and three components / when it is written and read / then nothing differs") {
        if (!CHECK(pkg_write(&written, &bytes, &len, error_text))) return;
        if (!CHECK(pkg_parse("p", bytes, len, &pkg, error_text)))
            printf("# %s\n", error_text);
        else {
            CHECK_EQ(len, pkg.header_size + 1u + 101 + 201);
            CHECK_EQ(pkg.devices[0].options, 1);
            CHECK_EQ(pkg.devices[0].data_len, 6);
            CHECK_MEM(pkg.devices[0].data, image, 6);
            CHECK_EQ(pkg.devices[0].descriptors[1].len, 6);
            CHECK(pkg_applies(&pkg.devices[0], 2) && !pkg_applies(&pkg.devices[0], 1));
            CHECK_EQ(pkg.devices[1].descriptors[0].type, 1);
            for (unsigned i = 0; i < 3; i++) {
                CHECK_EQ(pkg.components[i].identifier, i);
                CHECK_EQ(pkg.components[i].size, 100 * i + 1);
                CHECK_MEM(pkg.components[i].image, image, 100 * i + 1);
            }
        }
    }
    TEST(
        "given a device with more descriptors than the record / when matched by clause 7.1 / then the record is "
        "found") {
        struct pldm_descriptor present[] = {{0x0100, 2, pci}, {0x0001, 4, iana}};
        CHECK(pkg_match(&pkg, present, 2) == &pkg.devices[1]);
    }
    TEST("given a device that lacks one of the record's descriptors / when matched / then no record is found") {
        struct pldm_descriptor present[] = {{0x0000, 2, pci}, {0x0100, 2, pci}};
        CHECK(pkg_match(&pkg, present, 2) == NULL);
    }
    pkg_free(&pkg);
    free(bytes);
}

static void given_truncations(void) {
    TEST("given a package / when it is cut off anywhere / then it is refused") {
        for (size_t len = 0; len < HAND_LEN; len++) {
            uint8_t *bytes = hand_copy(len);
            if (!CHECK(!parses(bytes, len))) printf("# length %zu\n", len);
            CHECK(strncmp(error_text, "p: ", 3) == 0);
            free(bytes);
        }
    }
    TEST("given a header announced shorter with a right checksum / when it is read / then it is refused") {
        for (size_t header = 0; header < HAND_HEADER; header++) {
            uint8_t *bytes = hand_copy(HAND_LEN);
            bytes[17] = (uint8_t)header;
            if (header >= 4) put_checksum(bytes, header);
            if (!CHECK(!parses(bytes, HAND_LEN))) printf("# header size %zu\n", header);
            free(bytes);
        }
    }
}

struct damage {
    const char *sentence;
    size_t at;
    size_t len;
    const char *value;
    const char *error;
};

static const struct damage damages[] = {
    {"given an unknown identifier / when read / then refused", 0, 1, "\xF1",
     "p: not a PLDM firmware update package: unknown header identifier (at 0x0)"},
    {"given the identifier of revision 2 / when read / then refused by name", 0, 16,
     "\x12\x44\xD2\x64\x8D\x7D\x47\x18\xA0\x30\xFC\x8A\x56\x58\x7D\x5A",
     "p: header format revision 2 (DSP0267 1.1) is not supported, only revision 1 (DSP0267 1.0) (at 0x0)"},
    {"given the identifier of revision 3 / when read / then refused by name", 0, 16,
     "\x31\x19\xCE\x2F\xE8\x0A\x4A\x99\xAF\x6D\x46\xF8\xB1\x21\xF6\xBF",
     "p: header format revision 3 (DSP0267 1.2) is not supported, only revision 1 (DSP0267 1.0) (at 0x0)"},
    {"given the identifier of revision 4 / when read / then refused by name", 0, 16,
     "\x7B\x29\x1C\x99\x6D\xB6\x42\x08\x80\x1B\x02\x02\x6E\x46\x3C\x78",
     "p: header format revision 4 (DSP0267 1.3) is not supported, only revision 1 (DSP0267 1.0) (at 0x0)"},
    {"given a header format revision of no known version / when read / then refused", 16, 1, "\x05",
     "p: header format revision 5 (of no known DSP0267) is not supported, only revision 1 (DSP0267 1.0) (at 0x10)"},
    {"given header format revision 2 / when read / then refused", 16, 1, "\x02",
     "p: header format revision 2 (DSP0267 1.1) is not supported, only revision 1 (DSP0267 1.0) (at 0x10)"},
    {"given a header larger than the file / when read / then refused", 17, 2, "\x6A\x00",
     "p: header size 0x6a beyond the end of the file 0x69 (at 0x11)"},
    {"given a header smaller than any / when read / then refused", 17, 2, "\x2A\x00",
     "p: header size 42 is less than the 43 bytes that any header has (at 0x11)"},
    {"given a bitmap of 7 bits / when read / then refused", 32, 1, "\x07",
     "p: component bitmap length 7 is not a multiple of 8 above 0 (at 0x20)"},
    {"given no bitmap / when read / then refused", 32, 1, "\x00",
     "p: component bitmap length 0 is not a multiple of 8 above 0 (at 0x20)"},
    {"given a reserved package version type / when read / then refused", 34, 1, "\x06",
     "p: package version: reserved string type 6 (at 0x22)"},
    {"given a package version that is too long / when read / then refused", 35, 1, "\xFF",
     "p: package version: 255 bytes run beyond the end at 0x61 (at 0x24)"},
    {"given one record too many / when read / then refused", 38, 1, "\x02",
     "p: device record 1: record length 1 runs beyond the header's end at 0x61 (at 0x42)"},
    {"given one record too few / when read / then refused", 38, 1, "\x00", NULL},
    {"given a record longer than the header / when read / then refused", 39, 2, "\x3B\x00",
     "p: device record 0: record length 59 runs beyond the header's end at 0x61 (at 0x27)"},
    {"given a record one byte short / when read / then refused", 39, 1, "\x1A",
     "p: device record 0: descriptor: 2 bytes run beyond the end at 0x41 (at 0x40)"},
    {"given a record without descriptor / when read / then refused", 41, 1, "\x00",
     "p: device record 0: has no descriptor (at 0x36)"},
    {"given a descriptor fewer than the record has / when read / then refused", 41, 1, "\x01",
     "p: device record 0: 6 bytes left over at its end (at 0x3c)"},
    {"given a descriptor more than the record has / when read / then refused", 41, 1, "\x03",
     "p: device record 0: descriptor type: 2 bytes run beyond the end at 0x42 (at 0x42)"},
    {"given a reserved image set version type / when read / then refused", 46, 1, "\x09",
     "p: device record 0: image set version: reserved string type 9 (at 0x2e)"},
    {"given package data that is not there / when read / then refused", 48, 1, "\x05",
     "p: device record 0: package data: 5 bytes run beyond the end at 0x42 (at 0x42)"},
    {"given a bit for a component that is not there / when read / then refused", 50, 1, "\x03",
     "p: device record 0: applicable component 1 of a package with 1 (at 0x32)"},
    {"given a record without components / when read / then refused", 50, 1, "\x00",
     "p: device record 0: no component applies to it (at 0x32)"},
    {"given a first descriptor that may not be first / when read / then refused", 54, 2, "\x01\x01",
     "p: device record 0: descriptor 0 of type 0x0101: its type may not be the first of a record (at 0x36)"},
    {"given a PCI vendor of 8 bytes / when read / then refused", 56, 1, "\x08",
     "p: device record 0: descriptor 0 of type 0x0000: its length is not the one of its type (at 0x36)"},
    {"given a vendor descriptor whose title is too long / when read / then refused", 60, 6, "\xFF\xFF\x02\x00\x01\x01",
     "p: device record 0: descriptor 1 of type 0xffff: its title runs beyond its end or has a reserved type (at 0x3c)"},
    {"given no component / when read / then refused", 66, 2, "\x00\x00", "p: has no component image (at 0x42)"},
    {"given two components where one is / when read / then refused", 66, 2, "\x02\x00",
     "p: component 1: classification: 2 bytes run beyond the end at 0x61 (at 0x61)"},
    {"given more components than bitmap bits / when read / then refused", 66, 2, "\x09\x00",
     "p: 9 components, but component bitmaps of 8 bits (at 0x42)"},
    {"given an image in the header / when read / then refused", 80, 4, "\x64\x00\x00\x00",
     "p: component 0: offset 0x64 lies in the package header of 0x65 bytes (at 0x50)"},
    {"given an image that ends beyond the file / when read / then refused", 84, 4, "\x05\x00\x00\x00",
     "p: component 0: offset 0x65 + size 0x5 beyond the end of the file 0x69 (at 0x50)"},
    {"given an image that begins beyond the file / when read / then refused", 80, 4, "\xFF\xFF\xFF\xFF",
     "p: component 0: offset 0xffffffff + size 0x4 beyond the end of the file 0x69 (at 0x50)"},
    {"given a size that wraps around / when read / then refused", 84, 4, "\xFF\xFF\xFF\xFF",
     "p: component 0: offset 0x65 + size 0xffffffff beyond the end of the file 0x69 (at 0x50)"},
    {"given an empty image / when read / then refused", 84, 4, "\x00\x00\x00\x00", "p: component 0: size 0 (at 0x50)"},
    {"given a reserved component version type / when read / then refused", 88, 1, "\x06",
     "p: component 0: version: reserved string type 6 (at 0x58)"},
    {"given a component version that is not ASCII / when read / then refused where", 93, 1, "\xE9",
     "p: component 0: version: is not ASCII (at 0x5d)"},
    {"given an image set version that is not UTF-8 / when read / then refused where", 46, 8,
     "\x02\x03\x00\x00\x01s\xC3t", "p: device record 0: image set version: is not UTF-8 (at 0x34)"},
    {"given a package version in UTF-16 without mark / when read / then refused", 34, 1, "\x03",
     "p: package version: is UTF-16 without byte order mark (at 0x24)"},
    {"given a component version too long / when read / then refused", 89, 1, "\x08",
     "p: component 0: version: 8 bytes run beyond the end at 0x61 (at 0x5a)"},
    {"given a component version too short / when read / then refused", 89, 1, "\x06",
     "p: header size: 1 bytes left over before the checksum (at 0x60)"},
};

static void given_damaged_fields(void) {
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        const struct damage *d = &damages[i];
        TEST(d->sentence) {
            uint8_t *bytes = hand_copy(HAND_LEN);
            memcpy(bytes + d->at, d->value, d->len);
            put_checksum(bytes, HAND_HEADER);
            CHECK(!parses(bytes, HAND_LEN));
            if (d->error != NULL && !CHECK(strcmp(error_text, d->error) == 0)) printf("# %s\n", error_text);
            free(bytes);
        }
    }
    TEST("given any single header bit turned over / when read / then the package is refused") {
        for (size_t bit = 0; bit < 8 * (size_t)HAND_HEADER; bit++) {
            uint8_t *bytes = hand_copy(HAND_LEN);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (!CHECK(!parses(bytes, HAND_LEN))) printf("# bit %zu\n", bit);
            free(bytes);
        }
    }
    TEST("given any header byte with any other value / when read / then refused, and no crash under a right checksum") {
        for (size_t n = 0; n < 255 * (size_t)HAND_HEADER; n++) {
            uint8_t *bytes = hand_copy(HAND_LEN);
            bytes[n / 255] = (uint8_t)(bytes[n / 255] + 1 + n % 255);
            if (!CHECK(!parses(bytes, HAND_LEN))) printf("# byte %zu, value 0x%02x\n", n / 255, bytes[n / 255]);
            put_checksum(bytes, HAND_HEADER);
            parses(bytes, HAND_LEN);
            free(bytes);
        }
    }
    TEST("given a damaged header / when read / then the line says so with both checksums") {
        uint8_t *bytes = hand_copy(HAND_LEN);
        bytes[90] ^= 0x01;
        CHECK(!parses(bytes, HAND_LEN));
        CHECK(strstr(error_text, "p: header checksum is 0x") == error_text);
        CHECK(strstr(error_text, ": the header is damaged (at 0x61)") != NULL);
        free(bytes);
    }
}

/* Random damage under a right checksum must never read outside of the file (the sanitizer looks). */
static void given_random_damage(void) {
    const char *text = getenv("SEED");
    const uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : 1;
    uint64_t state = seed * 2 + 1;
    printf("# SEED=%llu\n", (unsigned long long)seed);
    TEST("given random damage under a right checksum / when read / then what is accepted lies within the file") {
        for (unsigned round = 0; round < 20000; round++) {
            uint8_t *bytes = hand_copy(HAND_LEN);
            for (unsigned n = 0; n < 1 + round % 3; n++) {
                state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
                bytes[19 + (state >> 33) % (HAND_HEADER - 23)] = (uint8_t)(state >> 55);
            }
            put_checksum(bytes, HAND_HEADER);
            struct pkg pkg;
            if (pkg_parse("p", bytes, HAND_LEN, &pkg, error_text)) {
                for (unsigned c = 0; c < pkg.component_count; c++)
                    CHECK(pkg.components[c].image + pkg.components[c].size <= bytes + HAND_LEN);
                pkg_free(&pkg);
            }
            free(bytes);
        }
    }
}

int main(void) {
    given_a_package_by_hand();
    given_a_large_package();
    given_truncations();
    given_damaged_fields();
    given_random_damage();
    return check_result();
}
