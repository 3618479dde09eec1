// SPDX-License-Identifier: Apache-2.0
//
// struct card: the Verilated system with everything outside it. It drives the clock, carries pins between the system
// and the C models, counts. Inputs change on the falling edge only, so that the order of evaluation cannot matter.
#pragma once
#include <verilated.h>
#ifdef SLUICE_TRACED
#include <verilated_fst_c.h>
#endif

#include <algorithm>
#include <cstring>
#include <memory>

#include "Vsluice_soc.h"
#include "sim/card.h"
#include "sim/clock.h"
#include "sim/packet_pins.h"
#include "sim/probe.h"
#include "sim/quiet.h"
#include "sim/uart_pins.h"

#ifdef SLUICE_TRACED
using Trace = VerilatedFstC;
#else
// This build writes no waveforms.
struct Trace {
    void dump(uint64_t) {}
    void close() {}
};
#endif

// By default a context starts threads that a model like this one never uses; without them the process may fork.
struct Context : VerilatedContext {
    Context() { threads(1); }
};

constexpr unsigned kNoChip = 3;  // csn_o of a system with two flash chips

extern "C" const uint32_t sim_boot_rom[], sim_boot_rom_end[];  // sim/boot_rom.S

struct card {
    card_config config;
    Context context;
    Vsluice_soc soc{&context};
    std::unique_ptr<Trace> fst;
    struct nor *flash = nullptr, *flash2 = nullptr;
    uart_source to_card{};
    uart_sink from_card{};
    packet_source port_in{};
    packet_sink port_out{};
    smbus_bus bus{};
    struct card_counts counts {};
    uint32_t spi_pins = ~0u;
    uint64_t inputs_settled = ~0ull;  // the logic behind the inputs has seen these
    bool tx_level = true;
    bool frame = false;
    bool packet = false;
    struct card_activity activity {};
    Quiet quiet{soc};

    // What the model's destructor unregisters, it unregisters from the thread's context, whichever that is.
    ~card() { Verilated::threadContextp(&context); }

    // One clock cycle. Everything outside the system moves while the clock is low.
    void cycle() {
        if (soc.packet_in_valid_i || soc.packet_out_valid_o) step_port();
        evaluate(1);
        if (soc.insn_o) step_instruction();
        counts.waiting += soc.waiting_o;
        if (fst) dump(0);
        step_uart(soc.uart_tx_o);
        step_smbus();
        step_flash({soc.csn_o, soc.sck_o, soc.sd_o, soc.sd_oe_o});
        if (soc.console_valid_o) step_console();
        soc.packet_in_valid_i = packet_source_offers(&port_in, counts.cycles);
        if (soc.packet_in_valid_i) soc.packet_in_i = packet_word_pins(packet_source_word(&port_in));
        if (config.activity) step_activity();
        fall();
        if (fst) dump(1);
        counts.cycles++;
    }

    // But those that keep their values.
    uint64_t inputs() const {
        return soc.packet_in_i << 10 | soc.rst_ni << 9 | soc.packet_out_ready_i << 8 | soc.smbus_scl_i << 7 |
               soc.smbus_sda_i << 6 | soc.packet_in_valid_i << 5 | soc.uart_rx_i << 4 | soc.sd_i;
    }
    void evaluate(unsigned level) {
        const uint64_t now = inputs();
        if (now == inputs_settled) skip_input_logic(*soc.rootp, 0);
        inputs_settled = now;
        soc.clk_i = level;
        soc.eval();
    }

    // The clock's falling edge, for which nothing in the system waits. It is evaluated where inputs have changed and
    // somebody looks at what they do before the next edge: assertions, waveforms, the host at the packet port.
    // Otherwise the model is only told that the clock was low.
    void fall() {
#ifdef SLUICE_CHECKED
        const bool seen = inputs() != inputs_settled || fst;
#else
        const bool seen = soc.packet_in_valid_i && inputs() != inputs_settled;
#endif
        if (!seen && clock_was_low(*soc.rootp, 0)) return;
        evaluate(0);
    }
    template <class R>
    static auto clock_was_low(R &root, int) -> decltype(root.__Vtrigrprev__TOP__clk_i, true) {
        root.__Vtrigrprev__TOP__clk_i = 0;
        return true;
    }
    template <class R>
    static bool clock_was_low(R &, long) {  // versions of Verilator with another name for it
        return false;
    }

