// SPDX-License-Identifier: Apache-2.0
//
// Manifests: what is written is read back; each field that is truncated, oversized or inconsistent is refused by name.
#include "fw/image/image.h"

#include <stdlib.h>

#include "tests/check.h"

static const char version[] = "1.2.3-rc4";

static struct image sample(uint32_t payload_size) {
    struct image image = {.payload_size = payload_size,
                          .stamp = 0x01020304,
                          .security_version = 7,
                          .load_address = 0x10000000,
                          .classification = 0x000A,
                          .identifier = 0x0102,
                          .version_type = 1,
                          .version_length = sizeof version - 1,
                          .version = (const uint8_t *)version};
    memcpy(image.release_date, "20261123", 8);
    return image;
}

/* A valid manifest on the heap, exactly as long as it says, so that the sanitizer sees every byte read beyond. */
static uint8_t *build(uint32_t payload_size, struct image *image) {
    *image = sample(payload_size);
    CHECK(image_layout(image));
    uint8_t *m = malloc(image->manifest_blocks * IMAGE_BLOCK);
    CHECK_EQ(image_encode(image, m), IMAGE_OK);
    return m;
}

static void read_back(void) {
    static const struct {
        uint32_t payload, blocks, tables, groups_of_last, image;
    } cases[] = {
        {1, 1, 1, 1, 8192 + 64},
        {64, 1, 1, 1, 8192 + 64},
        {65, 1, 1, 2, 8192 + 128},
        {4096, 1, 1, 64, 8192 + 4096},
        {4097, 2, 1, 1, 8192 + 4096 + 64},
        {128 * 4096, 128, 1, 64, 8192 + 128 * 4096},
        {128 * 4096 + 1, 129, 2, 1, 12288 + 128 * 4096 + 64},
        {41 * 128 * 4096, 41 * 128, 41, 64, 42 * 4096 + 41 * 128 * 4096},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct image in, out;
        uint8_t *m = build(cases[i].payload, &in);
        CHECK_EQ(image_parse(m, IMAGE_BLOCK, &out), IMAGE_OK);
        CHECK_EQ(out.payload_size, cases[i].payload);
        CHECK_EQ(out.payload_blocks, cases[i].blocks);
        CHECK_EQ(out.table_blocks, cases[i].tables);
        CHECK_EQ(image_block_groups(&out, cases[i].blocks - 1), cases[i].groups_of_last);
        CHECK_EQ(out.image_size, cases[i].image);
        CHECK_EQ(out.manifest_blocks, 1);
        CHECK_EQ(image_table_count(&out, out.table_blocks - 1u), (cases[i].blocks - 1) % 128 + 1);
        CHECK_EQ(out.stamp, 0x01020304);
        CHECK_EQ(out.security_version, 7);
        CHECK_EQ(out.load_address, 0x10000000);
        CHECK_EQ(out.classification, 0x000A);
        CHECK_EQ(out.identifier, 0x0102);
        CHECK_EQ(out.version_type, 1);
        CHECK_EQ(out.version_length, 9);
        CHECK_MEM(out.version, version, 9);
        CHECK_MEM(out.release_date, "20261123", 8);
        CHECK(image_unsigned(&out));
        free(m);
    }
}

static void offsets(void) {
    struct image image;
    uint8_t *m = build(0x21043, &image);  // 34 blocks, one table
    static const uint8_t want[36] = {0x53, 0x4C, 0x55, 0x31, 1,    0,    1,    0,    0x80, 0x30, 2,    0,
                                     0x43, 0x10, 2,    0,    34,   0,    0,    0,    1,    0,    0x0A, 0,
                                     2,    1,    1,    9,    0x04, 0x03, 0x02, 0x01, 7,    0,    0,    0};
    CHECK_MEM(m, want, sizeof want);
    CHECK_MEM(m + 36, "20261123", 8);
    CHECK_EQ(m[63], 0x10);
    CHECK_MEM(m + 64, version, 9);
    CHECK_EQ(image_table_hash(0), 192);
    CHECK_EQ(image_table_hash(40) + 32, 192 + 41 * 32);
    free(m);
}

static void poke(const char *what, uint32_t at, unsigned size, uint32_t value, enum image_error want) {
    struct image image;
    uint8_t *m = build(128 * 4096 + 5, &image);
    for (unsigned i = 0; i < size; i++) m[at + i] = (uint8_t)(value >> 8 * i);
    enum image_error got = image_parse(m, IMAGE_BLOCK, &image);
    if (got != want) printf("# %s: %s\n", what, image_error_name(got));
    CHECK_EQ(got, want);
    CHECK_EQ(image.manifest_blocks, 0);
    free(m);
}

