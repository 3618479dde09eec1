// SPDX-License-Identifier: Apache-2.0
//
// Watches what the card drives on an SMBus, and holds it to the times of SMBus 3 and to the manners of a bus with other
// controllers. Times are in clock cycles at the pins.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sim/smbus_pins.h"

#ifdef __cplusplus
extern "C" {
#endif

struct smbus_rules {
    struct {
        uint64_t low, high, period, hold_start, setup_stop, free, setup_data, notice, idle, stretch, timeout;
    } least_most;
    bool card_scl, card_sda, scl, sda;  // as of the last step
    bool started;                       // START was the last event on the bus ...
    bool own, foreign;                  // which the card made; which others made by the rules
    bool busy;
    uint64_t rise_at, fall_at, start_at, stop_at, high_since, card_sda_at, card_low_at;
    uint64_t stretched;  // in this transfer
    bool sends;          // the card is the controller of this transfer
    const char *broken;  ///< the first rule that was broken, NULL: none
    uint64_t broken_at;  ///< cycle
};

void smbus_rules_init(struct smbus_rules *r, unsigned clk_hz, unsigned bit_rate);
/** Call when a line changed. @p card_scl and @p card_sda say what the card drives (true: released), the others what the
 * bus then carries. */
void smbus_rules_step(struct smbus_rules *r, uint64_t now, bool card_scl, bool card_sda, bool scl, bool sda);

#ifdef __cplusplus
}
#endif
