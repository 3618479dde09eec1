// SPDX-License-Identifier: Apache-2.0
//
// The card of sim/card.h when it is not the Verilated sluice_soc but the netlist of the iCEBreaker's bitstream, which
// has only the board's pins: serial link, console and flash. So nobody is at the packet port or on the SMBus, there is
// no second flash, no trace and no saving, of the counts only cycles and waiting, and time is never jumped over.
#include "sim/card.h"

#include <verilated.h>

#include <cstdlib>
#include <memory>
#include <new>

#include "Vicebreaker_card.h"
#include "sim/uart_pins.h"

namespace {
constexpr uint32_t kClkHz = 12000000, kBaud = 1000000;  // of constraints/icebreaker
constexpr unsigned kBitCycles = kClkHz / kBaud;

uint64_t cycles_to_ns(uint64_t cycles) {
    return (uint64_t)((unsigned __int128)cycles * 1000000000u / kClkHz);
}
uint64_t ns_to_cycles(uint64_t ns) {
    return (uint64_t)(((unsigned __int128)ns * kClkHz + 999999999u) / 1000000000u);
}

// What the card sends on one pin.
struct Line {
    uart_sink sink{};
    bool level = true;

    // True when a byte has come: the last of sink.bytes.
    bool step(bool now_level, uint64_t cycle) {
        bool byte = false;
        if (sink.bit == 0) {
            if (level && !now_level) uart_sink_start(&sink, cycle, kBitCycles);
        } else if (cycle == sink.at) {
            byte = uart_sink_step(&sink, now_level, kBitCycles);
        }
        level = now_level;
        return byte;
    }
    uint8_t last() const { return sink.bytes[sink.len - 1]; }
};
}  // namespace

struct card {
    card_config config;
    VerilatedContext context;
    Vicebreaker_card board{&context};
    struct nor *flash = nullptr;
    smbus_bus bus{};  // idle
    uart_source to_card{};
    Line from_card, console;
    struct card_counts counts {};
    bool csn = true, sck = false;

    // One clock cycle. Everything outside the FPGA moves while the clock is low.
    void cycle() {
        board.clk_i = 1;
        board.eval();
        counts.waiting += board.waiting_o;
        if (counts.cycles == to_card.at) {
            uart_source_step(&to_card, counts.cycles, kBitCycles);
            board.uart_rx_i = to_card.level;
        }
        if (board.csn_o != csn || board.sck_o != sck) step_flash();
        board.clk_i = 0;
        board.eval();
        if (console.step(board.console_tx_o, counts.cycles) && config.console)
            config.console(config.ctx, (char)console.last());
        counts.cycles++;
    }

    void step_flash() {
        uint8_t out = 0xf, oe = 0;
        csn = board.csn_o;
        sck = board.sck_o;
        nor_pins(flash, cycles_to_ns(counts.cycles), csn, sck, board.sd_o, &out, &oe);
        board.sd_i = out;
        board.sd_oe_i = oe;
    }

    // Until the deadline or a frame border from the card.
    card_stop run(uint64_t end) {
        while (counts.cycles < end) {
            cycle();
            if (from_card.step(board.uart_tx_o, counts.cycles) && from_card.last() == 0x7e) return CARD_FRAME;
        }
        return CARD_DEADLINE;
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
    nor_set_timing(c->flash, config->maximum_timing ? NOR_MAXIMUM : NOR_TYPICAL);
    nor_set_report(c->flash, config->flash_report, config->ctx);
    uart_source_init(&c->to_card);
    uart_sink_init(&c->from_card.sink);
    uart_sink_init(&c->console.sink);
    c->board.uart_rx_i = 1;
    return c.release();
}

enum card_stop card_run(struct card *card, uint64_t deadline_ns) {
    card->from_card.sink.len = card->console.sink.len = 0;
    return card->run(ns_to_cycles(deadline_ns));
}

uint64_t card_now_ns(const struct card *card) {
    return cycles_to_ns(card->counts.cycles);
}

bool card_send(struct card *card, const uint8_t *bytes, size_t len) {
    return uart_source_queue(&card->to_card, bytes, len, card->counts.cycles);
}

const uint8_t *card_received(struct card *card, size_t *len) {
    *len = card->from_card.sink.len;
    return card->from_card.sink.bytes;
}

bool card_packet_send(struct card *, const uint8_t *, size_t, bool) {
    return false;
}

bool card_packet_sent(const struct card *) {
    return true;
}

const uint8_t *card_packet_received(const struct card *, size_t *len) {
    *len = 0;
    return nullptr;
}

struct smbus_bus *card_smbus(struct card *card) {
    return &card->bus;
}

struct card_counts card_counts(const struct card *card) {
    return card->counts;
}

struct card_engine card_engine(const struct card *) {
    return {};
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

void card_free(struct card *card) {
    if (!card) return;
    card->board.final();
    nor_free(card->flash);
    free(card->to_card.bytes);
    free(card->from_card.sink.bytes);
    free(card->console.sink.bytes);
    delete card;
}
}