    void step_instruction() {
        counts.instructions++;
        uint32_t stack = probe_stack_pointer(soc);
        if (stack < counts.lowest_stack) counts.lowest_stack = stack;
    }

    void load_boot_rom() {
        auto &rom = soc.rootp->sluice_soc__DOT__u_memory__DOT__u_rom__DOT__mem;
        const uint32_t *words = config.boot_rom ? config.boot_rom : sim_boot_rom;
        const size_t count = config.boot_rom ? config.boot_words : static_cast<size_t>(sim_boot_rom_end - sim_boot_rom);
        for (size_t i = 0; i < sizeof rom / sizeof rom[0]; i++) rom[i] = i < count ? words[i] : 0;
    }

    // Runs the shifters alone for as long as nothing else moves.
    void jump(uint64_t end) {
        if (!soc.waiting_o || soc.packet_in_valid_i || soc.packet_out_valid_o || soc.console_valid_o || fst ||
            config.no_jump) {
            quiet.forget();
            return;
        }
        if (!quiet.unchanged()) return;
        const uint64_t begun = counts.cycles;
        Polling polling;
        while (counts.cycles < end && !outside_acts() && quiet.still_quiet()) {
            if (only_flash_moves()) skip(polling, end);
            if (counts.cycles == end || outside_acts() || !quiet.still_quiet()) break;
            quiet.step();
            step_uart(quiet.tx.pin());
            step_flash({quiet.flash.csn, quiet.flash.sck, quiet.flash.out(), quiet.flash.out_enable()});
            if (config.activity) step_activity();
            counts.cycles++;
        }
        const uint64_t passed = counts.cycles - begun;
        if (passed == 0) return;
        counts.waiting += passed;
        counts.jumped += passed;
        quiet.store(passed);
        inputs_settled = inputs();
    }

    // In the coming cycle a byte ends on the line, a word comes to the packet port, or something happens on the SMBus.
    bool outside_acts() const {
        return (counts.cycles == to_card.at && to_card.bit == 9) ||
               (counts.cycles == from_card.at && from_card.bit > 8) || packet_source_offers(&port_in, counts.cycles) ||
               counts.cycles >= bus.at;
    }
    bool only_flash_moves() const {
        return from_card.bit == 0 && quiet.only_flash_moves() && counts.cycles < to_card.at;
    }

    // The flash's status bytes repeat every 64 cycles, 32 bits at half the clock, while it is busy.
    struct Polling {
        FlashShifter at_begin{};
        uint64_t begin = 0;
    };
    static constexpr uint64_t kPeriod = 64;

    // Skips cycles in which nothing but the prescaler would change, or in which the polling of the flash repeats
    // itself.
    void skip(Polling &polling, uint64_t end) {
        uint64_t limit = std::min({end, to_card.at, port_in.at, bus.at, counts.cycles + quiet.prescaler});
        for (const struct nor *chip : {flash, flash2}) {
            const uint64_t busy = chip ? nor_busy_until(chip) : 0;
            if (busy != 0 && busy != UINT64_MAX && ns_to_cycles(busy) > counts.cycles)
                limit = std::min(limit, ns_to_cycles(busy));
        }
        uint64_t period = 1;
        if (quiet.flash.shifting()) {
            if (quiet.flash.dir != FlashShifter::Poll || (polling.begin && counts.cycles < polling.begin + kPeriod))
                return;
            const bool repeats = counts.cycles == polling.begin + kPeriod && quiet.flash.repeats(polling.at_begin);
            polling = {quiet.flash, counts.cycles};
            const struct nor *polled = quiet.flash.csn & 1 ? flash2 : flash;
            // Ready, or found to be by its next status byte.
            if (!repeats || !polled || nor_busy_until(polled) <= cycles_to_ns(counts.cycles)) return;
            period = kPeriod;
        }
        if (limit <= counts.cycles) return;
        const uint64_t periods = (limit - counts.cycles) / period;
        if (period == kPeriod) quiet.flash.len = (unsigned)(quiet.flash.len - periods * kPeriod / 16) & 0x1fff;
        quiet.prescaler -= (unsigned)(periods * period);
        counts.cycles += periods * period;
        polling = {};
    }

