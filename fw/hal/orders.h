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

/** Describes the engine of this build; its functions are the ones below. */
void orders_init(struct engine *engine);

/** Queues an order; the caller keeps the number outstanding at ORDER_QUEUE or less. */
void orders_push(const struct order *order);

/** Gives up all orders; orders_poll() reports the stop. */
void orders_abort(void);

/** What the engine has to say since the last call; acknowledges completions and clears a stop.
 * @param stopped set when it stopped; @p reason is then ORDER_STATUS.reason
 * @return completed orders */
unsigned orders_poll(bool *stopped, unsigned *reason);

/** Runs one order while nothing else is queued. @return whether it was completed rather than stopped */
bool orders_run(const struct order *order);

/** Reads @p groups * 64 bytes (1..64) at flash address @p address into RAM block @p block. */
bool orders_read(uint32_t address, uint8_t block, uint8_t groups);

/** Programs @p groups * 64 bytes (1..64, whole pages) from RAM block @p block, erasing the 4 KiB first if @p erase. */
bool orders_write(uint32_t address, uint8_t block, uint8_t groups, bool erase);
