// SPDX-License-Identifier: Apache-2.0
//
// Plans: which blocks of a slot may well be equal to an image's, and, for the planned blocks of an order, the largest
// erases that destroy nothing that must stay.
#pragma once
#include "fw/image/image.h"
#include "fw/update/engine.h"

/** The part of a slot that an image's payload may use: header blocks begin at @c limit. */
struct plan_slot {
    uint32_t payload_end;  // flash address behind the payload's last block
    uint32_t limit;        // flash address of the lowest header block
};

/** Sets erase64 and erase32 of an order with @c sink, @c flash_address, @c count and @c plan set.
 *
 * A naturally aligned 64 KiB (32 KiB) region is erased at once when the flash can, when each of its blocks is either
 * planned or lies between the payload's end and the header, and when that takes no longer, by the typical times of
 * @p engine, than the smaller erases that its planned blocks would take. All other planned blocks are erased one by
 * one. */
void plan_erase(struct order *order, const struct plan_slot *slot, const struct engine *engine);

/** Keeps of each entry of the slot's table what plan_likely() looks at. */
void plan_remember(const uint8_t *slot_table, uint32_t beginnings[ORDER_BLOCKS]);

/** Sets in @p likely each of @p count blocks whose entry in @p table begins as the slot's did. Whether the slot's block
 * is what the slot's table says is another question. @return whether there is any */
bool plan_likely(const uint8_t *table, const uint32_t beginnings[ORDER_BLOCKS], uint32_t count,
                 uint32_t likely[ORDER_BLOCKS / 32u]);
