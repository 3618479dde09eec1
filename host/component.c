// SPDX-License-Identifier: Apache-2.0
//
// Building, checking and placing of component images: promises of component.h.
#include "host/component.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/pldm/pldm.h"
#include "host/file.h"

static bool refuse(char *error, const char *path, const char *reason) {
    snprintf(error, COMPONENT_ERROR_TEXT, "%s: %s", path, reason);
    return false;
}

/* Bytes that are hashed for payload block n: whole 64-byte groups. */
static size_t block_bytes(const struct image *image, uint32_t n) {
    return (size_t)image_block_groups(image, n) * IMAGE_GROUP;
}

static uint8_t *table_at(const struct image *image, uint8_t *bytes, uint32_t table) {
    return bytes + (size_t)(image->manifest_blocks + table) * IMAGE_BLOCK;
}

static void fill_tables(const struct image *image, uint8_t *bytes) {
    const uint8_t *payload = bytes + (size_t)image_header_blocks(image) * IMAGE_BLOCK;
    for (uint32_t t = 0; t < image->table_blocks; t++) {
        uint8_t *table = table_at(image, bytes, t);
        for (uint32_t i = 0; i < image_table_count(image, t); i++) {
            const uint32_t n = t * IMAGE_TABLE_ENTRIES + i;
            SHA256(payload + (size_t)n * IMAGE_BLOCK, block_bytes(image, n), table + (size_t)i * IMAGE_HASH);
        }
        SHA256(table, IMAGE_BLOCK, bytes + image_table_hash(t));
    }
}

static void describe(const struct component_spec *spec, size_t payload_size, struct image *image) {
    const struct pldm_string typed = spec->typed_version;
    const bool ascii = typed.len == 0;
    *image = (struct image){
        .payload_size = (uint32_t)payload_size,
        .stamp = spec->stamp,
        .security_version = spec->security_version,
        .load_address = spec->load_address,
        .classification = spec->classification,
        .identifier = spec->identifier,
        .version_type = ascii ? PLDM_STRING_ASCII : typed.type,
        .version_length = ascii ? (uint8_t)strlen(spec->version) : typed.len,
        .version = ascii ? (const uint8_t *)spec->version : typed.bytes,
    };
    memcpy(image->release_date, spec->date, IMAGE_DATE);
}

bool component_wrap(const struct component_spec *spec, const uint8_t *payload, size_t payload_size, uint8_t **out,
                    size_t *len, char *error) {
    struct image image;
    describe(spec, payload_size, &image);
    if (payload_size == 0) return refuse(error, spec->payload, "is empty");
    if (!image_layout(&image)) return refuse(error, spec->payload, "is too large for a component image");
    uint8_t *bytes = malloc(image.image_size);
    if (bytes == NULL) return refuse(error, spec->payload, "out of memory");
    memset(bytes, 0xFF, image.image_size);
    memcpy(bytes + (size_t)image_header_blocks(&image) * IMAGE_BLOCK, payload, payload_size);
    const enum image_error fault = image_encode(&image, bytes);
    if (fault != IMAGE_OK) {
        free(bytes);
        return refuse(error, spec->payload, image_error_name(fault));
    }
    fill_tables(&image, bytes);
    *out = bytes;
    *len = image.image_size;
    return true;
}

bool component_build(const struct component_spec *spec, uint8_t **image, size_t *len, char *error) {
    uint8_t *payload;
    size_t payload_size;
    if (!file_read(spec->payload, &payload, &payload_size, error)) return false;
    if (spec->raw) {
        *image = payload;
        *len = payload_size;
        if (payload_size != 0) return true;
        free(payload);
        return refuse(error, spec->payload, "is empty");
    }
    const bool good = component_wrap(spec, payload, payload_size, image, len, error);
    free(payload);
    return good;
}

static bool check_table(const struct image *image, const uint8_t *bytes, uint32_t t, char *error) {
    uint8_t hash[IMAGE_HASH];
    const size_t at = (size_t)(image->manifest_blocks + t) * IMAGE_BLOCK;
    const size_t payload = (size_t)image_header_blocks(image) * IMAGE_BLOCK;
    SHA256(bytes + at, IMAGE_BLOCK, hash);
    if (memcmp(hash, bytes + image_table_hash(t), IMAGE_HASH) != 0) {
        snprintf(error, COMPONENT_ERROR_TEXT, "table block %u at 0x%zx: its SHA-256 is not the one in the manifest", t,
                 at);
        return false;
    }
    for (uint32_t i = 0; i < image_table_count(image, t); i++) {
        const uint32_t n = t * IMAGE_TABLE_ENTRIES + i;
        const size_t block = payload + (size_t)n * IMAGE_BLOCK;
        SHA256(bytes + block, block_bytes(image, n), hash);
        if (memcmp(hash, bytes + at + (size_t)i * IMAGE_HASH, IMAGE_HASH) == 0) continue;
        snprintf(error, COMPONENT_ERROR_TEXT, "payload block %u at 0x%zx: its SHA-256 is not the one in its table", n,
                 block);
        return false;
    }
    return true;
}

enum component_kind component_check(const uint8_t *bytes, size_t len, struct image *out, char *error) {
    static const uint8_t magic[4] = {'S', 'L', 'U', '1'};
    if (len < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0) return COMPONENT_RAW;
    const enum image_error fault = image_parse(bytes, len, out);
    if (fault != IMAGE_OK) {
        snprintf(error, COMPONENT_ERROR_TEXT, "manifest: %s", image_error_name(fault));
        return COMPONENT_BAD;
    }
    if (out->image_size != len) {
        snprintf(error, COMPONENT_ERROR_TEXT, "manifest: an image of 0x%x bytes, but there are 0x%zx", out->image_size,
                 len);
        return COMPONENT_BAD;
    }
    for (uint32_t t = 0; t < out->table_blocks; t++)
        if (!check_table(out, bytes, t, error)) return COMPONENT_BAD;
    return COMPONENT_GOOD;
}

bool component_place(const uint8_t *image, size_t len, const struct component_spec *spec, uint8_t *flash,
                     size_t flash_size, char *error) {
    struct image info;
    if (image_parse(image, len, &info) != IMAGE_OK) return refuse(error, spec->payload, "has no manifest");
    if (spec->base > flash_size || spec->size > flash_size - spec->base)
        return refuse(error, spec->payload, "the slot ends beyond the flash");
    if (!slot_fits(spec->size, &info)) return refuse(error, spec->payload, "does not fit its slot");
    const uint32_t headers = image_header_blocks(&info);
    memcpy(flash + spec->base, image + (size_t)headers * IMAGE_BLOCK, info.image_size - headers * IMAGE_BLOCK);
    for (uint32_t i = 0; i < headers; i++)
        memcpy(flash + slot_header(spec->base, spec->size, i), image + (size_t)i * IMAGE_BLOCK, IMAGE_BLOCK);
    return true;
}
