// SPDX-License-Identifier: Apache-2.0
//
// See line.h.
#include "tests/walk/line.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
enum { LATE_MS = 300, PAUSE_MS = 4000, BITS_A_BYTE = 10 };

void line_init(struct line *line, struct dice *dice, uint32_t baud) {
    memset(line, 0, sizeof *line);
    line->dice = dice;
    line->baud = baud;
    for (int i = 0; i < LINE_DIRECTIONS; i++) mctp_serial_rx_init(&line->way[i].rx);
}

void line_free(struct line *line) {
    for (int i = 0; i < LINE_DIRECTIONS; i++) free(line->way[i].frames);
}

void line_mend(struct line *line, uint64_t now_ns) {
    for (int i = 0; i < LINE_DIRECTIONS; i++) {
        struct line_way *way = &line->way[i];
        memset(&way->faults, 0, sizeof way->faults);
        way->count = 0;
        if (way->free_ns > now_ns) way->free_ns = now_ns;
    }
}

static void make_room(struct line_way *way) {
    if (way->first != 0 && way->first + way->count == way->room) {
        memmove(way->frames, way->frames + way->first, way->count * sizeof *way->frames);
        way->first = 0;
    }
    if (way->first + way->count < way->room) return;
    way->room = way->room == 0 ? 64 : 2 * way->room;
    way->frames = realloc(way->frames, way->room * sizeof *way->frames);
    if (way->frames == NULL) abort();
}

/* In order of arrival, behind those of the same instant. */
static void enqueue(struct line_way *way, const struct line_frame *frame) {
    make_room(way);
    struct line_frame *at = way->frames + way->first + way->count++;
    for (; at != way->frames + way->first && at[-1].arrival_ns > frame->arrival_ns; at--) *at = at[-1];
    *at = *frame;
}

static void damage(struct dice *dice, struct line_frame *frame) {
    for (uint32_t bits = 1 + dice_below(dice, 3); bits != 0; bits--)
        frame->bytes[dice_below(dice, frame->len)] ^= (uint8_t)(1u << dice_below(dice, 8));
}

static void put_on_wire(struct line *line, struct line_way *way, uint64_t now_ns, struct line_frame *frame) {
    const struct line_faults *faults = &way->faults;
    if (dice_per_mille(line->dice, faults->paused)) {
        const uint64_t from = way->free_ns > now_ns ? way->free_ns : now_ns;
        way->free_ns = from + dice_below(line->dice, PAUSE_MS) * NS_PER_MS;
    }
    frame->start_ns = way->free_ns > now_ns ? way->free_ns : now_ns;
    way->free_ns = frame->start_ns + frame->len * (BITS_A_BYTE * UINT64_C(1000000000)) / line->baud;
    frame->arrival_ns = way->free_ns;
    if (dice_per_mille(line->dice, faults->lost)) return;
    if (dice_per_mille(line->dice, faults->damaged)) damage(line->dice, frame);
    if (dice_per_mille(line->dice, faults->cut)) frame->len = (uint16_t)(1 + dice_below(line->dice, frame->len - 1u));
    if (dice_per_mille(line->dice, faults->late)) frame->arrival_ns += dice_below(line->dice, LATE_MS) * NS_PER_MS;
    enqueue(way, frame);
}

uint64_t line_send(struct line *line, enum line_direction direction, uint64_t now_ns, const uint8_t *packet,
                   size_t len) {
    struct line_way *way = &line->way[direction];
    struct line_frame frame = {0}, again;
    frame.len = (uint16_t)mctp_serial_encode(packet, len, frame.bytes, sizeof frame.bytes);
    if (frame.len == 0) abort();
    again = frame;
    put_on_wire(line, way, now_ns, &frame);
    if (dice_per_mille(line->dice, way->faults.twice)) put_on_wire(line, way, now_ns, &again);
    return way->free_ns;
}

size_t line_waiting(const struct line *line, enum line_direction direction, uint64_t now_ns) {
    const struct line_way *way = &line->way[direction];
    size_t waiting = 0;
    for (size_t i = 0; i < way->count; i++) waiting += way->frames[way->first + i].start_ns > now_ns;
    return waiting;
}

uint64_t line_due(const struct line *line) {
    uint64_t due = UINT64_MAX;
    for (int i = 0; i < LINE_DIRECTIONS; i++) {
        const struct line_way *way = &line->way[i];
        if (way->count != 0 && way->frames[way->first].arrival_ns < due) due = way->frames[way->first].arrival_ns;
    }
    return due;
}

size_t line_receive(struct line *line, enum line_direction direction, uint64_t now_ns, const uint8_t **packet) {
    struct line_way *way = &line->way[direction];
    while (way->count != 0 && way->frames[way->first].arrival_ns <= now_ns) {
        struct line_frame *frame = &way->frames[way->first];
        while (frame->taken < frame->len) {
            const size_t len = mctp_serial_rx_byte(&way->rx, frame->bytes[frame->taken++]);
            if (len == 0) continue;
            *packet = way->rx.packet;
            return len;
        }
        way->first++;
        way->count--;
    }
    return 0;
}

void line_card_reset(struct line *line, uint64_t now_ns, bool power) {
    struct line_way *out = &line->way[TO_AGENT], *in = &line->way[TO_CARD];
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++) {
        struct line_frame *frame = &out->frames[out->first + i];
        if (frame->start_ns >= now_ns) continue;
        if (frame->arrival_ns > now_ns && frame->len > 1) frame->len /= 2;
        out->frames[out->first + kept++] = *frame;
    }
    out->count = kept;
    if (out->free_ns > now_ns) out->free_ns = now_ns;
    if (!power) in->count = 0;
    const uint8_t max = in->rx.max;
    mctp_serial_rx_init(&in->rx);
    in->rx.max = max;
}
