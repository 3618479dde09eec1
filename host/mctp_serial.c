/* SPDX-License-Identifier: Apache-2.0
 *
 * DSP0253 frames; the promise is in mctp_serial.h.
 */
#include "host/mctp_serial.h"

#include <stdbool.h>
#include <string.h>

enum state { HUNT, DATA, ESCAPED, FCS_HIGH, FCS_LOW, END };

uint16_t mctp_serial_fcs(uint16_t fcs, uint8_t byte) {
    fcs ^= byte;
    for (int bit = 0; bit < 8; bit++) fcs = (uint16_t)((fcs >> 1) ^ ((fcs & 1) ? 0x8408 : 0));
    return fcs;
}

size_t mctp_serial_encode(const uint8_t *packet, size_t len, uint8_t *out, size_t room) {
    if (len < MCTP_SERIAL_MIN_PACKET || len > MCTP_SERIAL_MAX_PACKET) return 0;
    size_t need = 6 + len;
    for (size_t i = 0; i < len; i++) need += packet[i] == MCTP_SERIAL_FLAG || packet[i] == MCTP_SERIAL_ESCAPE;
    if (need > room) return 0;

    size_t at = 0;
    out[at++] = MCTP_SERIAL_FLAG;
    out[at++] = MCTP_SERIAL_REVISION;
    out[at++] = (uint8_t)len;
    uint16_t fcs = mctp_serial_fcs(mctp_serial_fcs(0xffff, MCTP_SERIAL_REVISION), (uint8_t)len);
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = packet[i];
        fcs = mctp_serial_fcs(fcs, byte);
        if (byte == MCTP_SERIAL_FLAG || byte == MCTP_SERIAL_ESCAPE) {
            out[at++] = MCTP_SERIAL_ESCAPE;
            byte ^= 0x20;
        }
        out[at++] = byte;
    }
    out[at++] = (uint8_t)(fcs >> 8);
    out[at++] = (uint8_t)fcs;
    out[at++] = MCTP_SERIAL_FLAG;
    return at;
}

void mctp_serial_rx_init(struct mctp_serial_rx *rx) {
    memset(rx, 0, sizeof *rx);
    rx->max = MCTP_SERIAL_MAX_PACKET;
}

/* Reads the byte as part of a frame's beginning; `start` says how much of 7e 01 came before it. */
static void begin(struct mctp_serial_rx *rx, uint8_t byte) {
    uint8_t start = rx->start;
    bool counted = rx->state != HUNT; /* the bytes re-read belong to a frame that is counted already */
    rx->start = 0;
    rx->state = HUNT;
    if (start == 2 && byte >= MCTP_SERIAL_MIN_PACKET && byte <= rx->max) {
        rx->state = DATA;
        rx->need = byte;
        rx->have = 0;
        rx->fcs = mctp_serial_fcs(mctp_serial_fcs(0xffff, MCTP_SERIAL_REVISION), byte);
        return;
    }
    if (start == 2 && !counted) rx->bad_frames++;
    if (byte == MCTP_SERIAL_FLAG)
        rx->start = 1;
    else if (start == 1 && byte == MCTP_SERIAL_REVISION)
        rx->start = 2;
}

static void fail(struct mctp_serial_rx *rx, uint8_t byte) {
    rx->bad_frames++;
    begin(rx, byte);
}

static void data(struct mctp_serial_rx *rx, uint8_t byte) {
    rx->packet[rx->have++] = byte;
    rx->fcs = mctp_serial_fcs(rx->fcs, byte);
    rx->start = 0;
    rx->state = rx->have == rx->need ? FCS_HIGH : DATA;
}

/* One byte of the FCS. A right one may nevertheless be a flag or a revision byte: remembered in `start`. */
static void check(struct mctp_serial_rx *rx, uint8_t byte, uint8_t want, enum state next) {
    if (byte != want) {
        fail(rx, byte);
        return;
    }
    if (byte == MCTP_SERIAL_FLAG)
        rx->start = 1;
    else
        rx->start = rx->start == 1 && byte == MCTP_SERIAL_REVISION ? 2 : 0;
    rx->state = (uint8_t)next;
}

size_t mctp_serial_rx_byte(struct mctp_serial_rx *rx, uint8_t byte) {
    switch ((enum state)rx->state) {
        case HUNT:
            begin(rx, byte);
            break;
        case DATA:
            if (byte == MCTP_SERIAL_FLAG)
                fail(rx, byte);
            else if (byte == MCTP_SERIAL_ESCAPE)
                rx->state = ESCAPED;
            else
                data(rx, byte);
            break;
        case ESCAPED:
            byte ^= 0x20;
            if (byte == MCTP_SERIAL_FLAG || byte == MCTP_SERIAL_ESCAPE)
                data(rx, byte);
            else
                fail(rx, byte ^ 0x20);
            break;
        case FCS_HIGH:
            check(rx, byte, (uint8_t)(rx->fcs >> 8), FCS_LOW);
            break;
        case FCS_LOW:
            check(rx, byte, (uint8_t)rx->fcs, END);
            break;
        case END:
            if (byte != MCTP_SERIAL_FLAG) {
                fail(rx, byte);
                break;
            }
            rx->start = 1;
            rx->state = HUNT;
            return rx->need;
    }
    return 0;
}

void mctp_serial_rx_line_error(struct mctp_serial_rx *rx) {
    if (rx->state != HUNT || rx->start == 2) rx->bad_frames++;
    rx->state = HUNT;
    rx->start = 0;
}
