// SPDX-License-Identifier: Apache-2.0
//
// Plans: whether a slot may hold some of an image's blocks, which of them are fetched although it does, and, for the
// planned blocks of an order, the largest erases that destroy nothing that must stay.
#pragma once
#include "fw/image/image.h"
#include "fw/update/engine.h"

/** Plans each of @p count blocks. */
void plan_all(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t count);

/** Sets erase64 and erase32 of an order with @c sink, @c flash_address, @c count and @c plan set, the latter for
 * @c count blocks at most. They end at a multiple of 64 KiB from the first one, or with the payload: then nothing
 * behind them is to stay up to @p limit, the flash address of the lowest header block.
 *
 * A naturally aligned 64 KiB (32 KiB) region is erased at once when the flash can, when each of its blocks is either
 * planned or lies between the payload's end and the header, and when that takes no longer, by the typical times of
 * @p engine, than the smaller erases that its planned blocks would take. All other planned blocks are erased one by
 * one. */
void plan_erase(struct order *order, uint32_t limit, const struct engine *engine);

/** Where an order's blocks lie. */
struct plan_place {
    uint32_t address;  // flash address of the first one
    uint32_t count;    // blocks
    uint32_t limit;    // as plan_erase()
};

/** Adds to @p plan, and to @p before, blocks that need not be fetched, where that is faster: where erasing a whole
 * region, and then fetching these blocks, each in @p fetch_ms, and programming them, takes no longer than smaller
 * erases that spare them. */
void plan_widen(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t before[ORDER_BLOCKS / 32u], const struct plan_place *place,
                uint32_t fetch_ms, const struct engine *engine);

#define PLAN_SAMPLES 16u  // entries of a table that are looked at: each 8th

/** Keeps of the slot's table what plan_worth() looks at. */
void plan_remember(const uint8_t *slot_table, uint32_t samples[PLAN_SAMPLES]);

/** Whether the slot may hold some of the @c count blocks of @p table: any entry looked at begins as the slot's did. A
 * run of eight equal blocks is never missed, a few single ones among many others may be; what the slot's table says
 * need not be true of its blocks. */
bool plan_worth(const uint8_t *table, const uint32_t samples[PLAN_SAMPLES], uint32_t count);

/** Takes off @p plan what a cut left solid. The planned blocks were being written in ascending order when it came, each
 * erased before it was programmed; @p before of them may have been equal already then. One that is equal now and was
 * not before was programmed, so all that lies below the highest such one under the first that differs is solid; that
 * one itself, whose last bits may be weak, and all above stay planned. With @p margin 2 that counts from the second
 * such one: one may have been equal before, unknown. Blocks of FFh count for nothing: an erase alone makes them equal.
 *
 * @p before becomes the blocks of the new plan that may be equal now: those that are, those that were, and the first
 * that differs, which may be a weak one that reads right the next time; @p full blocks of @p table are whole ones, a
 * shorter one behind them counts for nothing, too. */
void plan_believe(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t before[ORDER_BLOCKS / 32u],
                  const uint32_t equal[ORDER_BLOCKS / 32u], const uint8_t *table, uint32_t full, uint32_t margin);

/** SHA-256 of a block of FFh. */
extern const uint8_t plan_blank[IMAGE_HASH];
