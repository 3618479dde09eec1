// SPDX-License-Identifier: Apache-2.0
//
// See layout.h.
#include "tests/faults/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw/image/image.h"
#include "fw/update/journal.h"
#include "host/file.h"

#define BOARD(name)                                          \
    extern const struct board_component name##_components[]; \
    extern const uint8_t name##_count;                       \
    extern const uint32_t name##_journal[2]
BOARD(w25q);
BOARD(is25wp);
BOARD(gd25q);
BOARD(two);

enum { SECOND_CHIP_LOG2 = 30, PAGE = 256, LOAD_ADDRESS = 0x10000000 };

static const struct board {
    const char *part;
    unsigned chips;
    const struct board_component *components;
    const uint32_t *journal;
} boards[] = {
    {"w25q128jv", 1, w25q_components, w25q_journal},
    {"is25wp256", 1, is25wp_components, is25wp_journal},
    {"gd25q128", 1, gd25q_components, gd25q_journal},
    {"w25q128jv", 2, two_components, two_journal},
};
const char *const layout_names[] = {"w25q", "is25wp", "gd25q", "two"};
const unsigned layout_count = sizeof layout_names / sizeof layout_names[0];

static const struct {
    const char *version, *firmware;
    uint32_t stamp, security;
    uint32_t size, seed, first, every;  // of the bitstream's payload, as in struct rig_component
} versions[KNOWN_COUNT] = {
    [KNOWN_GOLDEN] = {"0.5.0", "1.0.0", 0x00050000, 0, 8100, 5, 0, 0},
    [KNOWN_OLD] = {"0.9.0", "1.0.0", 0x00090000, 1, 13000, 9, 2, 0},
    [KNOWN_FACTORY] = {"1.0.0", "1.0.0", 0x01000000, 1, 9000, 1, 0, 0},
    [KNOWN_SICK] = {"1.5.0", "hangs", 0x01050000, 2, 8300, 15, 0, 0},
    // The first blocks are those of OLD, in whose slot it comes to lie: they stay where they are.
    [KNOWN_NEW] = {"2.0.0", "2.0.0", 0x02000000, 2, 13000, 9, 0, 1},
};

static void die(const char *what, const char *of) {
    fprintf(stderr, "faults: %s: %s\n", of, what);
    exit(1);
}

static char *text(const char *folder, const char *kind, const char *name, const char *version, const char *end) {
    char *path = malloc(strlen(folder) + 64);
    if (!path) die("out of memory", name);
    sprintf(path, "%s/%s-%s%s%s%s", folder, kind, name, *version ? "-" : "", version, end);
    return path;
}

static void load_boot_rom(struct layout *l, const char *firmware) {
    char error[COMPONENT_ERROR_TEXT], *path = text(firmware, "boot", l->name, "", ".hex");
    uint8_t *hex;
    size_t len;
    if (!file_read(path, &hex, &len, error)) die("cannot be read", path);
    l->boot_words = len / 9;  // eight digits and a line feed each
    l->boot_rom = malloc(l->boot_words * sizeof *l->boot_rom);
    if (!l->boot_rom) die("out of memory", path);
    for (size_t i = 0; i < l->boot_words; i++) l->boot_rom[i] = (uint32_t)strtoul((const char *)hex + 9 * i, NULL, 16);
    free(hex);
    free(path);
}

static void make_images(struct layout *l, const char *firmware) {
    for (unsigned v = 0; v < KNOWN_COUNT; v++) {
        l->images[BOARD_FIRMWARE][v].component =
            (struct rig_component){.path = text(firmware, "app", l->name, versions[v].firmware, ".bin"),
                                   .version = versions[v].version,
                                   .identifier = 1,
                                   .stamp = versions[v].stamp,
                                   .security_version = versions[v].security,
                                   .load_address = LOAD_ADDRESS};
        l->images[1][v].component = (struct rig_component){.random_size = versions[v].size,
                                                           .seed = versions[v].seed,
                                                           .changed_first = versions[v].first,
                                                           .changed_every = versions[v].every,
                                                           .version = versions[v].version,
                                                           .identifier = 2,
                                                           .stamp = versions[v].stamp,
                                                           .security_version = versions[v].security};
        for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
            struct layout_image *image = &l->images[c][v];
            image->bytes = rig_image(&image->component, &image->len);
            if (image_parse(image->bytes, image->len, &image->parsed) != IMAGE_OK) die("no image", l->name);
        }
    }
}

unsigned layout_chip(const struct layout *l, uint32_t address) {
    return l->chips > 1 ? address >> SECOND_CHIP_LOG2 : 0;
}

static struct layout_region region_at(const struct layout *l, uint32_t address, uint32_t size) {
    return (struct layout_region){layout_chip(l, address), address & ((1u << SECOND_CHIP_LOG2) - 1), size};
}

struct layout_region layout_slot(const struct layout *l, unsigned component, unsigned slot) {
    const struct board_component *board = &l->components[component];
    if (slot != BOARD_GOLDEN) return region_at(l, board->slot[slot], board->slot_size);
    return region_at(l, board->golden, board->golden ? board->slot_size : 0);
}