    bool open_trace() {
#ifdef SLUICE_TRACED
        context.traceEverOn(true);
        fst.reset(new Trace);
        soc.trace(fst.get(), 99);
        fst->open(config.trace);
        return fst->isOpen();
#else
        return false;
#endif
    }
    void dump(unsigned half) {
        uint64_t now = cycles_to_ns(counts.cycles);
        if (now >= config.trace_from_ns && now < config.trace_to_ns) fst->dump(2 * counts.cycles + half);
    }

    void step_uart(bool level) {
        if (counts.cycles == to_card.at) {
            bool over = to_card.bit == 9;
            if (over && config.wire) config.wire(config.ctx, counts.cycles, true, to_card.bytes[to_card.next]);
            uart_source_step(&to_card, counts.cycles, kBitCycles);
            soc.uart_rx_i = to_card.level;
        }
        if (from_card.bit == 0) {
            if (tx_level && !level) uart_sink_start(&from_card, counts.cycles, kBitCycles);
        } else if (counts.cycles == from_card.at) {
            if (uart_sink_step(&from_card, level, kBitCycles)) step_byte(from_card.bytes[from_card.len - 1]);
        }
        tx_level = level;
    }

    void step_byte(uint8_t byte) {
        frame = byte == 0x7e;
        if (config.wire) config.wire(config.ctx, counts.cycles, false, byte);
    }

    void step_smbus() {
        const bool scl = !soc.smbus_scl_low_o, sda = !soc.smbus_sda_low_o;
        if (scl == bus.rules.card_scl && sda == bus.rules.card_sda && counts.cycles < bus.at) return;
        smbus_bus_step(&bus, counts.cycles, scl, sda);
        soc.smbus_scl_i = bus.scl;
        soc.smbus_sda_i = bus.sda;
        if (bus.packet_len) packet = true;
    }

    // The words that move at the coming clock edge.
    void step_port() {
        // The word was offered from the cycle before on at the latest: the host's pace counts from there.
        if (soc.packet_in_valid_i && soc.packet_in_ready_o) packet_source_taken(&port_in, counts.cycles - 1);
        if (!soc.packet_out_valid_o || !soc.packet_out_ready_i) return;
        if (packet_sink_take(&port_out, packet_word_of(soc.packet_out_o))) packet = true;
    }

    struct FlashPins {
        unsigned csn, sck, out, enable;
    };
    void step_flash(const FlashPins &p) {
        const uint32_t pins = p.csn | p.sck << 2 | p.out << 4 | p.enable << 8;
        if (pins == spi_pins) return;
        spi_pins = pins;
        uint8_t out = 0xf, oe = 0;
        uint8_t driven = (uint8_t)((p.out & p.enable) | (~p.enable & 0xf));  // pull-ups
        const uint64_t now = cycles_to_ns(counts.cycles);
        const bool second = flash2 && !(p.csn & 2);
        nor_pins(flash, now, p.csn & 1, p.sck, driven, &out, &oe);
        if (flash2) {
            uint8_t out2 = 0xf, oe2 = 0;
            nor_pins(flash2, now, !second, p.sck, driven, &out2, &oe2);
            if (second) out = out2, oe = oe2;
        }
        soc.sd_i = (uint8_t)((out & oe) | (driven & ~oe & 0xf));
    }

    uint8_t flash_activity() const {
        uint8_t most = (spi_pins & 3) == kNoChip ? CARD_FLASH_IDLE : CARD_FLASH_BUS;
        for (const struct nor *chip : {flash, flash2}) {
            const enum nor_work work = chip ? nor_work(chip, cycles_to_ns(counts.cycles)) : NOR_FREE;
            if (work == NOR_PROGRAMS && most < CARD_FLASH_PROGRAMS) most = CARD_FLASH_PROGRAMS;
            if (work == NOR_ERASES) most = CARD_FLASH_ERASES;
        }
        return most;
    }

    void step_activity() {
        struct card_activity now {};
        now.to_card =
            to_card.at != UART_NEVER || soc.packet_in_valid_i || port_in.at != PACKET_NEVER || !smbus_bus_sent(&bus);
        now.from_card = from_card.bit != 0 || soc.packet_out_valid_o || bus.rules.sends;
        now.flash = flash_activity();
        now.awake = !soc.waiting_o;
        probe_engine_activity(soc, now);
        if (std::memcmp(&now, &activity, sizeof now) == 0) return;
        activity = now;
        config.activity(config.ctx, counts.cycles, &activity);
    }

    void step_console() {
        if (config.console) config.console(config.ctx, (char)soc.console_o);
    }
};
