// SPDX-License-Identifier: Apache-2.0
//
// Orders: from struct order to the words of order_rf, and ORDER_CTRL/ORDER_STATUS.
#include "fw/hal/orders.h"

#include "fw/image/image.h"

#define EQUAL_WORDS (ORDER_BLOCKS / 4u)
#define DIFFERS     0x01010101u  // in EQUAL, until the engine says otherwise

static uint32_t next_slot;    // order slot of the next push
static uint32_t outstanding;  // orders pushed and not acknowledged

/* The stream RAM is ordinary memory to the compiler: what was written to it must be there before the engine looks, and
 * what the engine wrote must not be in a register. */
static void ram_changes_hands(void) {
    __asm__ volatile("" ::: "memory");
}

static uint32_t what(const struct order *order) {
    return (uint32_t)order->source << ORDER_RF__WHAT__SOURCE_bp | (order->check ? ORDER_RF__WHAT__CHECK_bm : 0u) |
           (order->sink ? ORDER_RF__WHAT__SINK_bm : 0u) | (order->keep ? ORDER_RF__WHAT__KEEP_bm : 0u) |
           (order->no_erase ? ORDER_RF__WHAT__NO_ERASE_bm : 0u) | (order->compare ? ORDER_RF__WHAT__COMPARE_bm : 0u) |
           (order->count - 1u) << ORDER_RF__WHAT__COUNT_M1_bp | (order->groups - 1u) << ORDER_RF__WHAT__GROUPS_M1_bp |
           (uint32_t)order->dest << ORDER_RF__WHAT__DEST_bp;
}

static void push(void) {
    ram_changes_hands();
    HAL->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__PUSH_bm | HAL_PUT(next_slot, ORDER_CTRL__SLOT);
    next_slot ^= 1u;
    outstanding++;
}

/* The bytes of EQUAL that belong to order slot @p slot, four blocks a word. */
static volatile uint32_t *equal_words(uint32_t slot) {
    return HAL_STREAM->EQUAL + slot * EQUAL_WORDS;
}

void orders_push(const struct order *order) {
    for (uint32_t i = 0; order->compare && i < order->count; i += 4u) equal_words(next_slot)[i / 4u] = DIFFERS;
    hal_order_t *to = (hal_order_t *)HAL_STREAM->ORDER + next_slot;
    to->WHAT = what(order);
    to->IMAGE_OFFSET = order->image_offset;
    to->FLASH_ADDRESS = order->flash_address;
    to->TABLE = order->table;
    for (unsigned i = 0; i < 4; i++) to->PLAN[i] = order->plan[i];
    to->ERASE = order->erase64 << ORDER_RF__ERASE__ERASE64_bp | order->erase32 << ORDER_RF__ERASE__ERASE32_bp;
    push();
}

/* An order that writes no flash; for a flash one, or one of more than 32 blocks, the other words are there already. */
static void push_groups(uint32_t what_bits, uint32_t block, uint32_t groups) {
    hal_order_t *to = (hal_order_t *)HAL_STREAM->ORDER + next_slot;
    to->WHAT = what_bits | (groups - 1u) / IMAGE_BLOCK_GROUPS << ORDER_RF__WHAT__COUNT_M1_bp |
               (groups - 1u) % IMAGE_BLOCK_GROUPS << ORDER_RF__WHAT__GROUPS_M1_bp | block << ORDER_RF__WHAT__DEST_bp;
    to->PLAN[0] = ~0u;
    push();
}

void orders_push_groups(enum orders_kind kind, uint32_t block, uint32_t groups, uint32_t table) {
    hal_order_t *to = (hal_order_t *)HAL_STREAM->ORDER + next_slot;
    to->TABLE = table;
    for (unsigned i = 1; i < 3; i++) to->PLAN[i] = ~0u;
    push_groups((uint32_t)kind | ORDER_RAM << ORDER_RF__WHAT__SOURCE_bp, block, groups);
}

void orders_abort(void) {
    HAL->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__ABORT_bm;
}

