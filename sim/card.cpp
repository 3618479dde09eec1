// SPDX-License-Identifier: Apache-2.0
//
// The thin C++ around the Verilated system: drives the clock, carries pins between it and the C models, counts. Inputs
// change on the falling edge only, so that the order of evaluation cannot matter. See card.h.
#include "sim/card.h"

#include <verilated.h>
#include <verilated_fst_c.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "Vsluice_soc.h"
#include "sim/idle.h"
#include "sim/packet_pins.h"
#include "sim/probe.h"
#include "sim/uart_pins.h"

namespace {
constexpr uint32_t kClkHz = SLUICE_CLK_HZ;
constexpr uint32_t kBaud = SLUICE_BAUD;
constexpr uint32_t kSmbusHz = SLUICE_SMBUS_HZ;
constexpr unsigned kBitCycles = (kClkHz + kBaud / 2) / kBaud;  // to nearest, as in sluice_soc
constexpr uint64_t kResetCycles = 16;
constexpr unsigned kNoChip = 3;  // csn_o of a system with two flash chips

uint64_t cycles_to_ns(uint64_t cycles) {
    return (uint64_t)((unsigned __int128)cycles * 1000000000u / kClkHz);
}
uint64_t ns_to_cycles(uint64_t ns) {  // the first cycle that is not before ns
    return (uint64_t)(((unsigned __int128)ns * kClkHz + 999999999u) / 1000000000u);
}
}  // namespace

struct card {
    card_config config;
    VerilatedContext context;
    Vsluice_soc soc{&context};
    std::unique_ptr<VerilatedFstC> fst;
    struct nor *flash = nullptr, *flash2 = nullptr;
    uart_source to_card{};
    uart_sink from_card{};
    packet_source port_in{};
    packet_sink port_out{};
    smbus_bus bus{};
    struct card_counts counts {};
    uint32_t spi_pins = ~0u;
    bool tx_level = true;
    bool console_line = false;
    bool frame = false;
    bool packet = false;
    struct card_activity activity {};
    Idle idle{soc};

    // One clock cycle. Everything outside the system moves while the clock is low.
    void cycle() {
        if (soc.packet_in_valid_i || soc.packet_out_valid_o) step_port();
        soc.clk_i = 1;
        soc.eval();
        if (soc.insn_o) step_instruction();
        counts.waiting += soc.waiting_o;
        if (fst) dump(0);
        step_uart();
        step_smbus();
        step_flash();
        if (soc.console_valid_o) step_console();
        soc.packet_in_valid_i = packet_source_offers(&port_in, counts.cycles);
        if (soc.packet_in_valid_i) soc.packet_in_i = packet_word_pins(packet_source_word(&port_in));
        if (config.activity) step_activity();
        soc.clk_i = 0;
        soc.eval();
        if (fst) dump(1);
        counts.cycles++;
    }

    void step_instruction() {
        counts.instructions++;
        uint32_t stack = probe_stack_pointer(soc);
        if (stack < counts.lowest_stack) counts.lowest_stack = stack;
    }

    // The first cycle in which something from outside may change what the system sees.
    uint64_t next_outside(uint64_t end) const {
        uint64_t next = to_card.at < end ? to_card.at : end;
        if (port_in.at < next) next = port_in.at;
        if (bus.at < next) next = bus.at;
        for (const struct nor *chip : {flash, flash2}) {
            uint64_t busy = chip ? nor_busy_until(chip) : 0;
            if (busy == 0 || busy == UINT64_MAX) continue;
            busy = ns_to_cycles(busy);
            if (busy < next) next = busy;
        }
        return next;
    }

    bool flash_busy() const { return nor_busy_until(flash) != 0 || (flash2 && nor_busy_until(flash2) != 0); }

    // Skips cycles in which nothing but free-running counters would change.
    void jump(uint64_t end) {
        bool quiet = soc.waiting_o && from_card.bit == 0 && to_card.at == UART_NEVER && !soc.packet_in_valid_i &&
                     !fst && !config.no_jump && (soc.csn_o == kNoChip || flash_busy());
        if (!idle.worth_trying(quiet)) return;
        uint64_t limit = next_outside(end);
        if (limit < counts.cycles + Idle::kLeast) return;
        idle.begin();
        for (unsigned i = 0; i < Idle::kPeriod; i++) {
            cycle();
            if (from_card.bit != 0 || frame || packet || console_line) return;
        }
        uint64_t skipped = idle.skip(limit - counts.cycles);
        counts.cycles += skipped;
        counts.waiting += skipped;
        counts.jumped += skipped;
    }

    void dump(unsigned half) {
        uint64_t now = cycles_to_ns(counts.cycles);
        if (now >= config.trace_from_ns && now < config.trace_to_ns) fst->dump(2 * counts.cycles + half);
    }

