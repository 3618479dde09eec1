// SPDX-License-Identifier: Apache-2.0
//
// Checks and loads one slot; see load.h. Engine orders check every table block and payload block on its way from the
// flash into the stream RAM; only then it is copied.
#include "fw/boot/load.h"

#include "fw/board/board.h"
#include "fw/hal/judge.h"
#include "fw/hal/orders.h"
#include "fw/image/image.h"

#define MANIFEST_BLOCK 1u  // one: firmware whose manifest has more is refused in an update
#define TABLE_BLOCK    2u
#define PAYLOAD_BLOCK  4u  // RAM blocks from here on take payload blocks: the engine's ring is not in use

static const struct board_component *const firmware = &board_components[BOARD_FIRMWARE];

/* Most of what the processor does in a start; four words at a time take half the cycles of one by one. */
static void copy(uint32_t to, uint32_t block, uint32_t groups) {
    const uint32_t *in = (const uint32_t *)(const void *)orders_ram(block), *end = in + groups * (IMAGE_GROUP / 4u);
    uint32_t *out = hal_memory(to);
    for (; in != end; in += 4, out += 4)
#pragma GCC unroll 4
        for (unsigned i = 0; i < 4; i++) out[i] = in[i];
}

/* The payload blocks of table @p k, as many at a time as there are RAM blocks. */
static bool load_payload(const struct image *image, uint32_t base, uint32_t k, uint32_t room) {
    uint32_t first = k * IMAGE_TABLE_ENTRIES, end = first + image_table_count(image, k);
    for (uint32_t b = first, count; b < end; b += count) {
        count = end - b < room ? end - b : room;
        uint32_t groups = (count - 1u) * IMAGE_BLOCK_GROUPS + image_block_groups(image, b + count - 1u);
        uint32_t at = b * IMAGE_BLOCK, entry = TABLE_BLOCK * IMAGE_BLOCK + (b - first) * IMAGE_HASH;
        if (!orders_read_checked(base + at, PAYLOAD_BLOCK, groups, entry)) return false;
        copy(firmware->load_address + at, PAYLOAD_BLOCK, groups);
    }
    return true;
}

static const char *judged(enum image_trust trust) {
    static const char *const names[] = {[IMAGE_UNSIGNED] = "not signed",
                                        [IMAGE_WRONG_KEY] = "wrong key",
                                        [IMAGE_UNKNOWN_KEY] = "unknown key",
                                        [IMAGE_REVOKED_KEY] = "revoked key",
                                        [IMAGE_BAD_SIGNATURE] = "bad signature"};
    return names[trust];
}

const char *boot_load(uint32_t slot, uint32_t minimum) {
    struct image image;
    uint32_t room = HAL_GET(HAL->CONFIG, CONFIG__RAM_BLOCKS) - PAYLOAD_BLOCK;
    uint32_t base = slot == BOARD_GOLDEN ? firmware->golden : firmware->slot[slot], size = firmware->slot_size;
    if (!orders_read(slot_header(base, size, 0), MANIFEST_BLOCK, IMAGE_BLOCK_GROUPS)) return "read error";
    if (image_parse_program(orders_ram(MANIFEST_BLOCK), IMAGE_BLOCK, &image) != IMAGE_OK) return "no image";
    if (image.classification != firmware->classification || image.identifier != firmware->identifier ||
        image.load_address != firmware->load_address)
        return "not firmware";
    if (image.security_version < minimum) return "too old";
    if (image.payload_size > firmware->payload_max || !slot_fits(size, &image)) return "too large";
    const enum image_trust trust = judge(orders_ram(MANIFEST_BLOCK), &image);
    if (trust != IMAGE_AUTHENTIC) return judged(trust);
    for (uint32_t k = 0; k < image.table_blocks; k++) {
        uint32_t hash = MANIFEST_BLOCK * IMAGE_BLOCK + image_table_hash(k);
        if (!orders_read_checked(slot_header(base, size, 1u + k), TABLE_BLOCK, IMAGE_BLOCK_GROUPS, hash) ||
            !load_payload(&image, base, k, room))
            return "bad hash";
    }
    return NULL;
}
