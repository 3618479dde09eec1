// SPDX-License-Identifier: Apache-2.0
//
// Erase plans: the largest erases, and never one that takes what must stay.
#include "fw/update/planner.h"

#include <stdlib.h>

#include "tests/check.h"

#define BASE 0x200000u

static struct order plan(uint32_t address, uint8_t count, struct plan_slot slot) {
    struct order order = {.sink = true, .count = count, .flash_address = address};
    order_plan_all(&order);
    plan_erase(&order, &slot, true, true);
    return order;
}

static void check_plan(struct order order, uint32_t erase64, uint32_t erase32) {
    CHECK_EQ(order.erase64, erase64);
    CHECK_EQ(order.erase32, erase32);
}

static void cases(void) {
    const struct plan_slot roomy = {BASE + 128 * 4096, BASE + 0x100000};
    check_plan(plan(BASE, 128, roomy), 0xFF, 0);
    // The payload ends in a region: what is behind it may go.
    check_plan(plan(BASE, 22, (struct plan_slot){BASE + 22 * 4096, BASE + 0x100000}), 3, 0);
    // Too few blocks there for 64 KiB, enough for 32; too few for both.
    check_plan(plan(BASE, 21, (struct plan_slot){BASE + 21 * 4096, BASE + 0x100000}), 1, 4);
    check_plan(plan(BASE, 19, (struct plan_slot){BASE + 19 * 4096, BASE + 0x100000}), 1, 0);
    // The header begins in the region, in its second or its first half.
    check_plan(plan(BASE, 22, (struct plan_slot){BASE + 22 * 4096, BASE + 30 * 4096}), 1, 4);
    check_plan(plan(BASE, 22, (struct plan_slot){BASE + 22 * 4096, BASE + 23 * 4096}), 1, 0);
    // Slots that are not on a 64 KiB or 32 KiB border.
    check_plan(plan(BASE + 0x8000, 128, (struct plan_slot){BASE + 0x88000, BASE + 0x100000}), 0, 0xFFFF);
    check_plan(plan(BASE + 0x1000, 128, (struct plan_slot){BASE + 0x81000, BASE + 0x100000}), 0, 0);
}

static void holes(void) {
    const struct plan_slot slot = {BASE + 32 * 4096, BASE + 0x100000};
    struct order order = {.sink = true, .count = 32, .flash_address = BASE};
    order_plan_all(&order);
    order.plan[0] &= ~(1u << 9);  // block 9 stays as it is
    plan_erase(&order, &slot, true, true);
    check_plan(order, 2, 1);
    plan_erase(&order, &slot, false, true);
    check_plan(order, 2, 0);
    plan_erase(&order, &slot, true, false);
    check_plan(order, 0, 0xD);
}

static void plans_all(void) {
    for (unsigned count = 1; count <= ORDER_BLOCKS; count++) {
        struct order order = {.count = (uint8_t)count};
        order_plan_all(&order);
        for (unsigned b = 0; b < ORDER_BLOCKS; b++) CHECK_EQ(order.plan[b / 32] >> b % 32 & 1u, b < count);
    }
}

/* Against the rule itself: an erase covers only planned blocks and the gap between payload and header. */
static void random_plans(void) {
    const char *env = getenv("SEED");
    uint32_t seed = env ? (uint32_t)strtoul(env, NULL, 0) : 1;
    printf("# SEED=%u\n", seed);
    for (int round = 0; round < 5000 && check_ok; round++) {
        uint32_t r[8];
        for (int i = 0; i < 8; i++) r[i] = (seed = seed * 1664525u + 1013904223u) >> 8;
        struct order order = {.count = (uint8_t)(1 + r[0] % 128), .flash_address = BASE + r[1] % 32 * 4096};
        for (int i = 0; i < 4; i++) order.plan[i] = r[2] % 3 == 0 ? r[3 + i] * 2654435761u : UINT32_MAX;
        uint32_t end = order.flash_address + order.count * 4096u;
        const struct plan_slot slot = {end, end + r[7] % 20 * 4096};
        plan_erase(&order, &slot, true, true);
        for (unsigned half = 0; half < 16; half++) {
            bool by64 = (order.erase64 >> half / 2 & 1u) != 0, by32 = (order.erase32 >> half & 1u) != 0;
            CHECK(!(by64 && by32));
            if (!by64 && !by32) continue;
            CHECK_EQ(order.flash_address % (by64 ? 0x10000u : 0x8000u), 0);
            for (unsigned b = half * 8; b < half * 8 + 8; b++) {
                uint32_t address = order.flash_address + b * 4096;
                bool rewritten = b < order.count && (order.plan[b / 32] >> b % 32 & 1u) != 0;
                CHECK(rewritten || (address >= slot.payload_end && address < slot.limit));
            }
        }
    }
}

int main(void) {
    TEST("given whole and partial regions when their erases are planned then the largest safe ones are taken") cases();
    TEST("given a block that stays when erases are planned then no larger erase covers it") holes();
    TEST("given any number of blocks when all are planned then exactly these bits are set") plans_all();
    TEST("given random plans when erases are planned then they cover nothing that must stay") random_plans();
    return check_result();
}
