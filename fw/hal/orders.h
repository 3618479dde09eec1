// SPDX-License-Identifier: Apache-2.0
//
// The stream engine's order queue, and blocking helpers for what is too small or too early to be done otherwise.
#pragma once
#include "fw/hal/sluice.h"
#include "fw/update/engine.h"

#define ORDERS_SCRATCH 3u  // RAM block of the blocking helpers: a table's during a transfer, free otherwise

/** Start of RAM block @p block. */
static inline uint8_t *orders_ram(uint32_t block) {
    return (uint8_t *)HAL_STREAM_RAM + block * 4096u;
}

/** Queues an order; the caller keeps the number outstanding at ORDER_QUEUE or less. */
void orders_push(const struct order *order);

/** Queues an order that hashes @p groups 64-byte groups from RAM block @p block on, @p table being a byte of the stream
 * RAM: ORDERS_DIGEST, with the digest to @p table; ORDERS_LMS_DIGEST, of an LMS message with a hole; ORDERS_CHAINS,
 * which walks a chain for each 64 groups into that block, from the values ORDERS_BEFORE_VALUES behind @p table;
 * ORDERS_TREE, which climbs a level for each 64 groups, and one with the rest, from the path likewise. */
enum orders_kind {
    ORDERS_DIGEST = 1u << ORDER_RF__WHAT__DIGEST_bp,
    ORDERS_CHAINS = 1u << ORDER_RF__WHAT__CHAIN_bp,
    ORDERS_TREE = ORDERS_CHAINS | 1u << ORDER_RF__WHAT__TREE_bp,
    ORDERS_LMS_DIGEST = ORDERS_DIGEST | ORDERS_CHAINS
};
#define ORDERS_BEFORE_VALUES 24u
void orders_push_groups(enum orders_kind kind, uint32_t block, uint32_t groups, uint32_t table);

/** Waits until the oldest order is done. @return false when the engine stopped; nothing is queued then */
bool orders_finish(void);

/** Gives up all orders; orders_poll() reports the stop. */
void orders_abort(void);

/** What the engine has to say since the last call; acknowledges completions and clears a stop.
 * @param stopped set when it stopped; @p reason is then ORDER_STATUS.reason
 * @return completed orders */
unsigned orders_poll(bool *stopped, unsigned *reason);

/** Which of the @p count blocks of an acknowledged compare order were equal, with @p behind orders pushed behind it,
 * fewer than ORDER_QUEUE: bit i%32 of word i/32 for block i. */
void orders_equal(uint32_t blocks[ORDER_BLOCKS / 32u], uint32_t count, unsigned behind);

/** Blocks finished of the order that is running, 0 when that is not known. */
uint8_t orders_finished(void);

/** Runs one order while nothing else is queued. @return whether it was completed rather than stopped */
bool orders_run(const struct order *order);

/** Reads @p groups * 64 bytes at flash address @p address into the RAM blocks from @p block on. */
bool orders_read(uint32_t address, uint32_t block, uint32_t groups);

/** The same; the SHA-256 of each block must be the entry at byte @p table of the stream RAM and behind it. @return
 * false also when one is not */
bool orders_read_checked(uint32_t address, uint32_t block, uint32_t groups, uint32_t table);

/** Programs @p groups * 64 bytes (1..64, whole pages) from RAM block @p block, erasing the 4 KiB first if @p erase. */
bool orders_write(uint32_t address, uint8_t block, uint8_t groups, bool erase);
