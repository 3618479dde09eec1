// SPDX-License-Identifier: Apache-2.0
//
// Tells when nothing moves in the Verilated system but its shifters (sim/shifters.h, sim/hash_shifter.h), the
// millisecond's prescaler and two idle counters, and moves those alone.
//
// A cycle that leaves every other register as it was proves that the next one will, too, as long as none of the
// shifters has an event. (A core that never stands still has a period, core_period: then the registers must be what
// they were so many cycles before, without an event since, and what follows is a repetition.) Wires need no comparison;
// which bytes of the model are wires of the shifters is found out by settling: whatever changes when a state is given
// the shifters of the next cycle and its logic is evaluated anew is no register. Nothing here knows what the system
// waits for. The large memories are left out: with all registers the same, one cycle writes what the one before wrote.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "Vsluice_soc.h"
#include "Vsluice_soc___024root.h"
#include "core_probe.h"
#include "sim/clock.h"
#include "sim/flash_words.h"
#include "sim/hash_shifter.h"
#include "sim/shifters.h"

// Verilator's: evaluates all logic behind the registers and inputs as they are.
void Vsluice_soc___024root___eval_settle(Vsluice_soc___024root *self);

// The next eval() need not evaluate the logic behind the inputs, which are what they were at the last one (sim.mk).
template <class Root>
auto skip_input_logic(Root &root, int) -> decltype(void(root.__VicoTriggered.at(0))) {
    root.__VicoTriggered.at(0) = true;
}
template <class Root>
void skip_input_logic(Root &, long) {}  // versions of Verilator that know it by another name

class Quiet {
   public:
    using Root = Vsluice_soc___024root;

    UartReceiver rx;
    UartTransmitter tx;
    FlashShifter flash;
    HashShifter hash;
    FlashWords words;
    unsigned prescaler;  // the millisecond ends in the cycle in which it is zero

    explicit Quiet(Vsluice_soc &soc) : hash(*soc.rootp), words(*soc.rootp), soc_(soc), root_(*soc.rootp) {
        find_ranges();
        const size_t room = (size_ + kChunk - 1) / kChunk * kChunk;
        for (auto *image : {&before_, &scratch_}) image->resize(room);
        for (auto &image : images_) image.resize(room);
        compared_.assign(room, 0xff);
        each_field([this](auto &field) { spare(field); });
        each_counter([this](auto &field) { spare(field); });
        spare(root_.clk_i);
        spare(root_.sd_i);
        spare(root_.uart_rx_i);
        spare_delayed(root_, 0);
        spare_input_logic(root_, 0);
    }

    // Something else than a whole cycle happened, or is about to.
    void forget() { age_ = 0; }

    // Called after a cycle, loads the shifters: whether the last core_period cycles changed them and the counters only,
    // without an event.
    bool unchanged() {
        load();
        if (!at_rest() || tx.ready() != ready_ || flash.shifting() != shifting_ || hash.moving() != hashing_) age_ = 0;
        ready_ = tx.ready();
        hashing_ = hash.moving();
        shifting_ = flash.shifting();
        if (!at_rest()) return false;
        at_ = (at_ + 1) % core_period;
        std::swap(before_, images_[at_]);
        pack(images_[at_]);
        if (age_++ < core_period) return false;
        if (differs(before_, images_[at_])) {
            if (++failures_ < patience_) return false;
            learn();
            if (differs(before_, images_[at_])) return false;
        }
        for (unsigned i = 0; i < kCounters; i++) {
            const IData grown = *counters_[i] - old(*counters_[i]);
            if (grown % core_period != 0) return false;  // not in every cycle
            steps_[i] = grown / core_period;
        }
        return true;
    }

    // Whether the coming clock edge moves the shifters only.
    bool quiet() const { return prescaler != 0 && rx.quiet() && flash.quiet(soc_.sd_i) && hash.quiet(); }
    bool still_quiet() const { return quiet() && tx.ready() == ready_; }

    bool only_flash_moves() const { return rx.resting() && tx.ready() && soc_.uart_rx_i && !hash.moving(); }

    void step() {
        rx.step(soc_.uart_rx_i, kBitCycles);
        tx.step(kBitCycles);
        step_flash();
        hash.step();
        prescaler--;
    }

    // Puts the shifters back, `cycles` later.
    void store(uint64_t cycles) {
        if (core_period > 1) return_to(images_[(at_ + cycles) % core_period]);
        root_.sluice_soc__DOT__u_timer__DOT__prescale_q = (SData)prescaler;
        auto put = [](auto &field, auto value) { field = static_cast<std::decay_t<decltype(field)>>(value); };
        each_pair(put);
        for (unsigned i = 0; i < kCounters; i++) *counters_[i] += (IData)(cycles * steps_[i]);
        if (QData *all = core_cycles(root_)) *all += cycles;
        refresh();
        forget();
    }

