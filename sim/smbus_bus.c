// SPDX-License-Identifier: Apache-2.0
//
// See smbus_bus.h.
#include "sim/smbus_bus.h"

#include <stdlib.h>
#include <string.h>

void smbus_bus_init(struct smbus_bus *b, unsigned clk_hz, unsigned bit_rate) {
    *b = (struct smbus_bus){.scl = true, .sda = true, .at = SMBUS_NEVER};
    smbus_peer_init(&b->host, clk_hz, bit_rate, SMBUS_HOST);
    smbus_peer_init(&b->other, clk_hz, bit_rate, SMBUS_OTHER);
    smbus_rules_init(&b->rules, clk_hz, bit_rate);
}

void smbus_bus_free(struct smbus_bus *b) {
    free(b->queue);
    b->queue = NULL;
    b->first = b->len = b->room = 0;
}

bool smbus_bus_sent(const struct smbus_bus *b) {
    return b->len == 0 && !b->host.sending;
}

bool smbus_bus_send(struct smbus_bus *b, const uint8_t *packet, size_t len) {
    if (b->first + b->len == b->room) {
        const size_t room = b->room < 64 ? 64 : 2 * b->room;
        struct smbus_transfer *more = malloc(room * sizeof *more);
        if (!more) return false;
        if (b->len) memcpy(more, b->queue + b->first, b->len * sizeof *more);
        free(b->queue);
        b->queue = more;
        b->room = room;
        b->first = 0;
    }
    b->queue[b->first + b->len++] = smbus_block_write(SMBUS_CARD, SMBUS_HOST, packet, len);
    b->at = b->now;
    return true;
}

// ---- the host
// -----------------------------------------------------------------------------------------------------------

/** A transfer of the host has ended: one that lost arbitration stays at the head of the queue. */
static void end_of_host(struct smbus_bus *b) {
    if (b->host.outcome == SMBUS_LOST) {
        b->lost++;
        return;
    }
    if (b->host.outcome != SMBUS_SENT) b->refused++;
    b->first++;
    if (--b->len == 0) b->first = 0;
}

static void receive(struct smbus_bus *b) {
    const struct smbus_transfer *in = &b->host.in;
    if (!smbus_is_block_write(in)) {
        b->bad++;
        return;
    }
    if (in->bytes[3] != (SMBUS_CARD << 1 | 1)) return;
    b->packet_len = in->len - 5;
    memcpy(b->packet, in->bytes + 4, b->packet_len);
}

static void step_host(struct smbus_bus *b) {
    const bool was_sending = b->host.sending;
    const uint64_t received = b->host.in_count;
    smbus_peer_step(&b->host, b->now, b->scl, b->sda);
    if (b->host.in_count != received) receive(b);
    if (was_sending && !b->host.sending) end_of_host(b);
    if (!b->host.sending && b->len) smbus_peer_send(&b->host, &b->queue[b->first], b->now + 1);
}

// ---- the other controller
// -------------------------------------------------------------------------------------------------

static void step_other(struct smbus_bus *b) {
    const bool was_sending = b->other.sending;
    smbus_peer_step(&b->other, b->now, b->scl, b->sda);
    if (was_sending && !b->other.sending) {
        if (b->other.outcome == SMBUS_SENT)
            b->chatter_sent++;
        else
            b->chatter_failed++;
        b->chatter_at = b->now + b->chatter_pause;
    }
    if (!b->chatter || b->other.sending || b->now < b->chatter_at) return;
    smbus_peer_send(&b->other, &b->chatter[b->chatter_next++ % b->chatter_count], b->now + 1);
}

// ---- the lines
// --------------------------------------------------------------------------------------------------------------

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

void smbus_bus_step(struct smbus_bus *b, uint64_t now, bool card_scl, bool card_sda) {
    b->now = now;
    b->scl = b->host.scl && b->other.scl && card_scl;
    b->sda = b->host.sda && b->other.sda && card_sda;
    smbus_rules_step(&b->rules, now, card_scl, card_sda, b->scl, b->sda);
    step_host(b);
    step_other(b);
    b->at = earlier(b->host.at, b->other.at);
    if (b->chatter && !b->other.sending) b->at = earlier(b->at, b->chatter_at);
    // What they drive now is on the lines in the next cycle.
    const bool scl = b->host.scl && b->other.scl && card_scl, sda = b->host.sda && b->other.sda && card_sda;
    if (scl != b->scl || sda != b->sda) b->at = now + 1;
}
