// SPDX-License-Identifier: Apache-2.0
//
// Plans: whether a table has entries of another; erases that take the least time and never what must stay.
#include "fw/update/planner.h"

#include <stdlib.h>

#include "tests/check.h"

#define BASE 0x200000u

/* Typical milliseconds of 4, 32 and 64 KiB; 0: the part has no such erase. */
static const struct engine w25q128jv = {.erase4_ms = 64, .erase32_ms = 128, .erase64_ms = 160, .program_ms = 12},
                           mt25q = {.erase4_ms = 48, .erase32_ms = 112, .erase64_ms = 160},
                           mx66l = {.erase4_ms = 30, .erase32_ms = 160, .erase64_ms = 288}, only4 = {.erase4_ms = 45},
                           no32 = {.erase4_ms = 64, .erase64_ms = 160}, no64 = {.erase4_ms = 64, .erase32_ms = 128};

static void check_plan(const struct order *order, uint32_t erase64, uint32_t erase32) {
    CHECK_EQ(order->erase64, erase64);
    CHECK_EQ(order->erase32, erase32);
}

/* @p count blocks from @p address, which end the payload; the header begins @p limit blocks behind BASE. */
static void check_tail(const struct engine *part, uint32_t address, uint8_t count, uint32_t limit, uint32_t erase64,
                       uint32_t erase32) {
    struct order order = {.sink = true, .count = count, .flash_address = address};
    plan_all(order.plan, order.count);
    plan_erase(&order, BASE + limit * 4096u, part);
    check_plan(&order, erase64, erase32);
}

static void cases(void) {
    check_tail(&w25q128jv, BASE, 128, 256, 0xFF, 0);
    // The payload ends in a region, what is behind it may go: 1, 2, 8, 9 blocks of 64 ms against 128 and 160 ms.
    check_tail(&w25q128jv, BASE, 17, 256, 1, 0);
    check_tail(&w25q128jv, BASE, 18, 256, 1, 4);
    check_tail(&w25q128jv, BASE, 24, 256, 1, 4);
    check_tail(&w25q128jv, BASE, 25, 256, 3, 0);
    // Where small erases are fast: 5, 6 blocks of 30 ms against 160 ms, 12, 14 against 288 ms.
    check_tail(&mx66l, BASE, 21, 256, 1, 0);
    check_tail(&mx66l, BASE, 22, 256, 1, 4);
    check_tail(&mx66l, BASE, 25, 256, 1, 4);
    check_tail(&mx66l, BASE, 28, 256, 1, 4);
    check_tail(&mx66l, BASE, 30, 256, 3, 0);
    // As fast either way: the larger one.
    check_tail(&mt25q, BASE, 3, 256, 0, 1);
    check_tail(&mt25q, BASE, 4, 256, 0, 1);
    check_tail(&mt25q, BASE, 9, 256, 1, 0);
    // The header begins in the region, in its second or its first half.
    check_tail(&w25q128jv, BASE, 22, 30, 1, 4);
    check_tail(&w25q128jv, BASE, 22, 23, 1, 0);
    // Slots that are not on a 64 KiB or 32 KiB border.
    check_tail(&w25q128jv, BASE + 0x8000, 128, 256, 0, 0xFFFF);
    check_tail(&w25q128jv, BASE + 0x1000, 128, 256, 0, 0);
    // Parts without the larger ones.
    check_tail(&only4, BASE, 128, 256, 0, 0);
    check_tail(&no32, BASE, 18, 256, 1, 0);
    check_tail(&no64, BASE, 18, 256, 0, 7);
}

static void holes(void) {
    const uint32_t limit = BASE + 0x100000;
    struct order order = {.sink = true, .count = 32, .flash_address = BASE};
    plan_all(order.plan, order.count);
    order.plan[0] &= ~(1u << 9);  // block 9 stays as it is
    plan_erase(&order, limit, &w25q128jv);
    check_plan(&order, 2, 1);
    plan_erase(&order, limit, &no32);
    check_plan(&order, 2, 0);
    plan_erase(&order, limit, &no64);
    check_plan(&order, 0, 0xD);
}

