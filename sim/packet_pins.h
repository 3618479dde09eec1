// SPDX-License-Identifier: Apache-2.0
//
// The host at a card's packet port (rtl/mctp/mctp_packet_port.sv), word by word: packets to the card at a pace of its
// own, and packets from it. The caller moves the words: it offers packet_source_word() in cycles in which
// packet_source_offers(), and reports each word that was taken, of either side.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PACKET_NEVER UINT64_MAX

enum { PACKET_MAX = 255 };

struct packet_word {
    uint32_t data;
    uint8_t keep;
    bool last, err;
};

/** As the pins of sluice_soc carry it: sluice_pkg::port_word_t. */
static inline uint64_t packet_word_pins(struct packet_word w) {
    return (uint64_t)w.err << 37 | (uint64_t)w.last << 36 | (uint64_t)(w.keep & 15u) << 32 | w.data;
}
static inline struct packet_word packet_word_of(uint64_t pins) {
    struct packet_word word = {(uint32_t)pins, (uint8_t)(pins >> 32 & 15), (pins >> 36 & 1) != 0,
                               (pins >> 37 & 1) != 0};
    return word;
}

/** Packets towards the card. */
struct packet_source {
    struct packet_word *words;
    size_t len, next, room;
    unsigned word_cycles;  ///< from one word to the next, at least 1
    uint64_t at;           ///< cycle from which the next word is offered, PACKET_NEVER when there is none
    uint64_t free_at;      ///< and from which the host could offer one
};

/** Packets from the card. */
struct packet_sink {
    uint8_t open[PACKET_MAX], whole[PACKET_MAX];
    size_t open_len, whole_len;  ///< of the packet coming in; of the last whole one, until it is forgotten
    uint64_t bad;                ///< packets that ended with err, were too long, or had a word with a hole
    bool spoilt;                 ///< the one coming in is too long or has a hole
};

void packet_source_init(struct packet_source *s);
/** False when out of memory; nothing is queued then. */
bool packet_source_queue(struct packet_source *s, const uint8_t *packet, size_t len, bool err, uint64_t now);
static inline bool packet_source_offers(const struct packet_source *s, uint64_t now) {
    return now >= s->at;
}
/** The word offered: stays until it is taken. */
struct packet_word packet_source_word(const struct packet_source *s);
void packet_source_taken(struct packet_source *s, uint64_t now);

/** A word that the host takes. @return whether a whole good packet is there now */
bool packet_sink_take(struct packet_sink *s, struct packet_word word);

#ifdef __cplusplus
}
#endif