    void step_uart() {
        if (counts.cycles == to_card.at) {
            bool over = to_card.bit == 9;
            if (over && config.wire) config.wire(config.ctx, counts.cycles, true, to_card.bytes[to_card.next]);
            uart_source_step(&to_card, counts.cycles, kBitCycles);
            soc.uart_rx_i = to_card.level;
        }
        bool level = soc.uart_tx_o;
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

    void step_flash() {
        uint32_t pins =
            (uint32_t)soc.csn_o | (uint32_t)soc.sck_o << 2 | (uint32_t)soc.sd_o << 4 | (uint32_t)soc.sd_oe_o << 8;
        if (pins == spi_pins) return;
        spi_pins = pins;
        uint8_t out = 0xf, oe = 0;
        uint8_t driven = (uint8_t)((soc.sd_o & soc.sd_oe_o) | (~soc.sd_oe_o & 0xf));  // pull-ups
        const uint64_t now = cycles_to_ns(counts.cycles);
        const bool second = flash2 && !(soc.csn_o & 2);
        nor_pins(flash, now, soc.csn_o & 1, soc.sck_o, driven, &out, &oe);
        if (flash2) {
            uint8_t out2 = 0xf, oe2 = 0;
            nor_pins(flash2, now, !second, soc.sck_o, driven, &out2, &oe2);
            if (second) out = out2, oe = oe2;
        }
        soc.sd_i = (uint8_t)((out & oe) | (driven & ~oe & 0xf));
    }

    uint8_t flash_activity() const {
        uint8_t most = soc.csn_o == kNoChip ? CARD_FLASH_IDLE : CARD_FLASH_BUS;
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
        char c = (char)soc.console_o;
        if (config.console) config.console(config.ctx, c);
        console_line = c == '\n';
    }
};

extern "C" {

struct card *card_new(const struct card_config *config) {
    std::unique_ptr<card> c(new (std::nothrow) card);
    if (!c) return nullptr;
    c->config = *config;
    c->counts.lowest_stack = UINT32_MAX;
    c->flash = nor_new(config->part, config->flash);
    if (!c->flash) return nullptr;
    if (config->flash2 && !(c->flash2 = nor_new(config->part, config->flash2))) return nullptr;
    for (struct nor *chip : {c->flash, c->flash2}) {
        if (!chip) continue;
        nor_set_timing(chip, config->maximum_timing ? NOR_MAXIMUM : NOR_TYPICAL);
        nor_set_report(chip, config->flash_report, config->ctx);
    }
    uart_source_init(&c->to_card);
    uart_sink_init(&c->from_card);
    packet_source_init(&c->port_in);
    smbus_bus_init(&c->bus, kClkHz, kSmbusHz);
    if (config->trace) {
        c->context.traceEverOn(true);
        c->fst.reset(new VerilatedFstC);
        c->soc.trace(c->fst.get(), 99);
        c->fst->open(config->trace);
        if (!c->fst->isOpen()) return nullptr;
    }
    c->soc.uart_rx_i = 1;
    c->soc.sd_i = 0xf;
    c->soc.console_ready_i = 1;
    c->soc.packet_out_ready_i = 1;
    c->soc.smbus_scl_i = c->soc.smbus_sda_i = 1;
    c->soc.smbus_own_i = SMBUS_CARD;
    c->soc.rst_ni = 0;
    for (uint64_t i = 0; i < kResetCycles; i++) c->cycle();
    c->soc.rst_ni = 1;
    return c.release();
}

enum card_stop card_run(struct card *card, uint64_t deadline_ns) {
    uint64_t end = ns_to_cycles(deadline_ns);
    card->from_card.len = 0;
    card->port_out.whole_len = 0;
    card->bus.packet_len = 0;
    while (card->counts.cycles < end) {
        card->cycle();
        card->jump(end);
        if (card->frame || card->packet) {
            enum card_stop stop = card->frame ? CARD_FRAME : CARD_PACKET;
            card->frame = card->packet = false;
            return stop;
        }
        card->console_line = false;
    }
    return CARD_DEADLINE;
}

uint64_t card_now_ns(const struct card *card) {
    return cycles_to_ns(card->counts.cycles);
}

bool card_send(struct card *card, const uint8_t *bytes, size_t len) {
    return uart_source_queue(&card->to_card, bytes, len, card->counts.cycles);
}

const uint8_t *card_received(struct card *card, size_t *len) {
    *len = card->from_card.len;
    return card->from_card.bytes;
}

bool card_packet_send(struct card *card, const uint8_t *packet, size_t len, bool err) {
    return packet_source_queue(&card->port_in, packet, len, err, card->counts.cycles);
}

bool card_packet_sent(const struct card *card) {
    return card->port_in.at == PACKET_NEVER;
}

const uint8_t *card_packet_received(const struct card *card, size_t *len) {
    *len = card->port_out.whole_len;
    return card->port_out.whole;
}

void card_packet_host(struct card *card, unsigned word_cycles, bool takes) {
    card->port_in.word_cycles = word_cycles;
    card->soc.packet_out_ready_i = takes;
}

struct smbus_bus *card_smbus(struct card *card) {
    return &card->bus;
}

struct card_counts card_counts(const struct card *card) {
    return card->counts;
}

struct card_engine card_engine(const struct card *card) {
    return probe_engine(card->soc);
}

struct nor *card_nor(struct card *card) {
    return card->flash;
}

uint32_t card_clk_hz(void) {
    return kClkHz;
}

uint32_t card_baud(void) {
    return kBaud;
}

unsigned card_buffers(void) {
    return SLUICE_BUFFERS;
}

uint32_t card_smbus_hz(void) {
    return kSmbusHz;
}

void card_free(struct card *card) {
    if (!card) return;
    if (card->fst) card->fst->close();
    card->soc.final();
    nor_free(card->flash);
    nor_free(card->flash2);
    free(card->to_card.bytes);
    free(card->from_card.bytes);
    free(card->port_in.words);
    smbus_bus_free(&card->bus);
    delete card;
}
}