struct layout *layout_load(unsigned index, const char *firmware) {
    struct layout *l = calloc(1, sizeof *l);
    if (!l) die("out of memory", layout_names[index]);
    l->name = layout_names[index];
    l->part = boards[index].part;
    l->chips = boards[index].chips;
    l->components = boards[index].components;
    l->journal = boards[index].journal;
    for (unsigned i = 0; i < 2; i++) l->regions[l->region_count++] = region_at(l, l->journal[i], IMAGE_BLOCK);
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++)
        for (unsigned s = 0; s < BOARD_SLOTS; s++) l->regions[l->region_count++] = layout_slot(l, c, s);
    l->regions[l->region_count++] = layout_slot(l, BOARD_FIRMWARE, BOARD_GOLDEN);
    load_boot_rom(l, firmware);
    make_images(l, firmware);
    return l;
}

void layout_free(struct layout *l) {
    for (unsigned v = 0; v < KNOWN_COUNT; v++) {
        free((char *)(uintptr_t)l->images[BOARD_FIRMWARE][v].component.path);
        for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) free(l->images[c][v].bytes);
    }
    free(l->boot_rom);
    free(l);
}

static void place(const struct layout_image *image, struct layout_region slot, uint8_t *const flash[LAYOUT_CHIPS]) {
    char error[COMPONENT_ERROR_TEXT];
    const struct component_spec spec = {.payload = "image", .size = slot.size};
    if (!component_place(image->bytes, image->len, &spec, flash[slot.chip] + slot.base, slot.size, error))
        die(error, "image");
}

void layout_factory(const struct layout *l, struct rig *rig) {
    uint8_t *const flash[LAYOUT_CHIPS] = {rig->flash, rig->flash2};
    for (unsigned i = 0; i < l->chips; i++) memset(flash[i], 0xff, rig->part->size);
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++) {
        place(&l->images[c][KNOWN_FACTORY], layout_slot(l, c, 0), flash);
        place(&l->images[c][KNOWN_OLD], layout_slot(l, c, 1), flash);
    }
    place(&l->images[BOARD_FIRMWARE][KNOWN_GOLDEN], layout_slot(l, BOARD_FIRMWARE, BOARD_GOLDEN), flash);
    journal_first(rig->flash + l->journal[1]);
}

uint8_t *layout_package(const struct layout *l, unsigned which, enum known version, size_t *len) {
    struct rig_component components[LAYOUT_COMPONENTS];
    unsigned count = 0;
    for (unsigned c = 0; c < LAYOUT_COMPONENTS; c++)
        if (which >> c & 1) components[count++] = l->images[c][version].component;
    return rig_package(components, count, 0x5301, len);
}

/** Where byte @p at of a slot lies in an image: below @p image->len, or at no place. */
static size_t in_image(const struct image *parsed, uint32_t slot_size, uint32_t at) {
    const size_t header = image_header_blocks(parsed) * (size_t)IMAGE_BLOCK;
    if (at >= slot_size - header) {
        const uint32_t block = (slot_size - 1 - at) / IMAGE_BLOCK;
        return block * (size_t)IMAGE_BLOCK + at % IMAGE_BLOCK;
    }
    return header + at;
}

static bool page_is(const struct layout_image *image, const struct image *parsed, uint32_t slot_size, uint32_t at,
                    const uint8_t *page) {
    const size_t from = in_image(parsed, slot_size, at);
    if (from >= image->len) return false;
    const size_t len = image->len - from < PAGE ? image->len - from : PAGE;
    if (memcmp(page, image->bytes + from, len) != 0) return false;
    for (size_t i = len; i < PAGE; i++)
        if (page[i] != 0xff) return false;
    return true;
}

static bool is_blank(const uint8_t *page) {
    for (unsigned i = 0; i < PAGE; i++)
        if (page[i] != 0xff) return false;
    return true;
}

enum known layout_in_slot(const struct layout *l, uint8_t *const flash[LAYOUT_CHIPS], unsigned component,
                          unsigned slot) {
    const struct layout_region r = layout_slot(l, component, slot);
    for (int v = 0; v < KNOWN_COUNT; v++) {
        const struct layout_image *image = &l->images[component][v];
        bool whole = true;
        for (uint32_t at = 0; whole && at < r.size; at += PAGE)
            whole = in_image(&image->parsed, r.size, at) >= image->len ||
                    page_is(image, &image->parsed, r.size, at, flash[r.chip] + r.base + at);
        if (whole) return (enum known)v;
    }
    return KNOWN_NONE;
}

enum known layout_claim(const struct layout *l, uint8_t *const flash[LAYOUT_CHIPS], unsigned component, unsigned slot) {
    const struct layout_region r = layout_slot(l, component, slot);
    const uint8_t *manifest = flash[r.chip] + r.base + r.size - IMAGE_BLOCK;
    for (int v = 0; v < KNOWN_COUNT; v++)
        if (memcmp(manifest, l->images[component][v].bytes, IMAGE_BLOCK) == 0) return (enum known)v;
    return KNOWN_NONE;
}

uint32_t layout_strange_page(const struct layout *l, uint8_t *const flash[LAYOUT_CHIPS], unsigned component,
                             unsigned slot, uint32_t from) {
    const struct layout_region r = layout_slot(l, component, slot);
    for (uint32_t at = from; at < r.size - IMAGE_BLOCK; at += PAGE) {
        const uint8_t *page = flash[r.chip] + r.base + at;
        bool known = is_blank(page);
        for (unsigned v = 0; !known && v < KNOWN_COUNT; v++) {
            const struct layout_image *image = &l->images[component][v];
            known = page_is(image, &image->parsed, r.size, at, page);
        }
        if (!known) return at;
    }
    return r.size;
}
