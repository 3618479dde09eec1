// SPDX-License-Identifier: Apache-2.0
//
// Plans; see planner.h for the rules.
#include "fw/update/planner.h"

void plan_all(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t count) {
    for (uint32_t first = 0; first < ORDER_BLOCKS; first += 32u)
        *plan++ = count >= first + 32u ? ~0u : count > first ? (1u << (count - first)) - 1u : 0;
}

#define PER64    (0x10000u / IMAGE_BLOCK)
#define PER32    (PER64 / 2u)
#define ALL64    ((1u << PER64) - 1u)
#define ALL32    ((1u << PER32) - 1u)
#define WHOLE    4u  // of a region's erases: all of it at once; bits 0 and 1: its halves
#define NO_ERASE (UINT32_MAX / 4u)

/* One aligned 64 KiB region of an order's blocks; bit b is its b-th block. */
struct region {
    uint32_t planned;
    uint32_t again;   // not planned: may be erased if they are fetched again
    uint32_t may_go;  // all these, and those between the payload's end and the header
};

/* Milliseconds of the erases that can be had where the order's blocks begin, and of fetching a block again. */
struct erases {
    uint32_t ms4, ms32, ms64, again_ms;
};

/* Regions count from the order's first block, the flash's own erase blocks from 0: they must coincide. */
static struct erases erases_at(uint32_t address, const struct engine *engine, uint32_t again_ms) {
    const bool at32 = engine->erase32_ms != 0 && address % (PER32 * IMAGE_BLOCK) == 0;
    const bool at64 = engine->erase64_ms != 0 && address % (PER64 * IMAGE_BLOCK) == 0;
    return (struct erases){engine->erase4_ms, at32 ? engine->erase32_ms : NO_ERASE,
                           at64 ? engine->erase64_ms : NO_ERASE, again_ms};
}

/* Time for @p blocks of half a region one by one; the processor has no multiplication. */
static uint32_t one_by_one(uint32_t blocks, uint32_t each_ms) {
    uint32_t ms = 0;
    if (blocks == ALL32) return each_ms * PER32;
    for (; blocks != 0; blocks &= blocks - 1u) ms += each_ms;
    return ms;
}

/* The erases of a region that take the least time: WHOLE, or a bit for each half that is erased at once. */
static uint32_t fastest(const struct region *region, const struct erases *erases) {
    uint32_t halves = 0, total_ms = 0, whole_ms = erases->ms64;
    for (uint32_t h = 0; h < 2u; h++) {
        uint32_t ms = one_by_one(region->planned >> h * PER32 & ALL32, erases->ms4);
        const uint32_t again_ms = one_by_one(region->again >> h * PER32 & ALL32, erases->again_ms);
        if (erases->ms32 + again_ms <= ms && (region->may_go >> h * PER32 & ALL32) == ALL32) {
            ms = erases->ms32 + again_ms;
            halves |= 1u << h;
        }
        total_ms += ms;
        whole_ms += again_ms;
    }
    return whole_ms <= total_ms && region->may_go == ALL64 ? WHOLE : halves;
}

static uint32_t first_bits(uint32_t count) {
    return count < PER64 ? (1u << count) - 1u : ALL64;
}

/* Region @p r of an order of @p count blocks; @p room of them would fit below the header. */
static struct region region_of(const uint32_t plan[ORDER_BLOCKS / 32u], uint32_t r, uint32_t count, uint32_t room) {
    const uint32_t planned = plan[r / 2u] >> r % 2u * PER64 & ALL64;
    const uint32_t behind = first_bits(room - r * PER64) & ~first_bits(count - r * PER64);
    return (struct region){planned, 0, planned | behind};
}

void plan_widen(uint32_t plan[ORDER_BLOCKS / 32u], uint32_t before[ORDER_BLOCKS / 32u], const struct plan_place *place,
                uint32_t fetch_ms, const struct engine *engine) {
    const uint32_t room = (place->limit - place->address) / IMAGE_BLOCK;
    const struct erases erases = erases_at(place->address, engine, fetch_ms + engine->program_ms);
    for (uint32_t r = 0; r * PER64 < place->count; r++) {
        struct region region = region_of(plan, r, place->count, room);
        region.again = first_bits(place->count - r * PER64) & ~region.planned;
        region.may_go |= region.again;
        const uint32_t chosen = fastest(&region, &erases);
        const uint32_t erased = chosen == WHOLE ? ALL64 : (chosen & 1u) * ALL32 | (chosen >> 1) * (ALL32 << PER32);
        const uint32_t added = (erased & region.again) << r % 2u * PER64;
        plan[r / 2u] |= added;
        before[r / 2u] |= added;
    }
}

void plan_erase(struct order *order, uint32_t limit, const struct engine *engine) {
    const uint32_t room = (limit - order->flash_address) / IMAGE_BLOCK;
    const struct erases erases = erases_at(order->flash_address, engine, 0);
    const struct region full = {ALL64, 0, ALL64};
    const bool whole = fastest(&full, &erases) == WHOLE;
    order->erase64 = order->erase32 = 0;
    for (uint32_t r = 0; r * PER64 < order->count; r++) {
        if (whole && order->plan[r / 2u] == ~0u) {  // both regions of the word, as most are: soon done
            order->erase64 |= 3u << r;
            r++;
            continue;
        }
        const struct region region = region_of(order->plan, r, order->count, room);
        const uint32_t chosen = fastest(&region, &erases);
        if (chosen == WHOLE)
            order->erase64 |= 1u << r;
        else
            order->erase32 |= chosen << 2u * r;
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
#pragma GCC unroll 4
    for (uint32_t i = 0; i < PLAN_SAMPLES; i++) samples[i] = beginning(slot_table, i);
}

bool plan_worth(const uint8_t *table, const uint32_t samples[PLAN_SAMPLES], uint32_t count) {
    const uint32_t there = (count + SAMPLE_STEP - 1u) / SAMPLE_STEP;
    for (uint32_t i = 0; i < there; i++)
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
