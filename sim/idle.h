// SPDX-License-Identifier: Apache-2.0
//
// Jumps over idle time, exactly. When the whole state of the Verilated system (every register, memory and input) is
// after kPeriod cycles what it was before, but for a few free-running counters, then it stays periodic until one of
// those counters wraps or something outside changes an input; so any number of whole periods may be skipped by moving
// the counters alone. Nothing here knows what the system is waiting for.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "Vsluice_soc.h"
#include "Vsluice_soc___024root.h"

class Idle {
   public:
    static constexpr unsigned kPeriod = 16;  // cycles of one polled status byte: 8 bits at half the clock
    static constexpr uint64_t kLeast = 8 * kPeriod;

    explicit Idle(Vsluice_soc &soc) : soc_(soc), before_(sizeof(Vsluice_soc___024root)) {}

    // Called every cycle. A failed attempt makes the next one wait longer, since comparing costs as much as some
    // cycles.
    bool worth_trying(bool quiet) {
        if (!quiet) {
            quiet_ = 0;
            wait_ = kPeriod;
            return false;
        }
        if (++quiet_ < wait_) return false;
        quiet_ = 0;
        wait_ = wait_ < 4096 ? 2 * wait_ : wait_;
        return true;
    }

    void begin() { std::memcpy(before_.data(), soc_.rootp, before_.size()); }

    // kPeriod cycles after begin(). Returns how many cycles were skipped, a multiple of kPeriod and at most `most`.
    uint64_t skip(uint64_t most) {
        auto &now = *soc_.rootp;
        // The millisecond's prescaler counts down to zero; these two count cycles of the same kind as the last
        // period's.
        auto &link_idle = now.sluice_soc__DOT____Vcellout__u_engine__count_link_idle_o;
        auto &flash_idle = now.sluice_soc__DOT____Vcellout__u_engine__count_flash_idle_o;
        auto &prescale = now.sluice_soc__DOT__u_timer__DOT__prescale_q;
        uint32_t link_step = exclude(link_idle), flash_step = exclude(flash_idle);
        exclude(prescale);
        if (std::memcmp(before_.data(), soc_.rootp, before_.size()) != 0) return 0;
        wait_ = kPeriod;
        uint64_t left = prescale > kPeriod ? prescale - kPeriod : 0;
        uint64_t periods = (most < left ? most : left) / kPeriod;
        prescale = (SData)(prescale - periods * kPeriod);
        link_idle += (uint32_t)periods * link_step;
        flash_idle += (uint32_t)periods * flash_step;
        return periods * kPeriod;
    }

   private:
    // Makes the copy from before agree with a counter's value of now; returns by how much it had grown.
    template <class T>
    uint32_t exclude(T &counter) {
        size_t at = (size_t)(reinterpret_cast<uint8_t *>(&counter) - reinterpret_cast<uint8_t *>(soc_.rootp));
        T old;
        std::memcpy(&old, before_.data() + at, sizeof old);
        std::memcpy(before_.data() + at, &counter, sizeof counter);
        return (uint32_t)counter - (uint32_t)old;
    }

    Vsluice_soc &soc_;
    std::vector<uint8_t> before_;
    unsigned quiet_ = 0, wait_ = kPeriod;
};
