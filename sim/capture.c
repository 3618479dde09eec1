// SPDX-License-Identifier: Apache-2.0
//
// See capture.h.
#include "sim/capture.h"

bool capture_begin(struct capture *c, const char *path, const char *program, const char *link, char *error) {
    mctp_serial_rx_init(&c->heard[false]);
    mctp_serial_rx_init(&c->heard[true]);
    c->file = pcapng_create(path, program, error);
    if (c->file) pcapng_interface(c->file, link);
    return c->file != NULL;
}

void capture_bytes(struct capture *c, uint64_t now_ns, bool to_card, const uint8_t *bytes, size_t len) {
    struct mctp_serial_rx *rx = &c->heard[to_card];
    if (!c->file) return;
    for (size_t i = 0; i < len; i++) {
        size_t packet = mctp_serial_rx_byte(rx, bytes[i]);
        if (packet) pcapng_packet(c->file, 0, to_card ? PCAPNG_INBOUND : PCAPNG_OUTBOUND, now_ns, rx->packet, packet);
    }
}

bool capture_end(struct capture *c, char *error) {
    return !c->file || pcapng_close(c->file, error);
}
