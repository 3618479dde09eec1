// SPDX-License-Identifier: Apache-2.0
//
// Checks and loads one slot; see load.h. Engine orders check every table block and payload block on its way from the
// flash into the stream RAM; only then it is copied.
#include "fw/boot/load.h"

#include "fw/board/board.h"
#include "fw/hal/orders.h"
#include "fw/image/image.h"

#define MANIFEST_BLOCK 1u
#define TABLE_BLOCK    2u
#define PAYLOAD_BLOCK  4u  // RAM blocks from here on take payload blocks: the engine's ring is not in use

static const struct board_component *const firmware = &board_components[BOARD_FIRMWARE];

/* Blocks from the flash into the RAM blocks from @p dest on, each checked against its entry at @p table. */
static bool read_checked(uint32_t address, uint32_t dest, uint32_t count, uint32_t groups, uint32_t table) {
    struct order order = {.source = ORDER_FLASH,
                          .keep = true,
                          .check = true,
                          .count = (uint8_t)count,
                          .groups = (uint8_t)groups,
                          .dest = (uint8_t)dest,
                          .flash_address = address,
                          .table = table};
    plan_all(order.plan, order.count);
    return orders_run(&order);
}

static void copy(uint32_t to, uint32_t block, uint32_t bytes) {
    uint32_t *out = hal_memory(to);
    const uint32_t *in = (const uint32_t *)(const void *)orders_ram(block);
    for (; bytes != 0; bytes -= 4) *out++ = *in++;
}

/* The payload blocks of table @p k, as many at a time as there are RAM blocks. */
static bool load_payload(const struct image *image, uint32_t slot, uint32_t k, uint32_t room) {
    uint32_t first = k * IMAGE_TABLE_ENTRIES, end = first + image_table_count(image, k);
    for (uint32_t b = first, count; b < end; b += count) {
        count = end - b < room ? end - b : room;
        uint32_t groups = image_block_groups(image, b + count - 1u);
        uint32_t entry = TABLE_BLOCK * IMAGE_BLOCK + (b - first) * IMAGE_HASH;
        if (!read_checked(firmware->slot[slot] + b * IMAGE_BLOCK, PAYLOAD_BLOCK, count, groups, entry)) return false;
        copy(firmware->load_address + b * IMAGE_BLOCK, PAYLOAD_BLOCK,
             (count - 1u) * IMAGE_BLOCK + groups * IMAGE_GROUP);
    }
    return true;
}

const char *boot_load(uint32_t slot) {
    struct image image;
    uint32_t room = HAL_GET(HAL->CONFIG, CONFIG__RAM_BLOCKS) - PAYLOAD_BLOCK;
    uint32_t base = firmware->slot[slot], size = firmware->slot_size;
    if (!orders_read(slot_header(base, size, 0), MANIFEST_BLOCK, IMAGE_BLOCK_GROUPS)) return "read error";
    if (image_parse(orders_ram(MANIFEST_BLOCK), IMAGE_BLOCK, &image) != IMAGE_OK) return "no image";
    if (image.classification != firmware->classification || image.identifier != firmware->identifier ||
        image.load_address != firmware->load_address)
        return "not firmware";
    if (image.payload_size > firmware->payload_max || !slot_fits(size, &image)) return "too large";
    for (uint32_t k = 0; k < image.table_blocks; k++) {
        uint32_t hash = MANIFEST_BLOCK * IMAGE_BLOCK + image_table_hash(k);
        if (!read_checked(slot_header(base, size, 1u + k), TABLE_BLOCK, 1, IMAGE_BLOCK_GROUPS, hash) ||
            !load_payload(&image, slot, k, room))
            return "bad hash";
    }
    return NULL;
}
