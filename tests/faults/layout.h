// SPDX-License-Identifier: Apache-2.0
//
// The boards of the campaign: a flash part, the board's own map (compiled for the card and for the host alike), boot
// ROM and firmware built for it, and the images that may be found in its slots.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "fw/board/board.h"
#include "fw/image/image.h"
#include "tests/system/rig.h"

enum { LAYOUT_COMPONENTS = 2, LAYOUT_CHIPS = 2, LAYOUT_REGIONS = 8 };

/** Versions of each component's image: the golden one is of the firmware alone; the sick firmware hangs when it starts.
 */
enum known { KNOWN_GOLDEN, KNOWN_OLD, KNOWN_FACTORY, KNOWN_SICK, KNOWN_NEW, KNOWN_COUNT, KNOWN_NONE = -1 };

struct layout_image {
    struct rig_component component;
    uint8_t *bytes;
    size_t len;
    struct image parsed;
};

/** Flash that has a purpose; all else is blank and stays so. */
struct layout_region {
    unsigned chip;
    uint32_t base, size;
};

struct layout {
    const char *name;
    const char *part;
    unsigned chips;
    const struct board_component *components;
    const uint32_t *journal;
    struct layout_region regions[LAYOUT_REGIONS];
    unsigned region_count;
    uint32_t *boot_rom;
    size_t boot_words;
    struct layout_image images[LAYOUT_COMPONENTS][KNOWN_COUNT];
};

extern const char *const layout_names[];
extern const unsigned layout_count;

/** Reads or makes all that a board needs. Ends the program when a file is missing.
 * @param firmware  folder with boot-NAME.hex, app-NAME-VERSION.bin and app-NAME-hangs.bin */
struct layout *layout_load(unsigned index, const char *firmware);
void layout_free(struct layout *layout);

/** Chip and offset in it of a slot, BOARD_GOLDEN included; size 0: there is none. */
struct layout_region layout_slot(const struct layout *layout, unsigned component, unsigned slot);
/** The chip that a flash address is on. */
unsigned layout_chip(const struct layout *layout, uint32_t address);

/** Factory state in a rig's flash: KNOWN_FACTORY in slot A, KNOWN_OLD in slot B of each component, a first record in
 * the journal. */
void layout_factory(const struct layout *layout, struct rig *rig);

/** A package with images @p version of the components of the bitmap @p which; the caller frees it. */
uint8_t *layout_package(const struct layout *layout, unsigned which, enum known version, size_t *len);

/** Which of the known images is in a slot, whole, or KNOWN_NONE. */
enum known layout_in_slot(const struct layout *layout, uint8_t *const flash[LAYOUT_CHIPS], unsigned component,
                          unsigned slot);
/** Whose manifest a slot has: it must then be whole. */
enum known layout_claim(const struct layout *layout, uint8_t *const flash[LAYOUT_CHIPS], unsigned component,
                        unsigned slot);
/** Looks at the pages of a slot that are neither blank nor of one of its known images. The header's first block, which
 * the log of a transfer may be in, is left out.
 * @param from  offset to begin at, a multiple of 256; @return offset of the next such page, or the slot's size */
uint32_t layout_strange_page(const struct layout *layout, uint8_t *const flash[LAYOUT_CHIPS], unsigned component,
                             unsigned slot, uint32_t from);