static void bad_fields(void) {
    const uint32_t good = 3 * 4096 + 128 * 4096 + 64;
    poke("magic", IMAGE_AT_MAGIC, 4, 0x32554C53, IMAGE_BAD_MAGIC);
    poke("blank", IMAGE_AT_MAGIC, 4, 0xFFFFFFFF, IMAGE_BAD_MAGIC);
    poke("format 0", IMAGE_AT_FORMAT, 2, 0, IMAGE_BAD_FORMAT);
    poke("format 2", IMAGE_AT_FORMAT, 2, 2, IMAGE_BAD_FORMAT);
    poke("flags", IMAGE_AT_FLAGS, 1, 0x80, IMAGE_BAD_FLAGS);
    poke("no manifest blocks", IMAGE_AT_MANIFEST_BLOCKS, 1, 0, IMAGE_BAD_MANIFEST);
    poke("5 manifest blocks", IMAGE_AT_MANIFEST_BLOCKS, 1, 5, IMAGE_BAD_MANIFEST);
    poke("image size - 64", IMAGE_AT_IMAGE_SIZE, 4, good - 64, IMAGE_BAD_SIZE);
    poke("image size + 1", IMAGE_AT_IMAGE_SIZE, 4, good + 1, IMAGE_BAD_SIZE);
    poke("image size 0", IMAGE_AT_IMAGE_SIZE, 4, 0, IMAGE_BAD_SIZE);
    poke("payload 0", IMAGE_AT_PAYLOAD_SIZE, 4, 0, IMAGE_BAD_PAYLOAD);
    poke("payload one block less", IMAGE_AT_PAYLOAD_SIZE, 4, 128 * 4096, IMAGE_BAD_PAYLOAD);
    poke("payload one group more", IMAGE_AT_PAYLOAD_SIZE, 4, 128 * 4096 + 65, IMAGE_BAD_SIZE);
    poke("payload beyond 41 tables", IMAGE_AT_PAYLOAD_SIZE, 4, 41 * 128 * 4096 + 1, IMAGE_BAD_MANIFEST);
    poke("payload of 4 GiB", IMAGE_AT_PAYLOAD_SIZE, 4, 0xFFFFFFFF, IMAGE_BAD_MANIFEST);
    poke("payload blocks - 1", IMAGE_AT_PAYLOAD_BLOCKS, 4, 128, IMAGE_BAD_PAYLOAD);
    poke("payload blocks + 1", IMAGE_AT_PAYLOAD_BLOCKS, 4, 130, IMAGE_BAD_PAYLOAD);
    poke("tables 1", IMAGE_AT_TABLE_BLOCKS, 2, 1, IMAGE_BAD_TABLES);
    poke("tables 3", IMAGE_AT_TABLE_BLOCKS, 2, 3, IMAGE_BAD_TABLES);
    poke("tables 65535", IMAGE_AT_TABLE_BLOCKS, 2, 0xFFFF, IMAGE_BAD_TABLES);
    poke("string type 0", IMAGE_AT_VERSION_TYPE, 1, 0, IMAGE_BAD_VERSION);
    poke("string type 6", IMAGE_AT_VERSION_TYPE, 1, 6, IMAGE_BAD_VERSION);
    poke("string length 0", IMAGE_AT_VERSION_LENGTH, 1, 0, IMAGE_BAD_VERSION);
    poke("string length 129", IMAGE_AT_VERSION_LENGTH, 1, 129, IMAGE_BAD_VERSION);
    poke("string longer than announced", IMAGE_AT_VERSION_LENGTH, 1, 8, IMAGE_BAD_VERSION);
    poke("string padding", IMAGE_AT_VERSION + 127, 1, 0xFF, IMAGE_BAD_VERSION);
    poke("date with a letter", IMAGE_AT_RELEASE_DATE + 7, 1, 'x', IMAGE_BAD_DATE);
    poke("date half absent", IMAGE_AT_RELEASE_DATE, 4, 0, IMAGE_BAD_DATE);
    poke("odd load address", IMAGE_AT_LOAD_ADDRESS, 4, 0x10000002, IMAGE_BAD_ADDRESS);
}

