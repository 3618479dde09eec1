// SPDX-License-Identifier: Apache-2.0
//
// What the benches of rtl/mctp share: packets as byte vectors, beats of a packet stream, random packets that are rich
// in bytes with a meaning on the line, and frames by the C encoder.
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "bench.h"
#include "host/mctp_serial.h"

using Bytes = std::vector<uint8_t>;

constexpr unsigned kLast = 0x100, kErr = 0x200;  // bits of sluice_pkg::pkt_byte_t above the data

inline Bytes frame_of(const Bytes &packet) {
    Bytes out(MCTP_SERIAL_MAX_FRAME);
    out.resize(mctp_serial_encode(packet.data(), packet.size(), out.data(), out.size()));
    return out;
}

inline void append(Bytes &to, const Bytes &what) {
    to.insert(to.end(), what.begin(), what.end());
}

template <class B>
uint8_t random_byte(B &bench) {
    static const uint8_t special[] = {0x7e, 0x7d, 0x01, 0x5e, 0x5d, 0x00, 0x05, 0xff};
    return bench.chance(40) ? special[bench.random() % sizeof special] : (uint8_t)bench.random();
}

template <class B>
Bytes random_packet(B &bench, unsigned min, unsigned max) {
    Bytes packet(min + bench.random() % (max - min + 1));
    for (auto &byte : packet) byte = random_byte(bench);
    return packet;
}

// Collects the beats that a consumer took. A packet that ends with err leaves only a count.
struct PacketSink {
    std::deque<Bytes> good;
    unsigned errors = 0;
    Bytes open;
    bool inside = false;
    void beat(unsigned value) {
        inside = !(value & kLast);
        if (value & kLast && value & kErr) {
            errors++;
            open.clear();
            return;
        }
        open.push_back((uint8_t)value);
        if (!(value & kLast)) return;
        good.push_back(open);
        open.clear();
    }
};

// The beats still to be offered by a producer.
struct PacketSource {
    std::deque<unsigned> beats;
    void add(const Bytes &packet, bool err = false) {
        for (size_t i = 0; i < packet.size(); i++)
            beats.push_back(packet[i] | (i + 1 == packet.size() ? kLast | (err ? kErr : 0) : 0));
    }
};
