// SPDX-License-Identifier: Apache-2.0
//
// The host at a packet port: packets as words of four bytes, both ways.
#pragma once
#include <cstdint>
#include <deque>

#include "mctp_bench.h"
#include "sim/packet_pins.h"

using PortWord = packet_word;

/** Words still to be offered. */
struct PortSender {
    std::deque<PortWord> words;
    bool offers = false;  // the first of them

    template <class B>
    void add(B &bench, const Bytes &packet, bool err = false) {
        for (size_t i = 0; i < packet.size(); i += 4) {
            PortWord word = {bench.random(), 0, i + 4 >= packet.size(), false};
            for (size_t k = 0; k < 4 && i + k < packet.size(); k++) {
                word.data = (word.data & ~(0xffu << 8 * k)) | (uint32_t)packet[i + k] << 8 * k;
                word.keep |= (uint8_t)(1 << k);
            }
            word.err = word.last ? err : bench.chance(50);  // means nothing before the last word
            words.push_back(word);
        }
    }
    /** What the pins carry in this cycle; offered if it may @p begin. */
    template <class B>
    PortWord drive(B &bench, bool begin) {
        offers = offers || (begin && !words.empty());
        return offers ? words.front()
                      : PortWord{bench.random(), (uint8_t)(bench.random() & 15), bench.chance(50), true};
    }
    void taken() {
        words.pop_front();
        offers = false;
    }
};

/** Packets out of the words taken. One that ends with err leaves only a count. */
struct PortReceiver {
    std::deque<Bytes> good;
    unsigned errors = 0;
    Bytes open;

    void take(const PortWord &word) {
        for (unsigned k = 0; k < 4; k++)
            if (word.keep >> k & 1) open.push_back((uint8_t)(word.data >> 8 * k));
        if (!word.last) return;
        if (word.err)
            errors++;
        else
            good.push_back(open);
        open.clear();
    }
};
