// SPDX-License-Identifier: Apache-2.0
//
// Plans; see planner.h for the rules.
#include "fw/update/planner.h"

#define PER64 (0x10000u / IMAGE_BLOCK)
#define PER32 (PER64 / 2u)
#define ALL64 ((1u << PER64) - 1u)

/* Bits of the plan for blocks first .. first + blocks - 1 of the order: one aligned region of the flash, which does not
 * cross the words of the plan. */
static uint32_t planned(const struct order *order, uint32_t first, uint32_t blocks) {
    uint32_t bits = order->plan[first / 32u] >> first % 32u & ((1u << blocks) - 1u), left = order->count - first;
    return left < blocks ? bits & ((1u << left) - 1u) : bits; /* the order's last block ends its last region */
}

/* Time for @p bits one by one; the processor has no multiplication. */
static uint32_t one_by_one(uint32_t bits, uint32_t erase4_ms) {
    uint32_t ms = 0;
    for (; bits != 0; bits &= bits - 1u) ms += erase4_ms;
    return ms;
}

/* Whether the region's blocks that are not in @p bits hold nothing. */
static bool may_go(const struct order *order, const struct plan_slot *slot, uint32_t first, uint32_t blocks,
                   uint32_t bits) {
    for (uint32_t b = 0; bits != (1u << blocks) - 1u && b < blocks; b++) {
        uint32_t address = order->flash_address + (first + b) * IMAGE_BLOCK;
        if ((bits >> b & 1u) == 0 && (address < slot->payload_end || address >= slot->limit)) return false;
    }
    return true;
}

/* Whether the region is better erased at once, by an erase of @p ms (0: there is none), than in @p otherwise_ms. */
static bool at_once(const struct order *order, const struct plan_slot *slot, uint32_t first, uint32_t blocks,
                    uint32_t ms, uint32_t otherwise_ms) {
    // Regions count from FLASH_ADDRESS, the flash's own erase blocks from 0: they must coincide.
    if (ms == 0 || ms > otherwise_ms || (order->flash_address & (blocks * IMAGE_BLOCK - 1u)) != 0) return false;
    return may_go(order, slot, first, blocks, planned(order, first, blocks));
}

/* Whether 64 KiB whose blocks are all planned are better erased at once, where the flash can. */
static bool whole_at_once(const struct order *order, const struct engine *engine) {
    uint32_t half_ms = one_by_one(ALL64 >> PER32, engine->erase4_ms);
    if (engine->erase32_ms != 0 && engine->erase32_ms < half_ms) half_ms = engine->erase32_ms;
    return engine->erase64_ms != 0 && engine->erase64_ms <= 2u * half_ms &&
           (order->flash_address & (PER64 * IMAGE_BLOCK - 1u)) == 0;
}

void plan_erase(struct order *order, const struct plan_slot *slot, const struct engine *engine) {
    const bool whole = whole_at_once(order, engine);
    order->erase64 = order->erase32 = 0;
    for (uint32_t region = 0; region * PER64 < order->count; region++) {
        uint32_t halves = 0, total_ms = 0;
        if (whole && planned(order, region * PER64, PER64) == ALL64) {  // as most are: soon done
            order->erase64 |= 1u << region;
            continue;
        }
        for (uint32_t h = 0; h < 2u && region * PER64 + h * PER32 < order->count; h++) {
            uint32_t first = region * PER64 + h * PER32;
            uint32_t ms = one_by_one(planned(order, first, PER32), engine->erase4_ms);
            if (at_once(order, slot, first, PER32, engine->erase32_ms, ms)) {
                ms = engine->erase32_ms;
                halves |= 1u << h;
            }
            total_ms += ms;
        }
        if (at_once(order, slot, region * PER64, PER64, engine->erase64_ms, total_ms))
            order->erase64 |= 1u << region;
        else
            order->erase32 |= halves << 2u * region;
    }
}

#define SAMPLE_STEP (IMAGE_TABLE_ENTRIES / PLAN_SAMPLES)

/* Tables lie on block borders. Another hash that begins alike costs one comparison in vain. */
static uint32_t beginning(const uint8_t *table, uint32_t sample) {
    uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(table + sample * (SAMPLE_STEP * IMAGE_HASH), sizeof word),
                     sizeof word);
    return word;
}

void plan_remember(const uint8_t *slot_table, uint32_t samples[PLAN_SAMPLES]) {
    for (uint32_t i = 0; i < PLAN_SAMPLES; i++) samples[i] = beginning(slot_table, i);
}

bool plan_worth(const uint8_t *table, const uint32_t samples[PLAN_SAMPLES], uint32_t count) {
    for (uint32_t i = 0; i < PLAN_SAMPLES && i * SAMPLE_STEP < count; i++)
        if (beginning(table, i) == samples[i]) return true;
    return false;
}

const uint8_t plan_blank[IMAGE_HASH] = {0xf4, 0x7a, 0x8e, 0xc3, 0xe9, 0xaf, 0xf2, 0x31, 0x8d, 0x89, 0x69,
                                        0x42, 0x28, 0x2a, 0xd4, 0xfe, 0x37, 0xd6, 0x39, 0x1c, 0x82, 0x91,
                                        0x4f, 0x54, 0xa5, 0xda, 0x8a, 0x37, 0xde, 0x13, 0x00, 0xc6};

static bool is_blank(const uint8_t *table, uint32_t block) {
    const uint8_t *hash = table + block * IMAGE_HASH;
    for (uint32_t i = 0; i < IMAGE_HASH; i++)
        if (hash[i] != plan_blank[i]) return false;
    return true;
}

static bool is_set(const uint32_t *blocks, uint32_t block) {
    return (blocks[block / 32u] >> block % 32u & 1u) != 0;
}

void plan_believe(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t before[ORDER_BLOCKS / 32u],
                  const uint32_t equal[ORDER_BLOCKS / 32u], const uint8_t *table, uint32_t full, uint32_t margin) {
    uint32_t from = 0;
    while (from < ORDER_BLOCKS && (!is_set(plan, from) || is_set(equal, from))) from++;
    const uint32_t differs = from;
    while (from > 0 && margin > 0) {
        from--;
        if (from < full && is_set(plan, from) && !is_set(before, from) && !is_blank(table, from)) margin--;
    }
    for (uint32_t w = 0; w < ORDER_BLOCKS / 32u; w++) {
        if (from >= 32u * (w + 1u)) plan[w] = 0;
        if (from > 32u * w && from < 32u * (w + 1u)) plan[w] &= ~0u << (from - 32u * w);
        before[w] = plan[w] & (equal[w] | before[w]);
    }
    if (differs < ORDER_BLOCKS) before[differs / 32u] |= 1u << differs % 32u;
}
