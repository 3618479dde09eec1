// SPDX-License-Identifier: Apache-2.0
//
// See smbus_pins.h.
#include "sim/smbus_pins.h"

#include <string.h>

#define BITS_A_BYTE 9  // with the acknowledge bit

static const struct smbus_times classes[] = {
    {100000, 4700, 4000, 4000, 4000, 4700, 250},
    {400000, 1300, 600, 600, 600, 1300, 100},
    {1000000, 500, 260, 260, 260, 500, 50},
};

const struct smbus_times *smbus_times_for(unsigned bit_rate) {
    size_t i = 0;
    while (i + 1 < sizeof classes / sizeof *classes && classes[i].bit_rate < bit_rate) i++;
    return &classes[i];
}

uint64_t smbus_cycles(uint64_t ns, unsigned clk_hz) {
    return (ns * clk_hz + 999999999) / 1000000000;
}

// ---- transfers --------------------------------------------------------------------------------------------------

uint8_t smbus_pec(const uint8_t *bytes, size_t len) {
    unsigned pec = 0;
    for (size_t i = 0; i < len; i++) {
        pec ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) pec = pec & 0x80 ? (pec << 1 ^ 0x107) : pec << 1;
    }
    return (uint8_t)pec;
}

struct smbus_transfer smbus_block_write(uint8_t destination, uint8_t source, const uint8_t *packet, size_t len) {
    struct smbus_transfer t = {.len = len + 5};
    t.bytes[0] = (uint8_t)(destination << 1);
    t.bytes[1] = SMBUS_MCTP;
    t.bytes[2] = (uint8_t)(len + 1);
    t.bytes[3] = (uint8_t)(source << 1 | 1);
    memcpy(t.bytes + 4, packet, len);
    t.bytes[len + 4] = smbus_pec(t.bytes, len + 4);
    return t;
}

bool smbus_is_block_write(const struct smbus_transfer *t) {
    return t->len > 5 && (t->bytes[0] & 1) == 0 && t->bytes[1] == SMBUS_MCTP && t->bytes[2] + 4u == t->len &&
           (t->bytes[3] & 1) == 1 && smbus_pec(t->bytes, t->len) == 0;
}

// ---- the peer ---------------------------------------------------------------------------------------------------

void smbus_peer_init(struct smbus_peer *p, unsigned clk_hz, unsigned bit_rate, uint8_t address) {
    const struct smbus_times *t = smbus_times_for(bit_rate);
    *p = (struct smbus_peer){.address = address, .scl = true, .sda = true, .bus_scl = true, .bus_sda = true};
    p->cycles.low = smbus_cycles(t->low, clk_hz);
    p->cycles.high = smbus_cycles(t->high, clk_hz);
    // What the bit rate leaves beyond the least times goes to both.
    uint64_t period = smbus_cycles(1000000000u / bit_rate, clk_hz);
    if (period > p->cycles.low + p->cycles.high) {
        uint64_t spare = period - p->cycles.low - p->cycles.high;
        p->cycles.low += spare / 2;
        p->cycles.high += spare - spare / 2;
    }
    p->cycles.hold_start = smbus_cycles(t->hold_start, clk_hz);
    p->cycles.setup_stop = smbus_cycles(t->setup_stop, clk_hz);
    p->cycles.free = smbus_cycles(t->free, clk_hz);
    p->cycles.idle = smbus_cycles(50000, clk_hz);
    p->cycles.timeout = smbus_cycles(30000000, clk_hz);
    p->scl_at = p->sda_at = SMBUS_NEVER;
    p->at = SMBUS_NEVER;
}

void smbus_peer_send(struct smbus_peer *p, const struct smbus_transfer *transfer, uint64_t now) {
    p->out = *transfer;
    p->sending = true;
    p->acked = 0;
    p->at = now;
}

// What a step sets is on the bus in the next cycle: this is the step for a change after so many cycles.
static uint64_t after(uint64_t now, uint64_t cycles) {
    return now + cycles - 1;
}

static void let_go(struct smbus_peer *p) {
    p->scl = p->sda = true;
    p->scl_at = p->sda_at = SMBUS_NEVER;
    p->controller = p->starting = p->stopping = p->selected = false;
}

static void finish(struct smbus_peer *p, enum smbus_outcome outcome) {
    p->sending = false;
    p->outcome = outcome;
}

static void on_start(struct smbus_peer *p, uint64_t now) {
    bool controller = p->starting || (p->sending && p->join && !p->busy);
    if (p->controller) finish(p, SMBUS_LOST);  // a START in the midst of its transfer
    if (!controller) let_go(p);
    p->controller = controller;
    p->starting = p->stopping = p->selected = false;
    p->busy = true;
    p->due = SMBUS_LOST;
    p->bits = 0;
    p->seen.len = 0;
    if (p->controller) p->scl_at = after(now, p->cycles.hold_start);
}

static void on_stop(struct smbus_peer *p, uint64_t now) {
    if (p->selected && p->bits > 1) {
        p->in = p->seen;
        p->in_count++;
    }
    if (p->controller) finish(p, p->due);
    let_go(p);
    p->busy = false;
    p->free_at = after(now, p->cycles.free);
}

