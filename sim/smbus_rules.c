// SPDX-License-Identifier: Apache-2.0
//
// See smbus_rules.h.
#include "sim/smbus_rules.h"

#include <stddef.h>

void smbus_rules_init(struct smbus_rules *r, unsigned clk_hz, unsigned bit_rate) {
    const struct smbus_times *t = smbus_times_for(bit_rate);
    *r = (struct smbus_rules){.card_scl = true, .card_sda = true, .scl = true, .sda = true};
    r->least_most.low = smbus_cycles(t->low, clk_hz);
    r->least_most.high = smbus_cycles(t->high, clk_hz);
    r->least_most.period = smbus_cycles(1000000000u / bit_rate, clk_hz);
    r->least_most.hold_start = smbus_cycles(t->hold_start, clk_hz);
    r->least_most.setup_stop = smbus_cycles(t->setup_stop, clk_hz);
    r->least_most.free = smbus_cycles(t->free, clk_hz);
    r->least_most.setup_data = smbus_cycles(t->setup_data, clk_hz);
    r->least_most.notice = smbus_cycles(500, clk_hz);
    r->least_most.idle = smbus_cycles(50000, clk_hz);
    r->least_most.stretch = smbus_cycles(25000000, clk_hz);
    r->least_most.timeout = smbus_cycles(35000000, clk_hz);
    r->busy = true;
}

static void require(struct smbus_rules *r, bool holds, const char *rule, uint64_t now) {
    if (holds || r->broken) return;
    r->broken = rule;
    r->broken_at = now;
}

// The card pulled the clock low first.
static void on_card_clock_fall(struct smbus_rules *r, uint64_t now) {
    // Another's START in the midst of its own transfer it cannot know at once.
    bool foreign = r->started && r->foreign, surprised = now - r->start_at <= r->least_most.notice;
    require(r, r->sends && (!foreign || surprised), "only the controller of a transfer pulls a high clock low", now);
    if (r->started && r->own) require(r, now - r->start_at >= r->least_most.hold_start, "tHD:STA: START is held", now);
    if (r->started) return;
    require(r, now - r->rise_at >= r->least_most.high, "tHIGH: the clock stays high", now);
    require(r, now - r->fall_at >= r->least_most.period, "fSMB: a bit lasts", now);
}

// The card moved the data line while the clock was high.
static void on_card_data(struct smbus_rules *r, uint64_t now, bool sda) {
    if (sda) {
        bool lets_go = now - r->rise_at >= r->least_most.stretch;  // of a bus that is dead
        require(r, r->sends || lets_go, "only the controller of a transfer makes STOP", now);
        require(r, now - r->rise_at >= r->least_most.setup_stop, "tSU:STO: the clock is high before STOP", now);
        return;
    }
    // Another's START may be on the bus already, not yet seen.
    bool joins = r->started && now - r->start_at <= r->least_most.hold_start;
    bool stopped = !r->busy && now - r->stop_at >= r->least_most.free;
    bool idle = r->scl && r->sda && now - r->high_since >= r->least_most.idle;
    require(r, joins || stopped || idle, "tBUF: START only on a bus that is free", now);
    r->sends = true;
    r->own = true;
    r->foreign = false;
}

static void on_card(struct smbus_rules *r, uint64_t now, bool card_scl, bool card_sda) {
    if (r->card_scl && !card_scl) {
        if (r->scl) on_card_clock_fall(r, now);
        r->card_low_at = now;
    }
    if (!r->card_scl && card_scl) {
        require(r, now - r->fall_at >= r->least_most.low || now - r->card_low_at >= r->least_most.timeout / 2,
                "tLOW: the clock stays low", now);
        uint64_t held = now - r->fall_at;
        require(r, held <= r->least_most.timeout, "tTIMEOUT: the clock is let go", now);
        if (held > r->least_most.low && !r->sends) r->stretched += held - r->least_most.low;
        require(r, r->stretched <= r->least_most.stretch, "tLOW:SEXT: a target stretches by no more than", now);
    }
    if (r->card_sda != card_sda) {
        if (r->scl && card_scl) on_card_data(r, now, card_sda);
        r->card_sda_at = now;
    }
    r->card_scl = card_scl;
    r->card_sda = card_sda;
}

static void on_bus(struct smbus_rules *r, uint64_t now, bool scl, bool sda) {
    if (scl && !r->scl) {
        require(r, now - r->card_sda_at >= r->least_most.setup_data, "tSU:DAT: data are there before the clock", now);
        r->rise_at = now;
    } else if (!scl && r->scl) {
        r->fall_at = now;
        r->started = false;
    } else if (scl && r->sda && !sda) {
        r->started = r->busy = true;
        r->start_at = now;
        r->stretched = 0;
        r->own = !r->card_sda;
        r->foreign = r->card_sda && now - r->rise_at >= r->least_most.setup_stop;
        if (r->foreign && now - r->high_since >= r->least_most.idle) r->sends = false;
    } else if (scl && !r->sda && sda) {
        r->busy = r->sends = false;
        r->stop_at = now;
    }
    if (scl && sda && !(r->scl && r->sda)) r->high_since = now;
    r->scl = scl;
    r->sda = sda;
}

void smbus_rules_step(struct smbus_rules *r, uint64_t now, bool card_scl, bool card_sda, bool scl, bool sda) {
    on_card(r, now, card_scl, card_sda);
    on_bus(r, now, scl, sda);
}
