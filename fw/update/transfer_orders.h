// SPDX-License-Identifier: Apache-2.0
//
// The orders of a component update, one function for each step of transfer.c. They only describe; what may be pushed
// when, and into which RAM blocks, is the concern of transfer.c.
#pragma once
#include "fw/update/transfer.h"

// RAM blocks 2 and 3 hold the tables, turn about. The one that is not in use takes what the slot holds, to be compared.
#define TABLE_BLOCK 2u

/** RAM block of table @p table. */
static inline uint8_t table_block(uint32_t table) {
    return (uint8_t)(TABLE_BLOCK + (table & 1u));
}

/** The RAM block's bytes. */
static inline uint8_t *ram_block(const struct transfer *t, uint32_t block) {
    return t->engine->ram + block * IMAGE_BLOCK;
}

/** Manifest block @p i from the link into the RAM. */
void order_fetch_manifest(const struct transfer *t, uint32_t i, struct order *order);
/** Erases manifest block 0 in the slot. */
void order_invalidate(const struct transfer *t, uint32_t i, struct order *order);
/** Table @p k from the link into the RAM, checked against the manifest. */
void order_fetch_table(const struct transfer *t, uint32_t k, struct order *order);
/** What the slot holds in the place of table @p k into the RAM block of table k + 1, compared with the manifest. */
void order_compare_table(const struct transfer *t, uint32_t k, struct order *order);
/** Compares the blocks of @c transfer.plan with table @p k. */
void order_compare_payload(const struct transfer *t, uint32_t k, struct order *order);
/** Table @p k from the RAM into the slot. */
void order_write_table(const struct transfer *t, uint32_t k, struct order *order);
/** The blocks of @c transfer.plan from the link into the slot, checked against table @p k. */
void order_fetch_payload(const struct transfer *t, uint32_t k, struct order *order);
/** The manifest's blocks from the RAM into the slot, @p i = 0 the last one. */
void order_write_manifest(const struct transfer *t, uint32_t i, struct order *order);

/** Manifest block @p i from the slot into the RAM block of table 1. */
void order_read_manifest(const struct transfer *t, uint32_t i, struct order *order);
/** Table @p k from the slot into the RAM, checked against the manifest. */
void order_check_table(const struct transfer *t, uint32_t k, struct order *order);
/** The slot's blocks checked against table @p k. */
void order_check_payload(const struct transfer *t, uint32_t k, struct order *order);

/** Erases the block at @c transfer.erase. */
void order_erase(const struct transfer *t, uint32_t i, struct order *order);
