// SPDX-License-Identifier: Apache-2.0
//
// The card's C interface; what it does in a cycle is in card_model.h. See card.h.
#include "sim/card.h"

#include <cstdlib>
#include <memory>
#include <new>

#include "sim/card_model.h"

namespace {
constexpr uint64_t kResetCycles = 16;
}

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
    if (config->trace && !c->open_trace()) return nullptr;
    c->soc.uart_rx_i = 1;
    c->soc.sd_i = 0xf;
    c->soc.console_ready_i = 1;
    c->soc.packet_out_ready_i = 1;
    c->soc.smbus_scl_i = c->soc.smbus_sda_i = 1;
    c->soc.smbus_own_i = SMBUS_CARD;
    c->soc.rst_ni = 0;
    for (uint64_t i = 0; i < kResetCycles; i++) {
        c->cycle();
        if (i == 0) c->load_boot_rom();  // whatever the model itself put there
    }
    c->soc.rst_ni = 1;
    return c.release();
}

enum card_stop card_run(struct card *card, uint64_t deadline_ns) {
    uint64_t end = ns_to_cycles(deadline_ns);
    card->from_card.len = 0;
    card->port_out.whole_len = 0;
    card->bus.packet_len = 0;
    card->quiet.forget();
    while (card->counts.cycles < end) {
        card->cycle();
        if (card->frame || card->packet) {
            enum card_stop stop = card->frame ? CARD_FRAME : CARD_PACKET;
            card->frame = card->packet = false;
            return stop;
        }
        card->jump(end);
    }
    return CARD_DEADLINE;
}

void card_reset(struct card *card) {
    card->quiet.forget();
    card->soc.rst_ni = 0;
    for (uint64_t i = 0; i < kResetCycles; i++) card->cycle();
    card->soc.rst_ni = 1;
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

struct nor *card_chip(struct card *card, unsigned chip) {
    return chip == 0 ? card->flash : card->flash2;
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