unsigned orders_poll(bool *stopped, unsigned *reason) {
    uint32_t status = HAL->ORDER_STATUS;
    unsigned done = HAL_GET(status, ORDER_STATUS__DONE);
    ram_changes_hands();
    for (unsigned i = 0; i < done; i++) HAL->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__ACK_bm;
    outstanding -= done;
    *stopped = (status & SLUICE_REGS__ORDER_STATUS__STOPPED_bm) != 0;
    *reason = HAL_GET(status, ORDER_STATUS__REASON);
    if (*stopped) {
        HAL->ORDER_CTRL = SLUICE_REGS__ORDER_CTRL__CLEAR_bm;
        outstanding = 0;
    }
    return done;
}

void orders_equal(uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind) {
    const volatile uint32_t *words = equal_words((next_slot ^ behind ^ 1u) & 1u);
    for (uint32_t w = 0; w < ORDER_BLOCKS / 32u; w++) blocks[w] = 0;
    for (uint32_t i = 0; i < count; i += 4u) {
        uint32_t four = *words++;
        blocks[i / 32u] |= (~(four | four >> 7 | four >> 14 | four >> 21) & 15u) << i % 32u;
    }
}

/* ORDER_STATUS.block belongs to the running order when its slot is that of the oldest order. Slots take turns, so what
 * the order before left there has the other slot. */
uint8_t orders_finished(void) {
    uint32_t status = HAL->ORDER_STATUS;
    uint32_t running = (next_slot ^ outstanding) & 1u;
    if (outstanding == 0 || HAL_GET(status, ORDER_STATUS__SLOT) != running) return 0;
    return (uint8_t)(HAL_GET(status, ORDER_STATUS__BLOCK) + 1u);
}

bool orders_finish(void) {
    uint32_t status;
    while (((status = HAL->ORDER_STATUS) &
            (SLUICE_REGS__ORDER_STATUS__DONE_bm | SLUICE_REGS__ORDER_STATUS__STOPPED_bm)) == 0)
        (void)hal_wait();
    ram_changes_hands();
    bool stopped = (status & SLUICE_REGS__ORDER_STATUS__STOPPED_bm) != 0;
    HAL->ORDER_CTRL = stopped ? SLUICE_REGS__ORDER_CTRL__CLEAR_bm : SLUICE_REGS__ORDER_CTRL__ACK_bm;
    outstanding = stopped ? 0 : outstanding - 1u;
    return !stopped;
}

bool orders_run(const struct order *order) {
    hal_timer(0);  // the only event to wait for, but for packets
    orders_push(order);
    return orders_finish();
}

static bool read_groups(uint32_t what_bits, uint32_t address, uint32_t block, uint32_t groups, uint32_t table) {
    hal_order_t *to = (hal_order_t *)HAL_STREAM->ORDER + next_slot;
    to->FLASH_ADDRESS = address;
    to->TABLE = table;
    for (unsigned i = 1; i < 4; i++) to->PLAN[i] = ~0u;
    hal_timer(0);  // the only event to wait for, but for packets
    push_groups(what_bits | ORDER_FLASH << ORDER_RF__WHAT__SOURCE_bp | ORDER_RF__WHAT__KEEP_bm, block, groups);
    return orders_finish();
}

bool orders_read(uint32_t address, uint32_t block, uint32_t groups) {
    return read_groups(0, address, block, groups, 0);
}

bool orders_read_checked(uint32_t address, uint32_t block, uint32_t groups, uint32_t table) {
    return read_groups(ORDER_RF__WHAT__CHECK_bm, address, block, groups, table);
}

bool orders_write(uint32_t address, uint8_t block, uint8_t groups, bool erase) {
    const struct order order = {.source = ORDER_RAM,
                                .sink = true,
                                .no_erase = !erase,
                                .count = 1,
                                .groups = groups,
                                .dest = block,
                                .flash_address = address,
                                .plan = {1}};
    return orders_run(&order);
}
