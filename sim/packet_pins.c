// SPDX-License-Identifier: Apache-2.0
//
// See packet_pins.h.
#include "sim/packet_pins.h"

#include <stdlib.h>
#include <string.h>

enum { WORD = 4 };

void packet_source_init(struct packet_source *s) {
    *s = (struct packet_source){.word_cycles = 1, .at = PACKET_NEVER};
}

static bool grow(struct packet_source *s, size_t need) {
    if (need <= s->room) return true;
    const size_t room = need < 1024 ? 1024 : 2 * need;
    struct packet_word *more = realloc(s->words, room * sizeof *more);
    if (!more) return false;
    s->words = more;
    s->room = room;
    return true;
}

bool packet_source_queue(struct packet_source *s, const uint8_t *packet, size_t len, bool err, uint64_t now) {
    if (s->next == s->len) s->next = s->len = 0;
    if (!grow(s, s->len + (len + WORD - 1) / WORD)) return false;
    for (size_t at = 0; at < len; at += WORD) {
        struct packet_word word = {.last = at + WORD >= len};
        word.err = word.last && err;
        for (size_t i = 0; i < WORD && at + i < len; i++) {
            word.data |= (uint32_t)packet[at + i] << 8 * i;
            word.keep = (uint8_t)(word.keep | 1u << i);
        }
        s->words[s->len++] = word;
    }
    if (s->at == PACKET_NEVER && len) s->at = now > s->free_at ? now : s->free_at;
    return true;
}

struct packet_word packet_source_word(const struct packet_source *s) {
    return s->words[s->next];
}

void packet_source_taken(struct packet_source *s, uint64_t now) {
    s->next++;
    s->free_at = now + s->word_cycles;
    s->at = s->next == s->len ? PACKET_NEVER : s->free_at;
}

/** Bytes in a word, 0 when its bytes are not the lowest ones. */
static size_t bytes_of(uint8_t keep) {
    static const uint8_t counts[16] = {[1] = 1, [3] = 2, [7] = 3, [15] = 4};
    return counts[keep & 15];
}

bool packet_sink_take(struct packet_sink *s, struct packet_word word) {
    const size_t bytes = bytes_of(word.keep);
    if (bytes == 0 || (!word.last && bytes != WORD) || s->open_len + bytes > PACKET_MAX) s->spoilt = true;
    for (size_t i = 0; i < bytes && !s->spoilt; i++) s->open[s->open_len++] = (uint8_t)(word.data >> 8 * i);
    if (!word.last) return false;
    const bool good = !word.err && !s->spoilt;
    if (good) {
        memcpy(s->whole, s->open, s->open_len);
        s->whole_len = s->open_len;
    } else {
        s->bad++;
    }
    s->open_len = 0;
    s->spoilt = false;
    return good;
}
