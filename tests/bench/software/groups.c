// SPDX-License-Identifier: Apache-2.0
//
// Chain and digest orders go to the engine, as in fw/hal/orders.c: a signature costs no payload byte anything, and
// simulating a processor that walks its chains would take minutes.
#include "fw/hal/orders.h"
#include "fw/image/image.h"

static uint32_t next_slot;  // order slot of the next push

/* The stream RAM is ordinary memory to the compiler. */
static void ram_changes_hands(void) {
    __asm__ volatile("" ::: "memory");
}

void orders_push_groups(enum orders_kind kind, uint32_t block, uint32_t groups, uint32_t table) {
    hal_order_t *to = (hal_order_t *)HAL_STREAM->ORDER + next_slot;
    to->WHAT = (uint32_t)kind | ORDER_RAM << ORDER_RF__WHAT__SOURCE_bp |
               (groups - 1u) / IMAGE_BLOCK_GROUPS << ORDER_RF__WHAT__COUNT_M1_bp |
               (groups - 1u) % IMAGE_BLOCK_GROUPS << ORDER_RF__WHAT__GROUPS_M1_bp | block << ORDER_RF__WHAT__DEST_bp;
    to->TABLE = table;
    for (unsigned i = 0; i < 3; i++) to->PLAN[i] = ~0u;
    ram_changes_hands();
    HAL->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__PUSH_bm | HAL_PUT(next_slot, ORDER_CTRL__SLOT);
    next_slot ^= 1u;
}

bool orders_finish(void) {
    uint32_t status;
    while (((status = HAL->ORDER_STATUS) &
            (SLUICE_REGS__ORDER_STATUS__DONE_bm | SLUICE_REGS__ORDER_STATUS__STOPPED_bm)) == 0)
        (void)hal_wait();
    ram_changes_hands();
    const bool stopped = (status & SLUICE_REGS__ORDER_STATUS__STOPPED_bm) != 0;
    HAL->ORDER_CTRL = stopped ? SLUICE_REGS__ORDER_CTRL__CLEAR_bm : SLUICE_REGS__ORDER_CTRL__ACK_bm;
    return !stopped;
}
