// SPDX-License-Identifier: Apache-2.0
//
// The SMBus that a simulated card is on: a management controller (the host), another controller, the card's own two
// pins, and the rules to which the card is held. Times are clock cycles.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/smbus_pins.h"
#include "sim/smbus_rules.h"

#ifdef __cplusplus
extern "C" {
#endif

// 7-bit addresses.
enum { SMBUS_CARD = 0x32, SMBUS_HOST = 0x10, SMBUS_OTHER = 0x58 };
enum { SMBUS_MAX_PACKET = 254 };

struct smbus_bus {
    // ---- may be changed at any time
    struct smbus_peer host, other;
    const struct smbus_transfer *chatter;  ///< what the other controller sends, in turn, for ever; NULL: nothing
    size_t chatter_count;
    uint64_t chatter_pause;  ///< cycles from the end of one to the next

    // ---- what became of it
    struct smbus_rules rules;
    uint8_t packet[SMBUS_MAX_PACKET];
    size_t packet_len;       ///< of the card's last packet to the host, 0: none since it was forgotten
    uint64_t bad;            ///< what came to the host and is no good block write
    uint64_t lost, refused;  ///< transfers of the host that lost arbitration and were sent again; that failed otherwise
    uint64_t chatter_sent;   ///< transfers of the other controller that were acknowledged to their end ...
    uint64_t chatter_failed;  ///< ... or not

    // ---- for who drives the card's pins
    bool scl, sda;  ///< the lines
    uint64_t at;    ///< the cycle in which a step is due even if the card's pins have not changed

    // ---- inside
    struct smbus_transfer *queue;  // of the host
    size_t first, len, room;
    size_t chatter_next;
    uint64_t chatter_at;
    uint64_t now;
};

void smbus_bus_init(struct smbus_bus *b, unsigned clk_hz, unsigned bit_rate);
void smbus_bus_free(struct smbus_bus *b);
/** Queues a packet of at most SMBUS_MAX_PACKET bytes from the host to the card. False when out of memory. */
bool smbus_bus_send(struct smbus_bus *b, const uint8_t *packet, size_t len);
/** Whether all of them have been sent. */
bool smbus_bus_sent(const struct smbus_bus *b);
/** Call when the card's pins changed (true: released) or in cycle @c at. */
void smbus_bus_step(struct smbus_bus *b, uint64_t now, bool card_scl, bool card_sda);

#ifdef __cplusplus
}
#endif
