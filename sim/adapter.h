// SPDX-License-Identifier: Apache-2.0
//
// What a client of the simulator is plugged into: bytes of a serial line (DSP0253) on its side, one of the card's links
// on the other. At the card's serial line they are the line's own bytes; for the packet port and the SMBus each good
// frame is one packet, so any program that speaks to a serial line reaches every link.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/mctp_serial.h"
#include "sim/card.h"

enum adapter_link { ADAPTER_SERIAL, ADAPTER_PACKET, ADAPTER_SMBUS, ADAPTER_UNKNOWN };

struct adapter {
    struct card *card;
    enum adapter_link link;
    struct mctp_serial_rx rx;
    uint8_t frame[MCTP_SERIAL_MAX_FRAME];
};

/** The link of that name: "serial", "packet" or "smbus", else ADAPTER_UNKNOWN. */
enum adapter_link adapter_link_find(const char *name);

void adapter_init(struct adapter *a, struct card *card, enum adapter_link link);
/** Takes the client's bytes; they leave at the link's own pace. False when out of memory. */
bool adapter_send(struct adapter *a, const uint8_t *bytes, size_t len);
/** Bytes for the client, of what the card sent in the last card_run; they stay valid until the next one. */
const uint8_t *adapter_received(struct adapter *a, size_t *len);
