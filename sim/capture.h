// SPDX-License-Identifier: Apache-2.0
//
// The packets on a card's link as a capture file (host/pcapng.h): the bytes of both directions come in as they cross
// the link, every good frame among them is a packet. Directions are the card's: inbound is what it receives.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/mctp_serial.h"
#include "host/pcapng.h"

struct capture {
    struct pcapng *file;             ///< NULL: nothing is captured
    struct mctp_serial_rx heard[2];  ///< from the card, and to it
};

/** Makes the file. False with @p error, PCAPNG_ERROR_TEXT bytes. @param link  its name in the file */
bool capture_begin(struct capture *c, const char *path, const char *program, const char *link, char *error);

/** Takes bytes that crossed the link by @p now_ns. */
void capture_bytes(struct capture *c, uint64_t now_ns, bool to_card, const uint8_t *bytes, size_t len);

/** False with @p error when not all could be written. */
bool capture_end(struct capture *c, char *error);
