// SPDX-License-Identifier: Apache-2.0
//
// card_save and card_restore: everything of a card that changes, copied. The Verilated model's state is one object of
// plain values; the pointers of its base class and to its tables are left as they are.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "sim/card_model.h"

namespace {

struct Chip {
    std::unique_ptr<struct nor, decltype(&nor_free)> nor{nullptr, nor_free};
    std::vector<uint8_t> array;
};

// Of the model: all of its members but the pointer to Verilator's tables, which is the last.
struct Values {
    uint8_t *at;
    size_t size;
};
Values values_of(card &c) {
    auto *begin = reinterpret_cast<uint8_t *>(c.soc.rootp) + sizeof(VerilatedModule);
    auto *end = reinterpret_cast<uint8_t *>(const_cast<Vsluice_soc__Syms **>(&c.soc.rootp->vlSymsp));
    return {begin, (size_t)(end - begin)};
}

// A queue's memory stays its own; it grows to what the copy needs.
template <class Item>
bool copy_queue(Item *&to, size_t &room, const Item *from, size_t len) {
    if (len > room) {
        auto *bigger = static_cast<Item *>(std::realloc(to, len * sizeof *from));
        if (!bigger) return false;
        to = bigger;
        room = len;
    }
    if (len) std::memcpy(to, from, len * sizeof *from);
    return true;
}
template <class Queue, class Item>
bool copy(Queue &to, const Queue &from, Item *Queue::*items, size_t len) {
    Item *own = to.*items;
    size_t room = to.room;
    const bool copied = copy_queue(own, room, from.*items, len);
    to.*items = own;
    to.room = room;
    if (!copied) return false;
    to = from;
    to.*items = own;
    to.room = room;
    return true;
}

}  // namespace

struct card_image {
    std::vector<uint8_t> model;
    Chip chips[2];
    uart_source to_card{};
    uart_sink from_card{};
    packet_source port_in{};
    packet_sink port_out{};
    smbus_bus bus{};
    struct card_activity activity {};
    struct card_counts counts {};
    uint32_t spi_pins = 0;
    bool tx_level = false;

    ~card_image() {
        std::free(to_card.bytes);
        std::free(from_card.bytes);
        std::free(port_in.words);
        smbus_bus_free(&bus);
    }
};

// The parts outside the model that both have.
template <class To, class From>
static bool copy_outside(To &to, const From &from) {
    to.port_out = from.port_out;
    to.activity = from.activity;
    to.counts = from.counts;
    to.spi_pins = from.spi_pins;
    to.tx_level = from.tx_level;
    return copy(to.to_card, from.to_card, &uart_source::bytes, from.to_card.len) &&
           copy(to.from_card, from.from_card, &uart_sink::bytes, from.from_card.len) &&
           copy(to.port_in, from.port_in, &packet_source::words, from.port_in.len) &&
           copy(to.bus, from.bus, &smbus_bus::queue, from.bus.first + from.bus.len);
}

namespace {

struct Visitor {
    void (*see)(void *ctx, const void *bytes, size_t len);
    void *ctx;

    void bytes(const void *at, size_t len) const { see(ctx, at, len); }
    // Each as a number of 64 bits: padding between members is nobody's.
    template <class... Values>
    void numbers(Values... values) const {
        const uint64_t all[] = {static_cast<uint64_t>(values)...};
        bytes(all, sizeof all);
    }
};

}  // namespace

extern "C" {

void card_image_visit(const struct card_image *image, void (*see)(void *ctx, const void *bytes, size_t len),
                      void *ctx) {
    const Visitor v{see, ctx};
    const packet_source &in = image->port_in;
    const packet_sink &out = image->port_out;
    const smbus_bus &bus = image->bus;
    v.bytes(image->model.data(), image->model.size());
    for (const Chip &chip : image->chips)
        if (chip.nor) nor_visit(chip.nor.get(), see, ctx);
    v.numbers(image->counts.cycles, image->spi_pins, image->tx_level);
    v.numbers(image->to_card.len - image->to_card.next, image->to_card.bit, image->to_card.level, image->to_card.at,
              image->from_card.bit, image->from_card.shift, image->from_card.at);
    v.bytes(image->to_card.bytes + image->to_card.next, image->to_card.len - image->to_card.next);
    v.numbers(in.len - in.next, in.word_cycles, in.at, in.free_at, out.open_len, out.spoilt);
    for (size_t i = in.next; i < in.len; i++) v.numbers(packet_word_pins(in.words[i]));
    v.bytes(out.open, out.open_len);
    v.numbers(bus.scl, bus.sda, bus.at, bus.now, bus.len, bus.chatter_next, bus.chatter_at);
    for (size_t i = 0; i < bus.len; i++) v.bytes(&bus.queue[bus.first + i], sizeof bus.queue[0]);
    v.bytes(&bus.host, sizeof bus.host);
    v.bytes(&bus.rules, sizeof bus.rules);
}

struct card_image *card_save_without_contents(struct card *card) {
    std::unique_ptr<card_image> image(new (std::nothrow) card_image);
    if (!image || !copy_outside(*image, *card)) return nullptr;
    const Values values = values_of(*card);
    image->model.assign(values.at, values.at + values.size);
    const struct nor *const chips[] = {card->flash, card->flash2};
    for (unsigned i = 0; i < 2; i++) {
        if (!chips[i]) continue;
        image->chips[i].nor.reset(nor_new(card->config.part, nullptr));
        if (!image->chips[i].nor) return nullptr;
        nor_copy(image->chips[i].nor.get(), chips[i]);
    }
    return image.release();
}

struct card_image *card_save(struct card *card) {
    struct card_image *image = card_save_without_contents(card);
    const uint8_t *const arrays[] = {card->config.flash, card->config.flash2};
    for (unsigned i = 0; image && i < 2; i++)
        if (image->chips[i].nor) image->chips[i].array.assign(arrays[i], arrays[i] + card->config.part->size);
    return image;
}

bool card_restore(struct card *card, const struct card_image *image) {
    const Values values = values_of(*card);
    struct nor *const chips[] = {card->flash, card->flash2};
    uint8_t *const arrays[] = {card->config.flash, card->config.flash2};
    for (unsigned i = 0; i < 2; i++) {
        const Chip &saved = image->chips[i];
        const bool fits = saved.array.empty() || saved.array.size() == card->config.part->size;
        if (!chips[i] != !saved.nor || !fits) return false;
    }
    if (!copy_outside(*card, *image)) return false;
    std::memcpy(values.at, image->model.data(), values.size);
    for (unsigned i = 0; i < 2; i++) {
        if (!chips[i]) continue;
        nor_copy(chips[i], image->chips[i].nor.get());
        if (!image->chips[i].array.empty())
            std::memcpy(arrays[i], image->chips[i].array.data(), image->chips[i].array.size());
    }
    card->frame = card->packet = false;
    card->inputs_settled = ~0ull;
    card->quiet.forget();
    return true;
}

void card_image_free(struct card_image *image) {
    delete image;
}
}
