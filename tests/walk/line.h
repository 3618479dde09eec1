// SPDX-License-Identifier: Apache-2.0
//
// The serial line between agent and card, frame by frame, in simulated time: each direction carries one byte after the
// other at the line's rate and has its own faults. What arrives goes through the real deframer, so a damaged or cut
// frame is what it makes of it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "host/mctp_serial.h"
#include "tests/walk/dice.h"

enum line_direction { TO_CARD, TO_AGENT, LINE_DIRECTIONS };

/** Faults of one direction, per mille of the frames. */
struct line_faults {
    uint16_t lost;
    uint16_t twice;    // sent again at once
    uint16_t late;     // up to 300 ms; those behind overtake it
    uint16_t paused;   // up to 4 s with the line dead before it
    uint16_t damaged;  // one to three bits
    uint16_t cut;      // its end is missing
};

struct line_frame {
    uint64_t start_ns, arrival_ns;
    uint16_t len, taken;  // bytes; taken by the deframer so far
    uint8_t bytes[MCTP_SERIAL_MAX_FRAME];
};

struct line_way {
    struct line_faults faults;
    uint64_t free_ns;           // when the last byte has left
    struct line_frame *frames;  // in order of arrival
    size_t count, room, first;
    struct mctp_serial_rx rx;
};

struct line {
    struct dice *dice;
    uint32_t baud;
    struct line_way way[LINE_DIRECTIONS];
};

void line_init(struct line *line, struct dice *dice, uint32_t baud);
void line_free(struct line *line);

/** A good line from now on, with nothing on its way. */
void line_mend(struct line *line, uint64_t now_ns);

/** Queues one packet, MCTP header first. @return when its last byte leaves */
uint64_t line_send(struct line *line, enum line_direction direction, uint64_t now_ns, const uint8_t *packet,
                   size_t len);
/** Frames that have not begun to leave. */
size_t line_waiting(const struct line *line, enum line_direction direction, uint64_t now_ns);
/** When the next frame arrives, UINT64_MAX: none is on its way. */
uint64_t line_due(const struct line *line);
/** Takes what has arrived at one end. @return length of the next whole packet, whose bytes stay in the deframer until
 * the next call; 0: no more */
size_t line_receive(struct line *line, enum line_direction direction, uint64_t now_ns, const uint8_t **packet);
/** The card lost its power or was reset: nothing more leaves it, what is on the wire is cut; and, without power, what
 * is on its way to it is lost. */
void line_card_reset(struct line *line, uint64_t now_ns, bool power);
