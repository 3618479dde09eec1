// SPDX-License-Identifier: Apache-2.0
//
// fwpkg image and fwpkg flash: one component image; a whole flash with slots filled and the first journal record.
#include <stdlib.h>
#include <string.h>

#include "fw/update/journal.h"
#include "host/component.h"
#include "host/file.h"
#include "host/fwpkg.h"

enum { O_OUTPUT = 1, O_COMPONENT, O_SIZE, O_SLOT, O_JOURNAL };
enum { MAX_SLOTS = 32, FLASH_MAX = 256 << 20, SECTOR = 4096 };

const struct option_entry fwpkg_image_options[] = {
    {O_OUTPUT, "--output", "-o", "FILE", "the component image to write"},
    {O_COMPONENT, "--component", NULL, "GROUP", "what it is made from"},
    {0, NULL, NULL, NULL, NULL},
};
const struct option_entry fwpkg_flash_options[] = {
    {O_OUTPUT, "--output", "-o", "FILE", "the flash image to write"},
    {O_SIZE, "--size", NULL, "BYTES", "of the flash; what no slot fills is FFh"},
    {O_SLOT, "--slot", NULL, "GROUP", "one filled slot"},
    {O_JOURNAL, "--journal", NULL, "ADDRESS",
     "of the two journal sectors: record 1, slot 0 of each component is active"},
    {0, NULL, NULL, NULL, NULL},
};

struct flash {
    const char *tool;
    const char *output;
    uint64_t size;
    uint64_t journal;
    bool has_journal;
    unsigned slots;
    struct component_spec specs[MAX_SLOTS];
};

static int missing(const char *tool, const char *what) {
    tool_error(tool, "%s is missing (see %s --help)", what, tool);
    return 2;
}

int fwpkg_image(struct options *o) {
    struct component_spec spec = {.payload = NULL};
    char error[COMPONENT_ERROR_TEXT];
    const char *output = NULL;
    for (int key; (key = options_next(o)) != OPTION_END;) {
        if (key == OPTION_ERROR) return 2;
        if (key == O_OUTPUT)
            output = o->value;
        else if (key == O_COMPONENT) {
            if (!component_parse(o->tool, "--component", (char *)o->value, false, &spec)) return 2;
        } else
            return tool_error(o->tool, "unexpected '%s' (see %s --help)", o->value, o->tool) + 1;
    }
    if (output == NULL) return missing(o->tool, "-o FILE");
    if (spec.payload == NULL) return missing(o->tool, "--component GROUP");
    uint8_t *image;
    size_t len;
    if (!component_build(&spec, &image, &len, error)) return tool_error(o->tool, "%s", error);
    const bool good = file_write(output, image, len, error);
    free(image);
    return good ? 0 : tool_error(o->tool, "%s", error);
}

/* 0, or 2 with the line written. */
static int take(struct flash *f, int option, char *value) {
    switch (option) {
        case O_OUTPUT:
            f->output = value;
            return 0;
        case O_SIZE:
            if (parse_number(value, FLASH_MAX, &f->size) && f->size % SECTOR == 0 && f->size != 0) return 0;
            return tool_error(f->tool, "--size %s: not a multiple of 4 KiB up to 256M", value) + 1;
        case O_SLOT:
            if (f->slots == MAX_SLOTS) return tool_error(f->tool, "--slot %s: more than 32", value) + 1;
            return component_parse(f->tool, "--slot", value, true, &f->specs[f->slots++]) ? 0 : 2;
        case O_JOURNAL:
            f->has_journal = true;
            if (parse_number(value, FLASH_MAX, &f->journal) && f->journal % SECTOR == 0) return 0;
            return tool_error(f->tool, "--journal %s: not a multiple of 4 KiB", value) + 1;
        default:
            return tool_error(f->tool, "unexpected '%s' (see %s --help)", value, f->tool) + 1;
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

static int fill(const struct flash *f, uint8_t *bytes) {
    char error[COMPONENT_ERROR_TEXT];
    memset(bytes, 0xFF, (size_t)f->size);
    for (unsigned i = 0; i < f->slots; i++) {
        uint8_t *image;
        size_t len;
        if (!component_build(&f->specs[i], &image, &len, error)) return tool_error(f->tool, "%s", error);
        const bool good = component_place(image, len, &f->specs[i], bytes, (size_t)f->size, error);
        free(image);
        if (!good) return tool_error(f->tool, "%s", error);
    }
    if (f->has_journal) {
        struct journal journal = {.sequence = 1};
        for (unsigned i = 0; i < JOURNAL_COMPONENTS; i++) journal.entry[i].pending = JOURNAL_NO_SLOT;
        journal_encode(&journal, bytes + f->journal + SECTOR * (journal.sequence & 1));
    }
    return file_write(f->output, bytes, (size_t)f->size, error) ? 0 : tool_error(f->tool, "%s", error);
}

int fwpkg_flash(struct options *o) {
    struct flash f = {.tool = o->tool};
    for (int key; (key = options_next(o)) != OPTION_END;) {
        if (key == OPTION_ERROR) return 2;
        const int status = take(&f, key, (char *)o->value);
        if (status != 0) return status;
    }
    if (f.output == NULL) return missing(f.tool, "-o FILE");
    if (f.size == 0) return missing(f.tool, "--size BYTES");
    int status = check_layout(&f);
    if (status != 0) return status;
    uint8_t *bytes = malloc((size_t)f.size);
    if (bytes == NULL) return tool_error(f.tool, "out of memory");
    status = fill(&f, bytes);
    free(bytes);
    return status;
}
