// SPDX-License-Identifier: Apache-2.0
//
// Erase plans; see planner.h for the rule.
#include "fw/update/planner.h"

/* Whether blocks first .. first + blocks - 1 of the order, one aligned region of the flash, may be erased at once and
 * @p least of them are going to be written. A region does not cross the words of the plan. */
static bool whole(const struct order *order, const struct plan_slot *slot, uint32_t first, uint32_t blocks,
                  uint32_t least) {
    uint32_t all = (1u << blocks) - 1u, bits = order->plan[first / 32u] >> first % 32u & all, written = 0;
    uint32_t left = order->count - first; /* the order's last block ends its last region */
    if (left < blocks) bits &= (1u << left) - 1u;
    if (bits == all) return true;
    for (uint32_t b = 0; b < blocks; b++) {
        uint32_t address = order->flash_address + (first + b) * IMAGE_BLOCK;
        if ((bits >> b & 1u) != 0)
            written++;
        else if (address < slot->payload_end || address >= slot->limit)
            return false;
    }
    return written >= least;
}

void plan_erase(struct order *order, const struct plan_slot *slot, bool erase32, bool erase64) {
    const uint32_t per64 = 0x10000u / IMAGE_BLOCK, per32 = per64 / 2u;
    order->erase64 = order->erase32 = 0;
    // Regions count from FLASH_ADDRESS, the flash's own erase blocks from 0: they must coincide.
    bool can64 = erase64 && order->flash_address % 0x10000u == 0;
    bool can32 = erase32 && order->flash_address % 0x8000u == 0;
    for (uint32_t half = 0; half * per32 < order->count; half++) {
        uint32_t region = half / 2u;
        if (can64 && half % 2u == 0 && whole(order, slot, region * per64, per64, 6)) order->erase64 |= 1u << region;
        if ((order->erase64 >> region & 1u) != 0) continue;
        if (can32 && whole(order, slot, half * per32, per32, 4)) order->erase32 |= 1u << half;
    }
}
