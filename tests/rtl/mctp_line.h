// SPDX-License-Identifier: Apache-2.0
//
// The other end of a serial line: a sender whose bit time need not be a whole number of clock cycles, and a receiver
// that checks every cycle of every bit.
#pragma once
#include <cstdint>
#include <deque>

struct LineSender {
    struct Symbol {
        uint16_t bits;  // sent from bit 0 on
        unsigned count;
    };
    std::deque<Symbol> queue;
    double bit_cycles;
    double phase = 0;  // of a start bit after an idle line, in cycles, 0..1
    double next = 0;   // when the bit on the line ends
    unsigned left = 0;
    uint16_t bits = 1;

    explicit LineSender(double cycles) : bit_cycles(cycles) {}
    void byte(uint8_t value) { queue.push_back({(uint16_t)(0x200 | value << 1), 10}); }
    void byte_without_stop(uint8_t value) { queue.push_back({(uint16_t)(value << 1), 10}); }
    void level(bool high, unsigned bit_times) {
        for (; bit_times > 0; bit_times--) queue.push_back({(uint16_t)high, 1});
    }
    bool idle() const { return queue.empty() && left == 0; }

    // The level at the clock edge number `cycle`; call it once for each.
    bool at(uint64_t cycle) {
        if (left == 0 && queue.empty()) return true;
        if (left == 0 && next + 1 <= (double)cycle) next = (double)cycle + phase;
        while ((double)cycle >= next) {
            if (left > 1) {
                left--;
                bits >>= 1;
            } else {
                left = 0;
                if (queue.empty()) return true;
                bits = queue.front().bits;
                left = queue.front().count;
                queue.pop_front();
            }
            next += bit_cycles;
        }
        return bits & 1;
    }
};

struct LineReceiver {
    std::deque<uint8_t> bytes;
    unsigned divider;
    unsigned faults = 0;  // bits that were not exactly as long as they should be, stop bits that were low
    unsigned gaps = 0;    // cycles of idle line between bytes
    unsigned phase = 0;   // cycles into the byte, 0: idle
    uint16_t shift = 0;
    bool bit = true;

    explicit LineReceiver(unsigned cycles) : divider(cycles) {}
    bool inside() const { return phase != 0; }

    void sample(bool level) {
        if (phase == 0 && level) {
            gaps++;
            return;
        }
        if (phase % divider == 0) {
            bit = level;
            shift = (uint16_t)(shift >> 1 | (level ? 0x200 : 0));
        } else if (level != bit) {
            faults++;
        }
        if (++phase < 10 * divider) return;
        phase = 0;
        if (!(shift & 0x200) || (shift & 1)) faults++;
        bytes.push_back((uint8_t)(shift >> 1));
    }
};