   private:
    bool at_rest() const { return quiet() && !flash.full && words.resting(); }

    void step_flash() {
        const bool waits = flash.full;
        const uint32_t word = __builtin_bswap32(flash.shift);
        flash.step(soc_.sd_i);
        if (waits && words.take(word)) flash.full = false;
    }

    static constexpr unsigned kCounters = 2;
    static constexpr unsigned kPatience = 1024;  // learning costs as much as some cycles
    static constexpr size_t kChunk = 256;        // bytes compared at once

    // ---- the shifters' registers -------------------------------------------------------------------------------

    template <class F>
    void each_pair(F f) {
        Root &r = root_;
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__state_q, rx.state);
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__sync_q, rx.sync);
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__div_q, rx.div);
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__shift_q, rx.shift);
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_tx__DOT__div_q, tx.div);
        f(r.sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_tx__DOT__shift_q, tx.shift);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__state_q, flash.state);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__sck_q, flash.sck);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__bit_q, flash.bit);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__head_q, flash.head);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__len_q, flash.len);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__high_q, flash.high);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__shift_q, flash.shift);
        f(r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__full_q, flash.full);
    }
    template <class F>
    void each_field(F f) {
        f(root_.sluice_soc__DOT__u_timer__DOT__prescale_q);
        each_pair([&f](auto &field, auto &) { f(field); });
        hash.each(f);
        words.each(f);
    }
    template <class F>
    void each_counter(F f) {
        for (IData *counter : counters_) f(*counter);
        if (QData *all = core_cycles(root_)) f(*all);
    }
    // A copy that Verilator makes of the receiver's register before each clock edge; some versions do without.
    template <class R>
    auto spare_delayed(R &r, int)
        -> decltype((void)
                        r.__Vdly__sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__shift_q) {
        spare(r.__Vdly__sluice_soc__DOT__u_mctp__DOT__gen_serial__DOT__u_link__DOT__u_uart_rx__DOT__shift_q);
    }
    template <class R>
    void spare_delayed(R &, long) {}

    // Verilator's own, of the logic that skip_input_logic() is about.
    template <class R>
    auto spare_input_logic(R &r, int) -> decltype(void(r.__VicoIterCount)) {
        spare(r.__VicoIterCount);
    }
    template <class R>
    void spare_input_logic(R &, long) {}

    void load() {
        const Root &r = root_;
        auto get = [](const auto &field, auto &value) { value = static_cast<std::decay_t<decltype(value)>>(field); };
        each_pair(get);
        prescaler = r.sluice_soc__DOT__u_timer__DOT__prescale_q;
        flash.csn = r.csn_o;
        flash.dir = r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__dir_q;
        flash.starved = r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__starved_q;
        flash.reads = words.reads();
        flash.addr4 = r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__addr4_q;
        flash.quad_addr = r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__quad_addr_q;
        flash.poll_stop = r.sluice_soc__DOT__u_engine__DOT__u_flash__DOT__expired;
        flash.quad = r.sluice_soc__DOT__u_flash__DOT__u_spi_nor__DOT__quad_q;
    }

    // ---- images of the model -----------------------------------------------------------------------------------

    struct Range {
        uint8_t *at;
        size_t size, packed;
    };

    // Everything but the large memories.
    void find_ranges() {
        Root &r = root_;
        std::vector<std::pair<uint8_t *, size_t>> memories;
        auto leave_out = [&memories](auto &memory) {
            memories.emplace_back(reinterpret_cast<uint8_t *>(&memory), sizeof memory);
        };
        leave_out(r.sluice_soc__DOT__u_memory__DOT__u_rom__DOT__mem);
        leave_out(r.sluice_soc__DOT__u_memory__DOT__u_ram__DOT__gen_array__DOT__mem);
        leave_out(r.sluice_soc__DOT__u_memory__DOT__u_stream_ram__DOT__u_ram__DOT__gen_array__DOT__mem);
        leave_out(r.sluice_soc__DOT__u_mctp__DOT__u_tx_fifo__DOT__u_ram__DOT__mem);
        std::sort(memories.begin(), memories.end());
        uint8_t *at = reinterpret_cast<uint8_t *>(&r), *const end = at + sizeof r;
        memories.emplace_back(end, 0);
        for (const auto &memory : memories) {
            const size_t size = (size_t)(memory.first - at);
            if (size) ranges_.push_back({at, size, size_});
            size_ += size;
            at = memory.first + memory.second;
        }
    }
    void pack(std::vector<uint8_t> &image) const {
        for (const Range &range : ranges_) std::memcpy(image.data() + range.packed, range.at, range.size);
    }
    // To an earlier state of the same kind, but for what is outside and the counters.
    void return_to(const std::vector<uint8_t> &image) {
        const auto sd = root_.sd_i;
        const auto line = root_.uart_rx_i;
        const IData counts[kCounters] = {*counters_[0], *counters_[1]};
        QData *const all = core_cycles(root_), cycles = all ? *all : 0;
        auto keep = [this](auto &field) { std::memcpy(scratch_.data() + packed(&field), &field, sizeof field); };
        auto put_back = [this](auto &field) { std::memcpy(&field, scratch_.data() + packed(&field), sizeof field); };
        hash.each(keep);
        words.each(keep);
        unpack(image);
        hash.each(put_back);
        words.each(put_back);
        root_.sd_i = sd;
        root_.uart_rx_i = line;
        for (unsigned i = 0; i < kCounters; i++) *counters_[i] = counts[i];
        if (all) *all = cycles;
    }
    void unpack(const std::vector<uint8_t> &image) {
        for (const Range &range : ranges_) std::memcpy(range.at, image.data() + range.packed, range.size);
    }
    size_t packed(const void *field) const {
        const uint8_t *at = static_cast<const uint8_t *>(field);
        for (const Range &range : ranges_)
            if (at >= range.at && at < range.at + range.size) return range.packed + (size_t)(at - range.at);
        return 0;  // none of ours is outside
    }
    template <class T>
    void spare(const T &field) {
        std::memset(compared_.data() + packed(&field), 0, sizeof field);
    }
    template <class T>
    T old(const T &field) const {
        T value;
        std::memcpy(&value, before_.data() + packed(&field), sizeof value);
        return value;
    }
    // Looks first where the last difference was: what moves does so for some cycles.
    bool differs(const std::vector<uint8_t> &a, const std::vector<uint8_t> &b) {
        if (chunk_differs(a, b, moved_)) return true;
        for (size_t i = 0; i < size_; i += kChunk) {
            if (!chunk_differs(a, b, i)) continue;
            moved_ = i;
            return true;
        }
        return false;
    }
    bool chunk_differs(const std::vector<uint8_t> &a, const std::vector<uint8_t> &b, size_t at) const {
        using Lane = uint64_t __attribute__((vector_size(16)));
        auto lane = [at](const std::vector<uint8_t> &image, size_t i) {
            Lane bytes;
            std::memcpy(&bytes, image.data() + at + i, sizeof bytes);
            return bytes;
        };
        Lane any{};
        for (size_t i = 0; i < kChunk; i += sizeof any) any |= (lane(a, i) ^ lane(b, i)) & lane(compared_, i);
        return (any[0] | any[1]) != 0;
    }

    // Evaluates the logic behind registers that were moved, and samples what the assertions of the next cycle see.
    void refresh() {
        Vsluice_soc___024root___eval_settle(&root_);
#ifdef SLUICE_CHECKED
        skip_input_logic(root_, 0);
        soc_.clk_i = 0;
        soc_.eval();
#endif
    }

    // Leaves out what refresh() changes in the state before, given the shifters and inputs of now, and in that of now.
    void learn() {
        const std::vector<uint8_t> &now = images_[at_];
        const size_t left = left_out_;
        refresh();
        leave_out_changes(now);
        unpack(before_);
        auto take = [this, &now](auto &field) { std::memcpy(&field, now.data() + packed(&field), sizeof field); };
        each_field(take);
        each_counter(take);
        take(root_.sd_i);
        take(root_.uart_rx_i);
        pack(scratch_);
        refresh();
        leave_out_changes(scratch_);
        unpack(now);
        failures_ = 0;
        patience_ = left_out_ != left ? 1 : std::min(2 * patience_, kPatience);
    }
    void leave_out_changes(const std::vector<uint8_t> &image) {
        for (const Range &range : ranges_)
            for (size_t i = 0; i < range.size; i++)
                if (range.at[i] != image[range.packed + i] && compared_[range.packed + i] != 0) {
                    compared_[range.packed + i] = 0;
                    left_out_++;
                }
    }

    Vsluice_soc &soc_;
    Root &root_;
    IData *const counters_[kCounters] = {&root_.sluice_soc__DOT____Vcellout__u_engine__count_link_idle_o,
                                         &root_.sluice_soc__DOT____Vcellout__u_engine__count_flash_idle_o};
    IData steps_[kCounters] = {};
    std::vector<Range> ranges_;
    size_t size_ = 0;
    std::vector<uint8_t> images_[core_period];  // of the last cycles, the newest at at_
    std::vector<uint8_t> before_, scratch_, compared_;
    size_t moved_ = 0;                      // the chunk that differed last
    size_t left_out_ = 0;                   // bytes found to be wires of the shifters
    unsigned failures_ = 0, patience_ = 1;  // failed attempts since the last lesson; from one lesson to the next
    unsigned at_ = 0, age_ = 0;             // cycles since the last event
    bool ready_ = false, shifting_ = false, hashing_ = false;
};