/* Half regions at 128 ms, whole ones at 160 ms against 64 ms a block, 16 ms to have a block again. */
static void widens(void) {
    static const struct {
        uint32_t plan, count, limit, added;
    } cases[] = {
        {0x0FFF, 16, 256, 0xF000},  // 160 + 4 * 16 ms against 128 + 4 * 64 ms
        {0x000F, 16, 256, 0x00F0},  // 128 + 4 * 16 ms against 4 * 64 ms
        {0x0007, 16, 256, 0},       // 128 + 5 * 16 ms against 3 * 64 ms
        {0x5555, 16, 256, 0xAAAA},  // 160 + 8 * 16 ms against 8 * 64 ms
        {0x1111, 16, 256, 0},       // 160 + 12 * 16 ms against 4 * 64 ms
        {0xF00F, 16, 256, 0x0FF0},  // 160 + 8 * 16 ms against twice 128 + 4 * 16 ms
        {0, 16, 256, 0},            //
        {0x03F7, 10, 256, 0x0008},  // what is behind the payload may go without being fetched
        {0x03F7, 10, 12, 0x0008},   // the header begins in the region: its lower half alone
        {0x0300, 10, 12, 0},        //
        {0x0F00, 12, 14, 0},        // nor the upper half
    };
    const struct engine *part = &w25q128jv;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned shift = 0; shift < 32; shift += 16) {
            const struct plan_place place = {BASE, cases[i].count + shift, BASE + (cases[i].limit + shift) * 4096u};
            uint32_t plan[4] = {cases[i].plan << shift}, before[4] = {0};
            plan_widen(plan, before, &place, 16 - part->program_ms, part);
            CHECK_EQ(plan[0], (cases[i].plan | cases[i].added) << shift);
            CHECK_EQ(before[0], cases[i].added << shift);
            CHECK_EQ(plan[1] | plan[2] | plan[3] | before[1] | before[2] | before[3], 0);
        }
    }
}

static void plans_all(void) {
    for (unsigned count = 1; count <= ORDER_BLOCKS; count++) {
        struct order order = {.count = (uint8_t)count};
        plan_all(order.plan, order.count);
        for (unsigned b = 0; b < ORDER_BLOCKS; b++) CHECK_EQ(order.plan[b / 32] >> b % 32 & 1u, b < count);
    }
}

static bool planned(const struct order *order, unsigned block) {
    return block < order->count && (order->plan[block / 32] >> block % 32 & 1u) != 0;
}

/* Whether blocks [first, first + blocks) may be erased at once: aligned, and all of them planned or in the gap. */
static bool allowed(const struct order *order, uint32_t limit, unsigned first, unsigned blocks) {
    bool may = order->flash_address % (blocks * 4096u) == 0;
    for (unsigned b = first; b < first + blocks; b++) {
        uint32_t address = order->flash_address + b * 4096;
        may = may && (planned(order, b) || (b >= order->count && address < limit));
    }
    return may;
}

/* Time of what the plan says for half a region. */
static unsigned half_ms(const struct order *order, const struct engine *part, unsigned half, bool by32) {
    unsigned ms = 0;
    for (unsigned b = half * 8; b < half * 8 + 8; b++) ms += planned(order, b) ? part->erase4_ms : 0u;
    return by32 ? part->erase32_ms : ms;
}

/* The erases that are planned for a region. */
static unsigned planned_ms(const struct order *order, const struct engine *part, unsigned region) {
    const unsigned bits = order->erase32 >> 2 * region & 3u;
    if ((order->erase64 >> region & 1u) != 0) return part->erase64_ms;
    return half_ms(order, part, region * 2, bits & 1u) + half_ms(order, part, region * 2 + 1, bits >> 1);
}

/* Every way to erase the region that the rule allows: none is faster than the plan. */
static void check_region(const struct order *order, uint32_t limit, const struct engine *part, unsigned region) {
    unsigned best = UINT32_MAX, bits = order->erase32 >> 2 * region & 3u;
    bool by64 = (order->erase64 >> region & 1u) != 0;
    for (unsigned way = 0; way < 4; way++) {
        unsigned ms = 0;
        bool may = true;
        for (unsigned h = 0; h < 2; h++) {
            bool by32 = (way >> h & 1u) != 0;
            may = may && (!by32 || (part->erase32_ms != 0 && allowed(order, limit, region * 16 + h * 8, 8)));
            ms += half_ms(order, part, region * 2 + h, by32);
        }
        if (may && ms < best) best = ms;
    }
    if (part->erase64_ms != 0 && part->erase64_ms < best && allowed(order, limit, region * 16, 16))
        best = part->erase64_ms;
    CHECK(!by64 || bits == 0);
    CHECK(!by64 || allowed(order, limit, region * 16, 16));
    for (unsigned h = 0; h < 2; h++) CHECK((bits >> h & 1u) == 0 || allowed(order, limit, region * 16 + h * 8, 8));
    CHECK_EQ(planned_ms(order, part, region), best);
}

