// SPDX-License-Identifier: Apache-2.0
//
// Listens to what the card sends on its serial link, or at its packet port, and counts what a bench asks about: for
// each component transfer the requests, the bytes, the time, the instructions and the flash operations.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/mctp_serial.h"
#include "sim/card.h"

/** Sums over all component transfers. A transfer begins with its first RequestFirmwareData and ends with
 * TransferComplete (or, while it is under way, with its last RequestFirmwareData so far). */
struct tap_totals {
    uint64_t transfers;
    uint64_t requests;      ///< RequestFirmwareData, repeats included
    uint64_t bytes;         ///< asked for by them
    uint64_t ns;            ///< simulated time of the transfers
    uint64_t request_ns;    ///< the part of it between first and last RequestFirmwareData
    uint64_t instructions;  ///< fetched by the processor between first and last RequestFirmwareData
    uint64_t pages, erases_4k, erases_32k, erases_64k;  ///< flash operations of the transfers
    uint64_t link_idle, flash_idle;                     ///< what COUNT_LINK_IDLE and COUNT_FLASH_IDLE counted in them
};

struct tap_instant {
    uint64_t ns;
    struct card_counts counts;
    struct card_engine engine;
    struct nor_stats flash;
};

struct tap {
    struct mctp_serial_rx rx;
    struct card *card;
    bool open;  ///< inside a transfer
    struct tap_instant first, last;
    struct tap_totals totals;
};

void tap_init(struct tap *tap, struct card *card);

/** Bytes that the card has just sent. To be called each time card_run came back, else instants are late. */
void tap_sent(struct tap *tap, const uint8_t *bytes, size_t len);

/** A packet that the card has just sent at its packet port. */
void tap_packet(struct tap *tap, const uint8_t *packet, size_t len);

/** Totals so far, a transfer under way included. */
struct tap_totals tap_totals(const struct tap *tap);

/** What an ideal writer would need for the transfers' flash operations one after the other: the part's erase and
 * program times plus, at the card's SCK, write-enable, command, address and data of each program and one status byte of
 * each, and the read-back of each page. It uses four lines for data, and for a program's address, where the part has
 * instructions for that (3Eh before 34h, 32h; 6Ch, 6Bh). */
uint64_t tap_ideal_flash_ns(const struct tap_totals *totals, const struct nor_part *part, bool maximum_timing);
