// SPDX-License-Identifier: Apache-2.0
//
// See uart_pins.h.
#include "sim/uart_pins.h"

#include <stdlib.h>
#include <string.h>

static bool grow(uint8_t **bytes, size_t *room, size_t need) {
    if (need <= *room) return true;
    size_t more = need < 4096 ? 4096 : 2 * need;
    uint8_t *bigger = realloc(*bytes, more);
    if (!bigger) return false;
    *bytes = bigger;
    *room = more;
    return true;
}

void uart_source_init(struct uart_source *s) {
    *s = (struct uart_source){.level = true, .at = UART_NEVER};
}

bool uart_source_queue(struct uart_source *s, const uint8_t *bytes, size_t len, uint64_t now) {
    if (s->next == s->len) s->next = s->len = 0;
    if (!grow(&s->bytes, &s->room, s->len + len)) return false;
    if (len) memcpy(s->bytes + s->len, bytes, len);
    s->len += len;
    if (s->at == UART_NEVER && len) s->at = now;
    return true;
}

void uart_source_step(struct uart_source *s, uint64_t now, unsigned bit_cycles) {
    s->at = now + bit_cycles;
    if (s->bit == 0) {
        if (s->next == s->len) {
            s->at = UART_NEVER;
            return;
        }
        s->level = false;
        s->bit = 1;
    } else if (s->bit <= 8) {
        s->level = s->bytes[s->next] >> (s->bit - 1) & 1;
        s->bit++;
    } else {
        s->level = true;
        s->bit = 0;
        s->next++;
    }
}

void uart_sink_init(struct uart_sink *s) {
    *s = (struct uart_sink){.at = UART_NEVER};
}

void uart_sink_start(struct uart_sink *s, uint64_t now, unsigned bit_cycles) {
    s->bit = 1;
    s->at = now + bit_cycles + bit_cycles / 2;
}

bool uart_sink_step(struct uart_sink *s, bool level, unsigned bit_cycles) {
    if (s->bit <= 8) {
        s->shift = (uint8_t)(s->shift >> 1 | (level ? 0x80 : 0));
        s->bit++;
        s->at += bit_cycles;
        return false;
    }
    s->bit = 0;
    s->at = UART_NEVER;
    if (!level) {
        s->bad_stops++;
        return false;
    }
    if (!grow(&s->bytes, &s->room, s->len + 1)) return false;
    s->bytes[s->len++] = s->shift;
    return true;
}