/* Least time for the region's erases, with blocks of the order fetched again for @p again_ms each. */
static unsigned widened_ms(const struct order *order, uint32_t limit, const struct engine *part, unsigned region,
                           unsigned again_ms) {
    const unsigned first = region * 16, room = (limit - order->flash_address) / 4096u;
    unsigned total = 0, whole = part->erase64_ms;
    for (unsigned h = 0; h < 2; h++) {
        unsigned at_once = part->erase32_ms, ms = half_ms(order, part, region * 2 + h, false), again = 0;
        for (unsigned b = first + h * 8; b < first + h * 8 + 8; b++)
            again += b < order->count && !planned(order, b) ? again_ms : 0;
        at_once += again;
        whole += again;
        const bool may = at_once != again && order->flash_address % 0x8000u == 0 && first + h * 8 + 8 <= room;
        total += may && at_once < ms ? at_once : ms;
    }
    const bool may = part->erase64_ms != 0 && order->flash_address % 0x10000u == 0 && first + 16 <= room;
    return may && whole < total ? whole : total;
}

/* @p order is widened, and planned anew: no other way is faster, and nothing is lost from the plan. */
static void check_widened(struct order *order, uint32_t limit, const struct engine *part, unsigned fetch_ms) {
    const struct plan_place place = {order->flash_address, order->count, limit};
    const struct order narrow = *order;
    uint32_t before[4] = {0};
    plan_widen(order->plan, before, &place, fetch_ms, part);
    plan_erase(order, limit, part);
    for (unsigned w = 0; w < 4; w++) CHECK_EQ(order->plan[w] & ~narrow.plan[w], before[w]);
    for (unsigned w = 0; w < 4; w++) CHECK_EQ(narrow.plan[w] & ~order->plan[w], 0);
    for (unsigned b = order->count; b < ORDER_BLOCKS; b++) CHECK_EQ(before[b / 32] >> b % 32 & 1u, 0);
    for (unsigned region = 0; region < 8; region++) {
        unsigned ms = planned_ms(order, part, region);
        for (unsigned b = region * 16; b < region * 16 + 16; b++)
            ms += (before[b / 32] >> b % 32 & 1u) != 0 ? fetch_ms + part->program_ms : 0;
        CHECK_EQ(ms, widened_ms(&narrow, limit, part, region, fetch_ms + part->program_ms));
        check_region(order, limit, part, region);
    }
}

static void random_plans(void) {
    static const struct engine *const parts[] = {&w25q128jv, &mt25q, &mx66l, &only4, &no32, &no64};
    const char *env = getenv("SEED");
    uint32_t seed = env ? (uint32_t)strtoul(env, NULL, 0) : 1;
    printf("# SEED=%u\n", seed);
    for (int round = 0; round < 20000 && check_ok; round++) {
        uint32_t r[9];
        for (int i = 0; i < 9; i++) r[i] = (seed = seed * 1664525u + 1013904223u) >> 8;
        const struct engine *part = parts[r[8] % (sizeof parts / sizeof parts[0])];
        static const uint32_t steps[] = {1, 8, 16};
        uint32_t start = r[1] % 32 * steps[r[1] / 32 % 3] * 4096;
        struct order order = {.count = (uint8_t)(1 + r[0] % 128), .flash_address = BASE + start};
        plan_all(order.plan, order.count);
        for (int i = 0; i < 4 && r[2] % 3 == 0; i++) order.plan[i] &= r[3 + i] * 2654435761u;
        uint32_t end = order.flash_address + order.count * 4096u;
        const uint32_t limit = end + r[7] % 20 * 4096;
        plan_erase(&order, limit, part);
        for (unsigned region = 0; region < 8; region++) check_region(&order, limit, part, region);
        check_widened(&order, limit, part, 1 + r[7] / 32 % 50);
    }
}

/* Two tables with nothing in common but one byte run of one entry. */
static void worth(void) {
    static _Alignas(4) uint8_t slot_table[IMAGE_BLOCK], table[IMAGE_BLOCK];
    static const struct {
        unsigned entry, bytes, count;
        bool seen;
    } cases[] = {{0, 4, 128, true},   {120, 4, 128, true}, {64, 32, 65, true}, {64, 32, 64, false},
                 {64, 3, 128, false}, {7, 32, 128, false}, {8, 32, 9, true}};
    uint32_t samples[PLAN_SAMPLES];
    for (unsigned i = 0; i < IMAGE_BLOCK; i++) slot_table[i] = (uint8_t)(i * 2654435761u >> 24);
    plan_remember(slot_table, samples);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned b = 0; b < IMAGE_BLOCK; b++) table[b] = (uint8_t)~slot_table[b];
        memcpy(table + cases[i].entry * IMAGE_HASH, slot_table + cases[i].entry * IMAGE_HASH, cases[i].bytes);
        CHECK_EQ(plan_worth(table, samples, cases[i].count), cases[i].seen);
    }
    for (unsigned entry = 0; entry + 8 <= IMAGE_TABLE_ENTRIES; entry++) {
        for (unsigned b = 0; b < IMAGE_BLOCK; b++) table[b] = (uint8_t)~slot_table[b];
        memcpy(table + entry * IMAGE_HASH, slot_table + entry * IMAGE_HASH, 8 * IMAGE_HASH);
        CHECK(plan_worth(table, samples, IMAGE_TABLE_ENTRIES));
    }
}

