// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (rtl/hash/sha256.sv) between two events, as sim/shifters.h has the shift registers: while it
// works on a block nobody else notices. It works in the model's own registers, which are more than one would carry
// to and fro.
#pragma once
#include <cstdint>

#include "Vsluice_soc___024root.h"

class HashShifter {
   public:
    explicit HashShifter(Vsluice_soc___024root &root) : r(root) {}

    bool moving() const { return count != kIdle; }

    // Whether the coming clock edge neither asks for a word, nor takes one, nor has to do with a digest's, nor begins
    // or ends.
    bool quiet() const {
        if (!moving()) return at_rest == 7;
        return !is_word && !is_digest && count >> 4 != 0 && !reads_digest() && next() != kIdle;
    }

    void step() {
        if (!moving()) return;
        const uint32_t item = digest, k_or_h = item + w();
        const uint32_t s1_ch = ring_round ? sum1(e) + ((e & f) ^ (~e & g)) : 0;
        const uint32_t s0_maj = ring_round ? sum0(a) + ((a & b) ^ (a & c) ^ (b & c)) : 0;
        const uint32_t t1 = hkw + s1_ch, sum = k_or_h + g;
        step_table();
        step_schedule();
        hkw = is_initial ? k_or_h : sum;
        g = f;
        f = e;
        e = ring_round ? d + t1 : d;
        d = c;
        c = b;
        b = a;
        a = t1 + s0_maj;
        ring_round = is_schedule;
        ring_store = is_initial | is_chaining;
        is_schedule = !(count & 64) && count & 0x30;
        is_initial = (count & 0x58) == 0x58;
        is_chaining = (count & 0x58) == 0x40;
        count = next();
    }

    // All registers that step() moves.
    template <class F>
    void each(F visit) {
        for (auto *field : {&count, &is_schedule, &is_initial, &is_chaining, &ring_round, &ring_store}) visit(*field);
        for (auto *field : {&a, &b, &c, &d, &e, &f, &g, &hkw, &digest}) visit(*field);
        for (auto *field : {&w_q, &w_s1, &w_part, &w_rest, &tap_a, &tap_b}) visit(*field);
        for (unsigned i = 0; i < 16; i++) visit(schedule_a[i]), visit(schedule_b[i]);
        for (unsigned i = 0; i < 8; i++) visit(table[kChain + i]);
    }

   private:
    static constexpr unsigned kIdle = 87, kChain = 64;  // in the table from there: the chaining value

    static uint32_t rotr(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }
    static uint32_t sum0(uint32_t x) { return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22); }
    static uint32_t sum1(uint32_t x) { return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25); }

    uint32_t w() const { return is_schedule ? w_q : 0; }
    unsigned two_ago() const { return (count - 2u) & 31; }
    bool reads_digest() const { return count & 64 && two_ago() >> 3 == 1; }
    uint8_t next() const {
        const bool end = (count & 0x5f) == 0x5f || ((count & 0x5f) == 0x47 && !last);
        return end ? 0 : (uint8_t)((count + 1) & 127);
    }
    void step_table() {
        unsigned at = count;
        if (count & 64) {
            const unsigned high = count >> 4 & 1, low = count >> 3 & 1;
            at = (at & ~0x18u) | (high & low ? 0x18 : 0);
            if (high != low) at = (at & ~7u) | (~two_ago() & 7);
        }
        const uint32_t read = table[at];
        if (ring_store) table[kChain | (two_ago() & 7)] = hkw;
        digest = read;
    }
    void step_schedule() {
        const uint32_t now = w();
        w_q = w_rest + w_s1;
        w_rest = w_part + (rotr(tap_a, 7) ^ rotr(tap_a, 18) ^ tap_a >> 3);
        w_part = tap_a + tap_b;
        w_s1 = rotr(now, 17) ^ rotr(now, 19) ^ now >> 10;
        tap_a = schedule_a[(count + 4) & 15];
        tap_b = schedule_b[(count - 3) & 15];
        schedule_a[count & 15] = schedule_b[count & 15] = now;
    }

    using Schedule = VlUnpacked<IData, 16>;
    using Table = VlUnpacked<IData, 128>;

    Vsluice_soc___024root &r;
#define HASH(type, name, suffix) type &name = r.sluice_soc__DOT__u_engine__DOT__u_checker__DOT__u_sha256__DOT__##suffix
    HASH(CData, count, count_q);
    HASH(CData, last, last_q);
    HASH(CData, at_rest, at_rest_q);
    HASH(CData, is_word, is_word_q);
    HASH(CData, is_schedule, is_schedule_q);
    HASH(CData, is_initial, is_initial_q);
    HASH(CData, is_chaining, is_chaining_q);
    HASH(CData, is_digest, is_digest_q);
    HASH(CData, ring_round, ring_round_q);
    HASH(CData, ring_store, ring_store_q);
    HASH(IData, w_q, w_q);
    HASH(IData, w_s1, w_s1_q);
    HASH(IData, w_part, w_part_q);
    HASH(IData, w_rest, w_rest_q);
    HASH(IData, tap_a, tap_a);
    HASH(IData, tap_b, tap_b);
    HASH(IData, a, a_q);
    HASH(IData, b, b_q);
    HASH(IData, c, c_q);
    HASH(IData, d, u_e__DOT__gen_hold__DOT__a_q);
    HASH(IData, e, e_q);
    HASH(IData, f, f_q);
    HASH(IData, g, g_q);
    HASH(IData, hkw, hkw_q);
    HASH(Schedule, schedule_a, u_schedule_a__DOT__mem);
    HASH(Schedule, schedule_b, u_schedule_b__DOT__mem);
    HASH(Table, table, u_table__DOT__mem);
#undef HASH
    IData &digest = r.sluice_soc__DOT__u_engine__DOT__u_checker__DOT__digest;
};
