// SPDX-License-Identifier: Apache-2.0
//
// fwpkg verify: whether a card with these root keys would take every component image of a file.
#include <stdlib.h>
#include <string.h>

#include "host/fwpkg_key.h"

enum { MAX_ROOTS = 32 };

struct verify {
    const char *input;
    const char *path[MAX_ROOTS];
    uint8_t hash[MAX_ROOTS][IMAGE_HASH];
    struct image_roots roots;
};

static int take(void *ctx, const struct options *o, int key) {
    struct verify *v = ctx;
    switch (key) {
        case FWPKG_PUBLIC_KEY:
        case FWPKG_REVOKED:
            if (v->roots.count == MAX_ROOTS) return tool_error(o->tool, "%s: more than 32 keys", o->value) + 1;
            if (key == FWPKG_REVOKED) v->roots.revoked |= 1u << v->roots.count;
            v->path[v->roots.count++] = o->value;
            return 0;
        default:
            if (key != OPTION_OPERAND) return 0;
            if (v->input != NULL) return fwpkg_unexpected(o);
            v->input = o->value;
            return 0;
    }
}

static bool read_roots(struct verify *v, struct lms_soft *soft, char *error) {
    uint8_t key[LMS_PUBLIC_KEY];
    for (uint32_t i = 0; i < v->roots.count; i++) {
        if (!public_key_read(v->path[i], key, error)) return false;
        if (!lms_soft_hash(soft, key, sizeof key, v->hash[i])) return false;
    }
    v->roots.hash = (const uint8_t(*)[IMAGE_HASH])v->hash;
    return true;
}

static int judge(const struct verify *v, struct lms_soft *soft, const struct signed_file *file, const char *tool) {
    char name[32], id[2 * IMAGE_KEY_ID + 1];
    int status = 0;
    for (unsigned i = 0; i < file->count; i++) {
        const struct signed_part *part = &file->parts[i];
        const enum image_trust trust = component_judge(soft, &v->roots, part->bytes, &part->image);
        signed_part_name(file, part, name);
        hex_format(part->image.key_id, IMAGE_KEY_ID, id);
        if (trust == IMAGE_AUTHENTIC)
            printf("%s%s, key %s, one-time key %u\n", name, image_trust_name(trust), id,
                   component_index(part->bytes, &part->image));
        else if (trust == IMAGE_UNSIGNED)
            status = tool_error(tool, "%s: %s%s", v->input, name, image_trust_name(trust));
        else
            status = tool_error(tool, "%s: %s%s (key %s)", v->input, name, image_trust_name(trust), id);
    }
    return status;
}

static int run(struct verify *v, struct lms_soft *soft, const char *tool) {
    char error[SIGN_ERROR_TEXT] = "OpenSSL: SHA-256 failed";
    struct signed_file file;
    if (!read_roots(v, soft, error)) return tool_error(tool, "%s", error);
    if (!signed_file_read(v->input, &file, error)) return tool_error(tool, "%s", error);
    const int status = judge(v, soft, &file, tool);
    signed_file_free(&file);
    return status;
}

int fwpkg_verify(struct options *o) {
    struct verify v = {.input = NULL};
    int status = fwpkg_take_all(o, &v, take);
    if (status != 0) return status;
    if (v.roots.count == 0) return fwpkg_missing(o, "--public-key FILE");
    if (v.input == NULL) return fwpkg_missing(o, "FILE");
    struct lms_soft *soft = malloc(sizeof *soft);
    if (soft == NULL || !lms_soft_open(soft))
        status = tool_error(o->tool, "out of memory");
    else
        status = run(&v, soft, o->tool);
    if (soft != NULL) lms_soft_close(soft);
    free(soft);
    return status;
}
