// SPDX-License-Identifier: Apache-2.0
//
// Reads, validates and writes manifests. What follows from payload_size is computed in one place, for reading and for
// writing, and a manifest that says something else is refused.
#include "fw/image/image.h"

static uint16_t get16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p) {
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static void put16(uint8_t *p, uint32_t value) {
    p[0] = (uint8_t)value;
    p[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *p, uint32_t value) {
    put16(p, value);
    put16(p + 2, value >> 16);
}

/* Room for table hashes between the fixed fields and the signature. */
static uint32_t table_room(uint32_t manifest_blocks) {
    return (manifest_blocks * IMAGE_BLOCK - IMAGE_AT_TABLE_HASHES - IMAGE_SIGNATURE_ROOM) / IMAGE_HASH;
}

/* image->manifest_blocks may be more than needed. Sizes cannot overflow: four manifest blocks reach 213 MiB. */
static enum image_error compute(struct image *image, uint32_t payload_size) {
    uint32_t most = table_room(image->manifest_blocks) * IMAGE_TABLE_ENTRIES * IMAGE_BLOCK;
    if (payload_size == 0) return IMAGE_BAD_PAYLOAD;
    if (payload_size > most) return IMAGE_BAD_MANIFEST;
    uint32_t padded = (payload_size + IMAGE_GROUP - 1u) & ~(IMAGE_GROUP - 1u);
    image->payload_size = payload_size;
    image->payload_blocks = (payload_size - 1u) / IMAGE_BLOCK + 1u;
    image->table_blocks = (uint16_t)((image->payload_blocks - 1u) / IMAGE_TABLE_ENTRIES + 1u);
    image->image_size = image_header_blocks(image) * IMAGE_BLOCK + padded;
    return IMAGE_OK;
}

bool image_layout(struct image *image) {
    for (uint8_t blocks = 1; blocks <= IMAGE_MAX_MANIFEST_BLOCKS; blocks++) {
        image->manifest_blocks = blocks;
        if (compute(image, image->payload_size) == IMAGE_OK) return true;
    }
    return false;
}

static enum image_error parse_sizes(const uint8_t *m, struct image *out) {
    enum image_error error = compute(out, get32(m + IMAGE_AT_PAYLOAD_SIZE));
    if (error != IMAGE_OK) return error;
    if (get32(m + IMAGE_AT_PAYLOAD_BLOCKS) != out->payload_blocks) return IMAGE_BAD_PAYLOAD;
    if (get16(m + IMAGE_AT_TABLE_BLOCKS) != out->table_blocks) return IMAGE_BAD_TABLES;
    if (get32(m + IMAGE_AT_IMAGE_SIZE) != out->image_size) return IMAGE_BAD_SIZE;
    return IMAGE_OK;
}

static enum image_error parse_version(const uint8_t *m, struct image *out) {
    out->version_type = m[IMAGE_AT_VERSION_TYPE];
    out->version_length = m[IMAGE_AT_VERSION_LENGTH];
    out->version = m + IMAGE_AT_VERSION;
    if (out->version_type < 1 || out->version_type > 5) return IMAGE_BAD_VERSION;
    if (out->version_length < 1 || out->version_length > IMAGE_VERSION_MAX) return IMAGE_BAD_VERSION;
    const uint8_t *end = out->version + IMAGE_VERSION_MAX;
#pragma GCC unroll 8
    for (const uint8_t *behind = out->version + out->version_length; behind != end; behind++)
        if (*behind != 0) return IMAGE_BAD_VERSION;
    return IMAGE_OK;
}

static enum image_error parse_date(const uint8_t *m, struct image *out) {
    unsigned digits = 0, zeros = 0;
    for (unsigned i = 0; i < IMAGE_DATE; i++) {
        uint8_t c = m[IMAGE_AT_RELEASE_DATE + i];
        out->release_date[i] = c;
        digits += c >= '0' && c <= '9';
        zeros += c == 0;
    }
    return digits == IMAGE_DATE || zeros == IMAGE_DATE ? IMAGE_OK : IMAGE_BAD_DATE;
}

static enum image_error parse_rest(const uint8_t *m, struct image *out) {
    out->classification = get16(m + IMAGE_AT_CLASSIFICATION);
    out->identifier = get16(m + IMAGE_AT_IDENTIFIER);
    out->stamp = get32(m + IMAGE_AT_STAMP);
    out->security_version = get32(m + IMAGE_AT_SECURITY_VERSION);
    for (unsigned i = 0; i < IMAGE_KEY_ID; i++) out->key_id[i] = m[IMAGE_AT_KEY_ID + i];
    out->load_address = get32(m + IMAGE_AT_LOAD_ADDRESS);
    return (out->load_address & 3u) != 0 ? IMAGE_BAD_ADDRESS : IMAGE_OK;
}

enum image_error image_parse_program(const uint8_t *manifest, size_t len, struct image *out) {
    out->manifest_blocks = 0;
    if (len < IMAGE_BLOCK) return IMAGE_TRUNCATED;
    if (get32(manifest + IMAGE_AT_MAGIC) != IMAGE_MAGIC) return IMAGE_BAD_MAGIC;
    if (get16(manifest + IMAGE_AT_FORMAT) != IMAGE_FORMAT) return IMAGE_BAD_FORMAT;
    if (manifest[IMAGE_AT_FLAGS] != 0) return IMAGE_BAD_FLAGS;
    uint8_t blocks = manifest[IMAGE_AT_MANIFEST_BLOCKS];
    if (blocks < 1 || blocks > IMAGE_MAX_MANIFEST_BLOCKS) return IMAGE_BAD_MANIFEST;
    out->manifest_blocks = blocks;
    enum image_error error = parse_sizes(manifest, out);
    if (error == IMAGE_OK) error = parse_rest(manifest, out);
    if (error == IMAGE_OK) return len < blocks * IMAGE_BLOCK ? IMAGE_TRUNCATED : IMAGE_OK;
    out->manifest_blocks = 0;
    return error;
}

enum image_error image_parse(const uint8_t *manifest, size_t len, struct image *out) {
    enum image_error found = image_parse_program(manifest, len, out);
    if (out->manifest_blocks == 0) return found;
    enum image_error error = parse_version(manifest, out);
    if (error == IMAGE_OK) error = parse_date(manifest, out);
    if (error == IMAGE_OK) return found;
    out->manifest_blocks = 0;
    return error;
}

enum image_error image_encode(const struct image *image, uint8_t *m) {
    struct image check;
    if (image->manifest_blocks < 1 || image->manifest_blocks > IMAGE_MAX_MANIFEST_BLOCKS) return IMAGE_BAD_MANIFEST;
    if (image->version_length > IMAGE_VERSION_MAX) return IMAGE_BAD_VERSION;
    for (uint32_t i = 0; i < image->manifest_blocks * IMAGE_BLOCK; i++) m[i] = 0;
    put32(m + IMAGE_AT_MAGIC, IMAGE_MAGIC);
    put16(m + IMAGE_AT_FORMAT, IMAGE_FORMAT);
    m[IMAGE_AT_MANIFEST_BLOCKS] = image->manifest_blocks;
    put32(m + IMAGE_AT_IMAGE_SIZE, image->image_size);
    put32(m + IMAGE_AT_PAYLOAD_SIZE, image->payload_size);
    put32(m + IMAGE_AT_PAYLOAD_BLOCKS, image->payload_blocks);
    put16(m + IMAGE_AT_TABLE_BLOCKS, image->table_blocks);
    put16(m + IMAGE_AT_CLASSIFICATION, image->classification);
    put16(m + IMAGE_AT_IDENTIFIER, image->identifier);
    m[IMAGE_AT_VERSION_TYPE] = image->version_type;
    m[IMAGE_AT_VERSION_LENGTH] = image->version_length;
    put32(m + IMAGE_AT_STAMP, image->stamp);
    put32(m + IMAGE_AT_SECURITY_VERSION, image->security_version);
    for (unsigned i = 0; i < IMAGE_DATE; i++) m[IMAGE_AT_RELEASE_DATE + i] = image->release_date[i];
    for (unsigned i = 0; i < IMAGE_KEY_ID; i++) m[IMAGE_AT_KEY_ID + i] = image->key_id[i];
    put32(m + IMAGE_AT_LOAD_ADDRESS, image->load_address);
    for (unsigned i = 0; i < image->version_length; i++) m[IMAGE_AT_VERSION + i] = image->version[i];
    return image_parse(m, image->manifest_blocks * IMAGE_BLOCK, &check);
}

const char *image_error_name(enum image_error error) {
    static const char *const names[IMAGE_ERRORS] = {
        [IMAGE_OK] = "ok",
        [IMAGE_TRUNCATED] = "truncated",
        [IMAGE_BAD_MAGIC] = "no manifest",
        [IMAGE_BAD_FORMAT] = "unknown format version",
        [IMAGE_BAD_FLAGS] = "unknown flags",
        [IMAGE_BAD_MANIFEST] = "bad number of manifest blocks",
        [IMAGE_BAD_PAYLOAD] = "bad payload size",
        [IMAGE_BAD_TABLES] = "bad number of table blocks",
        [IMAGE_BAD_SIZE] = "bad image size",
        [IMAGE_BAD_VERSION] = "bad version string",
        [IMAGE_BAD_DATE] = "bad release date",
        [IMAGE_BAD_ADDRESS] = "bad load address",
    };
    return (unsigned)error < IMAGE_ERRORS ? names[error] : "unknown error";
}