/* Of the first 32 blocks of an order. */
static void believes(void) {
    static const struct {
        uint32_t plan, before, equal, blank;
        unsigned full, margin;
        uint32_t want, want_before;
    } cases[] = {
        {0xFF, 0, 0x0F, 0, 128, 1, 0xF8, 0x18},     // cut in block 4: block 3 may be weak
        {0xFF, 0, 0x0F, 0, 128, 2, 0xFC, 0x1C},     // or equal by chance
        {0xFF, 0, 0x0F, 0x0C, 128, 1, 0xFE, 0x1E},  // what is erased equals a block of FFh
        {0xFF, 0, 0x0F, 0x0F, 128, 1, 0xFF, 0x1F},  // nothing is known to be programmed
        {0xFF, 0, 0x00, 0, 128, 1, 0xFF, 0x01},     // nor here
        {0xFF, 0, 0xFF, 0, 128, 1, 0x80, 0x80},     // the last one may have been cut at its end
        {0xFF, 0, 0xFF, 0, 7, 1, 0xC0, 0xC0},       // a short one counts as if it were blank
        {0xF0, 0, 0x3F, 0, 128, 1, 0xE0, 0x60},     // blocks outside the plan were not touched
        {0xFF, 0, 0xEF, 0, 128, 1, 0xF8, 0xF8},     // equal ones above it are not believed
        {0xFF, 0x0C, 0x0F, 0, 128, 1, 0xFE, 0x1E},  // equal before: not known to be programmed
        {0xFF, 0x04, 0x0B, 0, 128, 1, 0xFE, 0x0E},  // and now it differs
        {0xFF, 0xFF, 0xFF, 0, 128, 1, 0xFF, 0xFF},  // none is known to be
        {0, 0, 0xFF, 0, 128, 1, 0, 0},
    };
    static uint8_t table[IMAGE_BLOCK];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t plan[4] = {cases[i].plan}, before[4] = {cases[i].before}, equal[4] = {cases[i].equal};
        memset(table, 0x5A, sizeof table);
        for (unsigned b = 0; b < 32; b++)
            if ((cases[i].blank >> b & 1u) != 0) memcpy(table + b * IMAGE_HASH, plan_blank, IMAGE_HASH);
        plan_believe(plan, before, equal, table, cases[i].full, cases[i].margin);
        CHECK_EQ(plan[0], cases[i].want);
        CHECK_EQ(before[0], cases[i].want_before);
        CHECK_EQ(plan[1] | plan[2] | plan[3] | before[1] | before[2] | before[3], 0);
    }
}

/* In all words: of an order whose blocks up to the cut are equal, all but the last one of those is believed. */
static void believes_anywhere(void) {
    static uint8_t table[IMAGE_BLOCK];
    memset(table, 0x5A, sizeof table);
    for (uint32_t cut = 1; cut <= ORDER_BLOCKS; cut++) {
        uint32_t plan[4], before[4] = {0}, equal[4], gone[4], all[4];
        plan_all(plan, ORDER_BLOCKS);
        plan_all(all, ORDER_BLOCKS);
        plan_all(equal, cut);
        plan_all(gone, cut - 1u);
        plan_believe(plan, before, equal, table, ORDER_BLOCKS, 1);
        for (unsigned w = 0; w < 4; w++) CHECK_EQ(plan[w], all[w] & ~gone[w]);
    }
}

int main(void) {
    TEST("given whole and partial regions when their erases are planned then the fastest safe ones are taken") cases();
    TEST("given a block that stays when erases are planned then no larger erase covers it") holes();
    TEST("given equal blocks among others when a plan is widened then by those that are faster to fetch than to spare")
    widens();
    TEST("given any number of blocks when all are planned then exactly these bits are set") plans_all();
    TEST("given two tables when they are held against each other then a run of eight equal entries is never missed")
    worth();
    TEST("given what is equal after a cut when it is judged then only what must have been programmed is believed")
    believes();
    TEST("given a cut at any block when its order is judged then all below the block before it is believed")
    believes_anywhere();
    TEST(
        "given random plans when erases are planned then they cover nothing that must stay and no way is faster, "
        "widened or not")
    random_plans();
    return check_result();
}
