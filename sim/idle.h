// SPDX-License-Identifier: Apache-2.0
//
// Jumps over idle time, exactly. When the whole state of the Verilated system (every register, memory and input) is
// after kPeriod cycles what it was before, but for a few free-running counters, then it stays periodic until one of
// those counters wraps or something outside changes an input; so any number of whole periods may be skipped by moving
// the counters alone. Nothing here knows what the system is waiting for, nor how a core stands still: SERV's bit
// counter runs on with a period of 32, VexRiscv fetches ahead until it cannot; a core that never became periodic would
// only never be jumped over.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "Vsluice_soc.h"
#include "Vsluice_soc___024root.h"
#include "core_probe.h"

class Idle {
   public:
    static constexpr unsigned kPeriod = 64;  // cycles of a word of polled status: 32 bits at half the clock
    static constexpr uint64_t kLeast = 8 * kPeriod;

    explicit Idle(Vsluice_soc &soc) : soc_(soc), before_(sizeof(Vsluice_soc___024root)) {}

    // Called every cycle. A failed attempt makes the next one wait longer, since comparing costs as much as some
    // cycles. Just before the millisecond ends an attempt cannot pay.
    bool worth_trying(bool quiet) {
        if (!quiet) {
            quiet_ = 0;
            wait_ = kPeriod;
            return false;
        }
        if (++quiet_ < wait_ || soc_.rootp->sluice_soc__DOT__u_timer__DOT__prescale_q < kLeast) return false;
        quiet_ = 0;
        wait_ = wait_ < 4096 ? 2 * wait_ : wait_;
        return true;
    }

    void begin() { std::memcpy(before_.data(), soc_.rootp, before_.size()); }

    // kPeriod cycles after begin(). Returns how many cycles were skipped, a multiple of kPeriod and at most `most`.
    uint64_t skip(uint64_t most) {
        auto &now = *soc_.rootp;
        auto &spi = now.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__len_q;
        auto &spi_next = now.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__len_d;
        // These count cycles of the same kind as the last period's. The registers' inputs are copies of the counters.
        Counter<IData> counters[] = {{now.sluice_soc__DOT____Vcellout__u_engine__count_link_idle_o},
                                     {now.sluice_soc__DOT____Vcellout__u_engine__count_flash_idle_o},
                                     {now.sluice_soc__DOT__hw_in.COUNT_LINK_IDLE.count.next},
                                     {now.sluice_soc__DOT__hw_in.COUNT_FLASH_IDLE.count.next}};
        // The flash controller's byte count, on which nothing depends while it polls the status; it wraps.
        Counter<SData> lengths[] = {{spi}, {spi_next}};
        const bool polls = now.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__dir_q == kPoll;
        // The millisecond's prescaler counts down to zero.
        Counter<SData> prescaler = {now.sluice_soc__DOT__u_timer__DOT__prescale_q};
        QData *const cycles = core_cycles(now);

        for (auto &c : counters) exclude(c);
        for (auto &c : lengths)
            if (polls) exclude(c);
        exclude(prescaler);
        if (cycles) exclude(*cycles);
        if (std::memcmp(before_.data(), soc_.rootp, before_.size()) != 0) return 0;

        wait_ = kPeriod;
        const uint64_t left = prescaler.now > kPeriod ? prescaler.now - kPeriod : 0;
        const uint64_t periods = (most < left ? most : left) / kPeriod;
        for (auto &c : counters) c.now += (IData)(periods * c.step);
        for (auto &c : lengths) c.now = (SData)((c.now + periods * c.step) & kLengthMask);
        prescaler.now = (SData)(prescaler.now - periods * kPeriod);
        if (cycles) *cycles += periods * kPeriod;
        return periods * kPeriod;
    }

   private:
    static constexpr unsigned kPoll = 3;  // sluice_pkg::SpiPoll
    static constexpr unsigned kLengthMask = 0x1fff;

    template <class T>
    struct Counter {
        T &now;
        uint32_t step = 0;  // by how much it grew in the last period
    };

    // Makes the copy from before agree with a value of now, and returns what it was before.
    template <class T>
    T exclude(const T &now) {
        size_t at = (size_t)(reinterpret_cast<const uint8_t *>(&now) - reinterpret_cast<uint8_t *>(soc_.rootp));
        T old;
        std::memcpy(&old, before_.data() + at, sizeof old);
        std::memcpy(before_.data() + at, &now, sizeof old);
        return old;
    }
    template <class T>
    void exclude(Counter<T> &counter) {
        counter.step = (uint32_t)counter.now - (uint32_t)exclude<T>(counter.now);
    }

    Vsluice_soc &soc_;
    std::vector<uint8_t> before_;
    unsigned quiet_ = 0, wait_ = kPeriod;
};
