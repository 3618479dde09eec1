// SPDX-License-Identifier: Apache-2.0
//
// MCTP messages over a stream of serial bytes: framing (host/mctp_serial.h) and packets (fw/mctp/mctp.h) put together.
// No I/O: bytes come in one at a time, frames leave through a callback.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fw/mctp/mctp.h"
#include "host/agent.h"
#include "host/mctp_serial.h"

/** One end of a link. To be made ready by endpoint_init() only. */
struct endpoint {
    uint8_t own_eid;
    void *ctx;
    void (*write)(void *ctx, const uint8_t *bytes, size_t len); /* takes a frame's bytes */
    /** Hears of every packet that is sent, and of every good one that is received, whomever it is for. NULL, or set
     * after endpoint_init(). */
    void (*tap)(void *ctx, bool sent, const uint8_t *packet, size_t len);
    struct mctp_serial_rx rx;
    struct mctp_assembler assembler;
    uint8_t buffer[AGENT_MAX_MESSAGE];
};

void endpoint_init(struct endpoint *e, uint8_t own_eid, void (*write)(void *ctx, const uint8_t *bytes, size_t len),
                   void *ctx);

/** Takes one byte of the link. @return true when @p out holds a whole message to the own EID or to EID 0; it points
 * into the endpoint, until the next byte */
bool endpoint_byte(struct endpoint *e, uint8_t byte, struct mctp_message *out);

/** Sends one message in packets of the baseline size; false when its tag is not 0 to 7. */
bool endpoint_send(struct endpoint *e, const struct mctp_message *message);
