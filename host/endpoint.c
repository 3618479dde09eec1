// SPDX-License-Identifier: Apache-2.0
//
// Promises of endpoint.h.
#include "host/endpoint.h"

#include <string.h>

void endpoint_init(struct endpoint *e, uint8_t own_eid, void (*write)(void *ctx, const uint8_t *bytes, size_t len),
                   void *ctx) {
    memset(e, 0, sizeof *e);
    e->own_eid = own_eid;
    e->write = write;
    e->ctx = ctx;
    e->assembler.buffer = e->buffer;
    e->assembler.size = sizeof e->buffer;
    mctp_serial_rx_init(&e->rx);
}

bool endpoint_byte(struct endpoint *e, uint8_t byte, struct mctp_message *out) {
    const size_t len = mctp_serial_rx_byte(&e->rx, byte);
    if (len == 0) return false;
    if (e->tap != NULL) e->tap(e->ctx, false, e->rx.packet, len);
    const uint8_t destination = e->rx.packet[1];
    if (destination != e->own_eid && destination != MCTP_EID_NULL) return false;
    return mctp_assemble(&e->assembler, e->rx.packet, len, out);
}

static bool emit(void *context, const uint8_t *head, size_t head_len, const uint8_t *body, size_t body_len) {
    const struct endpoint *e = context;
    uint8_t packet[MCTP_SERIAL_MAX_PACKET], frame[MCTP_SERIAL_MAX_FRAME];
    if (head_len + body_len > sizeof packet) return false;
    memcpy(packet, head, head_len);
    if (body_len != 0) memcpy(packet + head_len, body, body_len);
    const size_t len = mctp_serial_encode(packet, head_len + body_len, frame, sizeof frame);
    if (len == 0) return false;
    if (e->tap != NULL) e->tap(e->ctx, true, packet, head_len + body_len);
    e->write(e->ctx, frame, len);
    return true;
}

bool endpoint_send(struct endpoint *e, const struct mctp_message *message) {
    return mctp_split(message, MCTP_BASELINE_MTU, emit, e);
}
