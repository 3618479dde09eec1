// SPDX-License-Identifier: Apache-2.0
//
// Promises of component_sign.h.
#include "host/component_sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/file.h"
#include "host/pkg.h"

enum { HSS_PREFIX = 4 };

static bool refuse(char *error, const char *path, const char *reason) {
    snprintf(error, SIGN_ERROR_TEXT, "%.180s: %s", path, reason);
    return false;
}

bool component_policy(const uint8_t *bytes, size_t len, struct policy_record *record, struct image *frame) {
    if (len != POLICY_BLOCK || !policy_parse(bytes, record)) return false;
    *frame = (struct image){.manifest_blocks = 1};
    memcpy(frame->key_id, record->key_id, IMAGE_KEY_ID);
    return true;
}

static enum image_error parse(const uint8_t *bytes, size_t len, struct image *image) {
    struct policy_record record;
    return component_policy(bytes, len, &record, image) ? IMAGE_OK : image_parse(bytes, len, image);
}

bool component_set_key(struct lms_soft *soft, uint8_t *bytes, struct image *image, const uint8_t key[LMS_PUBLIC_KEY]) {
    uint8_t hash[IMAGE_HASH];
    if (!lms_soft_hash(soft, key, LMS_PUBLIC_KEY, hash)) return false;
    image_key_id(hash, bytes + IMAGE_AT_KEY_ID);
    memcpy(bytes + image_public_key_at(image), key, LMS_PUBLIC_KEY);
    memset(bytes + image_signature_at(image), 0, IMAGE_SIGNATURE);
    return parse(bytes, (size_t)image->manifest_blocks * IMAGE_BLOCK, image) == IMAGE_OK;
}

bool component_digest(struct lms_soft *soft, const uint8_t *bytes, const struct image *image,
                      uint8_t digest[IMAGE_HASH]) {
    return lms_soft_hash(soft, bytes, image_signature_at(image), digest);
}

enum image_trust component_judge(struct lms_soft *soft, const struct image_roots *roots, const uint8_t *bytes,
                                 const struct image *image) {
    uint32_t manifest[IMAGE_MAX_MANIFEST_BLOCKS * IMAGE_BLOCK / 4u];
    _Alignas(4) uint8_t own_hash[1][IMAGE_HASH];
    const struct image_roots own = {(const uint8_t(*)[IMAGE_HASH])own_hash, 1, 0};
    memcpy(manifest, bytes, (size_t)image->manifest_blocks * IMAGE_BLOCK);
    if (!lms_soft_hash(soft, bytes + image_public_key_at(image), IMAGE_PUBLIC_KEY, own_hash[0]))
        return IMAGE_BAD_SIGNATURE;
    return image_judge(&soft->engine, roots != NULL ? roots : &own, (uint8_t *)manifest, image);
}

uint32_t component_index(const uint8_t *bytes, const struct image *image) {
    const uint8_t *q = bytes + image_signature_at(image) + LMS_AT_Q;
    return (uint32_t)q[0] << 24 | (uint32_t)q[1] << 16 | (uint32_t)q[2] << 8 | q[3];
}

bool component_sign(struct signer *signer, uint8_t *bytes, size_t len, char *error) {
    uint8_t digest[IMAGE_HASH];
    struct image image;
    uint32_t index;
    const enum image_error fault = parse(bytes, len, &image);
    if (fault != IMAGE_OK) return refuse(error, "manifest", image_error_name(fault));
    if (!component_set_key(&signer->soft, bytes, &image, (const uint8_t *)signer->public_key) ||
        !component_digest(&signer->soft, bytes, &image, digest))
        return refuse(error, "OpenSSL", "SHA-256 failed");
    return signer_sign(signer, digest, sizeof digest, bytes + image_signature_at(&image), &index, error);
}

