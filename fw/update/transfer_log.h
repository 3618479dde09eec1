// SPDX-License-Identifier: Apache-2.0
//
// The log of a transfer in the slot itself: what a later transfer, after a cut, may believe of what it finds there.
// While a slot is invalid its header block 0 is erased and waits for the manifest; meanwhile it holds the log, a record
// a 64-byte group, written before the order that it tells of, in a block that is not erased until the image is whole:
//
//   page 0        FFh: no manifest
//   page 1 .. 14  from group 0 of page 1 on: LOG_HEAD, then records as orders begin
//   page 15       not FFh: nothing in the slot may be believed
//
// An order without a record was not begun: its blocks are what they were before the transfer, and solid. Blocks of a
// record's plan may have been cut while they were erased or programmed, may read right today and wrong tomorrow
// (docs/power-loss.md); plan_believe() says which of them are fetched again although they are equal.
#pragma once
#include "fw/update/transfer.h"

/** Header block 0 erased, then LOG_HEAD. */
void order_invalidate(const struct transfer *t, uint32_t i, struct order *order);
enum transfer_result invalidated(struct transfer *t, uint32_t i);
/** What is there in place of a manifest, into SCRATCH_BLOCK: is it a log? */
void order_open_log(const struct transfer *t, uint32_t i, struct order *order);
void log_opened(struct transfer *t);
/** The whole of it into the ring, for what it says of order @p k. */
void order_find_log(const struct transfer *t, uint32_t k, struct order *order);
enum transfer_result log_found(struct transfer *t, uint32_t k);
/** The record for order @p k. */
void order_write_log(const struct transfer *t, uint32_t k, struct order *order);
enum transfer_result log_written(struct transfer *t, uint32_t k);
/** That record was read back wrong: a cut may have left bits in a page that looked blank. On with the page behind it,
 * or without a record if page 15 said before that nothing may be believed. @return false: neither can be */
bool log_moves_on(struct transfer *t);
/** Whether order @p k, some of whose blocks are planned, needs a record. */
bool log_wanted(const struct transfer *t, uint32_t k);
/** Order @p k was compared: takes off its plan what may be believed. */
void log_compared(struct transfer *t, uint32_t k, const uint32_t equal[4]);