static void truncated(void) {
    struct image image;
    uint8_t *m = build(5000, &image);
    static const size_t lengths[] = {0, 1, 4, 191, 192, 4095};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint8_t *cut = malloc(lengths[i] + 1);
        memcpy(cut, m, lengths[i]);
        CHECK_EQ(image_parse(cut, lengths[i], &image), IMAGE_TRUNCATED);
        CHECK_EQ(image.manifest_blocks, 0);
        free(cut);
    }
    free(m);
    uint8_t *two = build(42 * 128 * 4096, &image);
    CHECK_EQ(image.manifest_blocks, 2);
    CHECK_EQ(image_parse(two, IMAGE_BLOCK, &image), IMAGE_TRUNCATED);
    CHECK_EQ(image.manifest_blocks, 2);
    CHECK_EQ(image_parse(two, 2 * IMAGE_BLOCK, &image), IMAGE_OK);
    free(two);
}

static void sizes(void) {
    static const struct {
        uint64_t tables;
        uint8_t manifest_blocks;
    } most[] = {{41, 1}, {169, 2}, {297, 3}, {425, 4}};
    for (size_t i = 0; i < 4; i++) {
        struct image image = sample((uint32_t)(most[i].tables * 128 * 4096));
        CHECK(image_layout(&image));
        CHECK_EQ(image.manifest_blocks, most[i].manifest_blocks);
        image.payload_size++;
        CHECK_EQ(image_layout(&image), i < 3);
    }
    struct image none = sample(0);
    CHECK(!image_layout(&none));
}

static void encode_refuses(void) {
    static uint8_t m[4 * 4096];
    struct image image = sample(100);
    CHECK_EQ(image_encode(&image, m), IMAGE_BAD_MANIFEST);  // no image_layout()
    CHECK(image_layout(&image));
    image.version_length = 129;
    CHECK_EQ(image_encode(&image, m), IMAGE_BAD_VERSION);
    image.version_length = 1;
    image.image_size++;
    CHECK_EQ(image_encode(&image, m), IMAGE_BAD_SIZE);
}

static void slots(void) {
    struct image image = sample(10 * 4096);
    CHECK(image_layout(&image));
    CHECK(slot_fits(12 * 4096, &image));
    CHECK(!slot_fits(12 * 4096 - 1, &image));
    CHECK_EQ(slot_header(0x100000, 0x40000, 0), 0x13F000);
    CHECK_EQ(slot_header(0x100000, 0x40000, 1), 0x13E000);
}

/* The parser promises to read nothing beyond what it was given and never to believe sizes: random bytes behind a good
 * head. */
static void random_fields(void) {
    const char *env = getenv("SEED");
    uint32_t seed = env ? (uint32_t)strtoul(env, NULL, 0) : 1;
    printf("# SEED=%u\n", seed);
    for (int round = 0; round < 20000; round++) {
        struct image image;
        uint8_t *m = build(70000, &image);
        for (int n = 0; n < 3; n++) {
            seed = seed * 1664525u + 1013904223u;
            m[4 + (seed >> 8) % 60] = (uint8_t)(seed >> 24);
        }
        if (image_parse(m, IMAGE_BLOCK, &image) == IMAGE_OK) {
            CHECK(image.manifest_blocks == 1 && image.table_blocks >= 1 && image.table_blocks <= 41);
            CHECK(image.image_size > image.payload_size && image.payload_blocks <= 128u * image.table_blocks);
        }
        free(m);
        if (!check_ok) return;
    }
}

static void names(void) {
    for (int i = 0; i < IMAGE_ERRORS; i++)
        for (int j = 0; j < i; j++)
            CHECK(strcmp(image_error_name((enum image_error)i), image_error_name((enum image_error)j)) != 0);
    CHECK(image_error_name((enum image_error)99) != NULL);
}

int main(void) {
    TEST("given payloads of border sizes when their manifest is encoded and parsed then every field comes back")
    read_back();
    TEST("given a manifest when its bytes are compared then each field is at its documented offset") offsets();
    TEST("given one wrong field when a manifest is parsed then it is refused by that field's name") bad_fields();
    TEST("given too few bytes when a manifest is parsed then it is truncated and says how many blocks it wants")
    truncated();
    TEST("given the largest payload of each manifest size when laid out then one byte more needs a block more") sizes();
    TEST("given fields that would not be read back when a manifest is encoded then it is refused") encode_refuses();
    TEST("given a slot when payload and header just fit then one byte less does not") slots();
    TEST("given random fields when a manifest is parsed then what is accepted is consistent") random_fields();
    TEST("given each error when its name is asked for then it is its own") names();
    return check_result();
}
