// SPDX-License-Identifier: Apache-2.0
//
// The package header. The first byte of the input says whether the header's checksum is made right, the rest is the
// file. A package that is accepted holds what it says, and writing it gives a package that reads the same; the very
// same header where its images follow one another.
#include "host/pkg.h"

#include "fw/image/crc32.h"
#include "tests/fuzz/fuzz.h"

enum { FILE_MAX = 4096, HEADER_SIZE_AT = 17 };

static void make_right(uint8_t *file, size_t len) {
    if (len < HEADER_SIZE_AT + 2) return;
    const size_t header = file[HEADER_SIZE_AT] | (size_t)file[HEADER_SIZE_AT + 1] << 8;
    if (header < 4 || header > len) return;
    const uint32_t crc = crc32_of(0, file, header - 4);
    for (unsigned i = 0; i < 4; i++) file[header - 4 + i] = (uint8_t)(crc >> 8 * i);
}

static bool same_string(const struct pldm_string *a, const struct pldm_string *b) {
    return a->type == b->type && a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void same_device(const struct pkg *pkg, const struct pkg_device *a, const struct pkg_device *b) {
    REQUIRE(a->options == b->options && same_string(&a->version, &b->version));
    REQUIRE(memcmp(a->applicable, b->applicable, pkg->bitmap_bits / 8) == 0);
    REQUIRE(a->data_len == b->data_len && memcmp(a->data, b->data, a->data_len) == 0);
    REQUIRE(a->descriptor_count == b->descriptor_count);
    REQUIRE(descriptors_match(a->descriptors, a->descriptor_count, b->descriptors, b->descriptor_count));
    REQUIRE(pkg_match(pkg, a->descriptors, a->descriptor_count) != NULL);
}

static void same_component(const struct pkg_component *a, const struct pkg_component *b) {
    REQUIRE(a->classification == b->classification && a->identifier == b->identifier && a->stamp == b->stamp);
    REQUIRE(a->options == b->options && a->activation == b->activation && same_string(&a->version, &b->version));
    REQUIRE(a->size == b->size && memcmp(a->image, b->image, a->size) == 0);
}

/* @p chosen: the same package with the offsets that the writer chose. */
static void compare(const struct pkg *pkg, const struct pkg *chosen, const uint8_t *file, const uint8_t *written,
                    size_t len) {
    char error[PKG_ERROR_TEXT];
    struct pkg back;
    bool in_place = true;
    REQUIRE(pkg_parse("written", written, len, &back, error));
    REQUIRE(back.bitmap_bits == pkg->bitmap_bits && same_string(&back.version, &pkg->version));
    REQUIRE(memcmp(back.timestamp, pkg->timestamp, sizeof back.timestamp) == 0);
    REQUIRE(back.header_size == pkg->header_size && back.device_count == pkg->device_count);
    REQUIRE(back.component_count == pkg->component_count);
    for (unsigned i = 0; i < pkg->device_count; i++) same_device(pkg, &pkg->devices[i], &back.devices[i]);
    for (unsigned i = 0; i < pkg->component_count; i++) {
        same_component(&pkg->components[i], &back.components[i]);
        in_place &= pkg->components[i].offset == chosen->components[i].offset;
    }
    if (in_place) REQUIRE(memcmp(file, written, pkg->header_size) == 0);
    pkg_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct fuzz_arena arena;
    char error[PKG_ERROR_TEXT] = "";
    if (len < 1 || len > FILE_MAX) return 0;
    uint8_t *file = fuzz_put(&arena, bytes + 1, len - 1), *written = NULL;
    size_t written_len = 0;
    struct pkg pkg, chosen;
    if (bytes[0] & 1) make_right(file, len - 1);
    if (!pkg_parse("fuzzed", file, len - 1, &pkg, error)) {
        REQUIRE(strncmp(error, "fuzzed: ", 8) == 0 && strlen(error) < sizeof error && strchr(error, '\n') == NULL);
        return 0;
    }
    REQUIRE(pkg_parse("again", file, len - 1, &chosen, error));
    REQUIRE(pkg_write(&chosen, &written, &written_len, error));
    compare(&pkg, &chosen, file, written, written_len);
    free(written);
    pkg_free(&chosen);
    pkg_free(&pkg);
    return 0;
}
