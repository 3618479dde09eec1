// SPDX-License-Identifier: Apache-2.0
//
// mctp_smbus_link on a bus with two peers: the lines with their rise time and their troubles, the packet side, and the
// rules of SMBus watched all the time. Clock, bit rate and MaxPacket come from the makefile.
#pragma once
#include <Vmctp_smbus_link.h>

#include "mctp_bench.h"
#include "sim/smbus_pins.h"
#include "sim/smbus_rules.h"

constexpr unsigned kClkHz = SMBUS_CLK_HZ, kBitRate = SMBUS_BIT_RATE, kMaxPacket = SMBUS_MAX_PACKET;
constexpr uint8_t kCard = 0x32, kBmc = 0x10, kOther = 0x58;
constexpr uint64_t kMillisecond = kClkHz / 1000, kBit = (kClkHz + kBitRate - 1) / kBitRate;
constexpr uint64_t kSpike = kClkHz / 20000000 + 1;  // samples that 50 ns can hit

struct Smbus : Bench<Vmctp_smbus_link> {
    // A line that everybody pulls low and a resistor pulls up.
    struct Line {
        bool level = true;
        uint64_t released = 0;
        uint64_t low_until = 0;  // somebody else holds it
        uint64_t spike_at = 0;   // the card alone sees the other level for kSpike cycles
    };
    Line scl, sda;
    unsigned rise_cycles = 0;
    bool card_scl = true, card_sda = true;
    uint64_t last_spike = 0;
    unsigned spikes = 0;  // chance in 1000 that a cycle has one

    smbus_peer bmc, other;
    smbus_rules rules;
    std::deque<smbus_transfer> bmc_out, other_out, bmc_got, other_got;
    std::deque<enum smbus_outcome> outcomes;  // of the BMC's transfers
    bool retry = false;                       // a peer that lost arbitration sends again

    PacketSink sink;
    uint64_t take_at = 0;   // cycle from which on the next beat is taken
    unsigned slowness = 0;  // most cycles that a beat waits
    std::deque<Bytes> to_send;
    size_t sent_bytes = 0;
    uint64_t offer_at = 0;
    unsigned gap = 3;  // most cycles from one byte to the next, less 1
    unsigned bad = 0;
    uint64_t first_start = 0, last_stop = 0;

    Smbus(int argc, char **argv) : Bench(argc, argv) {}

    void begin() {
        scl = sda = Line();
        card_scl = card_sda = true;
        rise_cycles = spikes = slowness = bad = 0;
        smbus_rules_init(&rules, kClkHz, kBitRate);
        smbus_peer_init(&bmc, kClkHz, kBitRate, kBmc);
        smbus_peer_init(&other, kClkHz, kBitRate, kOther);
        bmc_out.clear();
        other_out.clear();
        bmc_got.clear();
        other_got.clear();
        outcomes.clear();
        retry = false;
        sink = {};
        to_send.clear();
        sent_bytes = 0;
        gap = 3;
        cycle = last_spike = take_at = offer_at = first_start = last_stop = 0;
        dut.own_i = kCard;
        dut.destination_i = 0;
        dut.scl_i = dut.sda_i = 1;
        dut.tx_valid_i = 0;
        dut.rx_ready_i = 0;
        reset();
    }

    // ---- the bus ----------------------------------------------------------------------------------------------------
    bool settle(Line &line, bool pulled) {
        bool high = !pulled && cycle >= line.low_until;
        if (!high) line.released = cycle + 1;
        bool was = line.level;
        line.level = high && cycle + 1 >= line.released + rise_cycles;
        return line.level != was;
    }

    // The level of a line as the card samples it. Spikes do not come on both lines at once.
    bool seen(Line &line) {
        if (spikes && cycle > last_spike + 10 * kSpike && random() % 1000 < spikes) last_spike = line.spike_at = cycle;
        bool spike = spikes && cycle - line.spike_at < kSpike;
        return line.level != spike;
    }

