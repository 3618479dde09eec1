// SPDX-License-Identifier: Apache-2.0
//
// fwpkg image and fwpkg flash: one component image; a whole flash with slots filled and the first journal record.
#include <stdlib.h>
#include <string.h>

#include "fw/update/journal.h"
#include "host/component.h"
#include "host/file.h"
#include "host/fwpkg_key.h"

enum { MAX_SLOTS = 32, FLASH_MAX = 256 << 20, SECTOR = 4096 };

struct flash {
    const char *tool;
    struct fwpkg_signing key;
    const char *output;
    uint64_t size;
    uint64_t journal;
    bool has_journal;
    unsigned slots;
    struct component_spec specs[MAX_SLOTS];
};

struct one_image {
    struct fwpkg_signing key;
    const char *output;
    struct component_spec spec;
};

static int take_image(void *ctx, const struct options *o, int key) {
    struct one_image *one = ctx;
    switch (key) {
        case FWPKG_OUTPUT:
            one->output = o->value;
            return 0;
        case FWPKG_COMPONENT:
            return component_parse(o->tool, "--component", (char *)o->value, false, &one->spec) ? 0 : 2;
        default:
            return fwpkg_take_key(&one->key, o, key);
    }
}

static int write_image(const struct one_image *one, const char *tool, struct signer *signer) {
    char error[SIGN_ERROR_TEXT];
    uint8_t *image;
    size_t len;
    if (!component_build(&one->spec, &image, &len, error)) return tool_error(tool, "%s", error);
    const bool good =
        (signer == NULL || component_sign(signer, image, len, error)) && file_write(one->output, image, len, error);
    free(image);
    return good ? 0 : tool_error(tool, "%s", error);
}

int fwpkg_image(struct options *o) {
    struct one_image one = {.output = NULL};
    struct signer *signer = NULL;
    int status = fwpkg_take_all(o, &one, take_image);
    if (status == 0) status = fwpkg_check_key(&one.key, o);
    if (status != 0) return status;
    if (one.output == NULL) return fwpkg_missing(o, "-o FILE");
    if (one.spec.payload == NULL) return fwpkg_missing(o, "--component GROUP");
    if (one.key.path != NULL && one.spec.raw)
        return tool_error(o->tool, "--key: a raw image has no manifest to sign") + 1;
    if (one.key.path != NULL && (signer = fwpkg_open_key(&one.key, o->tool)) == NULL) return 1;
    status = write_image(&one, o->tool, signer);
    signer_close(signer);
    return status;
}

/* 0, or 2 with the line written. */
static int take_flash(void *ctx, const struct options *o, int key) {
    struct flash *f = ctx;
    const char *value = o->value;
    switch (key) {
        case FWPKG_OUTPUT:
            f->output = value;
            return 0;
        case FWPKG_SIZE:
            if (parse_number(value, FLASH_MAX, &f->size) && f->size % SECTOR == 0 && f->size != 0) return 0;
            return tool_error(f->tool, "--size %s: not a multiple of 4 KiB up to 256M", value) + 1;
        case FWPKG_SLOT:
            if (f->slots == MAX_SLOTS) return tool_error(f->tool, "--slot %s: more than 32", value) + 1;
            return component_parse(f->tool, "--slot", (char *)value, true, &f->specs[f->slots++]) ? 0 : 2;
        case FWPKG_JOURNAL:
            f->has_journal = true;
            if (parse_number(value, FLASH_MAX, &f->journal) && f->journal % SECTOR == 0) return 0;
            return tool_error(f->tool, "--journal %s: not a multiple of 4 KiB", value) + 1;
        default:
            return fwpkg_take_key(&f->key, o, key);
    }
}

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size) {
    return a < b + b_size && b < a + a_size;
}

static int check_layout(const struct flash *f) {
    if (f->has_journal && (f->journal > f->size || f->size - f->journal < 2 * SECTOR))
        return tool_error(f->tool, "--journal: its two sectors end beyond the flash");
    for (unsigned i = 0; i < f->slots; i++) {
        const struct component_spec *s = &f->specs[i];
        if (f->has_journal && overlap(s->base, s->size, f->journal, 2 * SECTOR))
            return tool_error(f->tool, "--slot base=0x%x: overlaps the journal", s->base);
        for (unsigned k = 0; k < i; k++)
            if (overlap(s->base, s->size, f->specs[k].base, f->specs[k].size))
                return tool_error(f->tool, "--slot base=0x%x: overlaps the slot at 0x%x", s->base, f->specs[k].base);
    }
    return 0;
}

static int fill_slots(const struct flash *f, uint8_t *bytes, struct signer *signer) {
    char error[SIGN_ERROR_TEXT];
    for (unsigned i = 0; i < f->slots; i++) {
        uint8_t *image;
        size_t len;
        if (!component_build(&f->specs[i], &image, &len, error)) return tool_error(f->tool, "%s", error);
        const bool good = (signer == NULL || component_sign(signer, image, len, error)) &&
                          component_place(image, len, &f->specs[i], bytes, (size_t)f->size, error);
        free(image);
        if (!good) return tool_error(f->tool, "%s", error);
    }
    return 0;
}

static int fill(const struct flash *f, uint8_t *bytes) {
    char error[FILE_ERROR_TEXT];
    struct signer *signer = NULL;
    if (f->key.path != NULL && (signer = fwpkg_open_key(&f->key, f->tool)) == NULL) return 1;
    memset(bytes, 0xFF, (size_t)f->size);
    const int status = fill_slots(f, bytes, signer);
    signer_close(signer);
    if (status != 0) return status;
    if (f->has_journal) {
        journal_first(bytes + f->journal + SECTOR);
    }
    return file_write(f->output, bytes, (size_t)f->size, error) ? 0 : tool_error(f->tool, "%s", error);
}

int fwpkg_flash(struct options *o) {
    struct flash f = {.tool = o->tool};
    int status = fwpkg_take_all(o, &f, take_flash);
    if (status == 0) status = fwpkg_check_key(&f.key, o);
    if (status != 0) return status;
    if (f.output == NULL) return fwpkg_missing(o, "-o FILE");
    if (f.size == 0) return fwpkg_missing(o, "--size BYTES");
    status = check_layout(&f);
    if (status != 0) return status;
    uint8_t *bytes = malloc((size_t)f.size);
    if (bytes == NULL) return tool_error(f.tool, "out of memory");
    status = fill(&f, bytes);
    free(bytes);
    return status;
}