/* Adds a component to the parts if it has a manifest. False when that is bad. */
static bool add_part(struct signed_file *file, const char *path, unsigned component, uint8_t *bytes, size_t len,
                     char *error) {
    char name[32], fault[COMPONENT_ERROR_TEXT];
    struct signed_part *part = &file->parts[file->count];
    *part = (struct signed_part){.component = component, .bytes = bytes};
    struct policy_record record;
    const enum component_kind kind = !file->package && component_policy(bytes, len, &record, &part->image)
                                         ? COMPONENT_GOOD
                                         : component_check(bytes, len, &part->image, fault);
    if (kind == COMPONENT_GOOD) file->count++;
    if (kind != COMPONENT_BAD) return true;
    snprintf(error, SIGN_ERROR_TEXT, "%.180s: %s%s", path, signed_part_name(file, part, name), fault);
    return false;
}

static bool find_parts(const char *path, struct signed_file *file, char *error) {
    struct pkg pkg;
    file->package = file->len < 4 || (memcmp(file->bytes, "SLU1", 4) != 0 && memcmp(file->bytes, "SLP1", 4) != 0);
    if (file->package && !pkg_parse(path, file->bytes, file->len, &pkg, error)) return false;
    const unsigned components = file->package ? pkg.component_count : 1;
    file->parts = calloc(components, sizeof *file->parts);
    bool good = file->parts != NULL || refuse(error, path, "out of memory");
    for (unsigned i = 0; good && file->package && i < components; i++)
        good = add_part(file, path, i, file->bytes + pkg.components[i].offset, pkg.components[i].size, error);
    if (good && !file->package) good = add_part(file, path, 0, file->bytes, file->len, error);
    if (file->package) pkg_free(&pkg);
    return good && (file->count != 0 || refuse(error, path, "no component has a manifest"));
}

bool signed_file_read(const char *path, struct signed_file *file, char *error) {
    *file = (struct signed_file){.bytes = NULL};
    if (!file_read(path, &file->bytes, &file->len, error)) return false;
    if (find_parts(path, file, error)) return true;
    signed_file_free(file);
    return false;
}

void signed_file_free(struct signed_file *file) {
    free(file->parts);
    free(file->bytes);
}

const char *signed_part_name(const struct signed_file *file, const struct signed_part *part, char out[32]) {
    out[0] = '\0';
    if (file->package) snprintf(out, 32, "component %u: ", part->component);
    return out;
}

/* Reads @p len bytes, HSS_PREFIX more that are @p prefix being allowed. */
static bool read_exactly(const char *path, uint8_t *out, size_t len, uint8_t prefix, const char *otherwise,
                         char *error) {
    const uint8_t before[HSS_PREFIX] = {0, 0, 0, prefix};
    uint8_t *bytes;
    size_t got;
    if (!file_read(path, &bytes, &got, error)) return false;
    const bool has_prefix = got == len + HSS_PREFIX && memcmp(bytes, before, HSS_PREFIX) == 0;
    const bool good = got == len || has_prefix;
    if (good) memcpy(out, bytes + (has_prefix ? HSS_PREFIX : 0), len);
    free(bytes);
    return good || refuse(error, path, otherwise);
}

bool public_key_read(const char *path, uint8_t key[LMS_PUBLIC_KEY], char *error) {
    static const uint8_t types[] = {0, 0, 0, LMS_TYPE, 0, 0, 0, LMS_OTS_TYPE};
    if (!read_exactly(path, key, LMS_PUBLIC_KEY, 1, "not an LMS public key: it has not 56 bytes", error)) return false;
    return memcmp(key, types, sizeof types) == 0 ||
           refuse(error, path, "not a key of LMS_SHA256_M32_H10 with LMOTS_SHA256_N32_W4");
}

bool signature_read(const char *path, uint8_t signature[LMS_SIGNATURE], char *error) {
    return read_exactly(path, signature, LMS_SIGNATURE, 0, "not an LMS signature: it has not 2508 bytes", error);
}