    void drive_bus() {
        bool scl_pulled = !card_scl || !bmc.scl || !other.scl, sda_pulled = !card_sda || !bmc.sda || !other.sda;
        bool sda_was = sda.level;
        bool changed = settle(scl, scl_pulled);
        changed = settle(sda, sda_pulled) || changed;
        if (scl.level && sda_was && !sda.level && !first_start) first_start = cycle;
        if (scl.level && !sda_was && sda.level) last_stop = cycle;
        if (changed || card_scl != rules.card_scl || card_sda != rules.card_sda) watch();
        dut.scl_i = seen(scl);
        dut.sda_i = seen(sda);
        if (changed || cycle >= bmc.at) smbus_peer_step(&bmc, cycle, scl.level, sda.level);
        if (changed || cycle >= other.at) smbus_peer_step(&other, cycle, scl.level, sda.level);
    }

    void watch() { smbus_rules_step(&rules, cycle, card_scl, card_sda, scl.level, sda.level); }

    void serve(smbus_peer &peer, bool was_sending, std::deque<smbus_transfer> &out, std::deque<smbus_transfer> &got) {
        while (got.size() < peer.in_count) got.push_back(peer.in);
        if (retry && was_sending && !peer.sending && peer.outcome == SMBUS_LOST) out.push_front(peer.out);
        if (!peer.sending && !out.empty()) {
            smbus_peer_send(&peer, &out.front(), cycle);
            out.pop_front();
        }
    }

    // ---- the packet side
    // ----------------------------------------------------------------------------------------------
    void drive_packets() {
        dut.rx_ready_i = cycle >= take_at;
        bool offers = !to_send.empty() && cycle >= offer_at;
        dut.tx_valid_i = offers;
        if (!offers) return;
        const Bytes &packet = to_send.front();
        dut.tx_i = (uint16_t)(packet[sent_bytes] | (sent_bytes + 1 == packet.size() ? kLast : 0));
        if (sent_bytes == 0) dut.tx_len_i = (uint8_t)packet.size();
    }

    void observe_packets() {
        if (dut.rx_valid_o && dut.rx_ready_i) {
            sink.beat(dut.rx_o);
            if (slowness) take_at = cycle + 1 + random() % slowness;
        }
        if (dut.tx_valid_i && dut.tx_ready_o) {
            offer_at = cycle + 1 + random() % gap;
            if (++sent_bytes == to_send.front().size()) {
                sent_bytes = 0;
                to_send.pop_front();
            }
        }
        bad += dut.bad_o;
    }

    void step() {
        bool bmc_sent = bmc.sending, other_sent = other.sending;
        drive_bus();
        if (bmc_sent && !bmc.sending) outcomes.push_back(bmc.outcome);
        serve(bmc, bmc_sent, bmc_out, bmc_got);
        serve(other, other_sent, other_out, other_got);
        drive_packets();
        eval();
        observe_packets();
        tick();
        card_scl = !dut.scl_low_o;
        card_sda = !dut.sda_low_o;
    }

    void run(uint64_t cycles) {
        for (uint64_t end = cycle + cycles; cycle < end;) step();
    }

    bool quiet() const {
        return to_send.empty() && bmc_out.empty() && other_out.empty() && !bmc.sending && !other.sending &&
               dut.tx_idle_o && !bmc.busy && scl.level && sda.level;
    }

    // Until nothing is left to do, and a little longer.
    void run_dry(uint64_t limit = 400 * kMillisecond) {
        for (uint64_t end = cycle + limit; cycle < end && !quiet() && check_ok;) step();
        run(100 * kBit);
        CHECK(quiet());
        check_rules();
    }

    void check_rules() {
        if (rules.broken) printf("# cycle %llu: %s\n", (unsigned long long)rules.broken_at, rules.broken);
        CHECK(!rules.broken);
    }

    Bytes packet(size_t min, size_t max) { return random_packet(*this, (unsigned)min, (unsigned)max); }
};

inline smbus_transfer write_to(uint8_t destination, uint8_t source, const Bytes &packet) {
    return smbus_block_write(destination, source, packet.data(), packet.size());
}

inline Bytes bytes_of(const smbus_transfer &transfer) {
    return Bytes(transfer.bytes, transfer.bytes + transfer.len);
}

// The packet in a transfer; empty when it is not a good block write.
inline Bytes packet_of(const smbus_transfer &transfer) {
    if (!smbus_is_block_write(&transfer)) return {};
    return Bytes(transfer.bytes + 4, transfer.bytes + transfer.len - 1);
}

inline std::deque<Bytes> packets_of(const std::deque<smbus_transfer> &transfers) {
    std::deque<Bytes> packets;
    for (auto &transfer : transfers) packets.push_back(packet_of(transfer));
    return packets;
}
