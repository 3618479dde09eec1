// SPDX-License-Identifier: Apache-2.0
//
// The orders of a component update; see transfer_orders.h. They are filled where they are used: copies of them would be
// most of what the processor does in a transfer.
#include "fw/update/transfer_orders.h"

/* Field by field: the libc's memset would take more instructions than all else about an order. */
static void begin_order(struct order *order, enum order_source source) {
    order->source = source;
    order->check = order->sink = order->keep = order->no_erase = order->compare = false;
    order->count = 1;
    order->groups = IMAGE_BLOCK_GROUPS;
    order->dest = 0;
    order->image_offset = order->flash_address = order->table = 0;
    for (uint32_t w = 0; w < ORDER_BLOCKS / 32u; w++) order->plan[w] = 0;
    order->erase64 = order->erase32 = 0;
}

void one_block(struct order *order, enum order_source source, uint32_t dest) {
    begin_order(order, source);
    order->keep = true;
    order->dest = (uint8_t)dest;
    order->plan[0] = 1;
}

/* Programming a group of FFh leaves it erased. Tables may be on their way into their own RAM blocks meanwhile. */
static void erase_block(const struct transfer *t, uint32_t address, struct order *order) {
    one_block(order, ORDER_RAM, RING_BLOCK);
    order->sink = true;
    order->flash_address = address;
    order->groups = 1;
    for (uint32_t i = 0; i < IMAGE_GROUP; i++) ram_block(t, order->dest)[i] = 0xFF;
}

void order_fetch_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    one_block(order, ORDER_LINK, t->manifest + i);
    order->image_offset = i * IMAGE_BLOCK;
}

void order_write_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    uint32_t block = t->image.manifest_blocks - 1u - i;
    one_block(order, ORDER_RAM, t->manifest + block);
    order->sink = true;
    order->flash_address = header_address(t, block);
}

void order_read_manifest(const struct transfer *t, uint32_t i, struct order *order) {
    one_block(order, ORDER_FLASH, SCRATCH_BLOCK);
    order->flash_address = header_address(t, i);
}

static void table_order(const struct transfer *t, uint32_t k, enum order_source source, uint8_t dest,
                        struct order *order) {
    uint32_t header = t->image.manifest_blocks + k;
    one_block(order, source, dest);
    order->check = true;
    order->image_offset = header * IMAGE_BLOCK;
    order->flash_address = header_address(t, header);
    order->table = t->manifest * IMAGE_BLOCK + image_table_hash(k);
}

void order_compare_table(const struct transfer *t, uint32_t k, struct order *order) {
    table_order(t, k, ORDER_FLASH, RING_BLOCK, order);
    order->compare = true;
}

void order_fetch_table(const struct transfer *t, uint32_t k, struct order *order) {
    table_order(t, k, ORDER_LINK, table_block(t, k), order);
    order->sink = k >= TRANSFER_FIRST && !table_equal(t, k);
}

/* Header blocks lie in descending order, and so do these tables in the RAM. */
void order_write_tables(const struct transfer *t, uint32_t i, struct order *order) {
    const uint32_t last = first_tables(t) - 1u;
    (void)i;
    one_block(order, ORDER_RAM, table_block(t, last));
    order->sink = true;
    order->count = (uint8_t)(last + 1u);
    order->flash_address = header_address(t, t->image.manifest_blocks + last);
    order->plan[0] = 0;
    for (uint32_t k = 0; k <= last; k++) order->plan[0] |= table_equal(t, k) ? 0u : 1u << (last - k);
}

/* To verify, two RAM blocks do: nothing is between a table and its payload. */
static uint8_t check_block(uint32_t k) {
    return (uint8_t)(LAST_TABLE_BLOCK - 1u + (k & 1u));
}

void order_check_table(const struct transfer *t, uint32_t k, struct order *order) {
    table_order(t, k, ORDER_FLASH, check_block(k), order);
}

static void payload_order(const struct transfer *t, uint32_t k, enum order_source source, uint8_t table,
                          struct order *order) {
    uint32_t first = k * IMAGE_TABLE_ENTRIES, count = image_table_count(&t->image, k);
    begin_order(order, source);
    order->check = true;
    order->count = (uint8_t)count;
    order->groups = (uint8_t)image_block_groups(&t->image, first + count - 1u);
    order->image_offset = (image_header_blocks(&t->image) + first) * IMAGE_BLOCK;
    order->flash_address = t->target.base + first * IMAGE_BLOCK;
    order->table = table * IMAGE_BLOCK;
    for (uint32_t w = 0; w < ORDER_BLOCKS / 32u; w++) order->plan[w] = t->plan[k & 3u][w];
}

void order_compare_payload(const struct transfer *t, uint32_t k, struct order *order) {
    payload_order(t, k, ORDER_FLASH, table_block(t, k), order);
    plan_all(order->plan, order->count);
    order->compare = true;
}

struct plan_place payload_place(const struct transfer *t, uint32_t k) {
    return (struct plan_place){.address = t->target.base + k * IMAGE_TABLE_ENTRIES * IMAGE_BLOCK,
                               .count = image_table_count(&t->image, k),
                               .limit = header_address(t, image_header_blocks(&t->image) - 1u)};
}

void order_fetch_payload(const struct transfer *t, uint32_t k, struct order *order) {
    payload_order(t, k, ORDER_LINK, table_block(t, k), order);
    order->sink = true;
    plan_erase(order, header_address(t, image_header_blocks(&t->image) - 1u), t->engine);
}

void order_check_payload(const struct transfer *t, uint32_t k, struct order *order) {
    payload_order(t, k, ORDER_FLASH, check_block(k), order);
    plan_all(order->plan, order->count);
}

void order_erase(const struct transfer *t, uint32_t i, struct order *order) {
    (void)i;
    erase_block(t, t->erase, order);
}
