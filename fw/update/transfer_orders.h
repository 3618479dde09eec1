// SPDX-License-Identifier: Apache-2.0
//
// The orders of a component update, one function for each step of transfer.c. They only describe; what may be pushed
// when, and into which RAM blocks, is the concern of transfer.c.
#pragma once
#include "fw/update/transfer.h"

// RAM blocks: 1 (unless the manifest is there), 2 and 3 hold the tables in turn. 3 is free outside the middle of a
// download. The first one of the ring is free while no payload is on its way.
#define LAST_TABLE_BLOCK 3u
#define SCRATCH_BLOCK    LAST_TABLE_BLOCK
#define RING_BLOCK       4u

/** RAM block of table @p table in a download. */
static inline uint8_t table_block(const struct transfer *t, uint32_t table) {
    return t->table_block[table & 3u];
}

/** How many tables there are before the first payload. */
static inline uint32_t first_tables(const struct transfer *t) {
    return t->image.table_blocks < TRANSFER_FIRST ? t->image.table_blocks : TRANSFER_FIRST;
}

/** Whether the slot has table @p k, one of those that were looked at last. After a cut none is believed to. */
static inline bool table_equal(const struct transfer *t, uint32_t k) {
    return !t->log.found && ((unsigned)t->equal_tables >> k % TRANSFER_LOOK & 1u) != 0;
}

/** The RAM block's bytes. */
static inline uint8_t *ram_block(const struct transfer *t, uint32_t block) {
    return t->engine->ram + block * IMAGE_BLOCK;
}

static inline uint32_t header_address(const struct transfer *t, uint32_t i) {
    return slot_header(t->target.base, t->target.size, i);
}

/** An order of one block that stays in, or comes from, RAM block @p dest. */
void one_block(struct order *order, enum order_source source, uint32_t dest);

/** Manifest block @p i from the link into the RAM. */
void order_fetch_manifest(const struct transfer *t, uint32_t i, struct order *order);
/** What the slot holds in the place of table @p k into RING_BLOCK, compared with the manifest. */
void order_compare_table(const struct transfer *t, uint32_t k, struct order *order);
/** Table @p k from the link into the RAM, checked against the manifest, and, from TRANSFER_FIRST on, into the slot
 * unless it is there. */
void order_fetch_table(const struct transfer *t, uint32_t k, struct order *order);
/** Of the first tables those that the slot has not from the RAM into the slot. */
void order_write_tables(const struct transfer *t, uint32_t i, struct order *order);
/** Compares all blocks of table @p k with it. */
void order_compare_payload(const struct transfer *t, uint32_t k, struct order *order);
/** Where the blocks of table @p k lie. */
struct plan_place payload_place(const struct transfer *t, uint32_t k);
/** The blocks of @c transfer.plan from the link into the slot, checked against table @p k. */
void order_fetch_payload(const struct transfer *t, uint32_t k, struct order *order);
/** The manifest's blocks from the RAM into the slot, @p i = 0 the last one. */
void order_write_manifest(const struct transfer *t, uint32_t i, struct order *order);

/** Manifest block @p i from the slot into SCRATCH_BLOCK. */
void order_read_manifest(const struct transfer *t, uint32_t i, struct order *order);
/** Table @p k from the slot into the RAM, checked against the manifest. */
void order_check_table(const struct transfer *t, uint32_t k, struct order *order);
/** The slot's blocks checked against table @p k. */
void order_check_payload(const struct transfer *t, uint32_t k, struct order *order);

/** Erases the block at @c transfer.erase. */
void order_erase(const struct transfer *t, uint32_t i, struct order *order);
