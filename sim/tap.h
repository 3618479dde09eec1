// SPDX-License-Identifier: Apache-2.0
//
// Listens to the serial link and counts what a bench asks about: when RequestFirmwareData were sent, for how many bytes,
// and how many instructions the processor ran between the first and the last of each component.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/mctp_serial.h"
#include "sim/card.h"

/** Sums over all component transfers seen; a transfer spans its first to its last RequestFirmwareData. */
struct tap_totals {
    uint64_t transfers;
    uint64_t requests;      ///< RequestFirmwareData, repeats included
    uint64_t bytes;         ///< asked for by them
    uint64_t ns;            ///< simulated time inside the spans
    uint64_t instructions;  ///< fetched by the processor inside the spans
    uint64_t waiting;       ///< cycles inside the spans in which the processor was held in EVENT
};

struct tap {
    struct mctp_serial_rx from_card;
    const struct card *card;
    bool open;  ///< inside a span
    uint64_t first_ns, last_ns;
    struct card_counts first, last;
    struct tap_totals totals;
};

void tap_init(struct tap *tap, const struct card *card);

/** Bytes that the card has just sent. To be called each time card_run came back, else instants are late. */
void tap_sent(struct tap *tap, const uint8_t *bytes, size_t len);

/** Totals so far, a span that is still open included up to its last request. */
struct tap_totals tap_totals(const struct tap *tap);
