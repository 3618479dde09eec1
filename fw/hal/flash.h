// SPDX-License-Identifier: Apache-2.0
//
// The SPI NOR: identification, the engine's settings for it, and the journal's sectors.
#pragma once
#include "fw/hal/orders.h"
#include "fw/hal/sfdp.h"
#include "fw/update/journal.h"

#define FLASH_CHIP_SPAN 0x40000000u  // with several chips: chip n begins at n times this

/** One short transaction with chip @p chip: @p opcode, @p writes bytes of @p out (least significant first), then @p
 * reads bytes.
 * @return the bytes read, least significant first */
uint32_t flash_command(unsigned chip, uint8_t opcode, uint32_t out, unsigned writes, unsigned reads);

/** Wakes a chip from power-down and waits for what a reset left running in it, at most 8 s. @return its JEDEC ID as
 * manufacturer << 16 | type << 8 | capacity; all ones where there is no chip */
uint32_t flash_wake(unsigned chip);

/** Identifies the first chip by SFDP, else by its @p id, counts those of the same kind behind it, enables four data
 * lines where build and part have them, and tells the engine. @return false when the part cannot be used */
bool flash_init(uint32_t id, struct flash_parameters *out);

/** Whether @p size bytes from @p address are within one of the chips. */
bool flash_holds(const struct flash_parameters *flash, uint32_t address, uint32_t size);

/** Journal operations on the sectors at board_journal; blocking, through RAM block ORDERS_SCRATCH. */
extern const struct journal_flash flash_journal;
