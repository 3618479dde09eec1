// SPDX-License-Identifier: Apache-2.0
//
// The far end of a serial line at pin level, 8N1, in clock cycles. The caller compares `*_at` with its cycle count and
// calls the matching function only then, so that an idle line costs one comparison a cycle.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define UART_NEVER UINT64_MAX

/** Bytes towards the card. */
struct uart_source {
    uint8_t *bytes;
    size_t len, next, room;
    unsigned bit;  ///< 0 start bit is next, 1..8 data, 9 stop
    bool level;    ///< what the pin carries now
    uint64_t at;   ///< cycle of the next change, UART_NEVER when idle
};

/** Bytes from the card. */
struct uart_sink {
    uint8_t *bytes;
    size_t len, room;
    unsigned bit;  ///< 0 waiting for a start bit, 1..8 data, 9 stop
    uint8_t shift;
    uint64_t at;         ///< cycle of the next sample, UART_NEVER while idle
    uint64_t bad_stops;  ///< characters whose stop bit was low
};

void uart_source_init(struct uart_source *s);
/** False when out of memory; nothing is queued then. */
bool uart_source_queue(struct uart_source *s, const uint8_t *bytes, size_t len, uint64_t now);
/** Call when now == s->at. */
void uart_source_step(struct uart_source *s, uint64_t now, unsigned bit_cycles);

void uart_sink_init(struct uart_sink *s);
/** Call at a falling edge while s->bit is 0. */
void uart_sink_start(struct uart_sink *s, uint64_t now, unsigned bit_cycles);
/** Call when now == s->at. Returns true when a byte was added to s->bytes. */
bool uart_sink_step(struct uart_sink *s, bool level, unsigned bit_cycles);

#ifdef __cplusplus
}
#endif
