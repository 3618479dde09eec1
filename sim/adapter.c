// SPDX-License-Identifier: Apache-2.0
//
// See adapter.h.
#include "sim/adapter.h"

#include <string.h>

enum adapter_link adapter_link_find(const char *name) {
    static const char *const names[ADAPTER_UNKNOWN] = {
        [ADAPTER_SERIAL] = "serial", [ADAPTER_PACKET] = "packet", [ADAPTER_SMBUS] = "smbus"};
    unsigned i = 0;
    while (i < ADAPTER_UNKNOWN && strcmp(names[i], name) != 0) i++;
    return (enum adapter_link)i;
}

void adapter_init(struct adapter *a, struct card *card, enum adapter_link link) {
    *a = (struct adapter){.card = card, .link = link};
    mctp_serial_rx_init(&a->rx);
    if (link == ADAPTER_SMBUS) a->rx.max = SMBUS_MAX_PACKET;
}

bool adapter_send(struct adapter *a, const uint8_t *bytes, size_t len) {
    if (a->link == ADAPTER_SERIAL) return card_send(a->card, bytes, len);
    bool good = true;
    for (size_t i = 0; i < len && good; i++) {
        const size_t n = mctp_serial_rx_byte(&a->rx, bytes[i]);
        if (n == 0) continue;
        good = a->link == ADAPTER_PACKET ? card_packet_send(a->card, a->rx.packet, n, false)
                                         : smbus_bus_send(card_smbus(a->card), a->rx.packet, n);
    }
    return good;
}

const uint8_t *adapter_received(struct adapter *a, size_t *len) {
    if (a->link == ADAPTER_SERIAL) return card_received(a->card, len);
    const struct smbus_bus *bus = card_smbus(a->card);
    size_t packet_len = bus->packet_len;
    const uint8_t *packet = bus->packet;
    if (a->link == ADAPTER_PACKET) packet = card_packet_received(a->card, &packet_len);
    *len = packet_len ? mctp_serial_encode(packet, packet_len, a->frame, sizeof a->frame) : 0;
    return a->frame;
}