// Whether the target acknowledges the byte whose eight bits are in p->shift.
static bool acknowledges(struct smbus_peer *p) {
    size_t byte = p->bits / BITS_A_BYTE;
    if (byte == 0) p->selected = p->address && p->shift == p->address << 1;
    if (!p->selected || byte >= SMBUS_MAX_TRANSFER) return false;
    if (p->refusals && byte == p->refuse_byte) {
        p->refusals--;
        p->selected = false;
        return false;
    }
    bool is_pec = byte > 3 && byte == p->seen.bytes[2] + 3u;
    return !is_pec || smbus_pec(p->seen.bytes, byte) == p->shift;
}

// The clock fell: what goes on the data line, and who keeps the clock low.
static void on_fall(struct smbus_peer *p, uint64_t now) {
    bool ack_bit = p->bits % BITS_A_BYTE == BITS_A_BYTE - 1;
    size_t byte = p->bits / BITS_A_BYTE;
    if (p->starting) let_go(p);  // too late: somebody pulled the clock low first
    p->sda_at = after(now, 2);
    p->sda_next = true;
    if (p->controller) {
        p->scl = false;
        p->scl_at = after(now, p->cycles.low + p->extra_low);
        if (p->cut_bits && p->bits == p->cut_bits) {
            p->stopping = true;
            p->due = SMBUS_CUT;
        }
        if (p->stopping)
            p->sda_next = p->due == SMBUS_CUT && p->vanish;
        else if (!ack_bit)
            p->sda_next = p->out.bytes[byte] >> (7 - p->bits % BITS_A_BYTE) & 1;
    } else if (p->busy && ack_bit && acknowledges(p)) {
        p->sda_next = false;
        if (p->stretch_bytes) {
            p->stretch_bytes--;
            p->scl = false;
            p->scl_at = after(now, p->cycles.low + p->stretch);
        }
    }
}

// An acknowledge bit was sampled.
static void on_acknowledge(struct smbus_peer *p, bool acked) {
    size_t byte = p->bits / BITS_A_BYTE;
    if (p->seen.len < SMBUS_MAX_TRANSFER) p->seen.bytes[p->seen.len++] = p->shift;
    if (!p->controller) return;
    if (acked) p->acked = byte + 1;
    if (!acked || byte + 1 == p->out.len) {
        p->stopping = true;
        p->due = acked ? SMBUS_SENT : SMBUS_REFUSED;
    }
}

static void on_rise(struct smbus_peer *p, uint64_t now, bool sda) {
    if (now - p->since >= p->cycles.timeout) {
        if (p->controller) finish(p, SMBUS_TIMED_OUT);
        let_go(p);
        return;
    }
    if (p->controller && p->stopping) {
        p->sda_at = after(now, p->cycles.setup_stop);
        p->sda_next = true;
        if (p->due == SMBUS_CUT && p->vanish) {
            let_go(p);
            finish(p, SMBUS_CUT);
        }
        return;
    }
    bool ack_bit = p->bits % BITS_A_BYTE == BITS_A_BYTE - 1;
    if (p->controller && !ack_bit && p->sda && !sda) {
        let_go(p);
        finish(p, SMBUS_LOST);
    }
    if (ack_bit)
        on_acknowledge(p, !sda);
    else
        p->shift = (uint8_t)(p->shift << 1 | sda);
    p->bits++;
    if (p->controller) p->scl_at = after(now, p->cycles.high);
}

static void on_lines(struct smbus_peer *p, uint64_t now, bool scl, bool sda) {
    bool scl_was = p->bus_scl, sda_was = p->bus_sda;
    p->bus_scl = scl;
    p->bus_sda = sda;
    if (scl != scl_was) {
        if (scl)
            on_rise(p, now, sda);
        else
            on_fall(p, now);
    } else if (scl && sda != sda_was) {
        if (sda)
            on_stop(p, now);
        else
            on_start(p, now);
    } else {
        return;
    }
    p->since = now;
}

static uint64_t earlier(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

void smbus_peer_step(struct smbus_peer *p, uint64_t now, bool scl, bool sda) {
    on_lines(p, now, scl, sda);
    if (now >= p->sda_at) {
        p->sda = p->sda_next;
        p->sda_at = SMBUS_NEVER;
    }
    if (now >= p->scl_at) {
        // A controller's clock falls after its high time, everybody's rises after its low time.
        p->scl = !p->scl;
        p->scl_at = SMBUS_NEVER;
    }
    bool high = scl && sda, may_start = p->sending && !p->controller && !p->starting && !p->join;
    if (p->busy && high && now - p->since >= p->cycles.idle) {
        p->busy = false;
        p->free_at = now;
    }
    if (may_start && !p->busy && high && now >= p->free_at) {
        p->starting = true;
        p->sda = false;
    }
    p->at = earlier(p->scl_at, p->sda_at);
    if (p->busy && high) p->at = earlier(p->at, p->since + p->cycles.idle);
    if (may_start && !p->busy && !p->starting) p->at = earlier(p->at, p->free_at > now ? p->free_at : now + 1);
}
